"""Wishes: what a customer wants and has not got, with a strength that fades.

A wish counts half after ``HALF_LIFE`` and expires, read against the clock, a ``LIFETIME`` after it was voiced last,
or once the day until which it is of use is over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from kit.ids import CustomerId, derived_id
from kit.vectors.index import SemanticIndex
from memory.extraction.port import Extraction, Requirement
from memory.sources import Source
from memory.tables import Purchase, Wish, WishStatement
from memory.wish_deriving import FORGOTTEN, HAS, LIFETIME, WANTS, WANTS_NOT, DerivedWish, derive_wishes

__all__ = ["HALF_LIFE", "LIFETIME", "WishList", "describe", "is_open", "requirements_of", "status_of", "strength"]

COLLECTION = "wish"
HALF_LIFE = timedelta(days=45)


def strength(wish: Wish, now: datetime) -> float:
    """From 1 when voiced to 0: half after each ``HALF_LIFE``; 0 once closed or expired."""
    if status_of(wish, now) != "open":
        return 0.0
    return float(0.5 ** (max(timedelta(0), now - wish.voiced_at) / HALF_LIFE))


def status_of(wish: Wish, now: datetime) -> str:
    """``open``, ``met``, ``withdrawn``, or ``expired``: an open one whose time is over."""
    return "expired" if wish.status == "open" and wish.expires_at <= now else wish.status


def is_open(now: datetime) -> ColumnElement[bool]:
    """The condition that holds for wishes that are open at ``now``."""
    return (col(Wish.status) == "open") & (col(Wish.expires_at) > now)


def requirements_of(wish: Wish) -> tuple[Requirement, ...]:
    """What the wish asks of a product."""
    return tuple(Requirement(attribute, value) for attribute, value in wish.requirements)


def describe(item: str, requirements: Sequence[Requirement]) -> str:
    """As people read it: ``coat: red, winter, waterproof, fur lining``."""
    said = ", ".join(_phrase(requirement) for requirement in requirements)
    return f"{item}: {said}" if said else item


def _phrase(requirement: Requirement) -> str:
    match requirement.attribute.split("_"):
        case ["not", _]:
            return f"no {requirement.value}"
        case ["max", "price"]:
            return f"at most {requirement.value}"
        case ["lining"]:
            return f"{requirement.value} lining"
        case ["size"]:
            return f"size {requirement.value}"
        case _:
            return requirement.value


class WishList:
    """One customer's wishes within one unit of work."""

    def __init__(self, session: Session, index: SemanticIndex, customer_id: CustomerId) -> None:
        self._session = session
        self._index = index
        self._customer_id = customer_id

    def open(self, now: datetime) -> list[Wish]:
        """Open and not expired, newest first."""
        wanted = select(Wish).where(Wish.customer_id == self._customer_id, is_open(now), col(Wish.voiced_at) <= now)
        return list(self._session.exec(wanted.order_by(col(Wish.voiced_at).desc(), Wish.id)).all())

    def all(self) -> list[Wish]:
        """Open and closed ones, oldest first."""
        return sorted(self._stored().values(), key=lambda wish: wish.id)

    def voiced_in(self, source_id: str) -> list[Wish]:
        """The wishes that one turn or event voices, alone or with others."""
        return [wish for wish in self.all() if source_id in wish.sources]

    def take(self, found: Extraction, source: Source) -> list[Wish]:
        """Takes in what a source says of wishes; gives those it voices. Taking in the same again changes nothing."""
        rows = {row.id: row for row in self._rows(found, source)}
        there = {row.id: row.says for row in self._said_by(source.id)} if rows else {}
        fresh = [row for row_id, row in rows.items() if row_id not in there]
        if not fresh or FORGOTTEN in there.values():
            return []
        self._session.add_all(fresh)
        self._session.flush()
        return [wish for wish in self.settle() if source.id in wish.sources]

    def forget_source(self, source_id: str) -> None:
        """Removes what a turn or event said of wishes; a wish dies with the source that voiced it."""
        for row in self._said_by(source_id):
            self._session.delete(row)
        self._session.flush()
        self.settle()

    def forget(self, wish: Wish) -> None:
        """Removes a wish for good, with every word that voiced it; the turns stay, and voice it no more."""
        for row in self._statements():
            if row.says == WANTS and row.source_id in wish.sources and row.item == wish.item:
                row.says, row.item, row.requirements, row.quote, row.until = FORGOTTEN, "", [], "", None
                self._session.add(row)
        self._session.flush()
        self.settle()

    def settle(self) -> list[Wish]:
        """Derives all wishes anew, from words and purchases, brings what is stored in line, and gives them."""
        words = self._statements()
        stored = self._stored()
        if not words and not stored:
            return []
        derived = {wish.id: wish for wish in derive_wishes(words, self._purchases(words))}
        for wish_id in stored.keys() - derived.keys():
            self._index.remove(self._session, COLLECTION, wish_id)
            self._session.delete(stored[wish_id])
        settled = [self._keep(stored.get(wish_id), wish) for wish_id, wish in derived.items()]
        self._session.flush()
        return settled

    def _keep(self, known: Wish | None, derived: DerivedWish) -> Wish:
        said = derived.first
        row = known or Wish(
            id=derived.id, customer_id=self._customer_id, item=said.item, requirements=said.requirements,
            quote=said.quote, source_id=said.source_id, sources=[], extractor=said.extractor,
            voiced_at=derived.voiced_at, expires_at=derived.expires_at,
        )  # fmt: skip
        row.status, row.closed_at, row.closed_by = derived.status, derived.closed_at, derived.closed_by
        row.voiced_at, row.expires_at = derived.voiced_at, derived.expires_at
        row.quote, row.extractor = said.quote, said.extractor
        if row.sources != derived.sources:
            row.sources = list(derived.sources)
        self._session.add(row)
        if known is None:
            self._index.put(
                self._session, COLLECTION, row.id, f"wants {describe(row.item, requirements_of(row))}",
                at=row.voiced_at, owner=self._customer_id, details={"source": row.source_id},
            )  # fmt: skip
        return row

    def _rows(self, found: Extraction, source: Source) -> list[WishStatement]:
        wanted = [(WANTS, w.item, w.requirements, w.until, w.quote) for w in found.wishes]
        over = [(HAS if c.met else WANTS_NOT, c.item, c.requirements, None, c.quote) for c in found.closings]
        rows = []
        for ordinal, (says, item, requirements, until, quote) in enumerate((*over, *wanted)):
            pairs = [[requirement.attribute, requirement.value] for requirement in requirements]
            asked = (part for pair in pairs for part in pair)
            rows.append(
                WishStatement(
                    id=derived_id("wst", source.at, source.id, source.extractor, says, item, *asked),
                    customer_id=self._customer_id, item=item, requirements=pairs, says=says, until=until, quote=quote,
                    extractor=source.extractor, source_id=source.id, at=source.at, ordinal=ordinal,
                )
            )  # fmt: skip
        return rows

    def _said_by(self, source_id: str) -> list[WishStatement]:
        mine = WishStatement.customer_id == self._customer_id
        return list(self._session.exec(select(WishStatement).where(WishStatement.source_id == source_id, mine)).all())

    def _statements(self) -> list[WishStatement]:
        wanted = select(WishStatement).where(WishStatement.customer_id == self._customer_id)
        return list(self._session.exec(wanted).all())

    def _stored(self) -> dict[str, Wish]:
        wanted = select(Wish).where(Wish.customer_id == self._customer_id)
        return {wish.id: wish for wish in self._session.exec(wanted).all()}

    def _purchases(self, words: Sequence[WishStatement]) -> list[Purchase]:
        """Those since the first word: an earlier one ends nothing."""
        if not words:
            return []
        since = min(row.at for row in words)
        wanted = select(Purchase).where(Purchase.customer_id == self._customer_id, col(Purchase.at) >= since)
        return list(self._session.exec(wanted.where(col(Purchase.kept).is_(True))).all())

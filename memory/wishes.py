"""Wishes: what a customer wants and has not got, with a strength that fades.

A wish counts half after ``HALF_LIFE`` and expires, read against the clock, after ``LIFETIME``.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from kit.ids import CustomerId, derived_id
from kit.lexical import terms
from kit.vectors.index import SemanticIndex
from memory.extraction.port import FoundWish, Requirement
from memory.facts import Source
from memory.tables import Wish

COLLECTION = "wish"
HALF_LIFE = timedelta(days=45)
LIFETIME = timedelta(days=180)


def strength(wish: Wish, now: datetime) -> float:
    """From 1 when voiced to 0: half after each ``HALF_LIFE``; 0 once closed or expired."""
    age = max(timedelta(0), now - wish.voiced_at)
    if wish.status != "open" or age > LIFETIME:
        return 0.0
    return float(0.5 ** (age / HALF_LIFE))


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
        wanted = select(Wish).where(
            Wish.customer_id == self._customer_id, Wish.status == "open", col(Wish.voiced_at) >= now - LIFETIME
        )
        return list(self._session.exec(wanted.order_by(col(Wish.voiced_at).desc(), Wish.id)).all())

    def voiced_in(self, source_id: str) -> list[Wish]:
        """The wishes that one turn or event voiced."""
        wanted = select(Wish).where(Wish.customer_id == self._customer_id, Wish.source_id == source_id)
        return list(self._session.exec(wanted).all())

    def voice(self, found: FoundWish, source: Source) -> Wish:
        """Takes in a wish. One that only repeats an open one is that one; one that says more takes its place."""
        pairs = [[requirement.attribute, requirement.value] for requirement in found.requirements]
        for earlier in self.open(source.at):
            if earlier.item != found.item:
                continue
            if all(pair in earlier.requirements for pair in pairs):
                earlier.voiced_at = max(earlier.voiced_at, source.at)
                return earlier
            if all(pair in pairs for pair in earlier.requirements):
                self.close(earlier, "withdrawn", by=source.id, at=source.at)
        wish = Wish(
            id=derived_id("wsh", source.at, self._customer_id, found.item, source.id),
            customer_id=self._customer_id,
            item=found.item,
            requirements=pairs,
            quote=found.quote,
            source_id=source.id,
            extractor=source.extractor,
            voiced_at=source.at,
        )
        wish = self._session.merge(wish)
        self._session.flush()
        self._index.put(
            self._session, COLLECTION, wish.id, f"wants {describe(wish.item, found.requirements)}",
            at=wish.voiced_at, owner=self._customer_id, details={"source": source.id},
        )  # fmt: skip
        return wish

    def close(self, wish: Wish, status: str, *, by: str, at: datetime) -> None:
        """``status`` is ``met``, ``expired`` or ``withdrawn``; ``by`` the turn, order or rule that closed it."""
        wish.status, wish.closed_by, wish.closed_at = status, by, at
        self._session.add(wish)
        self._session.flush()

    def fulfil(self, product_name: str, order_id: str, at: datetime) -> None:
        """Closes the wishes that a purchase met: those voiced before it whose item the product's name holds."""
        bought = set(terms(product_name))
        for wish in self.open(at):
            if wish.voiced_at <= at and wish.item and set(terms(wish.item)) <= bought:
                self.close(wish, "met", by=order_id, at=at)

"""Open wishes that a product in stock meets entirely, and only lately.

The rule: one variant in stock alone meets every requirement, and the later of the two moments, the wish voiced and
the first such variant to be had (made or restocked), lies within the last ``RECENT``. So a new product reaches old
wishes, a restocked size reaches those who need that size, and what nobody took up for a month is not offered again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from kit.ids import CustomerId
from memory.extraction.port import Requirement
from memory.tables import Wish
from memory.wishes import LIFETIME, requirements_of
from tools.campaigns.kinds import Kind
from tools.campaigns.occasion import Candidate, Occasion
from tools.campaigns.shelf import Shelf, Shelved
from tools.shop.fit import Fit, fit
from tools.shop.tables import UNDATED, Variant

RECENT = timedelta(days=30)

# Wishes by what they ask for, so that what many ask for is looked at once; oldest first.
_Asked = Mapping[str, Mapping[tuple[Requirement, ...], Sequence[Wish]]]


@dataclass(frozen=True)
class _Match:
    """The variants that each meet a wish alone, and what they meet."""

    variants: Sequence[Variant]
    met: Sequence[str]


def wishes_met(session: Session, shelf: Shelf) -> list[Occasion]:
    """One occasion a product, with everybody whose open wish it meets."""
    asked = _read(session, shelf.now)
    occasions = (_occasion(shelved, asked, shelf) for shelved in shelf.products.values())
    return [occasion for occasion in occasions if occasion.candidates]


def _read(session: Session, now: datetime) -> _Asked:
    """Open wishes by item and requirements."""
    wanted = (
        select(Wish)
        .where(
            Wish.status == "open", Wish.item != "", col(Wish.voiced_at) >= now - LIFETIME, col(Wish.voiced_at) <= now
        )
        .order_by(col(Wish.voiced_at), Wish.id)
    )
    asked: dict[str, dict[tuple[Requirement, ...], list[Wish]]] = {}
    for wish in session.exec(wanted).all():
        if wish.requirements:
            asked.setdefault(wish.item, {}).setdefault(requirements_of(wish), []).append(wish)
    return asked


def _occasion(shelved: Shelved, asked: _Asked, shelf: Shelf) -> Occasion:
    met = [
        (wish, match, possible)
        for wish, match in _met(shelved, asked, shelf.now - RECENT)
        if (possible := _possible(wish, match.variants, shelved)) >= shelf.now - RECENT
    ]
    units = {variant.id: variant.stock for _, match, _ in met for variant in match.variants}
    candidates = [_candidate(wish, match, possible, shelf) for wish, match, possible in met]
    candidates.sort(key=lambda candidate: (candidate.at, candidate.source_id))
    first = min(shelved.since(variant) for variant in shelved.variants)
    return Occasion(
        kind=Kind.WISH_MET,
        about=shelved.product.id,
        product=shelved.card,
        currency=shelved.card.price.currency,
        stock=sum(units.values()),
        news="in stock" if first == UNDATED else f"in stock since {shelf.day(first)}",
        candidates=tuple({candidate.customer_id: candidate for candidate in candidates}.values()),  # the newest wish
    )


def _met(shelved: Shelved, asked: _Asked, since: datetime) -> list[tuple[Wish, _Match]]:
    """The wishes that the product meets, but for those that can have come to be met before ``since`` only."""
    newest = max(shelved.since(variant) for variant in shelved.variants)
    matcher = _Matcher(shelved)
    found: list[tuple[Wish, _Match]] = []
    for item, by_requirements in asked.items():
        if fit(shelved.product, shelved.variants[:1], item, ()).unmet:
            continue
        for requirements, wishes in by_requirements.items():
            recent = [wish for wish in wishes if newest >= since or wish.voiced_at >= since]
            match = matcher.match(requirements) if recent else None
            if match:
                found.extend((wish, match) for wish in recent)
    return found


def _possible(wish: Wish, variants: Sequence[Variant], shelved: Shelved) -> datetime:
    """Since when the wish could have been met."""
    return max(wish.voiced_at, min(shelved.since(variant) for variant in variants))


def _candidate(wish: Wish, match: _Match, possible: datetime, shelf: Shelf) -> Candidate:
    meets = f"; it meets {', '.join(match.met)}" if match.met else ""
    return Candidate(
        customer_id=CustomerId(wish.customer_id),
        because=f"asked for “{wish.quote}” on {shelf.day(wish.voiced_at)}{meets}",
        price_minor=min(variant.price_minor for variant in match.variants),
        product_ids=frozenset({match.variants[0].product_id}),
        since=wish.voiced_at,
        ends=min(possible + RECENT, wish.voiced_at + LIFETIME),
        source_id=wish.source_id,
        at=wish.voiced_at,
        quote=wish.quote,
    )


class _Matcher:
    """One product against many wishes. What a variant says to one requirement is worked out once."""

    def __init__(self, shelved: Shelved) -> None:
        self._shelved = shelved
        self._fits: dict[tuple[str, Requirement], Fit] = {}

    def match(self, requirements: Sequence[Requirement]) -> _Match | None:
        """The variants that each meet all of it; a variant meets all if it meets each."""
        variants = list(self._shelved.variants)
        for requirement in requirements:
            variants = [variant for variant in variants if not self._fit(variant, requirement).unmet]
        if not variants:
            return None
        return _Match(variants, [said for r in requirements for said in self._fit(variants[0], r).met])

    def _fit(self, variant: Variant, requirement: Requirement) -> Fit:
        key = (variant.id, requirement)
        if key not in self._fits:
            self._fits[key] = fit(self._shelved.product, [variant], "", [requirement])
        return self._fits[key]

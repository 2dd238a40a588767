"""From what was said of wishes, and from purchases, to wishes: a pure function, as for facts.

A wish repeated is one wish; one that asks for more takes its place; the customer's word, a purchase that fits, or time
ends it. A purchase that was sent back ends nothing, so the wish is open again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kit.ids import derived_id
from memory.phrases import stems
from memory.tables import Purchase, WishStatement
from memory.values import end_of_day
from memory.wish_fit import satisfies

WANTS, HAS, WANTS_NOT, FORGOTTEN = "wants", "has", "wants_not", "forgotten"
LIFETIME = timedelta(days=180)


@dataclass
class DerivedWish:
    """A wish as the statements tell it. ``first`` voiced it; ``voiced_at`` is when it was voiced last."""

    first: WishStatement
    voiced_at: datetime
    until: date | None
    sources: list[str] = field(default_factory=list)
    status: str = "open"
    closed_at: datetime | None = None
    closed_by: str | None = None

    @property
    def id(self) -> str:
        """Follows from what voiced it, whoever did."""
        asked = (part for pair in self.first.requirements for part in pair)
        return derived_id("wsh", self.first.at, self.first.item, self.first.source_id, *asked)

    @property
    def expires_at(self) -> datetime:
        """A ``LIFETIME`` after it was voiced last, and not later than the end of the day until which it is of use."""
        faded = self.voiced_at + LIFETIME
        return min(faded, end_of_day(self.until)) if self.until else faded

    def asks_for(self, pairs: Iterable[Sequence[str]]) -> bool:
        """Whether it asks for all of these."""
        mine = {tuple(pair) for pair in self.first.requirements}
        return all(tuple(pair) in mine for pair in pairs)

    def close(self, status: str, by: str, at: datetime) -> None:
        self.status, self.closed_by, self.closed_at = status, by, at


def derive_wishes(words: Iterable[WishStatement], purchases: Iterable[Purchase]) -> list[DerivedWish]:
    """All wishes of one customer, oldest first."""
    wishes: list[DerivedWish] = []
    for one in _in_order(words, purchases):
        open_ones = [wish for wish in wishes if wish.status == "open" and _when(one) < wish.expires_at]
        if isinstance(one, Purchase):
            _buy(open_ones, one)
        elif one.says == WANTS:
            _voice(wishes, open_ones, one)
        else:
            _close(open_ones, one)
    return wishes


def _in_order(words: Iterable[WishStatement], purchases: Iterable[Purchase]) -> list[WishStatement | Purchase]:
    """By time; at one moment words before purchases, and within a message endings before wishes."""
    said = [((w.at, 0, w.source_id, w.says == WANTS, w.ordinal, w.id), w) for w in words if w.says != FORGOTTEN]
    bought = [((p.at, 1, p.order_id, False, p.line, ""), p) for p in purchases if p.kept]
    both: list[tuple[tuple[datetime, int, str, bool, int, str], WishStatement | Purchase]] = [*said, *bought]
    return [one for _, one in sorted(both, key=lambda pair: pair[0])]


def _when(one: WishStatement | Purchase) -> datetime:
    return one.at


def _voice(wishes: list[DerivedWish], open_ones: Sequence[DerivedWish], one: WishStatement) -> None:
    same = [wish for wish in open_ones if wish.first.item == one.item]
    for wish in sorted(same, key=lambda wish: (wish.voiced_at, wish.id), reverse=True):
        if wish.asks_for(one.requirements):
            wish.voiced_at, wish.until = one.at, one.until or wish.until
            if one.source_id not in wish.sources:
                wish.sources.append(one.source_id)
            return
    fresh = DerivedWish(one, one.at, one.until, [one.source_id])
    for wish in same:
        if fresh.asks_for(wish.first.requirements):
            wish.close("withdrawn", one.source_id, one.at)
            fresh.until = fresh.until or wish.until
    wishes.append(fresh)


def _close(open_ones: Sequence[DerivedWish], one: WishStatement) -> None:
    if one.item:
        meant = [wish for wish in open_ones if stems(one.item) <= stems(wish.first.item)]
        meant = [wish for wish in meant if wish.asks_for(one.requirements)]
    else:
        meant = sorted(open_ones, key=lambda wish: (wish.voiced_at, wish.id))[-1:]
    for wish in meant:
        wish.close("met" if one.says == HAS else "withdrawn", one.source_id, one.at)


def _buy(open_ones: Sequence[DerivedWish], purchase: Purchase) -> None:
    for wish in open_ones:
        if satisfies(purchase, wish.first.item, wish.first.requirements):
            wish.close("met", purchase.order_id, purchase.at)

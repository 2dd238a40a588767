"""Who plays which part: what must be true of certain customers whatever else the dice decide.

Numbers of parts are given for 2,000 customers and scale with the number there is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from tools.demo_shop.catalog import Product
from tools.demo_shop.people import Shopper
from tools.demo_shop.season import local_time, shop_day
from tools.demo_shop.shelf import Shelf, Shortage
from tools.demo_shop.wishing import Wish, draw_wishes

_CARTS, _WAITING, _JUST_ORDERED, _RUNNING_LATE, _SENDING_BACK = 85, 60, 14, 14, 14
_WOOL = ("wool", "merino wool", "lambswool", "alpaca")
_ANIMAL = (*_WOOL, "cashmere", "leather", "suede", "silk", "duck down", "goose down")


@dataclass(frozen=True)
class Errand:
    """An order that a shopper is sure to place at a time.

    `category` is what is bought (anything when empty); `fate` is `plain`, `calm` (arrives in time and is kept),
    `late` (overdue when the demo starts) or `sent back` (a return or exchange has just been asked for).
    """

    at: datetime
    category: str
    fate: str


@dataclass(frozen=True)
class Dislike:
    """Materials that a shopper won't wear, and the place of the conversation script in which that is said."""

    script: int
    materials: tuple[str, ...]


@dataclass(frozen=True)
class Cast:
    """All parts, by customer id where a customer has only one of a kind."""

    wishes: tuple[Wish, ...]
    dislikes: Mapping[str, Dislike]
    carts: Mapping[str, datetime]
    waiting: Mapping[str, Shortage]
    errands: Mapping[str, tuple[Errand, ...]]
    complaining: tuple[str, ...]
    shuns: Mapping[str, tuple[str, ...]]
    leaves: Mapping[str, tuple[tuple[datetime, tuple[str, ...]], ...]]

    def looks_at(self, shopper: Shopper, product: Product) -> bool:
        """Whether the shopper has no reason not to be interested in a product."""
        return not product.made_of(self.shuns.get(shopper.id, ()))

    def buys(self, shopper: Shopper, product: Product, at: datetime) -> bool:
        """Whether buying a product at a time contradicts nothing else the shopper does or says."""
        waits = self.waiting.get(shopper.id)
        wishes = self.leaves.get(shopper.id, ())
        return (waits is None or waits.product is not product) and not any(
            at > since and product.category in categories for since, categories in wishes
        )


class Casting:
    """Hands out parts; each customer gets at most one of those that exclude each other."""

    def __init__(self, rng: Random, people: Sequence[Shopper], until: datetime) -> None:
        """Put everybody in a queue in random order."""
        self.rng = rng
        self.until = until
        self.share = len(people) / 2000
        self._queue = rng.sample(people, len(people))

    def scaled(self, count: int) -> int:
        """Turn a number for 2,000 customers into one for as many as there are, at least 1."""
        return max(1, round(count * self.share))

    def find(self, fits: Callable[[Shopper], bool]) -> Shopper | None:
        """Take the first customer who fits from the queue; None when there is none."""
        for place, shopper in enumerate(self._queue):
            if fits(shopper):
                return self._queue.pop(place)
        return None

    def take(self, count: int, fits: Callable[[Shopper], bool]) -> list[Shopper]:
        """Take several customers who fit, as far as there are any."""
        found = (self.find(fits) for _ in range(self.scaled(count)))
        return [shopper for shopper in found if shopper]

    def awake(self, shopper: Shopper, least: int, most: int) -> datetime:
        """Draw a time so many days before the demo starts at which a customer is awake."""
        day = shop_day(self.until) - timedelta(days=self.rng.randint(least, most))
        minute, second = self.rng.randrange(60), self.rng.randrange(60)
        return local_time(day, self.rng.randint(7, 22), minute, second, shopper.city["timezone"])

    def minutes_ago(self, least: int, most: int) -> datetime:
        """Draw a time between so many minutes before the demo starts."""
        return self.until - timedelta(minutes=self.rng.randint(least, most))


def hand_out(
    rng: Random,
    people: Sequence[Shopper],
    shelf: Shelf,
    until: datetime,
    scripts: Sequence[Mapping[str, Any]],
) -> Cast:
    """Decide who plays which part; `scripts` are the conversation scripts in their order."""
    casting = Casting(rng, people, until)
    wishes, complaining = draw_wishes(casting)
    dislikes = _dislikes(casting, scripts)
    waiting = _waiting(casting, shelf)
    carts = {shopper.id: casting.minutes_ago(90, 3 * 1440) for shopper in casting.take(_CARTS, _regular)}
    shuns = {key: part.materials for key, part in dislikes.items()}
    shuns |= {wish.shopper.id: _avoided_in(wish.text) for wish in wishes if _avoided_in(wish.text)}
    leaves: dict[str, tuple[tuple[datetime, tuple[str, ...]], ...]] = {}
    for wish in wishes:
        if wish.fate != "met":
            leaves[wish.shopper.id] = (*leaves.get(wish.shopper.id, ()), (wish.at, wish.categories))
    errands = _errands(casting, wishes, complaining)
    return Cast(wishes, dislikes, carts, waiting, errands, complaining, shuns, leaves)


def _regular(shopper: Shopper) -> bool:
    return shopper.active_until - shopper.active_from > timedelta(days=150) and "quiet_days" not in shopper.persona


def _near(shopper: Shopper) -> bool:
    return _regular(shopper) and not shopper.city.get("remote", False)


def _dislikes(casting: Casting, scripts: Sequence[Mapping[str, Any]]) -> dict[str, Dislike]:
    return {
        shopper.id: Dislike(place, tuple(script["dislikes"]))
        for place, script in enumerate(scripts)
        if "dislikes" in script
        for shopper in casting.take(script["share"], _regular)
    }


def _waiting(casting: Casting, shelf: Shelf) -> dict[str, Shortage]:
    """Find people whom the size fits for variants that ran out and came back."""
    waiting: dict[str, Shortage] = {}
    for number in range(casting.scaled(_WAITING)):
        shortage = shelf.shortages[number % len(shelf.shortages)]
        shopper = casting.find(partial(_can_wait, shortage=shortage))
        if shopper:
            waiting[shopper.id] = shortage
    return waiting


def _can_wait(shopper: Shopper, shortage: Shortage) -> bool:
    if not _regular(shopper):
        return False
    gender, size = shortage.product.gender, shortage.variant.size
    if gender == "kids":
        return "kids" in shopper.persona
    return gender in (shopper.gender, "unisex") and size in (shopper.size, str(shopper.shoe), "one size")


def _errands(casting: Casting, wishes: Sequence[Wish], complaining: Sequence[str]) -> dict[str, tuple[Errand, ...]]:
    errands: dict[str, tuple[Errand, ...]] = {}
    for wish in wishes:
        if wish.fate == "met":
            bought_at = wish.at + timedelta(days=2, hours=casting.rng.randint(1, 70))
            errands[wish.shopper.id] = (Errand(bought_at, wish.categories[0], "plain"),)
    for shopper in casting.take(_JUST_ORDERED, _regular):
        errands[shopper.id] = (Errand(casting.minutes_ago(60, 9 * 60), "", "calm"),)
    for shopper in casting.take(_RUNNING_LATE, _near):
        errands[shopper.id] = (Errand(casting.minutes_ago(9 * 1440, 13 * 1440), "", "late"),)
    for shopper in casting.take(_SENDING_BACK, _near):
        errands[shopper.id] = (Errand(casting.minutes_ago(11 * 1440, 16 * 1440), "", "sent back"),)
    for customer in complaining:
        errands[customer] = (Errand(casting.minutes_ago(17 * 1440, 22 * 1440), "", "calm"),)
    return errands


def _avoided_in(text: str) -> tuple[str, ...]:
    words = text.lower()
    if "vegan" in words:
        return _ANIMAL
    return _WOOL if "wool" in words else ()

"""When products entered the shop, and how many units of each variant are on hand when."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tools.demo_shop.catalog import Product, Variant, product_line
from tools.demo_shop.lines import Diary, Line, stock_line

_RESTOCKED = 45
_SOLD_OUT = 40
_TOPPED_UP = 120
_NEW_THIS_YEAR = 24
_UNITS = ((0, 1, 2, 3, 5, 8, 12, 18, 25, 40), (4, 3, 4, 5, 10, 16, 20, 18, 12, 8))


@dataclass(frozen=True)
class Shortage:
    """A variant that was out of stock from one time until it came back at another."""

    product: Product
    variant: Variant
    since: datetime
    back: datetime


@dataclass(frozen=True)
class Shelf:
    """The stock over time: units at first by SKU, then dated changes by SKU in the order of time."""

    launched: Mapping[str, datetime]
    first: Mapping[str, int]
    changes: Mapping[str, Sequence[tuple[datetime, int]]]
    shortages: tuple[Shortage, ...]

    def units(self, sku: str, at: datetime) -> int:
        """Give the units of a variant on hand at a time."""
        past = self.changes.get(sku, ())
        place = bisect_right(past, at, key=lambda change: change[0])
        return past[place - 1][1] if place else self.first[sku]


def stock_shelf(rng: Random, catalog: Sequence[Product], until: datetime) -> Shelf:
    """Decide when each product entered the shop and how its stock moves up to `until`.

    Some variants are out of stock from the start and stay so, some sell out, and some sell out and come back
    within the last week.
    """
    new = {item.id for item in rng.sample(catalog, _NEW_THIS_YEAR)}
    launched = {
        item.id: until - timedelta(hours=24 * rng.randint(*((25, 330) if item.id in new else (735, 1400))) + 6)
        for item in catalog
    }
    first = {variant.sku: rng.choices(*_UNITS)[0] for item in catalog for variant in item.variants}
    changes: dict[str, list[tuple[datetime, int]]] = {}
    shortages = []
    stocked = [(item, variant) for item in catalog for variant in item.variants if first[variant.sku]]
    moving = rng.sample([pair for pair in stocked if pair[0].id not in new], _RESTOCKED + _SOLD_OUT + _TOPPED_UP)
    for item, variant in moving[:_RESTOCKED]:
        since = until - timedelta(minutes=rng.randint(16 * 1440, 34 * 1440))
        back = until - timedelta(minutes=rng.randint(8 * 60, 6 * 1440))
        changes[variant.sku] = [(since, 0), (back, rng.randint(6, 30))]
        shortages.append(Shortage(item, variant, since, back))
    for _, variant in moving[_RESTOCKED : _RESTOCKED + _SOLD_OUT]:
        changes[variant.sku] = [(until - timedelta(minutes=rng.randint(1440, 60 * 1440)), 0)]
    for _, variant in moving[_RESTOCKED + _SOLD_OUT :]:
        changes[variant.sku] = [(until - timedelta(minutes=rng.randint(600, 90 * 1440)), rng.randint(10, 45))]
    return Shelf(launched, first, changes, tuple(shortages))


def product_lines(catalog: Sequence[Product], shelf: Shelf) -> list[Line]:
    """Write all products with the stock they had at first."""
    return [product_line(item, shelf.launched[item.id], shelf.first) for item in catalog]


def write_stock(diary: Diary, shelf: Shelf) -> None:
    """Write every change of stock into the diary."""
    for sku, changes in shelf.changes.items():
        for at, units in changes:
            diary.write(at, stock_line(sku, units, at))

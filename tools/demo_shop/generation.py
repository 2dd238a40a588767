"""The door of the demo shop: everything that happened up to a moment, from a seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from tools.demo_shop.cast import Cast, hand_out
from tools.demo_shop.catalog import Product, load_catalog
from tools.demo_shop.chats import Scribe
from tools.demo_shop.lines import Diary, Line, shop_line
from tools.demo_shop.mail import read_newsletters, write_reviews
from tools.demo_shop.orders import Order, number_orders, order_line
from tools.demo_shop.people import Shopper, customer_line, make_people
from tools.demo_shop.shelf import Shelf, product_lines, stock_shelf, write_stock
from tools.demo_shop.talks import Planner, scripts
from tools.demo_shop.taste import Taste
from tools.demo_shop.year import Year, live


@dataclass(frozen=True)
class Stage:
    """The shop as generated: the lines come from the diary, the rest says what is true behind them."""

    catalog: Sequence[Product]
    shelf: Shelf
    people: Sequence[Shopper]
    cast: Cast
    orders: Sequence[Order]
    diary: Diary

    def lines(self) -> Iterator[Line]:
        """Give all lines: the shop, its products, its customers, then everything dated in the order of time."""
        yield shop_line()
        yield from product_lines(self.catalog, self.shelf)
        yield from map(customer_line, self.people)
        yield from self.diary.read()


def generate(*, until: datetime, seed: int = 7, customers: int = 2000) -> Iterator[Line]:
    """Give the demo shop's lines in the native import format, in an order in which they can be imported.

    Everything happens before the aware time `until`, most of it within 365 days.
    The same arguments give the same lines on any machine.
    Raises `ValueError` when `until` has no timezone or there are no customers.
    """
    return set_stage(until=until, seed=seed, customers=customers).lines()


def set_stage(*, until: datetime, seed: int = 7, customers: int = 2000) -> Stage:
    """Generate the shop and keep what is true behind its lines, such as who wishes for what.

    Takes and refuses the same arguments as `generate`.
    """
    if until.tzinfo is None:
        raise ValueError(f"until={until!r} has no timezone; pass an aware datetime")
    if customers < 1:
        raise ValueError(f"customers={customers!r} is less than 1")
    until = until.astimezone(UTC).replace(microsecond=0)
    rng, diary, catalog = Random(seed), Diary(until), load_catalog()
    shelf = stock_shelf(rng, catalog, until)
    people = make_people(rng, customers, until)
    cast = hand_out(rng, people, shelf, until, scripts())
    year, taste = Year(rng, until), Taste(rng, catalog, shelf, cast)
    orders = number_orders(rng, live(rng, year, diary, people, taste, cast), until)
    write_stock(diary, shelf)
    for order in orders:
        diary.write(order.placed_at, order_line(order, until))
    read_newsletters(rng, year, diary, people, taste)
    write_reviews(rng, year, diary, orders)
    scribe = Scribe(rng, diary, until)
    for talk in Planner(rng, year, people, orders, catalog, shelf, cast).plan():
        scribe.write(talk)
    return Stage(catalog, shelf, people, cast, orders, diary)

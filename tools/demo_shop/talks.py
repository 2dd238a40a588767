"""Which conversations took place, when, with whom and about what."""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from random import Random
from typing import Any

from tools.demo_shop.cast import Cast
from tools.demo_shop.catalog import Product
from tools.demo_shop.order_book import OrderBook, anybody
from tools.demo_shop.orders import Order
from tools.demo_shop.people import YEAR, Shopper
from tools.demo_shop.shelf import Shelf
from tools.demo_shop.tables import table, table_names
from tools.demo_shop.wishing import Wish
from tools.demo_shop.year import Year

_OPEN_COMPLAINTS = 36
_OPEN_OTHERS = {"damaged": 5, "late delivery": 5, "payment": 2, "request": 3}
_RESOLVED, _RESOLVED_IN_CHAT = 152, 0.55
_TRIES = 40


@dataclass(frozen=True)
class Talk:
    """One conversation to be: `kind` is `script`, `wish`, `taken back` or `complaint`.

    `ticket` is `open`, `resolved` or empty; `silent` marks a ticket that came about without a chat.
    """

    at: datetime
    shopper: Shopper
    kind: str
    script: Mapping[str, Any]
    order: Order | None = None
    product: Product | None = None
    wish: Wish | None = None
    ticket: str = ""
    silent: bool = False


@cache
def scripts() -> tuple[Mapping[str, Any], ...]:
    """Give all conversation scripts in a fixed order."""
    return tuple(script for name in table_names("chat") for script in table(name).get("script", []))


class Planner:
    """Plans conversations that fit who the customers are and what they have ordered."""

    def __init__(
        self,
        rng: Random,
        year: Year,
        people: Sequence[Shopper],
        orders: Sequence[Order],
        catalog: Sequence[Product],
        shelf: Shelf,
        cast: Cast,
    ) -> None:
        """Plan for the customers and orders given."""
        self._rng = rng
        self._year = year
        self._people = people
        self._by_id = {shopper.id: shopper for shopper in people}
        self._catalog = catalog
        self._shelf = shelf
        self._cast = cast
        self._share = len(people) / 2000
        self._book = OrderBook(rng, orders, year.until)
        self._wishers = {wish.shopper.id for wish in cast.wishes}

    def plan(self) -> list[Talk]:
        """Give all conversations in the order of time."""
        talks = [*self._complaints(), *self._wishes(), *self._scripted()]
        return sorted(talks, key=lambda talk: (talk.at, talk.shopper.id))

    def _scaled(self, count: float) -> int:
        return max(1, round(count * self._share))

    def _scripted(self) -> Iterator[Talk]:
        for place, script in enumerate(scripts()):
            if "dislikes" in script:
                speakers = [key for key, part in self._cast.dislikes.items() if part.script == place]
                talks = (self._about_anything(script, self._by_id[key]) for key in speakers)
            elif script["needs"] in ("none", "product"):
                talks = (self._about_anything(script, None) for _ in range(self._scaled(script["share"])))
            else:
                talks = (self._about_order(script) for _ in range(self._scaled(script["share"])))
            yield from (talk for talk in talks if talk)

    def _about_anything(self, script: Mapping[str, Any], shopper: Shopper | None) -> Talk | None:
        shopper = shopper or self._rng.choice(self._speakers(script))
        at = self._year.moment(shopper, shopper.active_from, shopper.active_until - timedelta(hours=3))
        if script["needs"] == "none":
            return Talk(at, shopper, "script", script)
        for _ in range(_TRIES):
            item = self._rng.choice(self._catalog)
            suits = item.gender in (shopper.gender, "unisex") and item.category in script["kinds"]
            if suits and self._shelf.launched[item.id] < at:
                return Talk(at, shopper, "script", script, product=item)
        return None

    def _speakers(self, script: Mapping[str, Any]) -> Sequence[Shopper]:
        if "personas" not in script:
            return self._people
        return [person for person in self._people if person.persona["name"] in script["personas"]] or self._people

    def _about_order(self, script: Mapping[str, Any]) -> Talk | None:
        found = self._book.find(script["needs"], script.get("kinds", ()), self._year.until - YEAR, self._year.until)
        return Talk(found.at, found.order.shopper, "script", script, order=found.order) if found else None

    def _wishes(self) -> Iterator[Talk]:
        for wish in self._cast.wishes:
            yield Talk(wish.at, wish.shopper, "wish", {}, wish=wish)
            if wish.fate == "taken back":
                later = wish.at + timedelta(days=self._rng.randint(9, 30), minutes=self._rng.randint(0, 600))
                yield Talk(later, wish.shopper, "taken back", {}, wish=wish)

    def _complaints(self) -> Iterator[Talk]:
        rows: Sequence[Mapping[str, Any]] = table("chat/complaints")["complaint"]
        busy = set(self._wishers)
        since, until = self._year.until - timedelta(days=6), self._year.until - timedelta(hours=4)
        for customer in self._cast.complaining:
            yield self._serious(rows, "complaint", since, until, partial(operator.eq, customer))
        for reason, count in {"complaint": _OPEN_COMPLAINTS, **_OPEN_OTHERS}.items():
            for _ in range(self._scaled(count)):
                talk = self._serious(rows, reason, since, until, lambda key: key not in busy)
                busy.add(talk.shopper.id)
                yield talk
        since, until = self._year.until - YEAR, self._year.until - timedelta(days=8)
        for _ in range(self._scaled(_RESOLVED)):
            yield self._serious(rows, "", since, until, anybody)

    def _serious(
        self,
        rows: Sequence[Mapping[str, Any]],
        reason: str,
        since: datetime,
        until: datetime,
        may: Callable[[str], bool],
    ) -> Talk:
        """Plan one conversation that ends in a ticket, open when a reason is given and resolved otherwise."""
        fitting = [row for row in rows if reason in ("", row["reason"])]
        ticket = "open" if reason else "resolved"
        silent = ticket == "resolved" and self._rng.random() > _RESOLVED_IN_CHAT
        for _ in range(6):
            row = self._rng.choices(fitting, [row["weight"] for row in fitting])[0]
            if row["needs"] == "none":
                break
            found = self._book.find(row["needs"], row.get("kinds", ()), since, until, may)
            if found:
                shopper = found.order.shopper
                return Talk(found.at, shopper, "complaint", row, found.order, ticket=ticket, silent=silent)
        free = [row for row in rows if row["needs"] == "none" and row["reason"] in (reason, "complaint")]
        row = self._rng.choice(free)
        shopper = self._rng.choice([shopper for shopper in self._people if may(shopper.id)] or self._people)
        at = self._year.moment(shopper, max(since, shopper.active_from), until)
        return Talk(at, shopper, "complaint", row, ticket=ticket, silent=silent)

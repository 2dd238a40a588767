"""Customers found by meaning, and one customer's page, for those who work on campaigns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from kit.errors import NotFound
from kit.ids import CustomerId
from kit.money import format_minor
from kit.vectors.index import Hit
from memory.tables import Wish
from memory.wishes import is_open
from tools.campaigns.people import names_of, rows_about
from tools.registry import ToolContext
from tools.shop.orders import lines_of, orders_of, total_minor
from tools.shop.tables import Order, OrderLine

FLOOR = 0.4  # cosine similarity below which a text is about something else
_ORDERS = 5
_TEXTS = 60  # asked of each collection; one person's may be several


@dataclass(frozen=True)
class Found:
    """A customer and their own words that come nearest to what was asked; the turn or event says them."""

    customer_id: CustomerId
    name: str
    quote: str
    at: datetime
    score: float
    source_id: str

    def to_json(self) -> dict[str, Any]:
        return {
            "customer_id": self.customer_id,
            "name": self.name,
            "quote": self.quote,
            "at": self.at.isoformat(),
            "score": round(self.score, 3),
            "source_id": self.source_id,
        }


def find_by_meaning(context: ToolContext, about: str, count: int, floor: float = FLOOR) -> list[Found]:
    """Customers who said, searched or wish for something like ``about``, nearest first; one entry each.

    Only customers' own words count, in turns, in the free text of events and in open wishes.
    """
    turns, words, wishes = (context.memory.across(name, about, _TEXTS) for name in ("turn", "word", "wish"))
    own = [hit for hit in turns if hit.details.get("speaker") == "customer"]
    with context.database.read() as session:
        said = [_found(hit) for hit in [*own, *words]] + _wished(session, wishes, context.clock.now())
        names = names_of(session, {found.customer_id for found in said})
    near = [found for found in said if found.score >= floor and found.customer_id in names]
    best = _one_each(near)
    return [replace(found, name=names[found.customer_id]) for found in best[:count]]


def customer_page(session: Session, context: ToolContext, customer: str) -> dict[str, Any]:
    """The profile and the last orders of a customer, by id or e-mail address.

    Raises ``NotFound``, or ``InvalidInput`` for what is no address.
    """
    found = context.memory.find(session, "email", customer) if "@" in customer else CustomerId(customer.strip())
    if found is None:
        raise NotFound(f"there is no customer with the e-mail address {customer!r}; find_customers looks by meaning")
    memory = context.memory.of(session, found)
    orders = orders_of(session, memory.customer_id)[:_ORDERS]
    lines = lines_of(session, orders)
    return memory.profile().to_json() | {"orders": [_order(order, lines[order.id]) for order in orders]}


def _order(order: Order, lines: Sequence[OrderLine]) -> dict[str, Any]:
    return {
        "order_id": order.number,
        "status": order.status,
        "placed_at": order.placed_at.isoformat() if order.placed_at else None,
        "total": format_minor(total_minor(lines), order.currency),
        "items": [line.name for line in lines],
    }


def _found(hit: Hit) -> Found:
    return Found(CustomerId(hit.owner), "", hit.text, hit.at, hit.score, hit.item_id)


def _wished(session: Session, hits: Iterable[Hit], now: datetime) -> list[Found]:
    """Open wishes, with the words that voiced them."""
    by_id: Mapping[str, Hit] = {hit.item_id: hit for hit in hits}
    wanted = select(Wish.id, Wish.quote, Wish.source_id).where(is_open(now))
    return [
        replace(_found(by_id[wish_id]), quote=quote, source_id=source_id)
        for wish_id, quote, source_id in rows_about(session, wanted, Wish.id, by_id)
    ]


def _one_each(found: Iterable[Found]) -> list[Found]:
    """Each customer's nearest words, nearest first."""
    best: dict[str, Found] = {}
    for one in sorted(found, key=lambda one: (-one.score, one.source_id)):
        best.setdefault(one.customer_id, one)
    return list(best.values())

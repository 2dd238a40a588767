"""Carts as the timeline knows them: what was in them, when they changed, and which orders came after."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from kit.ids import CustomerId, EventId
from memory.tables import Event

LEFT_AFTER = timedelta(hours=2)  # a cart that nobody has touched for so long is left
BOUGHT_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class CartLine:
    """One variant in a cart."""

    variant_id: str
    quantity: int


@dataclass(frozen=True)
class Cart:
    """What a customer's cart held from ``at`` on; no lines once emptied."""

    customer_id: CustomerId
    event_id: EventId
    at: datetime
    lines: Sequence[CartLine]


@dataclass(frozen=True)
class CartHistory:
    """Each customer's carts and the times of their orders, oldest first."""

    carts: Mapping[str, Sequence[Cart]]
    orders: Mapping[str, Sequence[datetime]]

    def newest(self) -> list[Cart]:
        """Each customer's cart as it is now."""
        return [carts[-1] for carts in self.carts.values()]

    def ordered(self, customer_id: str, start: datetime, end: datetime) -> bool:
        """Whether the customer ordered from ``start`` on and not after ``end``."""
        orders = self.orders.get(customer_id, ())
        first = bisect_left(orders, start)
        return first < len(orders) and orders[first] <= end

    def left_and_bought(self, now: datetime) -> tuple[int, int]:
        """Of the carts left whose ``BOUGHT_WITHIN`` is over: how many were bought within it, and how many there are.

        A cart counts each time it was left: it held something, and for ``LEFT_AFTER`` it neither changed nor was
        ordered.
        """
        bought = left = 0
        for carts in self.carts.values():
            for cart, following in zip(carts, (*carts[1:], None), strict=True):
                leaves = cart.at + LEFT_AFTER
                touched = following is not None and following.at < leaves
                if not cart.lines or touched or cart.at + BOUGHT_WITHIN > now:
                    continue
                if self.ordered(cart.customer_id, cart.at, leaves):
                    continue
                left += 1
                bought += self.ordered(cart.customer_id, leaves, cart.at + BOUGHT_WITHIN)
        return bought, left


def read_carts(session: Session, since: datetime, now: datetime) -> CartHistory:
    """All carts and orders from ``since`` until ``now``."""
    wanted = (
        select(Event.customer_id, Event.id, Event.at, Event.properties)
        .where(Event.name == "cart_updated", col(Event.at) >= since, col(Event.at) <= now)
        .order_by(col(Event.at), Event.id)
    )
    carts: dict[str, list[Cart]] = {}
    for customer_id, event_id, at, properties in session.exec(wanted).all():
        cart = Cart(CustomerId(customer_id), EventId(event_id), at, lines_of(properties))
        carts.setdefault(customer_id, []).append(cart)
    placed = (
        select(Event.customer_id, Event.at)
        .where(Event.name == "order_placed", col(Event.at) >= since, col(Event.at) <= now)
        .order_by(col(Event.at))
    )
    orders: dict[str, list[datetime]] = {}
    for customer_id, at in session.exec(placed).all():
        orders.setdefault(customer_id, []).append(at)
    return CartHistory(carts, orders)


def lines_of(properties: Mapping[str, Any]) -> tuple[CartLine, ...]:
    """The lines of a ``cart_updated`` event. Events come from outside: what is no line is passed over."""
    items = properties.get("items")
    found = []
    for item in items if isinstance(items, list) else []:
        variant = item.get("variant") if isinstance(item, dict) else None
        quantity = item.get("quantity", 1) if isinstance(item, dict) else 0
        if isinstance(variant, str) and isinstance(quantity, int) and quantity > 0:
            found.append(CartLine(variant, quantity))
    return tuple(found)

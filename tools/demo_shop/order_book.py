"""Finds orders to talk about: one in the right state, and a moment at which it was in that state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tools.demo_shop.orders import Order

_HOUR = timedelta(hours=1)
_TRIES = 5


@dataclass(frozen=True)
class Found:
    """An order, and when one talks about it."""

    order: Order
    at: datetime


def anybody(customer: str) -> bool:
    """Let every customer come into question."""
    return bool(customer)


class OrderBook:
    """All orders in random order, each given out at most once."""

    def __init__(self, rng: Random, orders: Sequence[Order], until: datetime) -> None:
        """Find among the orders given; nothing happens at `until` or later."""
        self._rng = rng
        self._until = until
        self._left = rng.sample(orders, len(orders))

    def find(
        self,
        needs: str,
        kinds: Sequence[str],
        since: datetime,
        until: datetime,
        may: Callable[[str], bool] = anybody,
    ) -> Found | None:
        """Take an order in the state that a script needs, whose first item is of one of the kinds (if given).

        The moment lies between two times, and `may` says by id which customers come into question.
        """
        for place, order in enumerate(self._left):
            item = order.basket.items[0].product
            if (kinds and item.kind not in kinds) or not may(order.shopper.id):
                continue
            span = self._span(order, needs)
            low, high = (max(span[0], since), min(span[1], until)) if span else (until, since)
            if low < high:
                self._left.pop(place)
                return Found(order, self._moment(order, low, high))
        return None

    def _span(self, order: Order, needs: str) -> tuple[datetime, datetime] | None:
        """Give from when until when an order is in a state, or None if it never is."""
        arrives = order.delivered_at or self._until
        end = min(arrives, self._until)
        kept = order.status == "delivered" and order.delivered_at is not None
        asked = order.asked_at
        match needs:
            case "cancelled" if order.status == "cancelled" and asked:
                return asked - timedelta(minutes=4), asked
            case "return asked" if order.status in ("returned", "return requested") and asked:
                return asked - timedelta(minutes=4), asked
            case "exchange" if order.status == "exchange requested" and asked:
                return asked - timedelta(minutes=4), asked
            case "returned" if order.status == "returned" and asked:
                return asked + timedelta(days=8), min(asked + timedelta(days=15), self._until)
            case "new" if order.status != "cancelled":
                return order.placed_at + timedelta(minutes=5), min(order.shipped_at, self._until)
            case "on the way" if order.status != "cancelled":
                return order.shipped_at + 3 * _HOUR, min(end, order.expected_at)
            case "late" if order.status != "cancelled":
                return order.expected_at + 12 * _HOUR, end
            case "delivered" if kept:
                return arrives + _HOUR, min(arrives + timedelta(days=25), self._until)
        return None

    def _moment(self, order: Order, low: datetime, high: datetime) -> datetime:
        """Draw a moment between two, by day on the shopper's clock if it can be."""
        timezone = ZoneInfo(order.shopper.city["timezone"])
        at = low
        for _ in range(_TRIES):
            at = (low + (high - low) * self._rng.random()).replace(microsecond=0)
            if at.astimezone(timezone).hour >= 7:
                break
        return at

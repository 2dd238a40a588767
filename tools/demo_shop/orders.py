"""What happens to an order: shipping, delivery, returns, refunds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from tools.demo_shop.catalog import Product, Variant
from tools.demo_shop.lines import Line, instant, money
from tools.demo_shop.people import Shopper
from tools.demo_shop.season import add_business_days, shop_day, shop_hour, shop_time

FREE_SHIPPING_FROM = 7500
STANDARD_SHIPPING = 595
EXPRESS_SHIPPING = 1495

_LETTERS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True)
class Bought:
    """One item of an order; `cents` is what was paid per unit."""

    product: Product
    variant: Variant
    quantity: int
    cents: int


@dataclass(frozen=True)
class Basket:
    """What a shopper ordered when, before it is known what becomes of it; `fate` as in the cast's errands."""

    shopper: Shopper
    placed_at: datetime
    items: tuple[Bought, ...]
    fate: str

    @property
    def value(self) -> int:
        """The price of all items in cents."""
        return sum(item.cents * item.quantity for item in self.items)


@dataclass(frozen=True)
class Order:
    """An order as it stands when the demo starts.

    `delivered_at` is the time of delivery even if that is still to come, and None when nobody knows;
    `asked_at` is when a cancellation, return or exchange was asked for; `refund` is in cents.
    """

    id: str
    basket: Basket
    status: str
    express: bool
    shipped_at: datetime
    expected_at: datetime
    delivered_at: datetime | None
    asked_at: datetime | None
    refund: int
    tracking: str

    @property
    def shopper(self) -> Shopper:
        """Who ordered."""
        return self.basket.shopper

    @property
    def placed_at(self) -> datetime:
        """When it was ordered."""
        return self.basket.placed_at

    @property
    def carrier(self) -> str:
        """Who carries it."""
        return "FedEx" if self.express else "UPS"

    @property
    def total(self) -> int:
        """What was paid in cents, shipping included."""
        if self.express:
            return self.basket.value + EXPRESS_SHIPPING
        return self.basket.value + (0 if self.basket.value >= FREE_SHIPPING_FROM else STANDARD_SHIPPING)


def fulfil(rng: Random, number: int, basket: Basket, until: datetime) -> Order:
    """Decide what has become of an order up to `until`."""
    remote = basket.shopper.city.get("remote", False)
    express = not remote and basket.fate != "late" and rng.random() < 0.12
    shipped_at = _shipped_at(rng, basket.placed_at, express)
    expected_at, delivered_at = _delivery(rng, basket, express, remote)
    status, asked_at = _status(rng, basket, shipped_at, delivered_at, until)
    order_id = f"FH-{number}"
    order = Order(
        order_id,
        basket,
        status,
        express,
        shipped_at,
        expected_at,
        delivered_at,
        asked_at,
        0,
        _tracking(rng, express),
    )
    if status == "cancelled":
        return replace(order, refund=order.total)
    if status == "returned":
        return replace(order, refund=basket.value)
    return order


def order_line(order: Order, until: datetime) -> Line:
    """Write an order."""
    method = order.shopper.methods[0]["id"]
    payments = [{"kind": "payment", "amount": money(order.total), "method": method}]
    if order.refund:
        payments.append({"kind": "refund", "amount": money(order.refund), "method": method})
    line: Line = {
        "type": "order",
        "id": order.id,
        "customer": order.shopper.id,
        "placed_at": instant(order.placed_at),
        "status": order.status,
        "items": [
            {"variant": item.variant.sku, "quantity": item.quantity, "price": money(item.cents)}
            for item in order.basket.items
        ],
        "address": order.shopper.address,
    }
    if order.status not in ("pending", "processed", "cancelled"):
        line["shipments"] = [_shipment(order, until)]
    line["payments"] = payments
    return line


def _shipment(order: Order, until: datetime) -> Line:
    arrived = order.delivered_at is not None and order.delivered_at < until
    shipment: Line = {
        "tracking": [order.tracking],
        "carrier": order.carrier,
        "items": [item.variant.sku for item in order.basket.items],
        "status": "delivered" if arrived else "in transit",
        "shipped_at": instant(order.shipped_at),
        "expected_at": instant(order.expected_at),
    }
    if order.delivered_at is not None and arrived:
        shipment["delivered_at"] = instant(order.delivered_at)
    return shipment


def _shipped_at(rng: Random, placed_at: datetime, express: bool) -> datetime:
    """Draw when the carrier gets the parcel: in the afternoon, within one business day."""
    day = shop_day(placed_at)
    early = shop_hour(placed_at) < 12 and day.weekday() < 5
    if not (early and (express or rng.random() < 0.5)):
        day = add_business_days(day, 1)
    return shop_time(day, rng.randint(14, 18), rng.randint(0, 59))


def _delivery(rng: Random, basket: Basket, express: bool, remote: bool) -> tuple[datetime, datetime | None]:
    """Give the promised time, and the actual one unless the parcel is overdue when the demo starts."""
    day = shop_day(basket.placed_at)
    early = shop_hour(basket.placed_at) < 12 and day.weekday() < 5
    slowest = (1 if early else 2) if express else (10 if remote else 5)
    fastest = slowest if express else (6 if remote else 3)
    promised = shop_time(add_business_days(day, slowest), 20)
    if basket.fate == "late":
        return promised, None
    if basket.fate == "plain" and rng.random() < 0.07:
        return promised, promised + timedelta(days=rng.randint(1, 6), minutes=-rng.randint(60, 600))
    arrives = add_business_days(day, rng.randint(fastest, slowest))
    return promised, shop_time(arrives, rng.randint(9, 18), rng.randint(0, 59))


def _status(
    rng: Random, basket: Basket, shipped_at: datetime, delivered_at: datetime | None, until: datetime
) -> tuple[str, datetime | None]:
    """Give the order's status, and when its cancellation, return or exchange was asked for."""
    placed_at, plain = basket.placed_at, basket.fate == "plain"
    if plain and rng.random() < 0.025:
        asked_at = placed_at + timedelta(minutes=rng.randint(8, 180))
        if asked_at < min(shipped_at, until):
            return "cancelled", asked_at
    if shipped_at >= until:
        return ("pending" if until - placed_at < timedelta(hours=16) else "processed"), None
    if delivered_at is None or delivered_at >= until:
        return "shipped", None
    if basket.fate == "sent back":
        return _asked(rng), delivered_at + (until - delivered_at) * rng.random()
    if plain and rng.random() < basket.shopper.persona["returns"]:
        asked_at = delivered_at + timedelta(minutes=rng.randint(1440, 24 * 1440))
        if asked_at < until:
            return ("returned" if until - asked_at > timedelta(days=10) else _asked(rng)), asked_at
    return "delivered", None


def _asked(rng: Random) -> str:
    return "exchange requested" if rng.random() < 0.35 else "return requested"


def _tracking(rng: Random, express: bool) -> str:
    if express:
        return "".join(rng.choices("0123456789", k=12))
    return "1Z" + "".join(rng.choices(_LETTERS, k=16))


def number_orders(rng: Random, baskets: Sequence[Basket], until: datetime) -> tuple[Order, ...]:
    """Turn baskets into orders, numbered in the order of time."""
    in_order = sorted(baskets, key=lambda basket: (basket.placed_at, basket.shopper.id))
    return tuple(fulfil(rng, number, basket, until) for number, basket in enumerate(in_order, start=20001))

"""Orders as they truly stand, for the customer whose they are. That somebody else's order exists is never told."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import Session, col, select

from kit.errors import NotFound
from kit.lexical import fold
from kit.money import format_minor
from tools.registry import Arguments, Effect, ToolContext, tool
from tools.shop.tables import Order, OrderLine, Payment, PaymentMethod, Shipment, Variant

_APART = re.compile(r"[\W_]+")
_CARDS = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "amex": "American Express",
    "american express": "American Express",
}
_KINDS = {"gift_card": "gift card", "paypal": "PayPal", "credit_card": "credit card"}


def orders_of(session: Session, customer_id: str) -> list[Order]:
    """A customer's orders, newest first; those of unknown date last, as the shop lists them."""
    wanted = select(Order).where(Order.customer_id == customer_id)
    newest = (col(Order.placed_at).is_(None), col(Order.placed_at).desc(), col(Order.position), Order.id)
    return list(session.exec(wanted.order_by(*newest)).all())


def find_order(session: Session, customer_id: str, number: str) -> Order:
    """One of the customer's own orders, by its number however it is written: ``#W1``, ``w1``, `` W-1 ``, or ``1``.

    Raises the same ``NotFound`` for a number that nobody has and for somebody else's.
    """
    orders = orders_of(session, customer_id)
    readings: tuple[Callable[[str], str], ...] = (str, _plain, _digits)
    for read in readings:
        wanted = read(number)
        found = [order for order in orders if wanted and wanted in (read(order.number), read(order.id))]
        if len(found) == 1:
            return found[0]
    shown = number.strip()[:40]
    raise NotFound(
        f"there is no order {shown!r} among this customer's orders; ask for the number again, or list the orders"
    )


def lines_of(session: Session, orders: Sequence[Order]) -> dict[str, list[OrderLine]]:
    """The orders' lines, by order id."""
    wanted = select(OrderLine).where(col(OrderLine.order_id).in_([order.id for order in orders]))
    lines: dict[str, list[OrderLine]] = {order.id: [] for order in orders}
    for line in session.exec(wanted.order_by(OrderLine.order_id, col(OrderLine.line))).all():
        lines[line.order_id].append(line)
    return lines


def total_minor(lines: Sequence[OrderLine]) -> int:
    """What the lines cost together."""
    return sum(line.unit_minor * line.quantity for line in lines)


class FindOrders(Arguments):
    """Which orders."""

    status: Annotated[str | None, Field(description='only those with this status, such as "delivered"')] = None


@tool(Effect.READ)
def find_orders(context: ToolContext, arguments: FindOrders) -> Mapping[str, Any]:
    """Lists the signed-in customer's orders, newest first: number, status, date, total and what is in them.

    Use it when somebody asks about "my order" without a number, or for all of theirs.
    ``placed_at`` is null where the shop does not know the date. ``order_id`` ("#W2378156") goes into get_order.
    Statuses: pending, processed, shipped, delivered, cancelled, return requested, returned, exchange requested.
    """
    customer_id = context.signed_in()
    with context.database.read() as session:
        orders = orders_of(session, customer_id)
        if arguments.status:
            orders = [order for order in orders if _plain(order.status).startswith(_plain(arguments.status))]
        lines = lines_of(session, orders)
    return {"orders": [_listed(order, lines[order.id]) for order in orders]}


def _listed(order: Order, lines: Sequence[OrderLine]) -> dict[str, Any]:
    return {
        "order_id": order.number,
        "status": order.status,
        "placed_at": _moment(order.placed_at),
        "total": format_minor(total_minor(lines), order.currency),
        "items": [line.name for line in lines],
    }


class GetOrder(Arguments):
    """Which order."""

    order_id: Annotated[str, Field(min_length=1, description='the number as the customer gave it, such as "#W2378156"')]


@tool(Effect.READ)
def get_order(context: ToolContext, arguments: GetOrder) -> Mapping[str, Any]:
    """One of the signed-in customer's orders in full: items with options and prices, parcels, payments, address.

    Use it for "where is my order", and before anything is said about an order's content, price or delivery.
    Parcels say only what is known: a date that is null is not known, and nothing may be promised for it.
    Example: order_id "#W2378156"; the # and the case of the W do not matter.
    """
    customer_id = context.signed_in()
    with context.database.read() as session:
        return _Sheet.read(session, find_order(session, customer_id, arguments.order_id)).to_json()


@dataclass(frozen=True)
class _Sheet:
    """An order with all that belongs to it."""

    order: Order
    lines: Sequence[OrderLine]
    skus: Mapping[str, str]
    shipments: Sequence[Shipment]
    payments: Sequence[Payment]
    methods: Mapping[str, PaymentMethod]

    @classmethod
    def read(cls, session: Session, order: Order) -> "_Sheet":
        lines = lines_of(session, [order])[order.id]
        skus = select(Variant.id, Variant.sku).where(col(Variant.id).in_([line.variant_id for line in lines]))
        methods = select(PaymentMethod).where(PaymentMethod.customer_id == order.customer_id)
        shipments = select(Shipment).where(Shipment.order_id == order.id).order_by(col(Shipment.number))
        payments = select(Payment).where(Payment.order_id == order.id).order_by(col(Payment.number))
        return cls(
            order=order,
            lines=lines,
            skus=dict(session.exec(skus).all()),
            shipments=session.exec(shipments).all(),
            payments=session.exec(payments).all(),
            methods={method.source_id: method for method in session.exec(methods).all()},
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "order_id": self.order.number,
            "status": self.order.status,
            "placed_at": _moment(self.order.placed_at),
            "items": [self._item(line) for line in self.lines],
            "total": self._amount(total_minor(self.lines)),
            "shipments": [self._shipment(shipment) for shipment in self.shipments],
            "payments": [self._payment(payment) for payment in self.payments],
            "address": {name: value for name, value in self.order.address.items() if value},
        }

    def _item(self, line: OrderLine) -> dict[str, Any]:
        return {
            "name": line.name,
            "options": line.options,
            "quantity": line.quantity,
            "price": self._amount(line.unit_minor),
            "sku": self.skus.get(line.variant_id),
        }

    def _shipment(self, shipment: Shipment) -> dict[str, Any]:
        names = {line.line: line.name for line in self.lines}
        return {
            "carrier": shipment.carrier or None,
            "tracking": shipment.tracking,
            "status": shipment.status,
            "items": [names[line] for line in shipment.lines if line in names],
            "shipped_at": _moment(shipment.shipped_at),
            "expected_at": _moment(shipment.expected_at),
            "delivered_at": _moment(shipment.delivered_at),
        }

    def _payment(self, payment: Payment) -> dict[str, Any]:
        method = self.methods.get(payment.method_id)
        return {
            "kind": payment.kind,
            "amount": self._amount(payment.amount_minor),
            "method": method_name(method) if method else "a method that is no longer stored",
        }

    def _amount(self, minor: int) -> str:
        return format_minor(minor, self.order.currency)


def method_name(method: PaymentMethod) -> str:
    """As people know it: ``Visa ending in 1234``, ``PayPal``, ``gift card``."""
    if method.kind == "credit_card" and method.last_four:
        brand = method.brand or "card"
        return f"{_CARDS.get(brand.casefold(), brand)} ending in {method.last_four}"
    return _KINDS.get(method.kind, method.kind)


def _plain(number: str) -> str:
    return _APART.sub("", fold(number))


def _digits(number: str) -> str:
    """The number alone, where shoppers leave the letter away; nothing where a short or no number remains."""
    plain = _plain(number)
    digits = plain.lstrip("abcdefghijklmnopqrstuvwxyz")
    return digits if len(digits) >= 4 and digits.isdecimal() else ""


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

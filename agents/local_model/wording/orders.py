"""Orders in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from agents.local_model.wording.phrases import counted, day_of, first_of, joined, paragraph, sentence, spoken_day

OPEN = ("pending", "processed", "shipped", "in transit", "preparing")
BEFORE_SHIPPING = ("pending", "processed", "preparing")

_STATES = {
    "pending": "is placed and has not been shipped yet",
    "processed": "is being prepared",
    "shipped": "is on its way",
    "delivered": "was delivered",
    "cancelled": "was cancelled",
    "return requested": "has a return under way",
    "returned": "was returned",
    "exchange requested": "has an exchange under way",
}
_MOST_ITEMS = 6
SHOWN = 6  # orders that a list names

Order = Mapping[str, Any]


def state(order: Order, today: date | None) -> str:
    """Where the order stands, with carrier, tracking number and dates as far as they are known."""
    status = str(order.get("status", ""))
    number = order.get("order_id", "")
    shipments = _rows(order, "shipments")
    delivered = [day for shipment in shipments if (day := spoken_day(shipment.get("delivered_at"), today))]
    said = _STATES.get(status, f"has the status {status!r}" if status else "is known, but its status is not")
    on = f" on {joined(dict.fromkeys(delivered))}" if status == "delivered" and delivered else ""
    parcels = [parcel(shipment, today) for shipment in shipments if not shipment.get("delivered_at")]
    told = parcels if status in OPEN else []
    nothing = "There is no delivery date yet." if status in BEFORE_SHIPPING and not told else ""
    return paragraph(f"Order {number} {said}{on}.", *told, nothing)


def parcel(shipment: Mapping[str, Any], today: date | None) -> str:
    """One parcel that has not arrived: who has it, under which number, when it is due, and that it is late if it is."""
    carrier = str(shipment.get("carrier") or "")
    numbers = [str(number) for number in shipment.get("tracking") or []]
    tracking = f"tracking {'number' if len(numbers) == 1 else 'numbers'} {joined(numbers)}" if numbers else ""
    if shipment.get("shipped_at"):
        who = f"{carrier or 'The carrier'} has had it since {spoken_day(shipment['shipped_at'], today)}"
    else:
        who = f"It goes with {carrier}" if carrier else ""
    begun = f"{who} ({tracking})" if who and tracking else who or sentence(tracking).rstrip(".")
    due = spoken_day(shipment.get("expected_at"), today)
    if due and is_late([shipment], today):
        due = f"It was due on {due}, so it is late; I'm sorry about that."
    elif due:
        due = f"It should arrive on {due}."
    return paragraph(sentence(begun), due)


def is_late(shipments: Sequence[Mapping[str, Any]], today: date | None) -> bool:
    """Whether a parcel was due before today and has not arrived."""
    due = [day_of(one.get("expected_at")) for one in shipments if not one.get("delivered_at")]
    return today is not None and any(day is not None and day < today for day in due)


def items(order: Order) -> str:
    """What is in it, with options, quantities and prices."""
    told = [_item(item) for item in _rows(order, "items")]
    return first_of(told, _MOST_ITEMS)


def _item(item: Mapping[str, Any]) -> str:
    options = ", ".join(str(value) for value in (item.get("options") or {}).values())
    quantity = int(item.get("quantity") or 1)
    many = f"{quantity} × " if quantity > 1 else ""
    price = f" at {item['price']}" if item.get("price") else ""
    return f"{many}{item.get('name', '')}{f' ({options})' if options else ''}{price}"


def payments(order: Order, kind: str = "") -> str:
    """How it was paid or refunded: ``$129.00 from Visa ending in 1234``."""
    told = []
    for payment in _rows(order, "payments"):
        if kind and payment.get("kind") != kind:
            continue
        to = "to" if payment.get("kind") == "refund" else "with"
        told.append(f"{payment.get('amount', '')} {to} {_method(str(payment.get('method', '')))}".strip())
    return joined(told)


def _method(method: str) -> str:
    return f"a {method}" if method.startswith("gift card") else method


def address(order: Order) -> str:
    """The delivery address in one line."""
    known = order.get("address") or {}
    parts = [str(known.get(name) or "") for name in ("line1", "line2", "city", "region", "postcode", "country")]
    return ", ".join(part for part in parts if part)


def listed(orders: Sequence[Order], today: date | None) -> str:
    """A line per order: number, date, status, total and what it holds."""
    told = []
    for order in orders[:SHOWN]:
        placed = spoken_day(order.get("placed_at"), today)
        about = ", ".join(
            part
            for part in (placed and f"placed {placed}", str(order.get("status", "")), order.get("total", ""))
            if part
        )
        told.append(f"- {order.get('order_id', '')}: {about}. {names(order)}.")
    return "\n".join(told)


def names(order: Order, most: int = 8) -> str:
    """The names of the first things in it."""
    held = [str(item.get("name", "")) if isinstance(item, Mapping) else str(item) for item in order.get("items") or []]
    return first_of(list(dict.fromkeys(held)), most)


def others(orders: Sequence[Order]) -> str:
    """That further orders are open, by number."""
    if not orders:
        return ""
    told = [f"{order.get('order_id', '')} ({order.get('status', '')})" for order in orders[:3]]
    return f"You also have {counted(len(orders), 'other open order')}: {joined(told)}."


def _rows(order: Order, name: str) -> list[Mapping[str, Any]]:
    return [row for row in order.get(name) or [] if isinstance(row, Mapping)]

"""An order's record as table rows, and as what memory keeps of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import SQLModel

from kit.ids import CustomerId
from memory.tables import Purchase
from memory.timeline import NewEvent
from tools.shop.importing.known import Known
from tools.shop.importing.records import OrderRecord
from tools.shop.tables import OrderLine, Payment, Shipment

Row = tuple[type[SQLModel], dict[str, Any]]

NOT_KEPT = frozenset({"cancelled", "returned"})
_OF_STATUS = {
    "cancelled": "order_cancelled",
    "return requested": "return_requested",
    "returned": "order_returned",
    "exchange requested": "exchange_requested",
}


def rows_of(record: OrderRecord, order_id: str, customer_id: str, known: Known, currency: str) -> Iterator[Row]:
    """The rows under an order. Memory has no purchase of an order whose date is not known."""
    for number, item in enumerate(record.items, start=1):
        variant = known.variants[item.sku]
        line = {
            "order_id": order_id,
            "line": number,
            "product_id": variant.product_id,
            "variant_id": variant.id,
            "quantity": item.quantity,
            "unit_minor": item.unit_minor,
        }
        name = item.name or variant.name
        options = variant.options if item.options is None else item.options
        yield OrderLine, {**line, "name": name, "options": dict(options)}
        if record.placed_at is not None:
            kept = record.status not in NOT_KEPT
            bought = {"customer_id": customer_id, "product_name": name, "currency": currency, "at": record.placed_at}
            traits = [*([option, value] for option, value in options.items()), *variant.stated]
            yield Purchase, {**line, **bought, "kept": kept, "traits": traits}
    for number, shipment in enumerate(record.shipments, start=1):
        parcel = {
            "order_id": order_id,
            "number": number,
            "carrier": shipment.carrier,
            "tracking": list(shipment.tracking),
            "lines": list(shipment.lines),
            "status": shipment.status,
            "shipped_at": shipment.shipped_at,
            "expected_at": shipment.expected_at,
            "delivered_at": shipment.delivered_at,
        }
        yield Shipment, parcel
    for number, payment in enumerate(record.payments, start=1):
        paid = {"kind": payment.kind, "amount_minor": payment.amount_minor, "method_id": payment.method}
        yield Payment, {"order_id": order_id, "number": number, **paid}


def events_of(record: OrderRecord, customer_id: str, source: str, currency: str) -> Iterator[NewEvent]:
    """What happened to an order, at the times that are known. Without any time nothing can be told."""
    properties = {"order": record.key, "value_minor": record.total_minor, "currency": currency}
    moments = {"placed": ("order_placed", record.placed_at)}
    for number, shipment in enumerate(record.shipments, start=1):
        moments[f"shipment {number} shipped"] = ("order_shipped", shipment.shipped_at)
        moments[f"shipment {number} delivered"] = ("order_delivered", shipment.delivered_at)
    if record.status in _OF_STATUS:
        times = [at for _, at in moments.values() if at is not None]
        moments[record.status] = (_OF_STATUS[record.status], record.status_at or max(times, default=None))
    for what, (name, at) in moments.items():
        if at is not None:
            yield NewEvent(CustomerId(customer_id), name, at, source, f"order {record.key} {what}", properties)


def address_of(record: OrderRecord, default: Mapping[str, str] | None) -> dict[str, str]:
    """Where it goes: the order's own address, or the customer's."""
    chosen = record.address if record.address is not None else default or {}
    return dict(chosen)

"""A file with a line of every type, and all that an import writes."""

from typing import Any

from sqlmodel import SQLModel, select

from kit.database import Database
from kit.vectors.tables import IndexItem, IndexOutbox
from memory.tables import Consent, Customer, Event, Identity, Purchase, Turn, Wish
from tests.tools.small_shop import CATALOG, SHOP, customer, order, turn
from tools.shop.tables import (
    Address,
    ImportedLine,
    Order,
    OrderLine,
    Payment,
    PaymentMethod,
    Product,
    Shipment,
    ShopProfile,
    StockCount,
    Ticket,
    Variant,
)

SHIPPED = {
    "shipments": [
        {"tracking": ["1Z9"], "carrier": "UPS", "items": ["trail-brown-42"], "status": "delivered",
         "shipped_at": "2026-02-11T12:00:00Z", "delivered_at": "2026-02-13T12:00:00-06:00"}
    ]
}  # fmt: skip
VIEWED = {
    "type": "event", "id": "e1", "customer": "ann", "name": "product_viewed", "at": "2026-02-01T10:00:00Z",
    "properties": {"product": "tarn", "variant": "tarn-red-M", "referrer": "mail"},
}  # fmt: skip
CART = {
    "type": "event", "id": "e2", "customer": "ann", "name": "cart_updated", "at": "2026-02-02T10:00:00Z",
    "properties": {"items": [{"variant": "harbor-green-M", "quantity": 2}], "value": "178.00"},
}  # fmt: skip
COMPLAINT = {
    "type": "ticket", "id": "k1", "customer": "ann", "conversation": "talk-t1", "reason": "damaged", "status": "open",
    "at": "2026-02-14T09:00:00Z", "summary": "The left boot has a hole.",
}  # fmt: skip

EVERYTHING: tuple[dict[str, Any], ...] = (
    SHOP,
    *CATALOG,
    {"type": "stock", "variant": "puddle-yellow-M", "stock": 4, "at": "2026-02-20T08:00:00Z"},
    customer("ann"),
    customer("ben", phone="+1 312 555 0123"),
    turn("t1", "ann", "I'm looking for a red winter coat, waterproof, fur lining."),
    {**turn("t2", "ann", "I'll keep my eyes open."), "conversation": "talk-t1", "speaker": "agent"},
    order("#W1", "ann", ["trail-brown-42", "ember-red-one size"], **SHIPPED),
    order("#W2", "ben", ["harbor-green-M"], status="cancelled", status_at="2026-02-12T12:00:00Z"),
    VIEWED,
    CART,
    {"type": "event", "id": "e3", "customer": "ben", "name": "products_searched", "at": "2026-02-02T10:00:00Z",
     "text": "waterproof boots", "properties": {}},
    COMPLAINT,
)  # fmt: skip

_TABLES: tuple[type[SQLModel], ...] = (
    ShopProfile, Product, Variant, StockCount, Customer, Identity, Address, PaymentMethod, Consent, Order, OrderLine,
    Shipment, Payment, Purchase, Event, Turn, Wish, Ticket, IndexItem, IndexOutbox, ImportedLine,
)  # fmt: skip


def snapshot(database: Database) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with database.read() as session:
        return {
            str(table.__tablename__): sorted(repr(row.model_dump()) for row in session.exec(select(table)).all())
            for table in _TABLES
        }

"""The shop's tables. Money is integer minor units; the currency stands beside it.

``position`` keeps the order in which the shop listed things, so that an export gives back what was imported.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from kit.database import UtcDateTime

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


def _json() -> Any:
    return Field(sa_column=Column(JSON, nullable=False))


class ShopProfile(SQLModel, table=True):
    """The shop as it presents itself; one row a source (``native``, ``tau2-retail``)."""

    __tablename__ = "shop_profile"

    source: str = Field(primary_key=True)
    name: str
    currency: str
    timezone: str


class Product(SQLModel, table=True):
    """A product. ``attributes`` maps names to lists of values: ``{"material": ["wool"], "lining": ["fleece"]}``.

    ``created_at`` is when it entered the catalog; ``UNDATED`` where the shop does not say.
    """

    id: str = Field(primary_key=True)  # prd_…
    source: str
    source_id: str = Field(index=True)
    name: str
    category: str = Field(index=True)
    description: str
    attributes: dict[str, list[str]] = _json()
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    position: int = 0


class Variant(SQLModel, table=True):
    """What is bought: a product in one colour and size. ``stock`` counts units; ``available`` says it may be sold.

    ``former_price_minor`` is what it cost before ``price_changed_at``, both empty until its price first changes.
    """

    id: str = Field(primary_key=True)  # var_…
    product_id: str = Field(foreign_key="product.id", index=True)
    sku: str = Field(index=True)
    options: dict[str, str] = _json()
    price_minor: int
    currency: str
    stock: int
    available: bool
    restocked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when stock last rose from zero
    former_price_minor: int | None = None
    price_changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    position: int = 0


class StockCount(SQLModel, table=True):
    """When a variant's stock was last counted: a count from before that says nothing new."""

    __tablename__ = "stock_count"

    variant_id: str = Field(primary_key=True, foreign_key="variant.id")
    at: datetime = Field(sa_type=UtcDateTime)


class Address(SQLModel, table=True):
    """A customer's default address."""

    customer_id: str = Field(primary_key=True, foreign_key="customer.id")
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


class PaymentMethod(SQLModel, table=True):
    """A stored way to pay: ``credit_card``, ``paypal`` or ``gift_card`` (with its balance)."""

    __tablename__ = "payment_method"

    customer_id: str = Field(primary_key=True, foreign_key="customer.id")
    source_id: str = Field(primary_key=True)
    kind: str
    brand: str | None = None
    last_four: str | None = None
    balance_minor: int | None = None
    currency: str
    position: int = 0


class Order(SQLModel, table=True):
    """An order. ``number`` is what shoppers see (``#W2378156``); ``placed_at`` may be unknown (imported without it)."""

    __tablename__ = "shop_order"
    __table_args__ = (Index("ix_shop_order_customer", "customer_id", "placed_at"),)

    id: str = Field(primary_key=True)  # ord_…
    source: str
    number: str = Field(index=True)
    customer_id: str = Field(foreign_key="customer.id")
    status: str
    currency: str
    placed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    address: dict[str, str] = _json()
    position: int = 0  # rank among the customer's orders, as the shop lists them


class OrderLine(SQLModel, table=True):
    """One line of an order, with name, options and price as they were when it was placed."""

    __tablename__ = "order_line"

    order_id: str = Field(primary_key=True, foreign_key="shop_order.id")
    line: int = Field(primary_key=True)
    product_id: str = Field(index=True)
    variant_id: str
    name: str
    options: dict[str, str] = _json()
    quantity: int
    unit_minor: int


class Shipment(SQLModel, table=True):
    """A parcel. ``status``: ``preparing``, ``in transit``, ``delivered``; ``lines`` are numbers of order lines."""

    order_id: str = Field(primary_key=True, foreign_key="shop_order.id")
    number: int = Field(primary_key=True)
    carrier: str = ""
    tracking: list[str] = _json()
    lines: list[int] = _json()
    status: str = ""
    shipped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    expected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Payment(SQLModel, table=True):
    """Money that moved for an order: ``payment`` or ``refund``, in the order it happened."""

    order_id: str = Field(primary_key=True, foreign_key="shop_order.id")
    number: int = Field(primary_key=True)
    kind: str
    amount_minor: int
    method_id: str


class Ticket(SQLModel, table=True):
    """A matter for a person at the service desk, with everything needed to take over."""

    __table_args__ = ({"info": {"retention": ("tickets", "resolved_at")}},)

    id: str = Field(primary_key=True)  # tkt_…
    customer_id: str = Field(foreign_key="customer.id", index=True)
    conversation_id: str | None = None
    reason: str  # complaint, request, damaged, late delivery, payment, other …
    status: str = Field(default="open", index=True)  # open, resolved
    urgency: str = "normal"
    summary: str
    opened_at: datetime = Field(sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Passage(SQLModel, table=True):
    """A section of the shop's knowledge: one heading's text of one document."""

    id: str = Field(primary_key=True)  # psg_…
    document: str = Field(index=True)
    title: str
    section: str
    text: str
    digest: str


class ImportedLine(SQLModel, table=True):
    """What an import has taken in: per thing the digest of its newest line, so that the same again changes nothing.

    ``key`` is a digest too, of the thing's id at the source: nothing here can be read back.
    """

    __tablename__ = "imported_line"

    source: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest: str

"""What an import writes, whatever file it came from: checked values, money in minor units, times in UTC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class ShopRecord:
    """The shop itself."""

    kind: ClassVar[str] = "shop"
    name: str
    currency: str
    timezone: str

    @property
    def key(self) -> str:
        return "shop"


@dataclass(frozen=True, slots=True)
class VariantRecord:
    """One variant of a product."""

    sku: str
    options: Mapping[str, str]
    price_minor: int
    stock: int
    available: bool = True


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product with its variants, in the order in which the shop lists them."""

    kind: ClassVar[str] = "product"
    key: str
    name: str
    description: str
    category: str
    attributes: Mapping[str, Sequence[str]]
    created_at: datetime | None
    variants: Sequence[VariantRecord]


@dataclass(frozen=True, slots=True)
class StockRecord:
    """A count of a variant's stock."""

    kind: ClassVar[str] = "stock"
    sku: str
    stock: int
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.sku}@{self.at.isoformat()}"


@dataclass(frozen=True, slots=True)
class MethodRecord:
    """A stored way to pay."""

    key: str
    kind: str
    brand: str | None = None
    last_four: str | None = None
    balance_minor: int | None = None


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer; what is ``None`` is not told, and stays as it is."""

    kind: ClassVar[str] = "customer"
    key: str
    email: str | None
    phone: str | None
    first_name: str
    last_name: str
    created_at: datetime | None
    timezone: str | None
    address: Mapping[str, str] | None
    methods: Sequence[MethodRecord] | None
    consent: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One line of an order; name and options of the catalog are taken where it has none of its own."""

    sku: str
    quantity: int
    unit_minor: int
    name: str | None = None
    options: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ShipmentRecord:
    """A parcel; ``lines`` are numbers of order lines, from 1."""

    carrier: str
    tracking: Sequence[str]
    lines: Sequence[int]
    status: str
    shipped_at: datetime | None = None
    expected_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """Money that moved."""

    kind: str
    amount_minor: int
    method: str


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order; ``status_at`` is when it came to its status, ``position`` its rank among the customer's orders."""

    kind: ClassVar[str] = "order"
    key: str
    customer: str
    placed_at: datetime | None
    status: str
    status_at: datetime | None
    items: Sequence[ItemRecord]
    address: Mapping[str, str] | None
    shipments: Sequence[ShipmentRecord]
    payments: Sequence[PaymentRecord]
    position: int | None = None

    @property
    def total_minor(self) -> int:
        return sum(item.unit_minor * item.quantity for item in self.items)


@dataclass(frozen=True, slots=True)
class EventRecord:
    """Something that happened; ``product``, ``variant`` and the items of a cart are the shop's ids."""

    kind: ClassVar[str] = "event"
    key: str
    customer: str
    name: str
    at: datetime
    properties: Mapping[str, Any]
    text: str | None
    product: str | None
    variant: str | None
    cart: Sequence[tuple[str, int]] | None = None
    cart_minor: int | None = None


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One message of a conversation."""

    kind: ClassVar[str] = "turn"
    key: str
    customer: str
    conversation: str
    channel: str
    speaker: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class TicketRecord:
    """A matter for the service desk."""

    kind: ClassVar[str] = "ticket"
    key: str
    customer: str
    conversation: str | None
    reason: str
    status: str
    at: datetime
    resolved_at: datetime | None
    summary: str


Record = (
    ShopRecord | ProductRecord | StockRecord | CustomerRecord | OrderRecord | EventRecord | TurnRecord | TicketRecord
)

"""The lines of the native format, one model per type; ``docs/native-format.md`` is their specification."""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, model_validator

from tools.service_desk import Reason
from tools.shop.importing.fields import Amount, Currency, Line, Text, Time, Values, Zone

Status = Literal[
    "pending", "processed", "shipped", "delivered", "cancelled", "return requested", "returned", "exchange requested"
]
Whole = Annotated[int, Field(ge=0, le=1_000_000_000)]
Counted = Annotated[int, Field(ge=1, le=1_000_000)]
EventName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,79}$")]


class ShopLine(Line):
    """The shop itself."""

    type: Literal["shop"]
    name: Text
    currency: Currency
    timezone: Zone


class VariantPart(Line):
    """A variant of a product."""

    id: Text
    options: dict[Text, Text] = Field(default_factory=dict)
    price: Amount
    stock: Whole


class ProductLine(Line):
    """A product with its variants."""

    type: Literal["product"]
    id: Text
    name: Text
    description: str
    category: Text
    attributes: dict[Text, Values] = Field(default_factory=dict)
    created_at: Time
    variants: Annotated[list[VariantPart], Field(min_length=1)]


class StockLine(Line):
    """A count of a variant's stock."""

    type: Literal["stock"]
    variant: Text
    stock: Whole
    at: Time


class AddressPart(Line):
    """An address."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


class MethodPart(Line):
    """A stored way to pay."""

    id: Text
    kind: Literal["credit_card", "paypal", "gift_card"]
    brand: str | None = None
    last_four: Annotated[str | None, Field(pattern=r"^\d{4}$")] = None
    balance: Amount | None = None


class CustomerLine(Line):
    """A customer."""

    type: Literal["customer"]
    id: Text
    email: Text | None = None
    phone: Text | None = None
    first_name: str
    last_name: str
    created_at: Time
    timezone: Zone | None = None
    address: AddressPart | None = None
    payment_methods: list[MethodPart] | None = None
    consent: dict[Text, bool] = Field(default_factory=dict)


class ItemPart(Line):
    """One line of an order."""

    variant: Text
    quantity: Counted
    price: Amount


class ShipmentPart(Line):
    """A parcel."""

    tracking: list[Text] = Field(default_factory=list)
    carrier: str = ""
    items: list[Text] = Field(default_factory=list)
    status: Text
    shipped_at: Time | None = None
    expected_at: Time | None = None
    delivered_at: Time | None = None


class PaymentPart(Line):
    """Money that moved."""

    kind: Literal["payment", "refund"]
    amount: Amount
    method: Text


class OrderLine(Line):
    """An order."""

    type: Literal["order"]
    id: Text
    customer: Text
    placed_at: Time
    status: Status
    status_at: Time | None = None
    items: Annotated[list[ItemPart], Field(min_length=1)]
    address: AddressPart | None = None
    shipments: list[ShipmentPart] = Field(default_factory=list)
    payments: list[PaymentPart] = Field(default_factory=list)


class CartItem(Line):
    """What is in a cart."""

    variant: Text
    quantity: Counted


class CartProperties(Line):
    """What ``cart_updated`` has to say."""

    items: list[CartItem]
    value: Amount | None = None


class EventLine(Line):
    """Something that happened."""

    type: Literal["event"]
    id: Text
    customer: Text
    name: EventName
    at: Time
    properties: dict[str, Any] = Field(default_factory=dict)
    text: str | None = None


class TurnLine(Line):
    """One message of a conversation."""

    type: Literal["turn"]
    id: Text
    customer: Text
    conversation: Text
    channel: Text
    speaker: Literal["customer", "agent", "desk"]
    at: Time
    text: Text


class TicketLine(Line):
    """A matter for the service desk."""

    type: Literal["ticket"]
    id: Text
    customer: Text
    conversation: Text | None = None
    reason: Reason
    status: Literal["open", "resolved"]
    at: Time
    resolved_at: Time | None = None
    summary: Text

    @model_validator(mode="after")
    def _resolved_when(self) -> "TicketLine":
        if (self.status == "resolved") != (self.resolved_at is not None):
            raise ValueError("resolved_at belongs to a resolved ticket, and to no other")
        return self


NativeLine = ShopLine | ProductLine | StockLine | CustomerLine | OrderLine | EventLine | TurnLine | TicketLine
ADAPTER: TypeAdapter[NativeLine] = TypeAdapter(Annotated[NativeLine, Field(discriminator="type")])

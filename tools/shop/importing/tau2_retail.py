"""The retail shop of τ²-bench: one JSON file with users, products and orders.

Source: sierra-research/tau2-bench, ``data/tau2/domains/retail``. It has no dates, and none are made up: products are
``UNDATED``, orders have no ``placed_at``, and so memory gets no purchases or events of them.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kit.errors import InvalidInput
from kit.money import parse_minor
from tools.shop.importing import records
from tools.shop.importing.checking import Checker
from tools.shop.importing.entries import Entry
from tools.shop.importing.fields import reasons
from tools.shop.importing.native_records import line_numbers
from tools.shop.importing.report import ImportReport, Parts, Progress
from tools.shop.importing.writing import write_entries

SOURCE = "tau2-retail"
_SHOP = records.ShopRecord("Retail store", "USD", "America/New_York")

Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Variant(_Part):
    item_id: str
    options: dict[str, str]
    available: bool
    price: Price


class _Product(_Part):
    name: str
    product_id: str
    variants: dict[str, _Variant]


class _Name(_Part):
    first_name: str
    last_name: str


class _Address(_Part):
    address1: str
    address2: str
    city: str
    country: str
    state: str
    zip: str

    def told(self) -> dict[str, str]:
        return {
            "line1": self.address1, "line2": self.address2, "city": self.city, "region": self.state,
            "postcode": self.zip, "country": self.country,
        }  # fmt: skip


class _Method(_Part):
    source: str
    id: str
    brand: str | None = None
    last_four: str | None = None
    balance: Price | None = None


class _User(_Part):
    user_id: str
    name: _Name
    address: _Address
    email: str
    payment_methods: dict[str, _Method]
    orders: list[str]


class _Item(_Part):
    name: str
    product_id: str
    item_id: str
    price: Price
    options: dict[str, str]


class _Fulfillment(_Part):
    tracking_id: list[str]
    item_ids: list[str]


class _Transaction(_Part):
    transaction_type: str
    amount: Price
    payment_method_id: str


class _Order(_Part):
    order_id: str
    user_id: str
    address: _Address
    items: list[_Item]
    status: str
    fulfillments: list[_Fulfillment]
    payment_history: list[_Transaction]


class _Shop(_Part):
    products: dict[str, _Product]
    users: dict[str, _User]
    orders: dict[str, _Order]


def import_tau2_retail(path: Path, parts: Parts, progress: Progress | None = None) -> ImportReport:
    """Imports ``db.json``. Doing it again changes nothing.

    Raises ``InvalidInput``, with nothing written, for a file that is not such a database.
    """
    entries = [Entry.of(number, record, raw) for number, (record, raw) in enumerate(_read(path), start=1)]
    judged, rejected = Checker(parts, SOURCE).check(entries)
    if rejected:
        record = entries[rejected[0].line - 1].record
        raise InvalidInput(f"{path}: {record.kind} {record.key!r}: {rejected[0].reason}")
    report = ImportReport(SOURCE)
    write_entries(judged, parts, SOURCE, report, progress)
    return report


def _read(path: Path) -> Iterator[tuple[records.Record, Any]]:
    """Every record with the content that its digest is of."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        shop = _Shop.model_validate(raw)
    except ValidationError as error:
        raise InvalidInput(f"{path} is not a τ²-bench retail database: {reasons(error)}") from None
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path} cannot be read: {error}") from None
    yield _SHOP, [_SHOP.name, _SHOP.currency, _SHOP.timezone]
    for key, product in shop.products.items():
        yield _product(product), raw["products"][key]
    for key, user in shop.users.items():
        yield _customer(user), raw["users"][key]
    places = {number: place for user in shop.users.values() for place, number in enumerate(user.orders)}
    for key, order in shop.orders.items():
        yield _order(order, places.get(order.order_id)), [raw["orders"][key], places.get(order.order_id)]


def _product(product: _Product) -> records.ProductRecord:
    return records.ProductRecord(
        key=product.product_id,
        name=product.name,
        description="",
        category=product.name,
        attributes={},
        created_at=None,
        variants=[
            records.VariantRecord(v.item_id, v.options, _minor(v.price), stock=int(v.available), available=v.available)
            for v in product.variants.values()
        ],
    )


def _customer(user: _User) -> records.CustomerRecord:
    return records.CustomerRecord(
        key=user.user_id,
        email=user.email,
        phone=None,
        first_name=user.name.first_name,
        last_name=user.name.last_name,
        created_at=None,
        timezone=None,
        address=user.address.told(),
        methods=[
            records.MethodRecord(m.id, m.source, m.brand, m.last_four, None if m.balance is None else _minor(m.balance))
            for m in user.payment_methods.values()
        ],
    )


def _order(order: _Order, position: int | None) -> records.OrderRecord:
    ordered = [item.item_id for item in order.items]
    return records.OrderRecord(
        key=order.order_id,
        customer=order.user_id,
        placed_at=None,
        status=order.status,
        status_at=None,
        items=[records.ItemRecord(i.item_id, 1, _minor(i.price), i.name, i.options) for i in order.items],
        address=order.address.told(),
        shipments=[
            records.ShipmentRecord("", f.tracking_id, line_numbers("item_ids", f.item_ids, ordered), order.status)
            for f in order.fulfillments
        ],
        payments=[
            records.PaymentRecord(t.transaction_type, _minor(t.amount), t.payment_method_id)
            for t in order.payment_history
        ],
        position=position,
    )


def _minor(price: float) -> int:
    return parse_minor(price, _SHOP.currency)

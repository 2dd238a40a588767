"""From the lines of the native format to records. Every function raises ``ValueError`` that names field and value."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError

from kit.errors import InvalidInput
from memory.identity.normal import normalised
from tools.shop.importing import native_lines as lines
from tools.shop.importing import records
from tools.shop.importing.fields import minor, reasons

CART = "cart_updated"


def record_of(line: lines.NativeLine, currency: str, region: str | None = None) -> records.Record:
    """The record of a line; ``currency`` is that of every amount in it, ``region`` that of phones without a code."""
    if isinstance(line, lines.CustomerLine):
        return _customer(line, currency, region)
    return _MAKERS[type(line)](line, currency)


def _shop(line: lines.ShopLine, _: str) -> records.ShopRecord:
    return records.ShopRecord(line.name, line.currency, line.timezone)


def _product(line: lines.ProductLine, currency: str) -> records.ProductRecord:
    skus = [variant.id for variant in line.variants]
    for sku in skus:
        if skus.count(sku) > 1:
            raise ValueError(f"variants.id={sku!r}: stands here more than once")
    return records.ProductRecord(
        key=line.id,
        name=line.name,
        description=line.description,
        category=line.category,
        attributes=line.attributes,
        created_at=line.created_at,
        variants=[
            records.VariantRecord(v.id, v.options, minor(f"variants.{number}.price", v.price, currency), v.stock)
            for number, v in enumerate(line.variants)
        ],
    )


def _stock(line: lines.StockLine, _: str) -> records.StockRecord:
    return records.StockRecord(line.variant, line.stock, line.at)


def _customer(line: lines.CustomerLine, currency: str, region: str | None) -> records.CustomerRecord:
    methods = line.payment_methods
    return records.CustomerRecord(
        key=_identity("id", "shop", line.id) or "",
        email=_identity("email", "email", line.email),
        phone=_identity("phone", "phone", line.phone, region),
        first_name=line.first_name,
        last_name=line.last_name,
        created_at=line.created_at,
        timezone=line.timezone,
        address=line.address.model_dump() if line.address else None,
        methods=None if methods is None else [_method(n, method, currency) for n, method in enumerate(methods)],
        consent=line.consent,
    )


def _identity(field: str, kind: str, value: str | None, region: str | None = None) -> str | None:
    try:
        return None if value is None else normalised(kind, value, region)
    except InvalidInput as error:
        raise ValueError(f"{field}={value!r}: {error.message}") from None


def _method(number: int, method: lines.MethodPart, currency: str) -> records.MethodRecord:
    balance = method.balance
    return records.MethodRecord(
        key=method.id,
        kind=method.kind,
        brand=method.brand,
        last_four=method.last_four,
        balance_minor=None if balance is None else minor(f"payment_methods.{number}.balance", balance, currency),
    )


def _order(line: lines.OrderLine, currency: str) -> records.OrderRecord:
    skus = [item.variant for item in line.items]
    return records.OrderRecord(
        key=line.id,
        customer=line.customer.strip(),
        placed_at=line.placed_at,
        status=line.status,
        status_at=line.status_at,
        items=[
            records.ItemRecord(item.variant, item.quantity, minor(f"items.{number}.price", item.price, currency))
            for number, item in enumerate(line.items)
        ],
        address=line.address.model_dump() if line.address else None,
        shipments=[_shipment(number, shipment, skus) for number, shipment in enumerate(line.shipments)],
        payments=[
            records.PaymentRecord(p.kind, minor(f"payments.{number}.amount", p.amount, currency), p.method)
            for number, p in enumerate(line.payments)
        ],
    )


def _shipment(number: int, shipment: lines.ShipmentPart, skus: Sequence[str]) -> records.ShipmentRecord:
    return records.ShipmentRecord(
        carrier=shipment.carrier,
        tracking=shipment.tracking,
        lines=line_numbers(f"shipments.{number}.items", shipment.items, skus),
        status=shipment.status,
        shipped_at=shipment.shipped_at,
        expected_at=shipment.expected_at,
        delivered_at=shipment.delivered_at,
    )


def line_numbers(field: str, shipped: Sequence[str], ordered: Sequence[str]) -> list[int]:
    """The order lines that a parcel's SKUs mean, from 1; a SKU that stands on two lines means one after the other."""
    left: dict[str, list[int]] = {}
    for number, sku in enumerate(ordered, start=1):
        left.setdefault(sku, []).append(number)
    found = []
    for sku in shipped:
        if sku not in left:
            raise ValueError(f"{field}={sku!r}: is not among the order's items")
        found.append(left[sku].pop(0) if len(left[sku]) > 1 else left[sku][0])
    return found


def _event(line: lines.EventLine, currency: str) -> records.EventRecord:
    properties = dict(line.properties)
    product, variant = (_reference(properties, name) for name in ("product", "variant"))
    cart = cart_minor = None
    if line.name == CART:
        told = _cart(properties)
        cart = [(item.variant, item.quantity) for item in told.items]
        cart_minor = None if told.value is None else minor("properties.value", told.value, currency)
        properties = {name: value for name, value in properties.items() if name not in ("items", "value")}
    return records.EventRecord(
        line.id, line.customer.strip(), line.name, line.at, properties, line.text, product, variant, cart, cart_minor
    )


def _reference(properties: dict[str, Any], name: str) -> str | None:
    value = properties.pop(name, None)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"properties.{name}={value!r}: should be a string")
    return value


def _cart(properties: dict[str, Any]) -> lines.CartProperties:
    try:
        return lines.CartProperties.model_validate({k: v for k, v in properties.items() if k in ("items", "value")})
    except ValidationError as error:
        raise ValueError(f"properties: {reasons(error)}") from None


def _turn(line: lines.TurnLine, _: str) -> records.TurnRecord:
    return records.TurnRecord(
        line.id, line.customer.strip(), line.conversation, line.channel, line.speaker, line.at, line.text
    )


def _ticket(line: lines.TicketLine, _: str) -> records.TicketRecord:
    return records.TicketRecord(
        line.id, line.customer.strip(), line.conversation, line.reason, line.status, line.at, line.resolved_at,
        line.summary,
    )  # fmt: skip


_MAKERS: dict[type[lines.NativeLine], Callable[[Any, str], records.Record]] = {
    lines.ShopLine: _shop,
    lines.ProductLine: _product,
    lines.StockLine: _stock,
    lines.OrderLine: _order,
    lines.EventLine: _event,
    lines.TurnLine: _turn,
    lines.TicketLine: _ticket,
}

"""Importing the retail shop of τ²-bench, where its file is at hand."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import Session, col, select

from kit.errors import InvalidInput
from kit.money import Money
from kit.settings import load_settings
from memory.tables import Customer, Event, Identity, Purchase
from tests.tools.shop.importing.everything import snapshot
from tools.registry import ToolContext
from tools.shop.importing import import_tau2_retail
from tools.shop.orders import lines_of
from tools.shop.tables import Address, Order, Payment, PaymentMethod, Product, Shipment, Variant


@pytest.fixture
def tau2_file() -> Path:
    """The database, from ``RAPPORT_DATASETS``."""
    path = load_settings(os.environ).datasets / "tau2_retail" / "db.json"
    if not path.exists():
        pytest.skip(f"{path} is not there; RAPPORT_DATASETS names the folder of data sets")
    return path


def test_the_whole_shop_is_loaded_and_again_changes_nothing(tool_context: ToolContext, tau2_file: Path) -> None:
    """500 users, 50 products with 591 variants, 1,000 orders; an import over it finds all the same."""
    counts = {"shop": 1, "customer": 500, "product": 50, "variant": 591, "order": 1_000}

    first = import_tau2_retail(tau2_file, tool_context)
    before = snapshot(tool_context.database)
    again = import_tau2_retail(tau2_file, tool_context)

    assert (counts, {}, {}) == (first.counts_new, first.counts_changed, first.counts_same)
    assert ({}, {}, counts) == (again.counts_new, again.counts_changed, again.counts_same)
    assert before == snapshot(tool_context.database)
    with tool_context.database.read() as session:
        numbers = [session.exec(select(func.count()).select_from(t)).one() for t in (Customer, Product, Variant, Order)]
    assert [500, 50, 591, 1_000] == numbers


def test_nothing_is_lost_and_no_date_is_made_up(tool_context: ToolContext, tau2_file: Path) -> None:
    """From the tables the file can be written again, field by field."""
    import_tau2_retail(tau2_file, tool_context)

    with tool_context.database.read() as session:
        written = _Export(session).shop()
        dated = session.exec(select(func.count()).select_from(Order).where(col(Order.placed_at).is_not(None))).one()
        told = [session.exec(select(func.count()).select_from(table)).one() for table in (Event, Purchase)]
    assert json.loads(tau2_file.read_text(encoding="utf-8")) == written
    assert (0, [0, 0]) == (dated, told)


def test_a_file_that_is_something_else_is_refused(tool_context: ToolContext, tmp_path: Path) -> None:
    """The error says where it departs from such a database."""
    path = tmp_path / "db.json"
    path.write_text('{"products": {}, "users": {"u1": {"user_id": 5}}}', encoding="utf-8")

    with pytest.raises(InvalidInput, match=r"is not a τ²-bench retail database: users\.u1\.user_id=5: "):
        import_tau2_retail(path, tool_context)
    assert not any(snapshot(tool_context.database).values())


def test_an_order_of_nobody_is_refused(tool_context: ToolContext, tmp_path: Path) -> None:
    """A file that contradicts itself is not loaded."""
    place = {"address1": "", "address2": "", "city": "", "country": "", "state": "", "zip": ""}
    order = {"order_id": "#W1", "user_id": "nobody", "address": place, "items": [], "status": "pending",
             "fulfillments": [], "payment_history": []}  # fmt: skip
    path = tmp_path / "db.json"
    path.write_text(json.dumps({"products": {}, "users": {}, "orders": {"#W1": order}}), encoding="utf-8")

    with pytest.raises(InvalidInput, match="order '#W1': customer='nobody': unknown customer"):
        import_tau2_retail(path, tool_context)


class _Export:
    """The shop as τ²-bench writes it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._users = {
            identity.customer_id: identity
            for identity in session.exec(select(Identity).where(Identity.kind == "shop")).all()
        }
        self._variants = {variant.id: variant for variant in session.exec(select(Variant)).all()}
        self._products = {product.id: product for product in session.exec(select(Product)).all()}
        self._orders = session.exec(select(Order).order_by(col(Order.position))).all()

    def shop(self) -> dict[str, Any]:
        lines = lines_of(self._session, self._orders)
        return {
            "products": {product.source_id: self._product(product) for product in self._products.values()},
            "users": {identity.value: self._user(identity) for identity in self._users.values()},
            "orders": {order.number: self._order(order, lines[order.id]) for order in self._orders},
        }

    def _product(self, product: Product) -> dict[str, Any]:
        mine = [variant for variant in self._variants.values() if variant.product_id == product.id]
        variants = {
            v.sku: {"item_id": v.sku, "options": v.options, "available": v.available, "price": _dollars(v.price_minor)}
            for v in mine
        }
        return {"name": product.name, "product_id": product.source_id, "variants": variants}

    def _user(self, identity: Identity) -> dict[str, Any]:
        customer = self._session.get_one(Customer, identity.customer_id)
        mine = select(Identity.value).where(Identity.customer_id == customer.id, Identity.kind == "email")
        methods = select(PaymentMethod).where(PaymentMethod.customer_id == customer.id)
        ordered = methods.order_by(col(PaymentMethod.position))
        address = self._session.get_one(Address, customer.id).model_dump(exclude={"customer_id"})
        return {
            "user_id": identity.value,
            "name": {"first_name": customer.first_name, "last_name": customer.last_name},
            "address": _address(address),
            "email": self._session.exec(mine).one(),
            "payment_methods": {m.source_id: _method(m) for m in self._session.exec(ordered).all()},
            "orders": [order.number for order in self._orders if order.customer_id == customer.id],
        }

    def _order(self, order: Order, lines: Any) -> dict[str, Any]:
        skus = {line.line: self._variants[line.variant_id].sku for line in lines}
        shipments = self._session.exec(select(Shipment).where(Shipment.order_id == order.id)).all()
        payments = select(Payment).where(Payment.order_id == order.id).order_by(col(Payment.number))
        return {
            "order_id": order.number,
            "user_id": self._users[order.customer_id].value,
            "address": _address(order.address),
            "items": [
                {
                    "name": line.name, "product_id": self._products[line.product_id].source_id,
                    "item_id": skus[line.line], "price": _dollars(line.unit_minor), "options": line.options,
                }
                for line in lines
            ],
            "status": order.status,
            "fulfillments": [
                {"tracking_id": shipment.tracking, "item_ids": [skus[line] for line in shipment.lines]}
                for shipment in shipments
            ],
            "payment_history": [
                {
                    "transaction_type": payment.kind, "amount": _dollars(payment.amount_minor),
                    "payment_method_id": payment.method_id,
                }
                for payment in self._session.exec(payments).all()
            ],
        }  # fmt: skip


def _dollars(minor: int) -> float:
    return float(str(Money(minor, "USD")).lstrip("$").replace(",", ""))


def _address(address: dict[str, str]) -> dict[str, str]:
    names = {"line1": "address1", "line2": "address2", "region": "state", "postcode": "zip"}
    return {names.get(name, name): value for name, value in address.items()}


def _method(method: PaymentMethod) -> dict[str, Any]:
    told: dict[str, Any] = {"source": method.kind, "id": method.source_id}
    if method.brand is not None:
        told |= {"brand": method.brand, "last_four": method.last_four}
    if method.balance_minor is not None:
        told["balance"] = _dollars(method.balance_minor)
    return told

"""Writes orders in bulk, with memory's projection of them and their events, in the same unit of work."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert
from sqlmodel import Session, SQLModel, col, delete, select

from kit.ids import derived_id
from memory.tables import Purchase
from tools.shop.importing.events import append_events
from tools.shop.importing.known import Known
from tools.shop.importing.order_rows import address_of, events_of, rows_of
from tools.shop.importing.records import OrderRecord
from tools.shop.importing.report import Parts
from tools.shop.tables import UNDATED, Address, Order, OrderLine, Payment, Shipment

# In the order in which rows may be inserted.
_TABLES: tuple[type[SQLModel], ...] = (Order, OrderLine, Shipment, Payment, Purchase)


class OrderWriter:
    """Gathers orders within one unit of work, and writes them together."""

    def __init__(self, session: Session, parts: Parts, known: Known) -> None:
        self._session = session
        self._parts = parts
        self._known = known
        self._pending: dict[str, OrderRecord] = {}

    def order(self, record: OrderRecord) -> None:
        """Takes an order in. What is told later of the same one takes its place."""
        self._pending[record.key] = record

    def flush(self) -> set[str]:
        """Writes what was gathered; gives the ids of the customers who bought something."""
        records = list(self._pending.values())
        self._pending = {}
        if not records:
            return set()
        currency = self._known.currency(self._session)
        there = self._there(records)
        places = self._places(records)
        rows: dict[type[SQLModel], list[dict[str, Any]]] = {table: [] for table in _TABLES}
        for record in records:
            customer_id = self._known.customers[record.customer]
            order = self._order(record, there.get(record.key), customer_id, places)
            if record.key not in there:
                rows[Order].append(order.model_dump())
            for table, row in rows_of(record, order.id, customer_id, self._known, currency):
                rows[table].append(row)
        self._session.flush()
        for table in _TABLES:
            if rows[table]:
                self._session.execute(insert(table), rows[table])
        self._tell(records, currency)
        return {self._known.customers[record.customer] for record in records}

    def _there(self, records: Sequence[OrderRecord]) -> dict[str, Order]:
        """The orders that are there already, emptied of what their lines tell anew."""
        wanted = select(Order).where(
            Order.source == self._known.source, col(Order.number).in_([record.key for record in records])
        )
        there = {order.number: order for order in self._session.exec(wanted).all()}
        ids = [order.id for order in there.values()]
        for table in (OrderLine, Shipment, Payment, Purchase):
            if ids:
                self._session.exec(delete(table).where(col(table.order_id).in_(ids)))
        return there

    def _order(self, record: OrderRecord, order: Order | None, customer_id: str, places: dict[str, int]) -> Order:
        default = None if record.address is not None else self._session.get(Address, customer_id)
        address = address_of(record, default.model_dump(exclude={"customer_id"}) if default else None)
        if order is None:
            position = places[customer_id]
            places[customer_id] += 1
            placed_at = record.placed_at or UNDATED
            return Order(
                id=derived_id("ord", placed_at, self._known.source, "order", record.key),
                source=self._known.source, number=record.key, customer_id=customer_id, status=record.status,
                currency=self._known.currency(self._session), placed_at=record.placed_at, address=address,
                position=position if record.position is None else record.position,
            )  # fmt: skip
        order.status, order.placed_at, order.address = record.status, record.placed_at, address
        self._session.add(order)
        return order

    def _places(self, records: Sequence[OrderRecord]) -> dict[str, int]:
        """How many orders each customer has."""
        ids = {self._known.customers[record.customer] for record in records}
        counted = (
            select(Order.customer_id, func.count())
            .where(col(Order.customer_id).in_(ids))
            .group_by(col(Order.customer_id))
        )
        return dict.fromkeys(ids, 0) | dict(self._session.exec(counted).all())

    def _tell(self, records: Sequence[OrderRecord], currency: str) -> None:
        """Memory learns what happened. What it heard before of an order stays as it was told."""
        known = self._known
        append_events(
            self._session,
            self._parts,
            [
                event
                for record in records
                for event in events_of(record, known.customers[record.customer], known.source, currency)
            ],
        )

"""Writes customers: who they are to memory, and what the shop keeps of them.

New ones are gathered and written in bulk; those whom memory knows go through its door, one at a time.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, delete, select

from kit.ids import new_id
from memory.tables import Consent, Customer, Identity
from tools.shop.importing.known import Known
from tools.shop.importing.records import CustomerRecord
from tools.shop.importing.report import Parts
from tools.shop.tables import Address, PaymentMethod

_PIECE = 500
_VOUCHED = ("shop",)  # its own ids are the shop's to give; e-mails and phones in its files are what people typed
_TABLES: tuple[type[SQLModel], ...] = (Customer, Identity, Address, PaymentMethod, Consent)


class CustomerWriter:
    """Writes in one unit of work."""

    def __init__(self, session: Session, parts: Parts, known: Known) -> None:
        self._session = session
        self._parts = parts
        self._known = known
        self._source = f"import:{known.source}"
        self._held: set[tuple[str, str]] = set()
        self._rows: dict[type[SQLModel], list[dict[str, Any]]] = {table: [] for table in _TABLES}

    def expect(self, records: Sequence[CustomerRecord]) -> None:
        """Looks up which identities of these lead to somebody already."""
        values: dict[str, list[str]] = {}
        for record in records:
            for kind, value in self._identities(record).items():
                values.setdefault(kind, []).append(value)
        for kind, of_kind in values.items():
            for start in range(0, len(of_kind), _PIECE):
                wanted = select(Identity.value).where(
                    Identity.kind == kind, col(Identity.value).in_(of_kind[start : start + _PIECE])
                )
                self._held.update((kind, value) for value in self._session.exec(wanted).all())

    def customer(self, record: CustomerRecord) -> None:
        """Enters a customer, or updates what the line tells."""
        identities = self._identities(record)
        if self._held.isdisjoint(identities.items()):
            self._gather(record, identities)
        else:
            self.flush()
            self._update(record, identities)
        self._held.update(identities.items())

    def flush(self) -> None:
        """Writes the new customers."""
        rows, self._rows = self._rows, {table: [] for table in _TABLES}
        for table in _TABLES:
            if rows[table]:
                self._session.execute(insert(table), rows[table])

    def _gather(self, record: CustomerRecord, identities: Mapping[str, str]) -> None:
        at = self._since(record)
        customer_id = self._known.customers[record.key] = new_id("cus", at)
        whose = {"customer_id": customer_id}
        self._rows[Customer].append(
            {
                "id": customer_id, "created_at": at, "first_name": record.first_name, "last_name": record.last_name,
                "timezone": record.timezone or "UTC", "merged_into": None,
            }
        )  # fmt: skip
        self._rows[Identity] += [
            {
                "kind": kind, "value": value, **whose, "at": at, "source": self._source,
                "verified_at": at if kind in _VOUCHED else None,
            }
            for kind, value in identities.items()
        ]  # fmt: skip
        self._rows[Address] += [{**whose, **record.address}] if record.address is not None else []
        self._rows[PaymentMethod] += self._methods(record, customer_id)
        self._rows[Consent] += [
            {**whose, "channel": channel, "granted": granted, "at": at, "source": self._source}
            for channel, granted in record.consent.items()
        ]

    def _update(self, record: CustomerRecord, identities: Mapping[str, str]) -> None:
        customer_id = self._parts.memory.enter(
            self._session, identities, at=self._since(record), source=self._source, vouched=_VOUCHED
        )
        self._known.customers[record.key] = customer_id
        row = self._session.get_one(Customer, customer_id)
        row.first_name, row.last_name = record.first_name or row.first_name, record.last_name or row.last_name
        row.timezone = record.timezone or row.timezone
        self._session.add(row)
        if record.address is not None:
            self._session.merge(Address(customer_id=customer_id, **record.address))
        if record.methods is not None:
            self._session.exec(delete(PaymentMethod).where(col(PaymentMethod.customer_id) == customer_id))
            self._session.add_all(PaymentMethod(**method) for method in self._methods(record, customer_id))
        self._session.flush()
        if record.consent:
            self._consents(customer_id, record)

    def _identities(self, record: CustomerRecord) -> dict[str, str]:
        given = {"shop": record.key, "email": record.email, "phone": record.phone}
        return {kind: self._parts.memory.normalised(kind, value) for kind, value in given.items() if value is not None}

    def _since(self, record: CustomerRecord) -> datetime:
        return record.created_at or self._parts.clock.now()

    def _methods(self, record: CustomerRecord, customer_id: str) -> list[dict[str, Any]]:
        currency = self._known.currency(self._session)
        return [
            {
                "customer_id": customer_id, "source_id": method.key, "kind": method.kind, "brand": method.brand,
                "last_four": method.last_four, "balance_minor": method.balance_minor, "currency": currency,
                "position": position,
            }
            for position, method in enumerate(record.methods or ())
        ]  # fmt: skip

    def _consents(self, customer_id: str, record: CustomerRecord) -> None:
        """A file repeats old words, so its yes never overrides a no that the customer said elsewhere since."""
        memory = self._parts.memory.of(self._session, customer_id)
        history: dict[str, list[Consent]] = {}
        wanted = select(Consent).where(Consent.customer_id == customer_id).order_by(col(Consent.at), col(Consent.id))
        for row in self._session.exec(wanted).all():
            history.setdefault(row.channel, []).append(row)
        for channel, granted in record.consent.items():
            said = history.get(channel, [])
            if self._is_news(said, granted):
                at = self._parts.clock.now() if said else self._since(record)
                memory.consent(channel, granted, source=self._source, at=at)

    def _is_news(self, said: Sequence[Consent], granted: bool) -> bool:
        told = [row.granted for row in said if row.source == self._source]
        if told and told[-1] == granted:
            return False
        refused_elsewhere = bool(said) and not said[-1].granted and said[-1].source != self._source
        return not (granted and refused_elsewhere)

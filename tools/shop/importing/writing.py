"""Writes checked entries in batches: one unit of work each, remembered in the ledger with what it wrote."""

from collections.abc import Sequence

from sqlmodel import Session

from tools.shop.importing.catalog_writer import CatalogWriter
from tools.shop.importing.checking import Judged
from tools.shop.importing.customer_writer import CustomerWriter
from tools.shop.importing.entries import Entry, Ledger
from tools.shop.importing.known import Known
from tools.shop.importing.order_writer import OrderWriter
from tools.shop.importing.records import (
    CustomerRecord,
    EventRecord,
    OrderRecord,
    ProductRecord,
    Record,
    ShopRecord,
    StockRecord,
    TicketRecord,
    TurnRecord,
)
from tools.shop.importing.report import ImportReport, Parts, Progress
from tools.shop.importing.timeline_writer import TimelineWriter

BATCH = 1_000


def write_entries(
    judged: Sequence[Judged], parts: Parts, source: str, report: ImportReport, progress: Progress | None
) -> None:
    """Writes what is new or changed, and counts everything. What a batch has written the next import finds the same."""
    known = Known(source)
    for start in range(0, len(judged), BATCH):
        batch = judged[start : start + BATCH]
        fresh = [entry for entry, verdict in batch if verdict != "same"]
        if fresh:
            with parts.database.begin() as session:
                _Batch(session, parts, known).write(fresh)
                Ledger(source).remember(session, fresh)
        for entry, verdict in batch:
            report.count(verdict, entry.record.kind)
            if isinstance(entry.record, ProductRecord):
                report.count(verdict, "variant", len(entry.record.variants))
        if progress:
            progress(start + len(batch), len(judged))


class _Batch:
    """The writers of one unit of work. Entries are taken in their order; orders and events are written together."""

    def __init__(self, session: Session, parts: Parts, known: Known) -> None:
        self._session = session
        self._known = known
        self._catalog = CatalogWriter(session, parts, known)
        self._customers = CustomerWriter(session, parts, known)
        self._orders = OrderWriter(session, parts, known)
        self._timeline = TimelineWriter(session, parts, known)

    def write(self, entries: Sequence[Entry]) -> None:
        self._known.load(self._session)
        owners = {owner for entry in entries if isinstance(owner := getattr(entry.record, "customer", None), str)}
        self._known.find_customers(self._session, owners)
        self._customers.expect([entry.record for entry in entries if isinstance(entry.record, CustomerRecord)])
        for entry in entries:
            self._one(entry.record)
        self._catalog.flush()
        self._customers.flush()
        buyers = self._orders.flush()
        self._timeline.flush()
        self._timeline.settle_wishes(buyers)

    def _one(self, record: Record) -> None:
        match record:
            case ShopRecord():
                self._catalog.shop(record)
            case ProductRecord():
                self._catalog.product(record)
            case StockRecord():
                self._catalog.stock(record)
            case CustomerRecord():
                self._customers.customer(record)
            case OrderRecord():
                self._orders.order(record)
            case EventRecord():
                self._timeline.event(record)
            case TurnRecord():
                self._customers.flush()
                self._timeline.turn(record)
            case TicketRecord():
                self._customers.flush()
                self._timeline.ticket(record)

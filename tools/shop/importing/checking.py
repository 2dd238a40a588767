"""Whether what a file tells can be so: all it refers to is there, and nothing contradicts what is known."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from tools.shop.importing.entries import Entry, Ledger, Verdict, Verdicts
from tools.shop.importing.records import (
    CustomerRecord,
    EventRecord,
    OrderRecord,
    ProductRecord,
    ShopRecord,
    StockRecord,
    TicketRecord,
    TurnRecord,
)
from tools.shop.importing.report import Parts, Rejected
from tools.shop.importing.standing import Standing
from tools.shop.tables import Product, ShopProfile

Judged = tuple[Entry, Verdict]


class Checker:
    """Checks one file's entries; ``currency`` is the shop's, empty while it is not known."""

    def __init__(self, parts: Parts, source: str) -> None:
        self._parts = parts
        self._source = source
        self.region = parts.memory.region
        with parts.database.read() as session:
            profile = session.get(ShopProfile, source)
        self.currency = profile.currency if profile else ""

    def check(self, entries: Sequence[Entry]) -> tuple[list[Judged], list[Rejected]]:
        """The entries that can be written, with their verdicts; and the others, with the reasons."""
        judged: list[Judged] = []
        rejected: list[Rejected] = []
        with self._parts.database.read() as session:
            verdicts = Verdicts(Ledger(self._source).known(session, {entry.key for entry in entries}), entries)
            told = [(entry, verdicts.of(entry)) for entry in entries]
            standing = Standing(session, self._source, (e.record for e, verdict in told if verdict != "same"))
            checks = _Checks(session, self._source, standing)
            for place, (entry, verdict) in enumerate(told):
                try:
                    if verdict != "same":
                        checks.check(entry, verdict, first=place == 0)
                    judged.append((entry, verdict))
                except ValueError as error:
                    rejected.append(Rejected(entry.line, str(error)))
        return judged, rejected


class _Checks:
    """One check per kind of record. Each raises ``ValueError``, or adds what it found good to what stands."""

    def __init__(self, session: Session, source: str, standing: Standing) -> None:
        self._session = session
        self._source = source
        self._standing = standing

    def check(self, entry: Entry, verdict: Verdict, *, first: bool) -> None:
        match entry.record:
            case ShopRecord() as shop:
                self._shop(shop, first)
            case ProductRecord() as product:
                self._product(product)
            case StockRecord() as stock:
                self._sku("variant", stock.sku)
            case CustomerRecord() as customer:
                self._customer(customer)
            case OrderRecord() as order:
                self._order(order)
            case EventRecord() as event:
                self._unchanged(event, verdict)
                self._event(event)
            case TurnRecord() as turn:
                self._unchanged(turn, verdict)
                self._turn(turn)
            case TicketRecord() as ticket:
                self._ticket(ticket)

    def _shop(self, shop: ShopRecord, first: bool) -> None:
        if not first:
            raise ValueError("type='shop': stands once, as the first line")
        before = self._session.get(ShopProfile, self._source)
        stocked = self._session.exec(select(Product.id).where(col(Product.source) == self._source).limit(1)).first()
        if before is not None and before.currency != shop.currency and stocked is not None:
            raise ValueError(f"currency={shop.currency!r}: the shop's prices are in {before.currency} already")

    def _product(self, product: ProductRecord) -> None:
        for variant in product.variants:
            owner = self._standing.skus.get(variant.sku, product.key)
            if owner != product.key:
                raise ValueError(f"variants.id={variant.sku!r}: belongs to product {owner!r}")
        self._standing.add_product(product)

    def _customer(self, customer: CustomerRecord) -> None:
        given = {"email": customer.email, "phone": customer.phone}
        identities = {kind: value for kind, value in given.items() if value is not None}
        mine = self._standing.holder("shop", customer.key)
        holders = {mine} - {None}
        for kind, value in identities.items():
            other = self._standing.owner_in_file(kind, value)
            holder = self._standing.holder(kind, value)
            ids = self._standing.shop_ids(holder) if holder and holder != mine else []
            if other in (None, customer.key) and ids:
                other = ids[0]
            if other not in (None, customer.key):
                raise ValueError(f"{kind}={value!r}: belongs to customer {other!r}")
            holders |= {holder} - {None}
            if len(holders) > 1:
                raise ValueError(f"{kind}={value!r}: belongs to {holder!r}, somebody else; merge the two before")
        self._standing.add_customer(customer, identities)

    def _order(self, order: OrderRecord) -> None:
        self._known_customer(order.customer)
        if self._standing.is_others_order(order.key, order.customer):
            raise ValueError(f"customer={order.customer!r}: order {order.key!r} belongs to another customer")
        for item in order.items:
            self._sku("items.variant", item.sku)
        for payment in order.payments:
            if payment.method not in self._standing.methods(order.customer):
                raise ValueError(f"payments.method={payment.method!r}: is no payment method of the customer")
        self._standing.add_order(order)

    def _event(self, event: EventRecord) -> None:
        self._known_customer(event.customer)
        if event.product is not None and event.product not in self._standing.products:
            raise ValueError(f"properties.product={event.product!r}: unknown product")
        if event.variant is not None:
            self._sku("properties.variant", event.variant)
        for sku, _ in event.cart or ():
            self._sku("properties.items.variant", sku)

    def _turn(self, turn: TurnRecord) -> None:
        self._known_customer(turn.customer)
        if self._standing.has_conversation(turn.conversation, turn.customer) is False:
            raise ValueError(f"conversation={turn.conversation!r}: belongs to another customer")
        self._standing.add_conversation(turn.conversation, turn.customer)

    def _ticket(self, ticket: TicketRecord) -> None:
        self._known_customer(ticket.customer)
        if ticket.conversation and not self._standing.has_conversation(ticket.conversation, ticket.customer):
            raise ValueError(f"conversation={ticket.conversation!r}: unknown conversation of this customer")

    def _known_customer(self, key: str) -> None:
        if not self._standing.has_customer(key):
            raise ValueError(f"customer={key!r}: unknown customer")

    def _sku(self, field: str, sku: str) -> None:
        if sku not in self._standing.skus:
            raise ValueError(f"{field}={sku!r}: unknown variant")

    def _unchanged(self, record: EventRecord | TurnRecord, verdict: Verdict) -> None:
        if verdict == "changed":
            raise ValueError(
                f"id={record.key!r}: there is {'an event' if record.kind == 'event' else 'a turn'} of this id with "
                "other content; what happened does not change, so give it an id of its own"
            )

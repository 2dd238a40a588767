"""Writes what happened and what was said into customers' memories, and tickets with them."""

from typing import Any

from sqlmodel import Session, col, select

from kit.ids import CustomerId
from memory.tables import Wish
from memory.timeline import NewEvent
from tools.service_desk import open_ticket, resolve_ticket
from tools.shop.importing.events import append_events
from tools.shop.importing.ids import conversation_id, ticket_id
from tools.shop.importing.known import Known
from tools.shop.importing.records import EventRecord, TicketRecord, TurnRecord
from tools.shop.importing.report import Parts

_PIECE = 500


class TimelineWriter:
    """Writes in one unit of work; events are gathered and appended together."""

    def __init__(self, session: Session, parts: Parts, known: Known) -> None:
        self._session = session
        self._parts = parts
        self._known = known
        self._events: list[NewEvent] = []

    def event(self, record: EventRecord) -> None:
        """Takes an event in."""
        product, variant = record.product, self._known.variants.get(record.variant or "")
        product_id = self._known.products[product] if product else variant.product_id if variant else None
        self._events.append(
            NewEvent(
                CustomerId(self._known.customers[record.customer]), record.name, record.at, self._known.source,
                f"event {record.key}", self._properties(record), record.text, product_id,
                variant.id if variant else None,
            )
        )  # fmt: skip

    def flush(self) -> None:
        """Appends what was gathered."""
        events, self._events = self._events, []
        if events:
            append_events(self._session, self._parts, events)

    def turn(self, record: TurnRecord) -> None:
        """Writes a turn, and what it says of the customer."""
        memory = self._parts.memory.of(self._session, self._known.customers[record.customer])
        conversation = conversation_id(self._known.source, record.conversation)
        if record.speaker == "customer":
            memory.hear(
                record.text, conversation_id=conversation, channel=record.channel, message_id=record.key, at=record.at
            )
            return
        memory.say(
            record.text, conversation_id=conversation, channel=record.channel, message_id=record.key,
            speaker=record.speaker, at=record.at,
        )  # fmt: skip

    def ticket(self, record: TicketRecord) -> None:
        """Opens a ticket, and resolves it where it is resolved."""
        ticket = open_ticket(
            self._session, self._parts.memory, self._known.customers[record.customer], record.reason, record.summary,
            conversation_id=conversation_id(self._known.source, record.conversation) if record.conversation else None,
            at=record.at, ticket_id=ticket_id(self._known.source, record.key),
        )  # fmt: skip
        ticket.summary = record.summary
        self._session.add(ticket)
        if record.status == "resolved":
            resolve_ticket(self._session, self._parts.memory, ticket.id, at=record.resolved_at)

    def settle_wishes(self, customer_ids: set[str]) -> None:
        """Closes the wishes that a purchase met, and opens those whose purchase was sent back."""
        ids = sorted(customer_ids)
        for start in range(0, len(ids), _PIECE):
            mine = col(Wish.customer_id).in_(ids[start : start + _PIECE])
            for customer_id in self._session.exec(select(Wish.customer_id).where(mine).distinct()).all():
                self._parts.memory.of(self._session, customer_id).settle_wishes()

    def _properties(self, record: EventRecord) -> dict[str, Any]:
        properties = dict(record.properties)
        if record.cart is None:
            return properties
        items = [(self._known.variants[sku], quantity) for sku, quantity in record.cart]
        worth = sum(variant.price_minor * quantity for variant, quantity in items)
        properties["items"] = [
            {"variant": variant.id, "product": variant.product_id, "quantity": quantity} for variant, quantity in items
        ]
        properties["value_minor"] = worth if record.cart_minor is None else record.cart_minor
        properties["currency"] = self._known.currency(self._session)
        return properties

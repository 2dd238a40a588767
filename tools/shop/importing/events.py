"""Appends events in bulk. Those with words of the customer go through memory, which makes the words findable."""

from collections.abc import Sequence

from sqlalchemy import insert
from sqlmodel import Session, col, select

from kit.ids import derived_id
from memory.tables import Event
from memory.timeline import NewEvent
from tools.shop.importing.report import Parts

_PIECE = 500


def append_events(session: Session, parts: Parts, events: Sequence[NewEvent]) -> None:
    """Appends those whose source and source id are not there yet; what was told of them before stays."""
    known = _known(session, events)
    fresh = {(event.source, event.source_id): event for event in events if event.source_id not in known}
    received_at = parts.clock.now()
    parts.memory.append_events(session, [event for event in fresh.values() if event.text])
    rows = [
        {
            # The id that memory gives the same event.
            "id": derived_id("evt", event.at, event.source, event.source_id),
            "customer_id": event.customer_id, "source": event.source, "source_id": event.source_id,
            "name": event.name, "at": event.at, "received_at": received_at, "product_id": event.product_id,
            "variant_id": event.variant_id, "properties": dict(event.properties), "text": None,
        }
        for event in fresh.values() if not event.text
    ]  # fmt: skip
    if rows:
        session.flush()
        session.execute(insert(Event), rows)


def _known(session: Session, events: Sequence[NewEvent]) -> set[str]:
    """The source ids of those that are there; all events of one import have one source."""
    ids = [event.source_id for event in events]
    found: set[str] = set()
    for start in range(0, len(ids), _PIECE):
        wanted = select(Event.source_id).where(
            Event.source == events[0].source, col(Event.source_id).in_(ids[start : start + _PIECE])
        )
        found.update(session.exec(wanted).all())
    return found

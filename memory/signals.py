"""What recent events say, read against the clock: an open complaint, an order on its way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from kit.ids import CustomerId, EventId
from memory.tables import Event

_COMPLAINT = ("complaint_opened", "complaint_resolved")
_DELIVERY = ("order_shipped", "order_delivered", "order_cancelled", "order_returned")
_CHUNK = 500


@dataclass(frozen=True)
class OpenMatter:
    """Something unsettled: ``complaint_open`` or ``order_on_its_way``; ``about`` is the ticket or order number."""

    kind: str
    about: str
    since: datetime
    source_id: EventId


def open_complaints(session: Session, customer_ids: Iterable[str]) -> dict[CustomerId, EventId]:
    """Of these customers, those with a complaint that nobody has resolved, and the event that opened it."""
    found: dict[CustomerId, EventId] = {}
    ids = sorted(set(customer_ids))
    for start in range(0, len(ids), _CHUNK):
        wanted = select(Event).where(
            col(Event.name).in_(_COMPLAINT), col(Event.customer_id).in_(ids[start : start + _CHUNK])
        )
        for matter, customer_id in _unsettled(session.exec(wanted).all(), "complaint_opened", "ticket"):
            found[CustomerId(customer_id)] = matter.source_id
    return found


def open_matters(session: Session, customer_id: CustomerId) -> list[OpenMatter]:
    """What is unsettled with one customer, complaints first, then oldest first."""
    wanted = select(Event).where(Event.customer_id == customer_id, col(Event.name).in_(_COMPLAINT + _DELIVERY))
    events = session.exec(wanted).all()
    complaints = _unsettled([event for event in events if event.name in _COMPLAINT], "complaint_opened", "ticket")
    parcels = _unsettled([event for event in events if event.name in _DELIVERY], "order_shipped", "order")
    return [matter for group in (complaints, parcels) for matter, _ in group]


def _unsettled(events: Sequence[Event], opening: str, key: str) -> list[tuple[OpenMatter, str]]:
    """The openings without a later event of another name about the same thing; whatever order they came in."""
    kind = {"complaint_opened": "complaint_open", "order_shipped": "order_on_its_way"}[opening]
    settled = {(event.customer_id, event.properties.get(key)) for event in events if event.name != opening}
    return [
        (OpenMatter(kind, str(event.properties.get(key, "")), event.at, EventId(event.id)), event.customer_id)
        for event in sorted(events, key=lambda event: (event.at, event.id))
        if event.name == opening and (event.customer_id, event.properties.get(key)) not in settled
    ]

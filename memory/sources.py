"""What may say something of a customer: their own turns, and events that are their own word. Nothing else can."""

from dataclasses import dataclass
from datetime import datetime

from kit.errors import InvalidInput
from memory.tables import Event, Turn

CORRECTED, FORGOTTEN = "memory_corrected", "memory_forgotten"
_OWN_EVENTS = frozenset({CORRECTED, FORGOTTEN})
BY_HAND = "customer/1"  # the extractor's name where the customer filled in a form


@dataclass(frozen=True)
class Source:
    """A turn or event, its time, and the extractor that read it (name and version).

    Made by ``own_turn`` and ``own_event`` only, which refuse an agent's words.
    """

    id: str
    at: datetime
    extractor: str


def own_turn(turn: Turn, extractor: str) -> Source:
    """Raises ``InvalidInput`` for a turn that the customer did not write: an agent's words make no facts."""
    if turn.speaker != "customer":
        raise InvalidInput(
            f"turn {turn.id!r} was written by the {turn.speaker}; only the customer's own words say anything of them"
        )
    return Source(turn.id, turn.at, extractor)


def own_event(event: Event, extractor: str = BY_HAND) -> Source:
    """Raises ``InvalidInput`` for an event that is not the customer's own word."""
    if event.name not in _OWN_EVENTS:
        raise InvalidInput(
            f"event {event.id!r} ({event.name}) is not the customer's own word; "
            f"only {', '.join(sorted(_OWN_EVENTS))} say anything of them"
        )
    return Source(event.id, event.at, extractor)

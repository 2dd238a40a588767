"""A customer's turns and events, appended once each, in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, tuple_
from sqlmodel import Session, col, select

from kit.errors import Conflict, InvalidInput, NotFound
from kit.ids import CustomerId, derived_id
from kit.vectors.index import SemanticIndex
from memory.tables import Conversation, Event, Turn

TURNS = "turn"
WORDS = "word"  # the free text of events
_CHUNK = 400


@dataclass(frozen=True)
class NewEvent:
    """An event to append. ``source`` and ``source_id`` make a repeated one the same one."""

    customer_id: CustomerId
    name: str
    at: datetime
    source: str
    source_id: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None
    product_id: str | None = None
    variant_id: str | None = None

    def row(self, received_at: datetime) -> Event:
        return Event(
            id=derived_id("evt", self.at, self.source, self.source_id),
            customer_id=self.customer_id,
            source=self.source,
            source_id=self.source_id,
            name=self.name,
            at=self.at,
            received_at=received_at,
            product_id=self.product_id,
            variant_id=self.variant_id,
            properties=dict(self.properties),
            text=self.text,
        )


def whole(text: str) -> str:
    """The text itself. Raises ``InvalidInput`` for what no database can keep: NUL and lone surrogates."""
    for position, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise InvalidInput(
                f"the text holds {character!r} at position {position}, which is not a character; send it without"
            )
    return text


def append_events(
    session: Session, index: SemanticIndex, events: Sequence[NewEvent], received_at: datetime
) -> list[NewEvent]:
    """Appends those that are not there yet, in bulk; gives them."""
    wanted = {(event.source, event.source_id): event for event in reversed(events)}
    known: set[tuple[str, str]] = set()
    keys = list(wanted)
    for start in range(0, len(keys), _CHUNK):
        key = tuple_(col(Event.source), col(Event.source_id))
        found = session.exec(select(Event.source, Event.source_id).where(key.in_(keys[start : start + _CHUNK]))).all()
        known.update((source, source_id) for source, source_id in found)
    fresh = [event for key, event in wanted.items() if key not in known]
    rows = [event.row(received_at) for event in fresh]
    session.add_all(rows)
    session.flush()
    for event, row in zip(fresh, rows, strict=True):
        if event.text:
            index.put(
                session, WORDS, row.id, whole(event.text), at=event.at, owner=event.customer_id,
                details={"event": event.name},
            )  # fmt: skip
    return fresh


class Timeline:
    """One customer's turns and events within one unit of work."""

    def __init__(self, session: Session, index: SemanticIndex, customer_id: CustomerId) -> None:
        self._session = session
        self._index = index
        self._customer_id = customer_id

    def turns(self, conversation_id: str, last: int) -> list[Turn]:
        """The newest turns of one of the customer's conversations, oldest first; none of anybody else's."""
        wanted = select(Turn).where(Turn.conversation_id == conversation_id, Turn.customer_id == self._customer_id)
        newest = self._session.exec(wanted.order_by(col(Turn.position).desc()).limit(last)).all()
        return list(reversed(newest))

    def said(self, conversation_id: str, message_id: str) -> Turn | None:
        """The turn with that message id."""
        wanted = select(Turn).where(Turn.conversation_id == conversation_id, Turn.message_id == message_id)
        return self._session.exec(wanted.where(Turn.customer_id == self._customer_id)).one_or_none()

    def append(
        self,
        text: str,
        *,
        conversation_id: str,
        channel: str,
        message_id: str,
        speaker: str,
        at: datetime,
        reply_to: str | None = None,
        tool_calls: Iterable[Mapping[str, Any]] = (),
        made_by: Mapping[str, Any] | None = None,
    ) -> tuple[Turn, bool]:
        """The turn, and whether it was there already. Raises ``Conflict`` if its message id carried another text."""
        self._enter(conversation_id, channel, at)
        earlier = self.said(conversation_id, message_id)
        if earlier is not None:
            if earlier.text != text or earlier.speaker != speaker:
                raise Conflict(
                    f"message {message_id!r} was sent before with another text; give each message its own id"
                )
            return earlier, True
        wanted = select(func.count()).select_from(Turn).where(Turn.conversation_id == conversation_id)
        turn = Turn(
            id=derived_id("trn", at, conversation_id, message_id),
            customer_id=self._customer_id,
            conversation_id=conversation_id,
            message_id=message_id,
            position=self._session.exec(wanted).one(),
            speaker=speaker,
            text=whole(text),
            at=at,
            reply_to=reply_to,
            tool_calls=[dict(call) for call in tool_calls],
            made_by=dict(made_by or {}),
        )
        self._session.add(turn)
        self._session.flush()
        self._index.put(
            self._session, TURNS, turn.id, text, at=at, owner=self._customer_id,
            thread=conversation_id, place=turn.position, speaker=speaker,
            details={"speaker": speaker, "conversation": conversation_id},
        )  # fmt: skip
        return turn, False

    def _enter(self, conversation_id: str, channel: str, at: datetime) -> None:
        there = self._session.get(Conversation, conversation_id)
        if there is None:
            self._session.add(
                Conversation(id=conversation_id, customer_id=self._customer_id, channel=channel, started_at=at)
            )
            self._session.flush()
        elif there.customer_id != self._customer_id:
            raise NotFound(f"there is no conversation {conversation_id!r} of this customer")

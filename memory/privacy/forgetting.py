"""Forgetting single things, and many of a kind: a turn or event goes with what only it said, and with its words."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select

from kit.errors import InvalidInput, NotFound
from kit.ids import CustomerId
from memory.privacy.kept import Kept
from memory.privacy.sources import forget_sources
from memory.tables import Conversation, Event, Turn
from memory.timeline import TURNS, WORDS

Counts = dict[str, int]

_KINDS: dict[str, type[SQLModel]] = {"trn": Turn, "evt": Event}


def forget(session: Session, memory: Kept, customer_id: CustomerId, item_id: str) -> Counts:
    """Forgets one turn or event of this customer; gives the rows removed by table.

    Raises ``NotFound`` for what is not this customer's, ``InvalidInput`` for an id of another kind.
    """
    kind = _KINDS.get(item_id.partition("_")[0])
    if kind is None:
        raise InvalidInput(f"{item_id!r} is no turn (trn_…), event (evt_…), fact (fct_…) or wish (wsh_…)")
    row = session.get(kind, item_id)
    if row is None or getattr(row, "customer_id", None) != customer_id:
        raise NotFound(f"there is nothing with the id {item_id!r} in this memory")
    removing = forget_turns if kind is Turn else forget_events
    return removing(session, memory, [item_id])


def forget_turns(session: Session, memory: Kept, turn_ids: Sequence[str]) -> Counts:
    """Removes turns, the replies to them (which may repeat their words), and conversations left empty."""
    replies = session.exec(select(Turn.id).where(col(Turn.reply_to).in_(turn_ids))).all()
    both = sorted({*turn_ids, *replies})
    inside = session.exec(select(Turn.conversation_id).where(col(Turn.id).in_(both)).distinct()).all()
    counts = forget_sources(session, memory, both)
    for turn_id in both:
        memory.index.remove(session, TURNS, turn_id)
    session.execute(delete(Turn).where(col(Turn.id).in_(both)))
    left = select(Turn.conversation_id).where(col(Turn.conversation_id).in_(inside))
    empty = delete(Conversation).where(col(Conversation.id).in_(inside), col(Conversation.id).not_in(left))
    gone = session.execute(empty)
    session.expire_all()
    return _counted({**counts, "turn": len(both), "conversation": getattr(gone, "rowcount", 0)})


def forget_events(session: Session, memory: Kept, event_ids: Sequence[str]) -> Counts:
    """Removes events with their words and what only they said."""
    counts = forget_sources(session, memory, event_ids)
    for event_id in event_ids:
        memory.index.remove(session, WORDS, event_id)
    session.execute(delete(Event).where(col(Event.id).in_(event_ids)))
    session.expire_all()
    return _counted({**counts, "event": len(event_ids)})


def _counted(counts: Counts) -> Counts:
    return {name: count for name, count in counts.items() if count}

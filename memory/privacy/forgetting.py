"""Forgetting single things, and many of a kind: a turn or event goes with what only it said, and with its words."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select

from kit.errors import InvalidInput, NotFound
from kit.ids import CustomerId
from kit.vectors.index import SemanticIndex
from memory import facts, wishes
from memory.privacy.sources import forget_sources
from memory.tables import Conversation, Event, Fact, FactSource, Turn, Wish
from memory.timeline import TURNS, WORDS

Counts = dict[str, int]

_KINDS: dict[str, type[SQLModel]] = {"trn": Turn, "evt": Event, "fct": Fact, "wsh": Wish}


def forget(session: Session, index: SemanticIndex, customer_id: CustomerId, item_id: str) -> Counts:
    """Forgets one turn, event, fact or wish of this customer; gives the rows removed by table.

    A fact goes with its quotes, and the words stay where they were said: forget the turn to forget them too.
    Raises ``NotFound`` for what is not this customer's, ``InvalidInput`` for an id of another kind.
    """
    kind = _KINDS.get(item_id.partition("_")[0])
    if kind is None:
        raise InvalidInput(f"{item_id!r} is no turn (trn_…), event (evt_…), fact (fct_…) or wish (wsh_…)")
    row = session.get(kind, item_id)
    if row is None or getattr(row, "customer_id", None) != customer_id:
        raise NotFound(f"there is nothing with the id {item_id!r} in this memory")
    if kind is Turn:
        return forget_turns(session, index, [item_id])
    if kind is Event:
        return forget_events(session, index, [item_id])
    collection = facts.COLLECTION if kind is Fact else wishes.COLLECTION
    index.remove(session, collection, item_id)
    quotes = session.execute(delete(FactSource).where(col(FactSource.fact_id) == item_id))
    session.delete(row)
    session.flush()
    return _counted({collection: 1, "fact_source": getattr(quotes, "rowcount", 0)})


def forget_turns(session: Session, index: SemanticIndex, turn_ids: Sequence[str]) -> Counts:
    """Removes turns, the replies to them (which may repeat their words), and conversations left empty."""
    replies = session.exec(select(Turn.id).where(col(Turn.reply_to).in_(turn_ids))).all()
    both = sorted({*turn_ids, *replies})
    inside = session.exec(select(Turn.conversation_id).where(col(Turn.id).in_(both)).distinct()).all()
    counts = forget_sources(session, index, both)
    for turn_id in both:
        index.remove(session, TURNS, turn_id)
    session.execute(delete(Turn).where(col(Turn.id).in_(both)))
    left = select(Turn.conversation_id).where(col(Turn.conversation_id).in_(inside))
    empty = delete(Conversation).where(col(Conversation.id).in_(inside), col(Conversation.id).not_in(left))
    gone = session.execute(empty)
    session.expire_all()
    return _counted({**counts, "turn": len(both), "conversation": getattr(gone, "rowcount", 0)})


def forget_events(session: Session, index: SemanticIndex, event_ids: Sequence[str]) -> Counts:
    """Removes events with their words and what only they said."""
    counts = forget_sources(session, index, event_ids)
    for event_id in event_ids:
        index.remove(session, WORDS, event_id)
    session.execute(delete(Event).where(col(Event.id).in_(event_ids)))
    session.expire_all()
    return _counted({**counts, "event": len(event_ids)})


def _counted(counts: Counts) -> Counts:
    return {name: count for name, count in counts.items() if count}

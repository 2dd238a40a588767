"""Recall itself: all of a customer's items are scored, exactly, and the texts of the best are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlmodel import Session

from kit.ids import CustomerId
from kit.vectors.index import SemanticIndex
from kit.vectors.owned import OwnedItems
from memory.recall.calendar import Calendar
from memory.recall.columns import Columns, Numbers
from memory.recall.events import recalled_events
from memory.recall.question import Question, understand
from memory.recall.recalled import Recalled
from memory.recall.scoring import contributions

COLLECTIONS = ("turn", "fact", "wish", "word")


@dataclass(frozen=True)
class Asked:
    """A query: what is asked of whose memory, the names the customer goes by, and their calendar."""

    customer_id: CustomerId
    query: str
    names: Sequence[str]
    calendar: Calendar


def recall(
    session: Session,
    index: SemanticIndex,
    asked: Asked,
    *,
    count: int,
    without: Sequence[str] = (),
    explain: bool = False,
) -> list[Recalled]:
    """The ``count`` items that bear most on the query, best first; ``without`` names items to leave out."""
    if not asked.query.strip():
        return []
    items = _but(index.owned(session, asked.customer_id, COLLECTIONS), without)
    question = understand(asked.query, _names(items, asked), asked.calendar)
    events = recalled_events(session, asked.customer_id, question, asked.calendar)
    # Words always have room beside events.
    found = [one for one in events if one.item_id not in without][: count if not len(items) else max(1, count // 2)]
    found = [one if explain else replace(one, why={}) for one in found]
    found += _scored(session, index, items, question, count, explain)
    return sorted(found, key=lambda one: -one.score)[:count]


def _but(items: OwnedItems, without: Sequence[str]) -> OwnedItems:
    out = set(without)
    if not out:
        return items
    return items.take(np.array([i for i, item_id in enumerate(items.item_ids) if item_id not in out], np.intp))


def _names(items: OwnedItems, asked: Asked) -> Mapping[str, Sequence[str]]:
    """By what names a query may speak of those who said something: the customer's own, the others' labels."""
    others = {speaker: [speaker] for speaker in items.speakers.known if speaker not in ("", "customer")}
    return {"customer": ["customer", *asked.names], **others}


def _scored(
    session: Session, index: SemanticIndex, items: OwnedItems, question: Question, count: int, explain: bool
) -> list[Recalled]:
    if not len(items):
        return []
    columns = Columns.of(items)
    parts = contributions(columns, question, index.vector(question.words))
    whole: Numbers = sum(parts.values(), start=np.zeros(len(items)))
    # Of equals, the older: positions are by time.
    best = np.lexsort((columns.positions, -whole))[:count].tolist()
    places = [int(columns.positions[i]) for i in best]
    keys = [items.key(place) for place in places]
    texts = index.texts(session, keys)
    return [
        Recalled(
            key[1], key[0], texts[key].text, texts[key].at, texts[key].details, float(whole[i]),
            {name: float(part[i]) for name, part in parts.items() if part[i]} if explain else {},
            items.threads[place], int(items.places[place]),
        )
        for i, place, key in zip(best, places, keys, strict=True)
    ]  # fmt: skip

"""Events other than words: found by type, time, order and product.

Read only where a query names a type ("what did I buy last spring", "the second order", "the coat I returned").
A named time filters; "first", "second", "last" count orders, within that time if there is one. Products' names come
from the purchases of the order's moment. What a query asks of an event adds up like the parts of an item's score.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from kit.ids import CustomerId
from kit.lexical import terms
from memory.recall.calendar import Calendar
from memory.recall.question import Question
from memory.recall.recalled import Recalled
from memory.tables import Event, Purchase

_ORDER = "order_placed"
_ORDERING = re.compile(r"\b(?:order(?:s|ed)?|bought|buy|buys|purchase[sd]?)\b", re.IGNORECASE)
_KINDS = {
    r"shipped|parcels?|packages?|shipments?": ("order_shipped", "order_delivered"),
    r"deliver(?:y|ies|ed)|arrived?": ("order_delivered",),
    r"cancel(?:s|led|ed|lation)?": ("order_cancelled",),
    r"returns?|returned|sent back|send back|refund(?:s|ed)?": ("order_returned", "return_requested"),
    r"view(?:s|ed)?|looked at|browsed": ("product_viewed",),
    r"carts?|baskets?": ("cart_updated", "checkout_started"),
    r"complaints?|complained": ("complaint_opened", "complaint_resolved"),
}  # fmt: skip
_TYPES = tuple((re.compile(rf"\b(?:{words})\b", re.IGNORECASE), names) for words, names in _KINDS.items())
_PLACES = {
    "first": 0, "1st": 0, "earliest": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "last": -1, "latest": -1, "newest": -1, "most recent": -1,
}  # fmt: skip
_ORDINAL = re.compile(
    rf"\b({'|'.join(_PLACES)}) (?:order|purchase|return|parcel|package|delivery|complaint)\b"
    r"|\b(first|last) (?:order|bought|buy|purchase)",
    re.IGNORECASE,
)
_NEWEST = 400
WEIGHTS = {"event": 2.0, "time": 3.0, "ordinal": 6.0, "product": 4.0}


@dataclass(frozen=True)
class _Told:
    """An event as people read it."""

    event: Event
    text: str
    words: frozenset[str]


def recalled_events(
    session: Session, customer_id: CustomerId, question: Question, calendar: Calendar
) -> list[Recalled]:
    """The events that a question asks for, best first and newest first among equals."""
    types = _types(question.query)
    if not types:
        return []
    within = question.interval
    events = [
        event for event in _events(session, customer_id, {*types, _ORDER}) if within is None or within.holds(event.at)
    ]
    names = _products(session, customer_id)
    told = [_tell(event, events, names, calendar) for event in events if event.name in types]
    about = {term for term in question.terms if any(term in one.words for one in told)}
    meant = _meant(question.query, events, types)
    scored = [(one, _parts(one, question, about, meant)) for one in told]
    scored.sort(key=lambda pair: (sum(pair[1].values()), pair[0].event.at), reverse=True)
    return [
        Recalled(one.event.id, "event", one.text, one.event.at, {"event": one.event.name}, sum(why.values()), why)
        for one, why in scored
    ]


def _types(query: str) -> set[str]:
    """The types a query names; what became of an order says more than that there was one."""
    special = {name for pattern, names in _TYPES if pattern.search(query) for name in names}
    return special or ({_ORDER} if _ORDERING.search(query) else set())


def _events(session: Session, customer_id: CustomerId, types: set[str]) -> list[Event]:
    """The newest of these types, oldest first."""
    wanted = select(Event).where(Event.customer_id == customer_id, col(Event.name).in_(types))
    newest = session.exec(wanted.order_by(col(Event.at).desc(), col(Event.id).desc()).limit(_NEWEST)).all()
    return list(reversed(newest))


def _products(session: Session, customer_id: CustomerId) -> list[Purchase]:
    wanted = select(Purchase).where(Purchase.customer_id == customer_id)
    return list(session.exec(wanted.order_by(Purchase.order_id, col(Purchase.line))).all())


def _tell(event: Event, events: Sequence[Event], purchases: Sequence[Purchase], calendar: Calendar) -> _Told:
    number = event.properties.get("order")
    placed = {one.at for one in events if one.name == _ORDER and number and one.properties.get("order") == number}
    named = [
        line.product_name
        for line in purchases
        if line.at in placed or (not placed and event.product_id and line.product_id == event.product_id)
    ]
    about = str(number or event.properties.get("ticket") or "")
    said = ", ".join(filter(None, (event.name.replace("_", " "), about)))
    text = ": ".join(filter(None, (said, ", ".join(dict.fromkeys(named)))))
    return _Told(event, f"{calendar.local(event.at)}: {text}", frozenset(terms(text)))


def _meant(query: str, events: Sequence[Event], types: set[str]) -> Event | None:
    """The event that an ordinal counts to: among orders, or among events of the types where there are none."""
    found = _ORDINAL.search(query)
    if not found:
        return None
    counted = [event for event in events if event.name == _ORDER and "order" in found[0].casefold()]
    counted = counted or [event for event in events if event.name in types]
    place = _PLACES[(found[1] or found[2]).casefold()]
    return counted[place] if -len(counted) <= place < len(counted) else None


def _parts(one: _Told, question: Question, about: set[str], meant: Event | None) -> Mapping[str, float]:
    number = one.event.properties.get("order")
    same = meant is not None and (
        meant.id == one.event.id or (number is not None and meant.properties.get("order") == number)
    )
    plain = {
        "event": 1.0,
        "time": float(question.interval is not None),
        "ordinal": float(same),
        "product": len(about & one.words) / len(about) if about else 0.0,
    }
    return {name: WEIGHTS[name] * value for name, value in plain.items() if value}

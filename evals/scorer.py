"""Holds what happened against a case's criteria; each one broken is a sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from evals.case import EndState, Turn
from memory.customer_memory import CustomerMemory
from tools.shop.tables import Order, Ticket


@dataclass(frozen=True)
class Played:
    """One turn as it happened: what was said, and the tools that ran."""

    says: str
    reply: str
    tools: Sequence[Mapping[str, Any]]


def score_turn(expected: Turn, played: Played) -> list[str]:
    """What of the turn's criteria is broken."""
    reply = played.reply.casefold()
    called = [str(call["name"]) for call in played.tools]
    broken = [
        f"expected a call of {call.name}({_shown(call.arguments)}); called were {called or 'none'}"
        for call in expected.calls
        if not any(_matches(call.name, call.arguments, actual) for actual in played.tools)
    ]
    broken += [f"called {name}, which it must not" for name in expected.calls_nothing_of if name in called]
    broken += [
        f"did not say {text!r}"
        for text in expected.said
        if not any(o.strip().casefold() in reply for o in text.split("|"))
    ]
    broken += [f"said {text!r}, which it must not" for text in expected.not_said if text.casefold() in reply]
    return broken


def score_end(end: EndState, customer: CustomerMemory, session: Session) -> list[str]:
    """What of the end state is not so."""
    return [*_facts(end, customer), *_wish(end, customer), *_shop(end, customer, session)]


def _facts(end: EndState, customer: CustomerMemory) -> Iterable[str]:
    known = {(item.fact.attribute, item.fact.value.casefold()) for item in customer.facts()}
    for attribute, value in end.facts.items():
        if (attribute, value.casefold()) not in known:
            yield f"expected the fact {attribute}={value}; known are {sorted(known) or 'none'}"


def _wish(end: EndState, customer: CustomerMemory) -> Iterable[str]:
    if not end.wish:
        return
    item, *wanted = end.wish
    open_wishes = [(wish.item, {f"{a}={v}" for a, v in wish.requirements}) for wish in customer.wishes()]
    if not any(item == other and set(wanted) <= has for other, has in open_wishes):
        yield f"expected an open wish for {item} with {wanted}; open are {open_wishes or 'none'}"


def _shop(end: EndState, customer: CustomerMemory, session: Session) -> Iterable[str]:
    mine = customer.customer_id
    if end.tickets is not None:
        wanted = select(func.count()).select_from(Ticket).where(Ticket.customer_id == mine, Ticket.status == "open")
        if (count := session.exec(wanted).one()) != end.tickets:
            yield f"expected {end.tickets} open tickets; there are {count}"
    for number, status in end.orders.items():
        found = session.exec(select(Order.status).where(Order.number == number, col(Order.customer_id) == mine)).first()
        if found != status:
            yield f"expected order {number} to be {status!r}; it is {found!r}"


def _matches(name: str, arguments: Mapping[str, Any], actual: Mapping[str, Any]) -> bool:
    given = actual["arguments"]
    return name == actual["name"] and all(
        str(value).casefold() in str(given.get(key, "")).casefold() for key, value in arguments.items()
    )


def _shown(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={value!r}" for key, value in arguments.items())

"""The service desk: tickets that a person takes over, opened with their event in the customer's memory."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import Field
from sqlmodel import Session, select

from kit.errors import InvalidInput, NotFound
from kit.ids import new_id
from memory.door import Memory
from memory.tables import Customer
from tools.registry import Arguments, Effect, ToolContext, tool
from tools.shop.tables import Ticket

Reason = Literal["complaint", "request", "damaged", "late delivery", "payment", "safety", "legal", "other"]
REASONS: tuple[str, ...] = get_args(Reason)
PROMISE = "A colleague has your whole conversation and will answer here or by e-mail."

_COMPLAINTS = frozenset({"complaint", "damaged", "late delivery"})
_URGENT = frozenset({"safety", "legal"})
_SOURCE = "service_desk"


def open_ticket(
    session: Session,
    memory: Memory,
    customer_id: str,
    reason: str,
    summary: str,
    *,
    conversation_id: str | None = None,
    at: datetime | None = None,
    ticket_id: str | None = None,
) -> Ticket:
    """Opens a ticket and tells the customer's memory, in the caller's unit of work.

    ``complaint``, ``damaged`` and ``late delivery`` open a complaint there, which keeps promotions away until it is
    resolved. With the id of a ticket that exists, that ticket comes back unchanged. Raises ``InvalidInput`` for an
    unknown reason, ``NotFound`` for an unknown customer.
    """
    if reason not in REASONS:
        raise InvalidInput(f"unknown reason {reason!r}; use one of {', '.join(REASONS)}")
    at = at or memory.clock.now()
    known = session.get(Ticket, ticket_id) if ticket_id else None
    if known is not None:
        return known
    customer = memory.of(session, customer_id)
    ticket = Ticket(
        id=ticket_id or new_id("tkt", at),
        customer_id=customer.customer_id,
        conversation_id=conversation_id,
        reason=reason,
        urgency="high" if reason in _URGENT else "normal",
        summary=summary,
        opened_at=at,
    )
    session.add(ticket)
    session.flush()
    customer.record(
        "complaint_opened" if reason in _COMPLAINTS else "handoff_requested",
        source=_SOURCE, source_id=f"{ticket.id}:opened", at=at, properties={"ticket": ticket.id, "reason": reason},
    )  # fmt: skip
    return ticket


def resolve_ticket(session: Session, memory: Memory, ticket_id: str, *, at: datetime | None = None) -> Ticket:
    """Closes a ticket and, if it was a complaint, the complaint in memory. Doing it again changes nothing.

    Raises ``NotFound``.
    """
    ticket = session.get(Ticket, ticket_id)
    if ticket is None:
        raise NotFound(f"there is no ticket {ticket_id!r}")
    if ticket.status == "resolved":
        return ticket
    at = at or memory.clock.now()
    ticket.status, ticket.resolved_at = "resolved", at
    session.add(ticket)
    session.flush()
    if ticket.reason in _COMPLAINTS:
        memory.of(session, ticket.customer_id).record(
            "complaint_resolved",
            source=_SOURCE, source_id=f"{ticket.id}:resolved", at=at,
            properties={"ticket": ticket.id, "reason": ticket.reason},
        )  # fmt: skip
    return ticket


class HandToPerson(Arguments):
    """Why a person is needed, and what they have to know."""

    reason: Annotated[Reason, Field(description="what it is about")]
    summary: Annotated[
        str, Field(min_length=1, description="what happened, what the customer wants, order numbers, what was tried")
    ]


@tool(Effect.WRITE)
def hand_to_person(context: ToolContext, arguments: HandToPerson) -> Mapping[str, Any]:
    """Hands the conversation to a person: opens a ticket with your summary and gives its id and what may be promised.

    Use it when the customer asks for a person, complains, reports damage or danger, mentions a lawyer, or needs what
    no tool can do. It needs no yes. Calling it again about the same reason in one conversation gives the same ticket.
    Tell the customer the ``promise`` and nothing beyond it. Example ticket_id: "tkt_01JNA3V9Q8ZK5T2M7R4C6D8E9F".
    """
    with context.database.begin() as session:
        customer_id = _customer(session, context)
        ticket = _open_one(session, customer_id, context.conversation_id, arguments.reason) or open_ticket(
            session,
            context.memory,
            customer_id,
            arguments.reason,
            arguments.summary,
            conversation_id=context.conversation_id,
            at=context.clock.now(),
        )
        return {"ticket_id": ticket.id, "reason": ticket.reason, "promise": PROMISE}


def _customer(session: Session, context: ToolContext) -> str:
    """Who it is for, known or not: of somebody unknown the conversation is the identity."""
    customer_id: str | None = context.customer_id
    if customer_id is None and context.conversation_id is not None:
        customer_id = context.memory.enter(session, {"anonymous": context.conversation_id})
    if customer_id is None:
        raise InvalidInput("there is neither a customer nor a conversation to hand over")
    # Two calls at once wait here for each other; SQLite's writers do so anyway.
    session.exec(select(Customer.id).where(Customer.id == customer_id).with_for_update()).all()
    return customer_id


def _open_one(session: Session, customer_id: str, conversation_id: str | None, reason: str) -> Ticket | None:
    wanted = select(Ticket).where(
        Ticket.customer_id == customer_id,
        Ticket.conversation_id == conversation_id,
        Ticket.reason == reason,
        Ticket.status == "open",
    )
    return session.exec(wanted.order_by(Ticket.id)).first()

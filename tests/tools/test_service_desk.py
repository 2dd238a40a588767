"""Tickets, and handing over to a person."""

from dataclasses import replace

import pytest
from sqlmodel import select

from kit.errors import InvalidInput, NotFound
from kit.ids import ConversationId
from memory.tables import Event
from tests.tools.conftest import Load, SignIn
from tests.tools.small_shop import SHOP, customer
from tools.registry import ToolContext
from tools.service_desk import PROMISE, REASONS, open_ticket, resolve_ticket
from tools.shop.tables import Ticket
from tools.toolboxes import support_toolbox

TOOLS = support_toolbox()
CALL = {"reason": "complaint", "summary": "The boots leak; wants the money back for #W1."}


@pytest.fixture
def ann(load: Load, signed_in: SignIn) -> ToolContext:
    """A customer in a conversation."""
    load([SHOP, customer("ann")])
    return replace(signed_in("ann"), conversation_id=ConversationId("cnv_1"))


def events(context: ToolContext) -> list[tuple[str, str]]:
    """Names and tickets of all events."""
    with context.database.read() as session:
        return [(event.name, event.properties["ticket"]) for event in session.exec(select(Event)).all()]


def test_a_complaint_opens_a_ticket_and_a_complaint_in_memory(ann: ToolContext) -> None:
    """Both in one unit of work, and the answer says what may be promised."""
    handed = TOOLS.run(ann, "hand_to_person", CALL)

    assert {"ticket_id": handed["ticket_id"], "reason": "complaint", "promise": PROMISE} == handed
    assert [("complaint_opened", handed["ticket_id"])] == events(ann)
    with ann.database.read() as session:
        ticket = session.get_one(Ticket, handed["ticket_id"])
        assert (ann.customer_id, "cnv_1", "open", "normal", CALL["summary"]) == (
            ticket.customer_id, ticket.conversation_id, ticket.status, ticket.urgency, ticket.summary,
        )  # fmt: skip


def test_handing_over_twice_gives_the_same_ticket(ann: ToolContext) -> None:
    """Per conversation and reason, while it is open."""
    first = TOOLS.run(ann, "hand_to_person", CALL)

    assert first == TOOLS.run(ann, "hand_to_person", CALL | {"summary": "Again."})
    others = (
        TOOLS.run(ann, "hand_to_person", CALL | {"reason": "payment"}),
        TOOLS.run(replace(ann, conversation_id=ConversationId("cnv_2")), "hand_to_person", CALL),
    )
    with ann.database.begin() as session:
        resolve_ticket(session, ann.memory, first["ticket_id"])
    ids = [first["ticket_id"], *(other["ticket_id"] for other in others)]
    assert 4 == len({*ids, TOOLS.run(ann, "hand_to_person", CALL)["ticket_id"]})


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_tells_memory_what_it_is(ann: ToolContext, reason: str) -> None:
    """Damage and delay are complaints; everything else is a request for a person. Danger is urgent."""
    handed = TOOLS.run(ann, "hand_to_person", {"reason": reason, "summary": "Please look."})

    complaint = reason in ("complaint", "damaged", "late delivery")
    assert [("complaint_opened" if complaint else "handoff_requested", handed["ticket_id"])] == events(ann)
    with ann.database.read() as session:
        urgency = session.get_one(Ticket, handed["ticket_id"]).urgency
    assert ("high" if reason in ("safety", "legal") else "normal") == urgency


def test_resolving_a_complaint_closes_it_in_memory_once(ann: ToolContext) -> None:
    """Doing it again changes nothing."""
    ticket_id = TOOLS.run(ann, "hand_to_person", CALL)["ticket_id"]

    for _ in range(2):
        with ann.database.begin() as session:
            assert "resolved" == resolve_ticket(session, ann.memory, ticket_id).status

    assert [("complaint_opened", ticket_id), ("complaint_resolved", ticket_id)] == sorted(events(ann))
    with ann.database.read() as session:
        assert ann.customer_id is not None
        assert ann.memory.of(session, ann.customer_id).open_complaint() is None


def test_somebody_unknown_gets_a_person_too(tool_context: ToolContext) -> None:
    """The conversation stands for who they are, so nobody meets a dead end."""
    unknown = replace(tool_context, conversation_id=ConversationId("cnv_9"))

    handed = TOOLS.run(unknown, "hand_to_person", CALL)

    assert handed == TOOLS.run(unknown, "hand_to_person", CALL)
    with unknown.database.read() as session:
        whose = session.get_one(Ticket, handed["ticket_id"]).customer_id
        assert whose == unknown.memory.find(session, "anonymous", "cnv_9")


def test_what_does_not_exist_is_refused(ann: ToolContext) -> None:
    """Unknown reasons, tickets and customers."""
    assert "tool_misuse" == TOOLS.run(ann, "hand_to_person", {"reason": "boredom", "summary": "x"})["code"]
    with ann.database.begin() as session:
        with pytest.raises(InvalidInput, match="unknown reason 'boredom'"):
            open_ticket(session, ann.memory, str(ann.customer_id), "boredom", "x")
        with pytest.raises(NotFound):
            open_ticket(session, ann.memory, "cus_nobody", "other", "x")
        with pytest.raises(NotFound):
            resolve_ticket(session, ann.memory, "tkt_none")

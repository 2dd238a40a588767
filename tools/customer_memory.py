"""What the customer who is chatting is told of their own memory. Nobody else's can be asked for."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import Session, select

from memory.customer_memory import CustomerMemory
from memory.tables import Identity
from memory.wishes import requirements_of
from tools.registry import Arguments, Effect, ToolContext, VerifyFirst, tool
from tools.shop.search import said


def own_memory(context: ToolContext, session: Session) -> CustomerMemory:
    """The memory of who is chatting: signed in, or a guest, whose memory holds what they said as a guest.

    Raises ``VerifyFirst`` for everybody else: a claimed e-mail or customer id opens nothing.
    """
    if context.customer_id is None:
        raise VerifyFirst
    if not context.verified:
        kinds = session.exec(select(Identity.kind).where(Identity.customer_id == context.customer_id)).all()
        if set(kinds) - {"anonymous"}:
            raise VerifyFirst
    return context.memory.of(session, context.customer_id)


class ShowMemory(Arguments):
    """Nothing to choose: it is the memory of who is chatting."""


@tool(Effect.READ)
def show_memory(context: ToolContext, arguments: ShowMemory) -> Mapping[str, Any]:  # noqa: ARG001
    """Everything the shop remembers of this customer: facts and open wishes, each with the words they said it in.

    Use it when they ask what you know or remember about them. Tell it as it stands, with their own words.
    """
    with context.database.read() as session:
        memory = own_memory(context, session)
        facts, wishes = memory.facts(), memory.wishes()
    return {
        "facts": [
            {
                "attribute": known.fact.attribute,
                "value": known.fact.value,
                "sentence": known.sentence,
                "quote": known.sources[-1].quote,
                "since": known.fact.held_from.isoformat(),
            }
            for known in facts
        ],
        "wishes": [
            {
                "item": wish.item,
                "requirements": said(requirements_of(wish)),
                "quote": wish.quote,
                "since": wish.voiced_at.isoformat(),
            }
            for wish in wishes
        ],
    }


class RecallMemory(Arguments):
    """What to look for."""

    query: Annotated[str, Field(min_length=1, description='in words, such as "which size of shoes"')]


@tool(Effect.READ)
def recall_memory(context: ToolContext, arguments: RecallMemory) -> Mapping[str, Any]:
    """Looks something up in what this customer said and did before: the items that bear most on the query, best first.

    Use it when they refer to an earlier conversation ("the boots I told you about"), or when an answer may stand there.
    ``kind`` is turn (said in a chat), fact, wish, word (a search or review of theirs) or event (such as an order).
    """
    with context.database.read() as session:
        found = own_memory(context, session).recall(arguments.query)
    return {"items": [{"text": item.text, "kind": item.kind, "at": item.at.isoformat()} for item in found]}

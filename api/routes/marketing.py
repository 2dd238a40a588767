"""The marketing agent and the opportunities it stands on, for colleagues of scope marketer."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict

from api.access.guards import Marketer
from api.routes.fields import Id, message_text
from api.service import Here
from kit.ids import new_id
from tools.campaigns.kinds import Kind
from tools.campaigns.opportunities import opportunities

router = APIRouter(prefix="/v1", tags=["marketing"])


class Question(BaseModel):
    """A marketer's question."""

    model_config = ConfigDict(extra="forbid")

    text: str
    conversation_id: Id | None = None


def accept(question: Question, staff: Marketer, service: Here) -> Question:
    """The question, checked."""
    text = message_text(question.text, service.runtime.settings.max_message_chars)
    service.messages.take(f"staff {staff.name}")
    return Question(text=text, conversation_id=question.conversation_id)


@router.post("/ask", response_class=EventSourceResponse)
async def ask(
    question: Annotated[Question, Depends(accept)], staff: Marketer, service: Here
) -> AsyncIterator[ServerSentEvent]:
    """Answers as events: token, tool, message, error, done (with the opportunities it speaks of)."""
    source = service.runtime.ask(question.text, marketer=staff.name, conversation_id=question.conversation_id)
    turn = service.turns.start(new_id("ask", service.runtime.clock.now()), source)
    async for event in turn.events():
        yield ServerSentEvent(event=event.kind, data=event.data)


@router.get("/opportunities")
def list_opportunities(staff: Marketer, service: Here, kind: Kind | None = None) -> dict[str, Any]:  # noqa: ARG001
    """Campaigns worth sending now, with their evidence."""
    found = opportunities(service.runtime.tool_context(), kind)
    return {"opportunities": [opportunity.to_json() for opportunity in found]}

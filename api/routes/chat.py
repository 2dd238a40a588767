"""``POST /v1/chat``: a shopper's message in, the turn as server-sent events out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from agents.runtime import Shopper
from agents.support.agent import farewell
from api.access.guards import ShopperOrErased
from api.routes.fields import Id, message_text
from api.service import Here, Service
from api.turns import Turn
from kit.errors import NotFound
from kit.ids import new_id
from memory.privacy.erased import Erased
from memory.tables import Conversation

router = APIRouter(prefix="/v1", tags=["chat"])


class ChatRequest(BaseModel):
    """A shopper's message. The same ``message_id`` again is the same message: it is not answered twice."""

    model_config = ConfigDict(extra="forbid")

    text: str
    conversation_id: Id | None = None
    message_id: Id | None = None
    channel: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$")] = "web"


@dataclass(frozen=True)
class Accepted:
    """A message as it will be taken. ``key`` is the same whenever the same message is sent again."""

    shopper: Shopper
    text: str
    conversation_id: str | None
    message_id: str
    channel: str
    key: str


def accept(request: ChatRequest, shopper: ShopperOrErased, service: Here) -> Accepted | Erased:
    """The message, checked; or that its sender was erased."""
    if isinstance(shopper, Erased):
        return shopper
    text = message_text(request.text, service.runtime.settings.max_message_chars)
    service.messages.take(shopper.customer_id)
    message_id = request.message_id or new_id("msg", service.runtime.clock.now())
    key = "\x1f".join((shopper.customer_id, request.conversation_id or "", message_id, text))
    if request.conversation_id is not None:
        _check_owner(service, shopper, request.conversation_id)
    return Accepted(shopper, text, request.conversation_id, message_id, request.channel, key)


@router.post("/chat", response_class=EventSourceResponse)
async def chat(
    accepted: Annotated[Accepted | Erased, Depends(accept)], service: Here
) -> AsyncIterator[ServerSentEvent]:
    """Answers as events: token, tool, proposal, handoff, message, error, done. A lost connection loses no turn.

    A customer who was erased meanwhile gets a last message and a ``done`` with the receipt in ``erased``.
    """
    if isinstance(accepted, Erased):
        for event in farewell(accepted, None):
            yield ServerSentEvent(event=event.kind, data=event.data)
        return
    async for event in _turn(accepted, service).events():
        yield ServerSentEvent(event=event.kind, data=event.data)


def _turn(accepted: Accepted, service: Service) -> Turn:
    """The turn that this message began, or begins now."""
    turn = service.turns.get(accepted.key)
    if turn is None:
        source = service.runtime.chat(
            accepted.shopper,
            accepted.text,
            conversation_id=accepted.conversation_id,
            message_id=accepted.message_id,
            channel=accepted.channel,
        )
        turn = service.turns.start(accepted.key, source)
    return turn


def _check_owner(service: Service, shopper: Shopper, conversation_id: str) -> None:
    with service.runtime.database.read() as session:
        there = session.get(Conversation, conversation_id)
    if there is None or there.customer_id != shopper.customer_id:
        raise NotFound(f"there is no conversation {conversation_id!r} of yours; leave it out to begin a new one")

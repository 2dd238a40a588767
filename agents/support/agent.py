"""One door to the support agent: a shopper's message in, a stream of events out."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any
from weakref import WeakValueDictionary

from langchain_core.runnables import RunnableConfig

from agents.stream import StreamEvent
from agents.support.graph import SupportGraph
from agents.support.nodes import reply_id
from agents.support.state import Shopper, SupportState
from kit.errors import InvalidInput, NotFound, RapportError, TooLarge
from kit.ids import derived_id
from memory.door import Memory
from memory.privacy.erased import Erased
from memory.tables import Conversation, Turn
from memory.timeline import whole

log = logging.getLogger(__name__)

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class SupportAgent:
    """Runs turns. Those of one conversation run one after the other; a message sent twice is answered once."""

    def __init__(self, graph: SupportGraph, memory: Memory, max_chars: int) -> None:
        self._graph = graph
        self._memory = memory
        self._max_chars = max_chars
        self._running: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._under_way: set[object] = set()

    def under_way(self) -> frozenset[object]:
        """What stands for the turns that run now, one each."""
        return frozenset(self._under_way)

    async def turn(
        self, shopper: Shopper, text: str, *, conversation_id: str | None, message_id: str, channel: str
    ) -> AsyncIterator[StreamEvent]:
        """The turn's events, ``done`` last. An error ends the stream as an ``error`` event.

        Without a conversation id the message begins a conversation, the same one whenever it is sent again.
        """
        turn = object()
        self._under_way.add(turn)
        try:
            self._validate(text, message_id)
            conversation = await asyncio.to_thread(self._conversation, shopper, conversation_id, message_id)
            lock = self._running.setdefault(conversation, asyncio.Lock())
            async with lock:
                async for event in self._run(shopper, text, conversation, message_id, channel):
                    yield event
        except Erased as error:
            for event in farewell(error, conversation_id):
                yield event
        except RapportError as error:
            yield StreamEvent("error", {"code": error.code, "message": error.message})
        except Exception:
            log.exception("a support turn failed")
            said = "something went wrong on our side; your message is kept, so please send it again"
            yield StreamEvent("error", {"code": "internal", "message": said})
        finally:
            self._under_way.discard(turn)

    async def _run(
        self, shopper: Shopper, text: str, conversation: str, message_id: str, channel: str
    ) -> AsyncIterator[StreamEvent]:
        answered = await asyncio.to_thread(self._answered, shopper, conversation, message_id, text)
        if answered is not None:
            said = {"text": answered.text, "turn_id": answered.id, "conversation_id": conversation}
            yield StreamEvent("message", said)
            yield _done(conversation, answered.id, answered.text, answered.tool_calls)
            return
        thread = derived_id("run", _EPOCH, conversation, message_id)
        config: RunnableConfig = {"configurable": {"thread_id": thread}}
        begun = await self._graph.aget_state(config)
        start: SupportState | None = None
        if not begun.next:
            start = {
                "customer_id": shopper.customer_id, "verified": shopper.verified, "conversation_id": conversation,
                "message_id": message_id, "channel": channel, "text": text,
            }  # fmt: skip
        try:
            async for event in self._graph.astream(start, config, stream_mode="custom"):
                if isinstance(event, StreamEvent):
                    yield event
        except Erased:
            await self._graph.checkpointer.adelete_thread(thread)  # type: ignore[union-attr]
            raise
        ended: Any = (await self._graph.aget_state(config)).values
        await self._graph.checkpointer.adelete_thread(thread)  # type: ignore[union-attr]
        yield _done(conversation, ended["reply_turn_id"], ended["reply"], ended.get("calls", []))

    def _validate(self, text: str, message_id: str) -> None:
        if not text.strip():
            raise InvalidInput("the message is empty; write something")
        if len(text) > self._max_chars:
            raise TooLarge(f"the message has {len(text):,} characters; at most {self._max_chars:,} are taken")
        if not 0 < len(message_id) <= 200:
            raise InvalidInput("message_id must have 1 to 200 characters")
        whole(text)
        whole(message_id)

    def _conversation(self, shopper: Shopper, conversation_id: str | None, message_id: str) -> str:
        if conversation_id is None:
            return derived_id("cnv", _EPOCH, shopper.customer_id, message_id)
        with self._memory.database.read() as session:
            there = session.get(Conversation, whole(conversation_id))
            if there is None or there.customer_id != shopper.customer_id:
                self._memory.of(session, shopper.customer_id)  # raises ``Erased`` where that is why
                raise NotFound(f"there is no conversation {conversation_id!r} of yours; leave it out to begin one")
        return conversation_id

    def _answered(self, shopper: Shopper, conversation: str, message_id: str, text: str) -> Turn | None:
        """The reply that this message got already, if it was answered."""
        with self._memory.database.read() as session:
            customer = self._memory.of(session, shopper.customer_id)
            heard = customer.heard(conversation, message_id)
            same = heard is not None and heard.text == text
            return customer.heard(conversation, reply_id(message_id)) if same else None


def farewell(erased: Erased, conversation_id: str | None) -> Iterator[StreamEvent]:
    """The last words to a customer who was erased: what happened, and the receipt. Nothing is kept of them."""
    where: dict[str, Any] = {"conversation_id": conversation_id, "turn_id": None}
    yield StreamEvent("message", {**where, "text": erased.farewell})
    ended = {**where, "reply": erased.farewell, "tools": [], "erased": erased.receipt_id}
    yield StreamEvent("done", {**ended, "proposal": None, "handoff": None})


def _done(conversation: str, turn_id: str, reply: str, calls: list[dict[str, Any]]) -> StreamEvent:
    handoffs = [call["result"] for call in calls if "ticket_id" in call["result"]]
    return StreamEvent(
        "done",
        {
            "conversation_id": conversation,
            "turn_id": turn_id,
            "reply": reply,
            "tools": [dict(call) for call in calls],
            "proposal": None,
            "handoff": handoffs[-1] if handoffs else None,
        },
    )

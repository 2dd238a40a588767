"""The nodes around the loop: take the message in, gather what a model needs, commit the reply."""

from collections.abc import Sequence
from datetime import datetime

import anyio
from anyio import CapacityLimiter
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage
from langgraph.config import get_stream_writer

from agents.stream import StreamEvent
from agents.support.state import SupportState
from kit.clock import Clock
from kit.ids import ConversationId, CustomerId
from memory.door import Memory
from memory.tables import Turn
from prompts.library import brand, prompt, versions
from tools.registry import ToolContext
from tools.shop.profile import shop_name

HISTORY_TURNS = 12


class SupportNodes:
    """Nodes over memory; their database work runs on bounded threads."""

    def __init__(self, memory: Memory, clock: Clock, context_tokens: int, limiter: CapacityLimiter) -> None:
        self._memory = memory
        self._clock = clock
        self._context_tokens = context_tokens
        self._limiter = limiter

    async def accept(self, state: SupportState) -> SupportState:
        """Commits the shopper's message and what it says of them; a message heard before changes nothing."""
        return await anyio.to_thread.run_sync(self._accept, state, limiter=self._limiter)

    async def load(self, state: SupportState) -> SupportState:
        """Profile and recall within the token budget, and the conversation so far."""
        return await anyio.to_thread.run_sync(self._load, state, limiter=self._limiter)

    async def commit(self, state: SupportState) -> SupportState:
        """Commits the reply with its tool calls, then lets it out as the ``message`` event."""
        turn_id = await anyio.to_thread.run_sync(self._commit, state, limiter=self._limiter)
        said = {"text": state["reply"], "turn_id": turn_id, "conversation_id": state["conversation_id"]}
        get_stream_writer()(StreamEvent("message", said))
        return {"reply_turn_id": turn_id}

    def tool_context(self, state: SupportState) -> ToolContext:
        """What this turn's tools may use: the signed-in customer, never one that a model names."""
        return ToolContext(
            database=self._memory.database,
            index=self._memory.index,
            memory=self._memory,
            clock=self._clock,
            customer_id=CustomerId(state["customer_id"]),
            conversation_id=ConversationId(state["conversation_id"]),
            verified=state["verified"],
        )

    def _accept(self, state: SupportState) -> SupportState:
        with self._memory.database.begin() as session:
            heard = self._memory.of(session, state["customer_id"]).hear(
                state["text"],
                conversation_id=state["conversation_id"],
                channel=state["channel"],
                message_id=state["message_id"],
            )
            return {"turn_id": heard.turn.id}

    def _load(self, state: SupportState) -> SupportState:
        with self._memory.database.read() as session:
            customer = self._memory.of(session, state["customer_id"])
            turns = customer.turns(state["conversation_id"], HISTORY_TURNS + 1)
            earlier = [turn for turn in turns if turn.id != state["turn_id"]]
            context = customer.context(state["text"], self._context_tokens, without=[turn.id for turn in turns])
            shop = shop_name(session)
        system = prompt("support").render(
            shop=shop,
            today=_day(self._clock.now()),
            brand=brand().spoken(),
            verified=state["verified"],
            memory=context.text,
        )
        before: list[AnyMessage] = [SystemMessage(system), *_said(earlier), HumanMessage(state["text"])]
        return {"before": before, "work": [], "calls": [], "reply": "", "steps": 0, "repaired": False}

    def _commit(self, state: SupportState) -> str:
        with self._memory.database.begin() as session:
            turn = self._memory.of(session, state["customer_id"]).say(
                state["reply"],
                conversation_id=state["conversation_id"],
                channel=state["channel"],
                message_id=reply_id(state["message_id"]),
                reply_to=state["turn_id"],
                tool_calls=state.get("calls", []),
                made_by={"model": state.get("model", ""), "prompts": versions("support", "repair")},
            )
            return turn.id


def reply_id(message_id: str) -> str:
    """The message id of the reply to a message: one each, so that a commit done again changes nothing."""
    return f"{message_id}/reply"


def _said(turns: Sequence[Turn]) -> list[AnyMessage]:
    return [HumanMessage(turn.text) if turn.speaker == "customer" else AIMessage(turn.text) for turn in turns]


def _day(moment: datetime) -> str:
    return f"{moment:%A}, {moment.day} {moment:%B %Y}"

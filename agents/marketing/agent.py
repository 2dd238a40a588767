"""One door to the marketing agent, and its state machine."""

import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
from anyio import CapacityLimiter
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agents.loop import Loop, LoopState
from agents.stream import StreamEvent
from kit.errors import InvalidInput, RapportError, TooLarge
from kit.ids import new_id
from memory.door import Memory
from memory.timeline import whole
from prompts.library import brand, prompt, versions
from tools.registry import ToolContext
from tools.shop.profile import shop_name

log = logging.getLogger(__name__)

MarketingGraph = CompiledStateGraph[LoopState, Any, LoopState, LoopState]

KEPT_CONVERSATIONS = 100
KEPT_MESSAGES = 8


def marketing_graph(loop: Loop, context: ToolContext) -> MarketingGraph:
    """think ⇄ act → check; a failed check goes back to think once."""

    async def act(state: LoopState) -> LoopState:
        return await loop.act(state, context)

    async def reply(state: LoopState) -> LoopState:
        get_stream_writer()(StreamEvent("message", {"text": state["reply"]}))
        return {}

    graph = StateGraph(LoopState)
    graph.add_node("think", loop.think)
    graph.add_node("act", act)
    graph.add_node("check", loop.check)
    graph.add_node("commit", reply)
    graph.add_edge(START, "think")
    graph.add_conditional_edges("think", loop.after_think, ["act", "check"])
    graph.add_edge("act", "think")
    graph.add_conditional_edges("check", loop.after_check, ["think", "commit"])
    graph.add_edge("commit", END)
    return graph.compile()


class MarketingAgent:
    """Answers marketers. The last messages of a conversation are kept in this process only, for follow-ups.

    They quote customers: once somebody was erased, in whatever process, all of them are dropped.
    ``erased`` gives the newest erasure.
    """

    def __init__(
        self,
        graph: MarketingGraph,
        memory: Memory,
        max_chars: int,
        limiter: CapacityLimiter,
        erased: Callable[[], str] = lambda: "",
    ) -> None:
        self._graph = graph
        self._memory = memory
        self._max_chars = max_chars
        self._limiter = limiter
        self._talks: OrderedDict[str, list[AnyMessage]] = OrderedDict()
        self._erased = erased
        self._newest_erasure = ""

    async def ask(self, text: str, *, marketer: str, conversation_id: str | None = None) -> AsyncIterator[StreamEvent]:
        """The answer's events, ``done`` last, with the opportunities it rests on."""
        try:
            if not text.strip():
                raise InvalidInput("the question is empty; ask something")
            if len(text) > self._max_chars:
                raise TooLarge(f"the question has {len(text):,} characters; at most {self._max_chars:,} are taken")
            whole(text)
            conversation = conversation_id or new_id("cnv", self._memory.clock.now())
            async for event in self._run(text, (marketer, conversation)):
                yield event
        except RapportError as error:
            yield StreamEvent("error", {"code": error.code, "message": error.message})
        except Exception:
            log.exception("a marketing question failed")
            said = "something went wrong on our side; please ask again"
            yield StreamEvent("error", {"code": "internal", "message": said})

    async def _run(self, text: str, key: tuple[str, str]) -> AsyncIterator[StreamEvent]:
        await self._drop_of_erased()
        talk = self._talks.get("/".join(key), [])
        system = await anyio.to_thread.run_sync(self._system, limiter=self._limiter)
        start: LoopState = {
            "before": [SystemMessage(system), *talk, HumanMessage(text)],
            "work": [], "calls": [], "reply": "", "steps": 0, "repaired": False,
        }  # fmt: skip
        ended: dict[str, Any] = {}
        async for mode, part in self._graph.astream(start, stream_mode=["custom", "values"]):
            if isinstance(part, StreamEvent):
                yield part
            elif mode == "values" and isinstance(part, dict):
                ended = part
        if not await self._drop_of_erased():
            self._keep("/".join(key), [*talk, HumanMessage(text), AIMessage(ended["reply"])])
        calls = ended.get("calls", [])
        yield StreamEvent(
            "done",
            {
                "conversation_id": key[1],
                "reply": ended["reply"],
                "tools": calls,
                "opportunities": _opportunities(calls),
                "made_by": {"model": ended.get("model", ""), "prompts": versions("marketing", "repair")},
            },
        )

    async def _drop_of_erased(self) -> bool:
        """Drops every conversation if somebody was erased since they were kept; says whether so."""
        newest = await anyio.to_thread.run_sync(self._erased, limiter=self._limiter)
        if newest == self._newest_erasure:
            return False
        self._newest_erasure = newest
        self._talks.clear()
        return True

    def _system(self) -> str:
        now = self._memory.clock.now()
        with self._memory.database.read() as session:
            shop = shop_name(session)
        today = f"{now:%A}, {now.day} {now:%B %Y}"
        return prompt("marketing").render(shop=shop, today=today, brand=brand().spoken())

    def _keep(self, key: str, talk: list[AnyMessage]) -> None:
        self._talks[key] = talk[-KEPT_MESSAGES:]
        self._talks.move_to_end(key)
        while len(self._talks) > KEPT_CONVERSATIONS:
            self._talks.popitem(last=False)


def _opportunities(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The opportunities that this answer's tool calls gave, each once."""
    found = [one for call in calls for one in call["result"].get("opportunities", [])]
    return list({one["id"]: one for one in found}.values())

"""The part both graphs share: a model thinks, tools act, the reply is checked; every step bounded.

A model that fails, answers nothing, or calls tools without end is replaced for the rest of the turn by the local one.
A reply that claims what stands nowhere gets one repair; then the safe answer goes out.
"""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import anyio
from anyio import CapacityLimiter
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    AnyMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from langgraph.config import get_stream_writer

from agents.check import Evidence, Problem, SentenceGate
from agents.stream import StreamEvent
from kit.errors import RapportError
from prompts.library import brand, prompt
from tools.registry import Toolbox, ToolContext

log = logging.getLogger(__name__)

MAX_STEPS = 8
SAFE_ANSWER = (
    "I'm not certain enough of that to tell you, and I'd rather not guess. "
    "Shall I pass this to a colleague who can look into it?"
)


class LoopState(TypedDict, total=False):
    """One turn's work: the messages before it, those of this turn, and what became of them."""

    before: list[AnyMessage]  # system prompt, earlier turns, the message now
    work: list[AnyMessage]  # this turn's tool calls and results
    calls: list[dict[str, Any]]  # name, arguments, result of each tool that ran
    reply: str
    problems: list[str]
    repaired: bool
    steps: int
    model: str


@dataclass(frozen=True)
class Models:
    """The configured chat model with its name, and the local one that stands in for it."""

    name: str
    chosen: BaseChatModel
    local_name: str
    local: BaseChatModel
    timeout_s: float


class Loop:
    """Steps over ``LoopState`` with one agent's models and tools; ``limiter`` bounds the threads that tools run on."""

    def __init__(self, models: Models, toolbox: Toolbox, limiter: CapacityLimiter) -> None:
        self._models = models
        self._toolbox = toolbox
        self._limiter = limiter

    async def think(self, state: LoopState) -> LoopState:
        """One step of the model: tool calls, or a reply whose sentences are released as they pass their check."""
        chosen = state.get("model", self._models.name)
        steps = state.get("steps", 0) + 1
        if steps > MAX_STEPS:
            log.warning("the model %s took more than %d steps; the safe answer goes out", chosen, MAX_STEPS)
            return {"reply": SAFE_ANSWER, "model": chosen, "steps": steps}
        if chosen != self._models.local_name:
            try:
                async with asyncio.timeout(self._models.timeout_s):
                    answer = await self._ask(self._models.chosen, state)
                return self._taken(state, answer, chosen, steps)
            except RapportError:
                raise
            except Exception as error:  # whatever a provider's client raises: the turn goes on without it
                log.warning(
                    "the model %s failed (%s: %s); the local model answers", chosen, type(error).__name__, error
                )
        answer = await self._ask(self._models.local, state)
        return self._taken(state, answer, self._models.local_name, steps)

    async def act(self, state: LoopState, context: ToolContext) -> LoopState:
        """Runs the tools that the model called last, one after the other."""
        write = get_stream_writer()
        last = state["work"][-1]
        assert isinstance(last, AIMessage)
        work, calls = list(state["work"]), list(state.get("calls", []))
        for call in last.tool_calls:
            write(StreamEvent("tool", {"name": call["name"], "arguments": call["args"], "state": "started"}))
            result = await self._run(context, call["name"], call["args"], calls)
            done = {"name": call["name"], "arguments": call["args"], "result": result}
            write(StreamEvent("tool", {**done, "state": "finished"}))
            if "ticket_id" in result:
                write(StreamEvent("handoff", {"ticket_id": result["ticket_id"], "reason": result.get("reason", "")}))
            calls.append(done)
            said = json.dumps(self._toolbox.shown(call["name"], result), ensure_ascii=False, default=str)
            work.append(ToolMessage(said, tool_call_id=str(call["id"]), name=call["name"]))
        return {"work": work, "calls": calls}

    async def check(self, state: LoopState) -> LoopState:
        """Holds the reply against the evidence: passed, one repair, or the safe answer."""
        problems = _evidence(state).problems(state["reply"])
        if not problems:
            return {"problems": []}
        named = _named(problems)
        # Its kinds alone: a claim may be a customer's address or number, and no log keeps those.
        kinds = ", ".join(problem.kind for problem in problems)
        log.warning("the reply of %s claimed what stands nowhere: %s", state.get("model"), kinds)
        if state.get("repaired"):
            return {"problems": [], "reply": SAFE_ANSWER}
        note = SystemMessage(prompt("repair").render(problems="; ".join(named)))
        work = [*state.get("work", []), AIMessage(state["reply"]), note]
        return {"problems": named, "repaired": True, "work": work}

    def after_think(self, state: LoopState) -> str:
        """Where to go: ``act`` on tool calls, else ``check``."""
        return "check" if state["reply"] else "act"

    def after_check(self, state: LoopState) -> str:
        """Where to go: ``think`` again with the problems named, else on."""
        return "think" if state.get("problems") else "commit"

    async def _ask(self, model: BaseChatModel, state: LoopState) -> AIMessage:
        messages: list[BaseMessage] = [*state["before"], *state.get("work", [])]
        write = get_stream_writer()
        gate = SentenceGate(_evidence(state))
        whole: AIMessageChunk | None = None
        async for chunk in model.bind_tools(self._toolbox.schemas()).astream(messages):
            if not isinstance(chunk, AIMessageChunk):
                continue
            whole = chunk if whole is None else whole + chunk
            if not whole.tool_call_chunks and (ready := gate.feed(str(chunk.text))):
                write(StreamEvent("token", {"text": ready}))
        if whole is None or not (whole.tool_calls or str(whole.text).strip()):
            raise ValueError("the model answered nothing")
        if not whole.tool_calls and (ready := gate.finish()):
            write(StreamEvent("token", {"text": ready}))
        return AIMessage(content=str(whole.text), tool_calls=whole.tool_calls)

    def _taken(self, state: LoopState, answer: AIMessage, model: str, steps: int) -> LoopState:
        taken: LoopState = {"model": model, "steps": steps, "reply": "", "problems": []}
        if answer.tool_calls:
            return {**taken, "work": [*state.get("work", []), answer]}
        return {**taken, "reply": str(answer.text).strip()}

    async def _run(
        self, context: ToolContext, name: str, arguments: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        """A tool's result. The same call again gets the result it had: nothing is done twice in one turn."""
        for call in earlier:
            if call["name"] == name and call["arguments"] == arguments:
                return {**call["result"], "note": "you called this before in this turn; answer from what you have"}
        return await anyio.to_thread.run_sync(self._toolbox.run, context, name, arguments, limiter=self._limiter)


def _evidence(state: LoopState) -> Evidence:
    said = [str(message.text) for message in state["before"] if isinstance(message, HumanMessage)]
    texts = [str(message.text) for message in state["before"] if not isinstance(message, HumanMessage)]
    texts += [str(message.text) for message in state.get("work", []) if isinstance(message, ToolMessage)]
    return Evidence(texts, brand().banned, said)


def _named(problems: Sequence[Problem]) -> list[str]:
    return [f"{problem.kind} {problem.claim!r}" for problem in problems]

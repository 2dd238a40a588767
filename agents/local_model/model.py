"""The built-in model as LangChain's chat model."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict

from agents.local_model.case import Case
from agents.local_model.conversation import Talk, talk_of
from agents.local_model.dialogue import matters
from agents.local_model.marketing.policy import marketing_plan
from agents.local_model.plans import Call, Plan, advance
from agents.local_model.quoting import Quoting
from agents.local_model.support.policy import support_plan
from agents.local_model.understanding import Understander, understander
from agents.local_model.wording.talk import NOT_CERTAIN
from kit.vectors.embedder import Embedder

NAME = "rapport-local"
_PIECE = re.compile(r"\S+(?:\s+\S+){0,3}\s*|\s+")

_PLANS: Mapping[str, Callable[[Sequence[Case], Understander], Plan]] = {
    "support": support_plan,
    "marketing": marketing_plan,
}


class LocalModel(BaseChatModel):
    """Understands by likeness to exemplars, acts through the tools bound to it, answers from their results.

    The same messages and tools give the same answer, always. ``role`` chooses what it understands and does.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    role: Literal["support", "marketing"]
    embedder: Any  # an ``Embedder``; pydantic cannot check a protocol with properties

    def __init__(self, *, role: Literal["support", "marketing"], embedder: Embedder, **more: Any) -> None:
        super().__init__(role=role, embedder=embedder, **more)

    @property
    def _llm_type(self) -> str:
        return NAME

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"model": NAME, "role": self.role, "embedder": self.embedder.name}

    def warm_up(self) -> None:
        """Loads what the first message would otherwise wait for."""
        understander(self.role, self.embedder).understand("hello")

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with these tools. Of ``tool_choice`` only ``none`` is heeded: it never calls one without need."""
        bound = [] if tool_choice == "none" else [convert_to_openai_tool(tool) for tool in tools]
        return self.bind(tools=bound, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        step = self._step(messages, kwargs.get("tools") or [])
        if isinstance(step, Call):
            made = {"name": step.name, "args": dict(step.arguments), "id": _call_id(step, messages)}
            message = AIMessage(content="", tool_calls=[{**made, "type": "tool_call"}])
        else:
            message = AIMessage(content=_until(step, stop))
        message.response_metadata = {"model_name": NAME}
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """A few words at a time; a tool call as one chunk."""
        message = self._generate(messages, stop, **kwargs).generations[0].message
        assert isinstance(message, AIMessage)
        chunks = [AIMessageChunk(content=piece) for piece in _PIECE.findall(str(message.text))]
        calls = [
            {
                "name": made["name"],
                "args": json.dumps(made["args"]),
                "id": made["id"],
                "index": i,
                "type": "tool_call_chunk",
            }
            for i, made in enumerate(message.tool_calls)
        ]
        chunks += [AIMessageChunk(content="", tool_call_chunks=[call]) for call in calls]
        chunks = chunks or [AIMessageChunk(content="")]
        chunks[-1].response_metadata = dict(message.response_metadata)
        chunks[-1].chunk_position = "last"
        for chunk in chunks:
            yield ChatGenerationChunk(message=chunk)

    def _step(self, messages: Sequence[BaseMessage], tools: Sequence[Mapping[str, Any]]) -> Call | str:
        """The next tool call, or the answer."""
        talk = talk_of(messages)
        if talk.refused:
            return NOT_CERTAIN
        bound = [str(tool["function"]["name"]) for tool in tools]
        return advance(self._plan(talk), talk.steps, bound)

    def _plan(self, talk: Talk) -> Plan:
        minds = understander(self.role, self.embedder)
        quoting = Quoting(self.embedder)
        cases = [Case(matter, talk, quoting) for matter in matters(talk, minds)]
        return _PLANS[self.role](cases, minds)


def _call_id(step: Call, messages: Sequence[BaseMessage]) -> str:
    """The same for the same call at the same place of the same conversation."""
    said = json.dumps(
        [step.name, dict(step.arguments), len(messages), str(messages[-1].text)], sort_keys=True, default=str
    )
    return f"call_{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def _until(text: str, stop: Sequence[str] | None) -> str:
    for mark in stop or ():
        text = text.split(mark, 1)[0]
    return text

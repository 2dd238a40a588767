"""A chat model that says what it was told to, for tests: replies and tool calls in order, through any agent."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field, PrivateAttr

Line = str | dict[str, Any] | Callable[[list[BaseMessage]], str | dict[str, Any]]


class ScriptedModel(BaseChatModel):
    """Plays ``lines``: a text is a reply, ``{"name": …, "arguments": {…}}`` a tool call, a function makes either.

    Raises ``AssertionError`` when asked for more than its script holds. ``seen`` has every list of messages it got.
    """

    lines: list[Any]
    seen: list[list[BaseMessage]] = Field(default_factory=list)
    _next: int = PrivateAttr(default=0)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[LanguageModelInput, AIMessage]:
        return self.bind(tools=list(tools), **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._play(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        message = self._play(messages)
        if message.tool_calls:
            yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_calls=message.tool_calls))
            return
        for word in str(message.text).split(" "):
            yield ChatGenerationChunk(message=AIMessageChunk(content=word + " "))

    def _play(self, messages: list[BaseMessage]) -> AIMessage:
        self.seen.append(list(messages))
        assert self._next < len(self.lines), (
            f"the script has {len(self.lines)} lines, and line {self._next + 1} was asked for"
        )
        line = self.lines[self._next]
        self._next += 1
        line = line(messages) if callable(line) else line
        if isinstance(line, str):
            return AIMessage(line)
        call = {"name": line["name"], "args": line.get("arguments", {}), "id": f"call_{self._next}"}
        return AIMessage("", tool_calls=[call])

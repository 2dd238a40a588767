"""Tools: typed functions with a manual for the model, each of which says whether it reads or writes.

A tool gets who is asking from the ``ToolContext``, which the signed-in session fills, never from the model.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from kit.clock import Clock
from kit.database import Database
from kit.errors import RapportError
from kit.ids import ConversationId, CustomerId
from kit.vectors.index import SemanticIndex
from memory.door import Memory


class Effect(StrEnum):
    """What running a tool does to the world."""

    READ = "read"
    WRITE = "write"


class ToolMisuse(RapportError):
    """The model called a tool in a way that does not work; the message tells it how."""

    code = "tool_misuse"
    http_status = 422


class VerifyFirst(RapportError):
    """This is only shown to a customer who is signed in; ask them to sign in, or pass the matter to a colleague."""

    code = "verify_first"
    http_status = 401


class Arguments(BaseModel):
    """Base of every tool's arguments: unknown ones are refused, so that a model learns of its slip."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=2_000)


@dataclass(frozen=True)
class ToolContext:
    """What a tool may use. ``customer_id`` is the signed-in shopper, or ``None`` (an anonymous one, a marketer)."""

    database: Database
    index: SemanticIndex
    memory: Memory
    clock: Clock
    customer_id: CustomerId | None = None
    conversation_id: ConversationId | None = None
    verified: bool = False  # signed in: may see orders and personal data

    def signed_in(self) -> CustomerId:
        """The customer, verified. Raises ``VerifyFirst``."""
        if self.customer_id is None or not self.verified:
            raise VerifyFirst
        return self.customer_id


@dataclass(frozen=True)
class Tool:
    """One thing an agent can do. ``run`` takes the context and the validated arguments; gives a JSON object.

    ``shown`` is what a model sees of a result, where the whole of it would drown the model.
    """

    name: str
    manual: str
    arguments: type[Arguments]
    effect: Effect
    run: Callable[[ToolContext, Any], Mapping[str, Any]]
    shown: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda result: result

    def schema(self) -> dict[str, Any]:
        """The tool in OpenAI's function format."""
        parameters = self.arguments.model_json_schema()
        parameters.pop("title", None)
        parameters.pop("description", None)
        for described in parameters.get("properties", {}).values():
            described.pop("title", None)
        return {
            "type": "function",
            "function": {"name": self.name, "description": self.manual, "parameters": parameters},
        }


def tool(effect: Effect) -> Callable[[Callable[[ToolContext, Any], Mapping[str, Any]]], Tool]:
    """Makes a ``Tool`` of a function ``(context, arguments: SomeArguments)``; its docstring is the model's manual."""

    def make(function: Callable[[ToolContext, Any], Mapping[str, Any]]) -> Tool:
        arguments = inspect.get_annotations(function, eval_str=True)["arguments"]
        return Tool(function.__name__, inspect.cleandoc(function.__doc__ or ""), arguments, effect, function)

    return make


class Toolbox:
    """The tools one agent has."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self._tools = {tool.name: tool for tool in tools}

    def __iter__(self) -> Iterator[Tool]:
        return iter(self._tools.values())

    def schemas(self) -> list[dict[str, Any]]:
        return [tool.schema() for tool in self]

    def shown(self, name: str, result: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a model sees of a result."""
        return result if "error" in result or name not in self._tools else self._tools[name].shown(result)

    def run(self, context: ToolContext, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Runs a tool. What the model did wrong comes back as ``{"error": …, "code": …}``, for it to adapt."""
        try:
            chosen = self._tools.get(name)
            if chosen is None:
                raise ToolMisuse(f"there is no tool {name!r}; there are {', '.join(self._tools)}")
            return dict(chosen.run(context, _validated(chosen, arguments)))
        except RapportError as error:
            if error.http_status >= 500:
                raise
            return {"error": error.message, "code": error.code}


def _validated(chosen: Tool, arguments: Mapping[str, Any]) -> Arguments:
    try:
        return chosen.arguments.model_validate(dict(arguments))
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}" for e in error.errors())
        raise ToolMisuse(f"{chosen.name} was called with arguments that do not fit: {reasons}") from None

"""The messages that a model is handed, as a conversation: what was said before, what is asked now, what was done."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from agents.local_model.plans import Call, Outcome, Step

_TODAY = re.compile(r"\btoday is (?:\w+, )?(\d{1,2} \w+ \d{4}|\d{4}-\d{2}-\d{2})", re.IGNORECASE)
_MEMORY = re.compile(r"<memory>\n(.*?)\n?</memory>", re.DOTALL)
_REMEMBERED = re.compile(r'^- (wishes for an? )?(.+) \(said "(.*)", (\d{4}-\d{2}-\d{2})\)$')
_NAME = re.compile(r"^(.+?), known since ")
_NO_NAME = "An anonymous shopper"


@dataclass(frozen=True)
class Said:
    """A message of an earlier turn."""

    speaker: Literal["person", "agent"]
    text: str


@dataclass(frozen=True)
class Remembered:
    """A line of the memory in the system message. ``quote`` are the person's own words."""

    text: str
    quote: str
    is_wish: bool


@dataclass(frozen=True)
class Talk:
    """``refused`` is true where a reply of this turn was sent back, so that another one is asked for."""

    system: str
    earlier: tuple[Said, ...]
    now: str
    steps: tuple[Step, ...] = ()
    refused: bool = False

    @property
    def asked(self) -> str:
        """What the agent said last, which the person may be answering."""
        return self.earlier[-1].text if self.earlier and self.earlier[-1].speaker == "agent" else ""

    @property
    def today(self) -> date | None:
        """The day that the system message names."""
        found = _TODAY.search(self.system)
        if found is None:
            return None
        for pattern in ("%d %B %Y", "%Y-%m-%d"):
            try:
                return datetime.strptime(found[1], pattern).date()  # noqa: DTZ007 - a day, no moment
            except ValueError:
                continue
        return None

    @property
    def memory(self) -> tuple[str, ...]:
        """The lines of memory in the system message."""
        found = _MEMORY.search(self.system)
        return tuple(line.strip() for line in found[1].splitlines() if line.strip()) if found else ()

    @property
    def remembered(self) -> tuple[Remembered, ...]:
        """The facts and wishes among them."""
        matches = (_REMEMBERED.match(line) for line in self.memory)
        return tuple(Remembered(found[2], found[3], bool(found[1])) for found in matches if found)

    @property
    def name(self) -> str:
        """The person's first name, where memory has it."""
        found = _NAME.match(self.memory[0]) if self.memory else None
        return found[1].split()[0] if found and found[1] != _NO_NAME else ""


def talk_of(messages: Sequence[BaseMessage]) -> Talk:
    """Reads the messages. The turn is what follows the last message of the person."""
    last = max((i for i, message in enumerate(messages) if isinstance(message, HumanMessage)), default=-1)
    before, turn = messages[: last + 1], messages[last + 1 :]
    return Talk(
        system="\n".join(_text(message) for message in before if isinstance(message, SystemMessage)),
        earlier=tuple(_said(before[:-1])),
        now=_text(before[-1]) if before else "",
        steps=tuple(_steps(turn)),
        refused=any(isinstance(message, AIMessage) and not message.tool_calls for message in turn),
    )


def _said(messages: Sequence[BaseMessage]) -> list[Said]:
    said: list[Said] = []
    for message in messages:
        text = _text(message)
        if isinstance(message, HumanMessage):
            said.append(Said("person", text))
        elif isinstance(message, AIMessage) and text.strip():
            said.append(Said("agent", text))
    return said


def _steps(messages: Sequence[BaseMessage]) -> list[Step]:
    """A call whose result is missing has failed: it is not made again."""
    results = {message.tool_call_id: message for message in messages if isinstance(message, ToolMessage)}
    return [
        Step(Call(made["name"], made["args"]), _outcome(results.get(str(made["id"]))))
        for message in messages
        if isinstance(message, AIMessage)
        for made in message.tool_calls
    ]


def _outcome(result: ToolMessage | None) -> Outcome:
    if result is None:
        return Outcome({"error": "the tool gave no result", "code": "no_result"})
    try:
        read: Any = json.loads(_text(result))
    except ValueError:
        return Outcome({"error": "the result is no JSON", "code": "no_result"})
    if isinstance(read, Mapping) and result.status != "error":
        return Outcome(read)
    return Outcome({"error": "the tool failed", "code": "no_result"})


def _text(message: BaseMessage) -> str:
    return str(message.text)

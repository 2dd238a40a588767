"""Plans: what to do about a matter, written as one function that asks for tool calls and ends with an answer.

A plan is a generator. It yields a ``Call``, is sent the ``Outcome``, and returns the text to say. A model holds no
state between steps, so a plan is begun anew at each step and given the outcomes that stand in the messages already;
the first call without one is the next tool call. So no call is made twice, and there is an end.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

MOST_CALLS = 4
_LONGEST = 1_800  # characters; tools refuse longer texts

_NOT_BOUND = {"error": "there is no such tool here", "code": "not_bound"}
_TOO_MANY = {"error": "too many steps for one turn", "code": "too_many"}


@dataclass(frozen=True)
class Call:
    """A tool call. Arguments that are ``None`` are left out."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What a tool gave: a JSON object, or ``error`` and ``code``."""

    data: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        return "error" not in self.data

    @property
    def code(self) -> str:
        return str(self.data.get("code", "error")) if not self.ok else ""

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """The objects of a list in the result; none where it is missing or something else."""
        found = self.data.get(name)
        return [row for row in found if isinstance(row, Mapping)] if isinstance(found, Sequence) else []

    def text(self, name: str) -> str:
        """A text in the result; empty where it is missing."""
        found = self.data.get(name)
        return str(found) if found is not None else ""


@dataclass(frozen=True)
class Step:
    """A call that was made in this turn, with what came of it."""

    call: Call
    outcome: Outcome


Answer = TypeVar("Answer")
Part = Generator[Call, Outcome, Answer]
Plan = Part[str]


def call(name: str, **arguments: Any) -> Call:
    """A call with the arguments that are given; texts no longer than tools take."""
    given = {key: value for key, value in arguments.items() if value is not None}
    return Call(name, {key: value[:_LONGEST] if isinstance(value, str) else value for key, value in given.items()})


def advance(plan: Plan, steps: Sequence[Step], tools: Iterable[str]) -> Call | str:
    """The next tool call of ``plan``, or its answer. ``steps`` are this turn's calls, ``tools`` those bound."""
    bound = frozenset(tools)
    try:
        wanted = next(plan)
        for made in count():
            outcome = _known(wanted, steps)
            if outcome is None and wanted.name not in bound:
                outcome = Outcome(_NOT_BOUND)
            if outcome is None and made >= MOST_CALLS:
                outcome = Outcome(_TOO_MANY)
            if outcome is None:
                return wanted
            wanted = plan.send(outcome)
    except StopIteration as end:
        return str(end.value)
    raise AssertionError("a plan ends")


def _known(wanted: Call, steps: Sequence[Step]) -> Outcome | None:
    for step in steps:
        if step.call.name == wanted.name and dict(step.call.arguments) == dict(wanted.arguments):
            return step.outcome
    return None

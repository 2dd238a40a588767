"""Plays turns through a runtime and gives what their streams ended with."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from agents.runtime import Runtime, Shopper, StreamEvent

_numbers = count()


async def streamed(
    runtime: Runtime, shopper: Shopper, text: str, *, message_id: str | None = None, **more: Any
) -> list[StreamEvent]:
    """All events of one support turn."""
    given = {"conversation_id": None, "channel": "web", **more}
    message_id = message_id or f"m{next(_numbers)}"
    return [event async for event in runtime.chat(shopper, text, message_id=message_id, **given)]


async def talked(runtime: Runtime, shopper: Shopper, text: str, **more: Any) -> dict[str, Any]:
    """The ``done`` of one support turn."""
    return ended(await streamed(runtime, shopper, text, **more))


async def asked(runtime: Runtime, text: str) -> dict[str, Any]:
    """The ``done`` of one marketing question."""
    return ended([event async for event in runtime.ask(text, marketer="test")])


def ended(events: Sequence[StreamEvent]) -> dict[str, Any]:
    """What the last event says; an error fails the test."""
    assert "done" == events[-1].kind, events[-1]
    return events[-1].data

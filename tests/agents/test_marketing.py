"""The marketing agent reads; every figure it gives stands in a tool result."""

from collections.abc import Callable

import pytest

from agents.loop import SAFE_ANSWER
from agents.runtime import Runtime
from tests.agents.conftest import playing
from tests.playing import asked, ended

pytestmark = pytest.mark.anyio
Open = Callable[..., Runtime]
LOOK = {"name": "list_opportunities", "arguments": {}}


async def test_an_answer_comes_with_its_opportunities(open_shop: Open) -> None:
    """The stream ends with the reply, the tools that ran and the opportunities they gave."""
    runtime = open_shop(playing(LOOK, "There is nothing worth sending today."))
    done = await asked(runtime, "what should we send?")
    assert "There is nothing worth sending today." == done["reply"]
    assert ["list_opportunities"] == [call["name"] for call in done["tools"]]
    assert done["tools"][0]["result"]["opportunities"] == done["opportunities"]
    await runtime.aclose()


async def test_an_invented_figure_is_not_said(open_shop: Open) -> None:
    """A value that no tool gave goes out neither at first nor after the repair."""
    runtime = open_shop(playing(LOOK, "It is worth $50,000.", "It is worth $40,000."))
    assert SAFE_ANSWER == (await asked(runtime, "what should we send?"))["reply"]
    await runtime.aclose()


async def test_a_follow_up_sees_what_was_said(open_shop: Open) -> None:
    """The last messages of a conversation go along; those of another marketer do not."""
    models = playing("First answer.", "Second answer.", "Third answer.")
    runtime = open_shop(models)
    first = ended([event async for event in runtime.ask("one", marketer="a")])
    conversation = first["conversation_id"]
    for marketer in ("a", "b"):
        assert [event async for event in runtime.ask("two", marketer=marketer, conversation_id=conversation)]
    lengths = [len(messages) for messages in models.chosen.seen]  # type: ignore[attr-defined]
    assert [2, 4, 2] == lengths
    await runtime.aclose()


async def test_an_empty_question_is_refused(open_shop: Open) -> None:
    """The error says what to do."""
    runtime = open_shop(playing())
    (error,) = [event async for event in runtime.ask("  ", marketer="a")]
    assert ("error", "invalid_input") == (error.kind, error.data["code"])
    await runtime.aclose()

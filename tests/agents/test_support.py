"""A support turn: streamed, checked, committed once, resumed where it stopped; policy holds whatever the model does."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlmodel import select

from agents.loop import MAX_STEPS, SAFE_ANSWER
from agents.runtime import Runtime, Shopper
from memory.tables import Conversation, Turn
from tests.agents.conftest import guest, playing, signed_in
from tests.agents.wire import Wire
from tests.playing import ended, streamed, talked

pytestmark = pytest.mark.anyio
Open = Callable[..., Runtime]
ORDER = {"name": "get_order", "arguments": {"order_id": "#N1001"}}


def turns(runtime: Runtime) -> list[Turn]:
    """All turns, in order."""
    with runtime.database.read() as session:
        return list(session.exec(select(Turn).order_by(Turn.conversation_id, Turn.position)).all())


async def test_a_turn_streams_and_ends_after_its_commit(open_shop: Open) -> None:
    """Tools, checked text, the message and done come in this order, and what was said is kept with its proof."""
    runtime = open_shop(playing(ORDER, "Your order #N1001 is on its way. UPS has it."))
    ana = signed_in(runtime, "ana@example.com")
    events = await streamed(runtime, ana, "where is #N1001?")
    assert ["tool", "tool", "token", "token", "message", "done"] == [event.kind for event in events]
    done = ended(events)
    assert "Your order #N1001 is on its way. UPS has it." == done["reply"]
    assert "".join(event.data["text"] for event in events if event.kind == "token").strip() == done["reply"]
    assert ("get_order", "#N1001") == (done["tools"][0]["name"], done["tools"][0]["result"]["order_id"])
    asked, said = turns(runtime)
    assert (asked.id, done["turn_id"]) == (said.reply_to, said.id)
    assert "scripted" == said.made_by["model"]
    assert {"support", "repair", "brand"} == said.made_by["prompts"].keys()
    await runtime.aclose()


async def test_a_message_sent_again_gets_the_answer_it_had(open_shop: Open) -> None:
    """The model is asked once, the turn is kept once, and the conversation is the same."""
    runtime = open_shop(playing("Good evening, Ana."))
    ana = signed_in(runtime, "ana@example.com")
    first = await talked(runtime, ana, "hello", message_id="m1")
    again = await talked(runtime, ana, "hello", message_id="m1")
    assert first == again
    assert 2 == len(turns(runtime))
    await runtime.aclose()


async def test_two_at_once_are_answered_once(open_shop: Open) -> None:
    """A double click is one message."""
    runtime = open_shop(playing("Good evening, Ana."))
    ana = signed_in(runtime, "ana@example.com")
    both = await asyncio.gather(*(talked(runtime, ana, "hello", message_id="m1") for _ in range(2)))
    assert both[0] == both[1]
    assert 2 == len(turns(runtime))
    await runtime.aclose()


async def test_a_turn_that_was_cut_off_goes_on(open_shop: Open) -> None:
    """After a crash in the middle, the same message goes on from its checkpoint: no tool runs twice."""

    class Killed(BaseException):
        """As if the process had died."""

    def die(_: object) -> str:
        raise Killed

    runtime = open_shop(playing(ORDER, die))
    ana = signed_in(runtime, "ana@example.com")
    with pytest.raises(Killed):
        await streamed(runtime, ana, "where is #N1001?", message_id="m1")
    assert ["where is #N1001?"] == [turn.text for turn in turns(runtime)]
    await runtime.aclose()

    again = open_shop(playing("Your order #N1001 is on its way."))
    events = await streamed(again, ana, "where is #N1001?", message_id="m1")
    assert "tool" not in [event.kind for event in events]
    assert ["get_order"] == [call["name"] for call in ended(events)["tools"]]
    assert 2 == len(turns(again))
    await again.aclose()


async def test_checkpoints_of_a_finished_turn_are_gone(open_shop: Open, tmp_path: Path) -> None:
    """They hold a customer's words; nothing of them is left when the turn is done."""
    runtime = open_shop(playing(ORDER, "Your order #N1001 is on its way."))
    await talked(runtime, signed_in(runtime, "ana@example.com"), "where is #N1001?")
    async with aiosqlite.connect(tmp_path / "data" / "checkpoints.db") as connection:
        for table in ("checkpoints", "writes"):
            (row,) = await connection.execute_fetchall(f"select count(*) from {table}")
            assert (0,) == tuple(row)
    await runtime.aclose()


async def test_an_invented_claim_is_repaired_or_not_said(open_shop: Open) -> None:
    """One repair with the problem named; then the safe answer. The invented text is never released."""
    sound = "Your order #N1001 is on its way."
    runtime = open_shop(playing(ORDER, "It cost $12 in all.", sound))
    ana = signed_in(runtime, "ana@example.com")
    events = await streamed(runtime, ana, "where is #N1001?")
    assert sound == ended(events)["reply"]
    assert not [event for event in events if event.kind == "token" and "$12" in event.data["text"]]
    await runtime.aclose()

    stubborn = open_shop(playing("Take 90% off.", "Take 80% off."))
    assert SAFE_ANSWER == (await talked(stubborn, ana, "a discount please"))["reply"]
    await stubborn.aclose()


async def test_a_model_that_loops_is_stopped(open_shop: Open) -> None:
    """Calls without end stop at a bound, and the same call is made once."""
    runtime = open_shop(playing(*[ORDER] * MAX_STEPS))
    done = await talked(runtime, signed_in(runtime, "ana@example.com"), "where is #N1001?")
    assert SAFE_ANSWER == done["reply"]
    notes = [call["result"].get("note") for call in done["tools"]]
    assert notes[0] is None
    assert all(notes[1:])
    await runtime.aclose()


async def test_a_model_that_fails_is_replaced(open_shop: Open) -> None:
    """An error, or an empty answer, and the local model takes the turn over; the turn records it."""

    def fail(_: object) -> str:
        raise ConnectionError

    for line in (fail, ""):
        runtime = open_shop(playing(line, local=("Good evening.",)))
        done = await talked(runtime, signed_in(runtime, "ana@example.com"), f"hello {line!r}")
        assert "Good evening." == done["reply"]
        assert "local" == turns(runtime)[-1].made_by["model"]
        await runtime.aclose()


async def test_the_customer_comes_from_the_session(open_shop: Open) -> None:
    """Whatever a model asks for, another customer's order is not there; a guest sees none."""
    runtime = open_shop(playing(ORDER, "I can't find it among your orders."))
    caro = signed_in(runtime, "caro@example.com")
    result = (await talked(runtime, caro, "where is #N1001?"))["tools"][0]["result"]
    assert "not_found" == result["code"]
    await runtime.aclose()
    runtime = open_shop(playing(ORDER, "Please sign in."))
    result = (await talked(runtime, guest(runtime), "where is #N1001?"))["tools"][0]["result"]
    assert "verify_first" == result["code"]
    assert "Merino" not in str(result)
    await runtime.aclose()


async def test_somebody_elses_conversation_is_not_there(open_shop: Open) -> None:
    """A conversation id is no key to a conversation."""
    runtime = open_shop(playing("Hello.", "Hello."))
    ana, ben = signed_in(runtime, "ana@example.com"), signed_in(runtime, "ben@example.com")
    hers = (await talked(runtime, ana, "my secret"))["conversation_id"]
    (error,) = await streamed(runtime, ben, "hi", conversation_id=hers)
    assert ("error", "not_found") == (error.kind, error.data["code"])
    with runtime.database.read() as session:
        assert [ana.customer_id] == [c.customer_id for c in session.exec(select(Conversation)).all()]
    await runtime.aclose()


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "invalid_input"), (" \n", "invalid_input"), ("x" * 100_000, "too_large"), ("a\0", "invalid_input")],
)
async def test_bad_messages_are_refused_with_a_reason(open_shop: Open, text: str, code: str) -> None:
    """Nothing of them is kept, and the error says what is wrong."""
    runtime = open_shop(playing())
    (error,) = await streamed(runtime, signed_in(runtime, "ana@example.com"), text)
    assert ("error", code) == (error.kind, error.data["code"])
    assert [] == turns(runtime)
    await runtime.aclose()


async def test_text_in_another_script_is_kept_as_it_is(open_shop: Open) -> None:
    """Any script is a message."""
    runtime = open_shop(playing("ご注文 #N1001 をお調べします。"))
    await talked(runtime, signed_in(runtime, "ana@example.com"), "私の注文 #N1001 はどこですか？")
    assert "私の注文 #N1001 はどこですか？" == turns(runtime)[0].text
    await runtime.aclose()


async def test_over_the_real_wire(open_shop: Open) -> None:
    """langchain-openai streams tool calls and text from an OpenAI-compatible server; history and memory go along."""
    script: list[Any] = [ORDER, "Your order #N1001 is on its way.", "You asked about #N1001 before."]
    with Wire(script).running() as wire:
        runtime = open_shop(OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=wire.url, RAPPORT_MODEL="some-model")
        ana = signed_in(runtime, "ana@example.com")
        first = await talked(runtime, ana, "where is #N1001?")
        assert "Your order #N1001 is on its way." == first["reply"]
        await talked(runtime, ana, "what did I ask?", conversation_id=first["conversation_id"])
        await runtime.aclose()
    tools = [tool["function"]["name"] for tool in wire.requests[0]["tools"]]
    assert {"get_order", "search_products", "hand_to_person"} <= set(tools)
    roles = [message["role"] for message in wire.requests[2]["messages"]]
    assert ["system", "user", "assistant", "user"] == roles
    assert "Ana Reyes" in wire.requests[2]["messages"][0]["content"]


async def test_a_failing_server_does_not_fail_the_turn(open_shop: Open) -> None:
    """An OpenAI-compatible server that only errs: the local model answers from the same tools."""
    with Wire([500] * 20).running() as wire:
        runtime = open_shop(OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=wire.url)
        done = await talked(runtime, signed_in(runtime, "ana@example.com"), "where is my order #N1001?")
        assert "N1001" in done["reply"]
        assert "local" == turns(runtime)[-1].made_by["model"]
        await runtime.aclose()


async def test_a_handoff_is_told_and_makes_a_ticket(open_shop: Open) -> None:
    """The stream says so at once, and done has the ticket."""
    hand = {"name": "hand_to_person", "arguments": {"reason": "request", "summary": "wants to talk"}}
    runtime = open_shop(playing(hand, "A colleague will answer here."))
    events = await streamed(runtime, signed_in(runtime, "ben@example.com"), "a person please")
    assert "handoff" in [event.kind for event in events]
    handoff = ended(events)["handoff"]
    assert handoff["ticket_id"].startswith("tkt_")
    await runtime.aclose()


def test_a_shopper_is_frozen() -> None:
    """Nobody becomes somebody else in the middle of a turn."""
    with pytest.raises(AttributeError):
        Shopper("cus_1", verified=False).verified = True  # type: ignore[misc,arg-type]

"""A conversation under way ends politely when its customer is erased, and no question repeats what was theirs."""

from collections.abc import Callable
from typing import Any

import aiosqlite
import pytest
from langchain_core.messages import BaseMessage
from sqlmodel import select

from agents.runtime import Runtime
from kit.vectors.tables import IndexItem
from memory.privacy.tables import Erasure
from memory.tables import Conversation, Turn
from tests.agents.conftest import playing, signed_in
from tests.playing import ended, streamed

pytestmark = pytest.mark.anyio
Open = Callable[..., Runtime]


async def test_a_running_turn_ends_with_a_farewell_and_writes_nothing(open_shop: Open) -> None:
    """Erased while the model thinks: the last message says so with the receipt; no row, no checkpoint is left."""
    erased: list[Erasure] = []

    def think(_: list[BaseMessage]) -> dict[str, Any]:
        erased.append(runtime.privacy.erase(ana.customer_id))
        assert len(runtime.turns_under_way()) == 1
        return {"name": "show_memory", "arguments": {}}

    runtime = open_shop(playing(think, "You like wool, I remember."))
    ana = signed_in(runtime, "ana@example.com")
    events = await streamed(runtime, ana, "what do you know about me?")
    done = ended(events)
    assert [event.kind for event in events][-2:] == ["message", "done"]
    assert erased[0].id in done["reply"]
    assert done["erased"] == erased[0].id
    assert not runtime.turns_under_way()
    with runtime.database.read() as session:
        assert session.exec(select(Turn).where(Turn.customer_id == ana.customer_id)).all() == []
        assert session.exec(select(Conversation).where(Conversation.customer_id == ana.customer_id)).all() == []
        assert session.exec(select(IndexItem).where(IndexItem.owner == ana.customer_id)).all() == []
    async with (
        aiosqlite.connect(runtime.settings.data / "checkpoints.db") as checkpoints,
        checkpoints.execute("select count(*) from checkpoints") as rows,
    ):
        assert await rows.fetchone() == (0,)
    await runtime.aclose()


async def test_the_next_message_ends_the_conversation(open_shop: Open) -> None:
    """In a conversation that was, and in a new one: no error, no model, nothing written."""
    runtime = open_shop(playing("Good evening, Ana."))
    ana = signed_in(runtime, "ana@example.com")
    first = ended(await streamed(runtime, ana, "hello"))
    receipt = runtime.privacy.erase(ana.customer_id)
    for conversation in (first["conversation_id"], None):
        done = ended(await streamed(runtime, ana, "are you there?", conversation_id=conversation, message_id="m2"))
        assert done["erased"] == receipt.id
    with runtime.database.read() as session:
        assert session.exec(select(Turn)).all() == []
    await runtime.aclose()


async def test_a_marketing_conversation_forgets_whom_it_quoted(open_shop: Open) -> None:
    """The follow-up after an erasure, in whatever process it was made, is answered without the earlier messages."""
    seen: list[int] = []

    def count(messages: list[BaseMessage]) -> str:
        seen.append(len(messages))
        return "Nobody in particular."

    runtime = open_shop(playing(count, count, count))
    ana = signed_in(runtime, "ana@example.com")
    for number in range(3):
        if number == 2:
            runtime.privacy.erase(ana.customer_id)
        async for _ in runtime.ask("who wants wool?", marketer="Mia", conversation_id="cnv_talk"):
            pass
    assert seen == [2, 4, 2]
    await runtime.aclose()

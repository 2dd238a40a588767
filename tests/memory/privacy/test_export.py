"""The export holds every row about a customer, with what each part is, and nothing else."""

import json
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from kit.clock import SetClock
from kit.errors import NotFound
from kit.ids import CustomerId
from kit.personal import personal_tables
from memory.customer_memory import Heard
from memory.door import Memory
from memory.extraction.port import Extraction, FoundFact, FoundWish
from memory.privacy.desk import PrivacyDesk
from memory.tables import Customer, Event

WORDS = "I live in Chicago and want a red coat."
FOUND = Extraction((FoundFact("city", "Chicago", "live in Chicago"),), (FoundWish("coat", (), "want a red coat"),))


def exported(desk: PrivacyDesk, customer: str) -> tuple[dict[str, Any], bytes]:
    out = BytesIO()
    desk.export(customer, out)
    return json.loads(out.getvalue()), out.getvalue()


def test_every_table_of_customers_is_a_part_with_a_word_on_what_it_is(desk: PrivacyDesk, ana: CustomerId) -> None:
    """But for tables that only hold copies; the header counts the rows that follow."""
    export, _ = exported(desk, ana)
    header = export["rapport_export"]
    tables = {one.table.name for one in personal_tables(SQLModel.metadata) if not one.copied} | {"customer"}
    assert set(header["parts"]) == tables == set(export) - {"rapport_export"}
    assert all(len(part["what"]) > 20 for part in header["parts"].values())
    assert {name: part["rows"] for name, part in header["parts"].items()} == {
        name: len(export[name]) for name in tables
    }


def test_facts_come_with_quotes_and_both_intervals_and_consents_with_their_history(
    told: Memory, desk: PrivacyDesk, ana: CustomerId, hear: Callable[..., Heard], clock: SetClock
) -> None:
    """And where and in which words each consent was given."""
    turn = hear(ana, WORDS, FOUND).turn
    with told.database.begin() as session:
        memory = told.of(session, ana)
        memory.consent("email", True, source="signup", at=turn.at.replace(year=2025))
        memory.consent("email", False, source="chat", quote="no more mails", turn_id=turn.id)
    export, _ = exported(desk, ana)
    (fact,) = export["fact"]
    assert {"held_from", "held_to", "believed_from", "believed_to"} <= set(fact)
    assert [(row["fact_id"], row["quote"]) for row in export["fact_source"]] == [(fact["id"], "live in Chicago")]
    assert [(row["granted"], row["source"], row["quote"]) for row in export["consent"]] == [
        (True, "signup", ""),
        (False, "chat", "no more mails"),
    ]
    with told.database.read() as session:
        assert told.of(session, ana).consents() == {"email": False}
        assert [row.granted for row in told.of(session, ana).consent_history("email")] == [True, False]
        assert told.of(session, ana).consent_history("sms") == []


def test_it_is_the_same_bytes_again_and_nobody_elses(
    told: Memory, desk: PrivacyDesk, ana: CustomerId, hear: Callable[..., Heard]
) -> None:
    """By the id of one who was merged as well; who does not exist is not found."""
    with told.database.begin() as session:
        ben = told.enter(session, {"email": "ben@example.com"})
        old = told.enter(session, {"anonymous": "browser-1"})
    hear(ben, "I like green tents.")
    hear(old, "Before I signed in.")
    hear(ana, WORDS, FOUND)
    with told.database.begin() as session:
        row = session.get(Customer, old)
        assert row is not None
        row.merged_into = ana
    export, data = exported(desk, ana)
    assert {row["text"] for row in export["turn"]} == {WORDS, "Before I signed in."}
    assert b"tents" not in data
    assert exported(desk, ana)[1] == data
    assert {row["text"] for row in exported(desk, old)[0]["turn"]} == {WORDS, "Before I signed in."}
    with pytest.raises(NotFound, match="cus_nobody"):
        desk.export("cus_nobody", BytesIO())


def test_a_long_history_needs_no_more_memory(told: Memory, desk: PrivacyDesk, ana: CustomerId, clock: SetClock) -> None:
    """Twenty thousand events are written within a few megabytes."""
    now = clock.now()
    with told.database.begin() as session:
        rows = [
            {
                "id": f"evt_{i:06}", "customer_id": ana, "source": "web", "source_id": str(i), "name": "page_viewed",
                "at": now, "received_at": now, "properties": {"path": "/" + "x" * 200},
            }
            for i in range(20_000)
        ]  # fmt: skip
        session.connection().execute(Event.__table__.insert(), rows)  # type: ignore[attr-defined]
    del rows

    class Counting(BytesIO):
        size = 0

        def write(self, data: Any) -> int:
            self.size += len(data)
            return len(data)

    out = Counting()
    tracemalloc.start()
    assert desk.export(ana, out) > 20_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert out.size > 6_000_000
    assert peak < 3_000_000 if told.database.is_sqlite else peak < 6_000_000
    with told.database.read() as session:
        assert session.exec(select(Event.id).limit(1)).first()

"""Turns and events are appended once each, verbatim, and nobody reads another's."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from kit.errors import Conflict, InvalidInput, NotFound
from kit.ids import CustomerId
from memory.customer_memory import Heard
from memory.door import Memory
from memory.tables import Event, Turn
from memory.timeline import NewEvent

AT = datetime(2026, 3, 2, 23, tzinfo=UTC)


def test_a_message_sent_again_changes_nothing(told: Memory, ana: CustomerId) -> None:
    """The client's message id makes a retry the same message."""
    for expected in (False, True):
        with told.database.begin() as session:
            me = told.of(session, ana)
            heard = me.hear("hello", conversation_id="cnv_1", channel="web", message_id="m1")
            assert expected == heard.repeated
    with told.database.read() as session:
        assert ["hello"] == [turn.text for turn in session.exec(select(Turn)).all()]


def test_a_message_id_used_for_another_text_is_a_conflict(told: Memory, ana: CustomerId) -> None:
    """What was acknowledged is not overwritten."""
    with told.database.begin() as session:
        me = told.of(session, ana)
        me.hear("hello", conversation_id="cnv_1", channel="web", message_id="m1")
        with pytest.raises(Conflict, match="m1"):
            me.hear("goodbye", conversation_id="cnv_1", channel="web", message_id="m1")


def test_a_conversation_belongs_to_one_customer(told: Memory, ana: CustomerId) -> None:
    """Somebody else can neither write into it nor read it."""
    with told.database.begin() as session:
        other = told.enter(session, {"email": "ben@example.com"})
        told.of(session, ana).hear("my secret", conversation_id="cnv_1", channel="web", message_id="m1")
        with pytest.raises(NotFound, match="cnv_1"):
            told.of(session, other).hear("hi", conversation_id="cnv_1", channel="web", message_id="m2")
        assert [] == told.of(session, other).turns("cnv_1")
        assert told.of(session, other).heard("cnv_1", "m1") is None


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_what_no_database_keeps_is_refused(told: Memory, ana: CustomerId, text: str) -> None:
    """NUL and lone surrogates get an error that says where."""
    with told.database.begin() as session, pytest.raises(InvalidInput, match="position 1"):
        told.of(session, ana).hear(text, conversation_id="cnv_1", channel="web", message_id="m1")


def test_turns_come_back_in_order(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """The newest turns, oldest first, though all were said at one moment."""
    for i in range(5):
        hear(ana, f"message {i}", at=AT)
    with told.database.read() as session:
        turns = told.of(session, ana).turns(f"cnv_{ana}", last=3)
    assert ["message 2", "message 3", "message 4"] == [turn.text for turn in turns]


def test_the_agents_words_make_no_facts(told: Memory, ana: CustomerId) -> None:
    """Only customers' own words do."""
    with told.database.begin() as session:
        me = told.of(session, ana)
        me.say("You live in Chicago", conversation_id="cnv_1", channel="web", message_id="r1")
        assert [] == me.facts()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(8)))
def test_events_are_there_once_in_whatever_order(told: Memory, ana: CustomerId, order: list[int]) -> None:
    """For any order and duplication of the same events, the timeline is the same."""
    events = [NewEvent(ana, "product_viewed", AT, "test", str(i), {"n": i}) for i in range(4)] * 2
    for i in order:
        with told.database.begin() as session:
            told.append_events(session, [events[i], events[i]])
    with told.database.read() as session:
        assert [0, 1, 2, 3] == sorted(event.properties["n"] for event in session.exec(select(Event)).all())


def test_an_event_told_again_with_another_time_is_the_one_it_was(told: Memory, ana: CustomerId) -> None:
    """Its source's id decides, not its time; what was acknowledged stays."""
    for hour in (1, 2):
        with told.database.begin() as session:
            at = AT.replace(hour=hour)
            event = told.of(session, ana).record("product_viewed", source="test", source_id="same", at=at)
            assert 1 == event.at.hour

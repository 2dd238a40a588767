"""Retention removes what is older than agreed, with its index entries and what only it said; and single forgetting."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from kit.clock import SetClock
from kit.errors import NotFound, SettingsError
from kit.ids import CustomerId
from kit.vectors.tables import IndexItem
from memory.customer_memory import Heard
from memory.door import Memory
from memory.extraction.port import Extraction, FoundFact, FoundWish
from memory.privacy.desk import PrivacyDesk
from memory.privacy.retention import Retention, RetentionPolicy
from memory.tables import Customer, Event, Turn, Wish
from tools.service_desk import open_ticket, resolve_ticket
from tools.shop.tables import Ticket

CITY = Extraction((FoundFact("city", "Chicago", "live in Chicago"),), (FoundWish("coat", (), "want a coat"),))
BOSTON = Extraction((FoundFact("city", "Boston", "in Boston now"),))


def test_a_policy_says_how_long(desk: PrivacyDesk) -> None:
    """What is not named has its default; what cannot be read names the part, and the kinds there are."""
    policy = RetentionPolicy.parse("turns=30d, events=keep")
    assert str(policy) == "turns=30d,events=keep,guests=90d,tickets=1825d"
    for wrong in ("turns", "turns=0d", "turns=3w", "visits=3d"):
        with pytest.raises(SettingsError, match=f"'{wrong}' should be KIND=DAYSd.*guests"):
            RetentionPolicy.parse(wrong)
    assert str(desk.retention.policy) == "turns=730d,events=1095d,guests=90d,tickets=1825d"


def test_what_is_too_old_goes_with_what_only_it_said(
    told: Memory, ana: CustomerId, hear: Callable[..., Heard], clock: SetClock
) -> None:
    """The old turn, its fact, wish and index entries; a fact that newer words say too stays, and so does the new."""
    now = clock.now()
    hear(ana, "I live in Chicago and want a coat.", CITY, at=now - timedelta(days=40))
    hear(ana, "Still in Chicago.", Extraction((FoundFact("city", "Chicago", "in Chicago"),)), at=now)
    with told.database.begin() as session:
        told.of(session, ana).record("searched", source="w", source_id="1", at=now - timedelta(days=400), text="boots")
    retention = Retention(told, RetentionPolicy.parse("turns=30d,events=keep"))
    assert retention.overdue() == {"turns": 1}
    assert retention.due()
    removed = retention.run()
    assert removed == {"turn": 1, "wish": 1}
    assert (retention.due(), retention.run()) == (False, {})
    with told.database.read() as session:
        (known,) = told.of(session, ana).facts()
        assert [source.quote for source in known.sources] == ["in Chicago"]
        assert session.exec(select(Wish)).all() == []
        assert {item.text for item in session.exec(select(IndexItem)).all()} >= {"Still in Chicago.", "boots"}
        assert not session.exec(select(IndexItem).where(IndexItem.text.contains("want"))).all()  # type: ignore[attr-defined]
        assert len(session.exec(select(Event)).all()) == 1


def test_events_count_from_when_they_were_received(told: Memory, ana: CustomerId, clock: SetClock) -> None:
    """A history of years that was imported today is not gone tomorrow."""
    with told.database.begin() as session:
        told.of(session, ana).record("bought", source="w", source_id="1", at=clock.now() - timedelta(days=4000))
    retention = Retention(told, RetentionPolicy.parse("events=30d"))
    assert retention.run() == {}
    clock.advance(timedelta(days=31))
    assert retention.run()["event"] == 1


def test_guests_nobody_heard_of_again_go(
    told: Memory, ana: CustomerId, hear: Callable[..., Heard], clock: SetClock
) -> None:
    """With all their rows; known customers, and guests who came lately or wait for an answer, stay."""
    long_ago = clock.now() - timedelta(days=100)
    with told.database.begin() as session:
        silent, back, waiting = (told.enter(session, {"anonymous": f"b{i}"}, at=long_ago) for i in range(3))
        open_ticket(session, told, waiting, "request", "wants a call", at=long_ago)
    hear(silent, "Hello?", at=long_ago)
    hear(back, "Me again.")
    removed = Retention(told, RetentionPolicy.parse("guests=90d,events=keep")).run()
    assert removed == {"customer": 1, "identity": 1, "conversation": 1, "turn": 1, "index_item": 1}
    with told.database.read() as session:
        assert set(session.exec(select(Customer.id)).all()) == {ana, back, waiting}


def test_tickets_count_from_when_they_were_resolved(told: Memory, ana: CustomerId, clock: SetClock) -> None:
    """An open one is kept, however old."""
    with told.database.begin() as session:
        old = clock.now() - timedelta(days=50)
        resolve_ticket(session, told, open_ticket(session, told, ana, "damaged", "torn", at=old).id, at=old)
        still = open_ticket(session, told, ana, "damaged", "torn again", at=old).id
    assert Retention(told, RetentionPolicy.parse("tickets=30d")).run() == {"ticket": 1}
    with told.database.read() as session:
        assert session.exec(select(Ticket.id)).all() == [still]


def test_forgetting_a_turn_reopens_what_it_had_ended(
    told: Memory, ana: CustomerId, hear: Callable[..., Heard], clock: SetClock
) -> None:
    """Who forgets having moved lives where they lived; the reply that repeated it goes along."""
    hear(ana, "I live in Chicago and want a coat.", CITY, at=clock.now() - timedelta(days=1))
    moved = hear(ana, "I am in Boston now.", BOSTON).turn
    with told.database.begin() as session:
        told.of(session, ana).say(
            "Boston it is.", conversation_id=moved.conversation_id, channel="web", message_id="r", reply_to=moved.id
        )
    with told.database.begin() as session:
        assert told.of(session, ana).forget(moved.id) == {"turn": 2, "fact": 1}
    with told.database.read() as session:
        assert [known.fact.value for known in told.of(session, ana).facts()] == ["Chicago"]
        assert [turn.text for turn in session.exec(select(Turn)).all()] == ["I live in Chicago and want a coat."]
    hear(ana, "And more.")  # the conversation goes on after a gap


def test_facts_wishes_and_events_are_forgotten_one_by_one(
    told: Memory, ana: CustomerId, hear: Callable[..., Heard]
) -> None:
    """Each leaves the index too; what is somebody else's is not found."""
    heard = hear(ana, "I live in Chicago and want a coat.", CITY)
    with told.database.begin() as session:
        ben = told.enter(session, {"email": "ben@example.com"})
        event = told.of(session, ana).record("searched", source="w", source_id="1", text="boots")
    for item in (heard.facts[0].id, heard.wishes[0].id, event.id):
        with told.database.begin() as session, pytest.raises(NotFound, match=item):
            told.of(session, ben).forget(item)
        with told.database.begin() as session:
            told.of(session, ana).forget(item)
    with told.database.read() as session:
        assert (told.of(session, ana).facts(), told.of(session, ana).wishes()) == ([], [])
        assert [item.collection for item in session.exec(select(IndexItem)).all()] == ["turn"]

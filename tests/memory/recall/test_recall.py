"""Recall over a small original conversation: what comes back, in which order, and why."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from kit.ids import CustomerId
from memory.customer_memory import Heard
from memory.door import Memory
from memory.tables import Purchase

VISITS = (
    (
        datetime(2025, 5, 10, 9, tzinfo=UTC),
        ("customer", "Hi there! My sister Ines gets married in the mountains soon."),
        ("Mara", "How lovely! What will you wear, and where exactly is it?"),
        ("customer", "A long green dress, and the hut is above Grenoble, so it will be cold."),
        ("Mara", "Then a wool wrap over the shoulders would keep you warm."),
        ("customer", "I can't bear wool, it makes my neck itch. Something quilted maybe."),
    ),
    (
        datetime(2025, 9, 3, 18, tzinfo=UTC),
        ("customer", "The zip of my rucksack broke on the second day of the trip."),
        ("Mara", "I'm sorry. I promise to send a new one by Friday, free of charge."),
        ("customer", "Thanks. Biscuit, my terrier, would have carried the things himself otherwise."),
        ("Mara", "Ha! How old is he?"),
        ("customer", "He turned four in August."),
    ),
    (
        datetime(2026, 2, 20, 12, tzinfo=UTC),
        ("customer", "I have started to swim twice a week before work."),
        ("Mara", "Which pool do you go to?"),
        ("customer", "The one by the old harbour, because it opens at six."),
    ),
)
ASKED = (
    ("What makes Ana itch?", "can't bear wool"),
    ("Where did the wedding take place?", "above Grenoble"),
    ("Which pool does she swim at?", "by the old harbour"),
    ("How old is the dog?", "turned four"),
    ("What did Mara promise?", "a new one by Friday"),
    ("What broke in September 2025?", "The zip"),
    ("What is her pet called?", "Biscuit"),
    ("When does the pool open?", "opens at six"),
)


@pytest.fixture
def talked(told: Memory, ana: CustomerId) -> CustomerId:
    """Ana, after these visits."""
    with told.database.begin() as session:
        me = told.of(session, ana)
        for number, (begun, *turns) in enumerate(VISITS):
            for place, (speaker, text) in enumerate(turns):
                at, thread, message = begun + timedelta(minutes=place), f"cnv_{number}", f"m{place}"
                if speaker == "customer":
                    me.hear(text, conversation_id=thread, channel="web", message_id=message, at=at)
                else:
                    me.say(text, conversation_id=thread, channel="web", message_id=message, speaker=speaker, at=at)
    return ana


def test_evidence_is_among_the_first_three(told: Memory, talked: CustomerId) -> None:
    """Of eight questions at least seven, and four right at the top."""
    with told.database.read() as session:
        found = [[item.text for item in told.of(session, talked).recall(question, 3)] for question, _ in ASKED]
    among = [any(wanted in text for text in texts) for texts, (_, wanted) in zip(found, ASKED, strict=True)]
    first = [wanted in texts[0] for texts, (_, wanted) in zip(found, ASKED, strict=True)]
    assert sum(among) >= 7
    assert sum(first) >= 4


def test_an_answer_is_found_by_its_question(told: Memory, talked: CustomerId) -> None:
    """The turn that answers shares no word with the query; the one before it does, and brings it along."""
    with told.database.read() as session:
        found = told.of(session, talked).recall("Which pool does she go to?", 2, explain=True)
    (answer,) = (item for item in found if item.text.startswith("The one by the old harbour"))
    assert answer.why["lexical"] > 0


def test_the_parts_add_up_to_the_score(told: Memory, talked: CustomerId) -> None:
    """Best first, each score the sum of its reasons; without an explanation the same items and no reasons."""
    with told.database.read() as session:
        me = told.of(session, talked)
        explained = me.recall("What did Mara promise in September?", 13, explain=True)
        plain = me.recall("What did Mara promise in September?", 13)
    assert sorted((item.score for item in explained), reverse=True) == [item.score for item in explained]
    for item in explained:
        assert sum(item.why.values()) == pytest.approx(item.score)
    assert [(item.item_id, item.score, {}) for item in explained] == [(i.item_id, i.score, i.why) for i in plain]
    assert {"lexical", "dense", "speaker", "time"} <= explained[0].why.keys()


def test_time_and_speaker_raise_what_was_said_then_by_them(told: Memory, talked: CustomerId) -> None:
    """Each shows among the reasons, and only of whom and when it is so."""
    with told.database.read() as session:
        found = told.of(session, talked).recall("What did Mara say last autumn?", 13, explain=True)
    for item in found:
        assert ("speaker" in item.why) == (item.details["speaker"] == "Mara")
        assert ("time" in item.why) == (item.at.year == 2025 and item.at.month == 9)


def test_what_is_left_out_does_not_come_back(told: Memory, talked: CustomerId) -> None:
    """Neither by itself nor by its neighbours; nothing asked brings nothing."""
    with told.database.read() as session:
        me = told.of(session, talked)
        first = me.recall("pool", 1)[0].item_id
        assert first not in [item.item_id for item in me.recall("pool", 20, without=[first])]
        assert [] == me.recall("  ", 5)
        assert [] == me.recall("pool", 5, without=[item.item_id for item in me.recall("pool", 50)])


def test_a_single_item_comes_back(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """Nothing to compare it with is no reason to hide it."""
    hear(ana, "I run in the rain")
    with told.database.read() as session:
        (found,) = told.of(session, ana).recall("shoes", 5, explain=True)
    assert "I run in the rain" == found.text
    assert sum(found.why.values()) == pytest.approx(found.score)


@pytest.fixture
def orders(told: Memory, ana: CustomerId) -> CustomerId:
    """Ana, with three orders, the second of which she sent back."""
    bought = (("#W1", "Trail Boots", 2025, 4), ("#W2", "Wool Coat", 2025, 11), ("#W3", "Rain Jacket", 2026, 2))
    with told.database.begin() as session:
        me = told.of(session, ana)
        for number, name, year, month in bought:
            at = datetime(year, month, 5, tzinfo=UTC)
            me.record("order_placed", source="shop", source_id=number, at=at, properties={"order": number})
            me.bought(
                Purchase(
                    order_id=f"ord_{number}", line=0, customer_id=ana, product_id=f"prd_{number}", variant_id="v",
                    product_name=name, quantity=1, unit_minor=100, currency="USD", at=at,
                )
            )  # fmt: skip
        back = datetime(2025, 12, 1, tzinfo=UTC)
        me.record("order_returned", source="shop", source_id="r", at=back, properties={"order": "#W2"})
    return ana


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("what was in my second order?", "2025-11-05: order placed, #W2: Wool Coat"),
        ("my first order", "2025-04-05: order placed, #W1: Trail Boots"),
        ("what was the last order?", "2026-02-05: order placed, #W3: Rain Jacket"),
        ("what did I buy last spring?", "2025-04-05: order placed, #W1: Trail Boots"),
        ("when did I buy the jacket?", "2026-02-05: order placed, #W3: Rain Jacket"),
        ("the coat I returned", "2025-12-01: order returned, #W2: Wool Coat"),
    ],
)
def test_events_are_found_by_type_time_order_and_product(
    told: Memory, orders: CustomerId, query: str, text: str
) -> None:
    """The one meant comes first, as people read it, with its reasons."""
    with told.database.read() as session:
        found = told.of(session, orders).recall(query, 3, explain=True)
    assert ("event", text) == (found[0].kind, found[0].text)
    assert sum(found[0].why.values()) == pytest.approx(found[0].score)


def test_a_query_that_names_no_event_brings_none(told: Memory, orders: CustomerId) -> None:
    """Events come back when asked for, and never another customer's."""
    with told.database.begin() as session:
        ben = told.enter(session, {"email": "ben@example.com"})
        assert [] == told.of(session, orders).recall("which size of shoes", 5)
        assert [] == told.of(session, ben).recall("my second order", 5)

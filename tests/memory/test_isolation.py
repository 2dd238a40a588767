"""No item of another customer ever comes back, from any method, whatever ids and words there are."""

import inspect
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from kit.errors import NotFound, RapportError
from kit.ids import CustomerId
from memory.customer_memory import CustomerMemory
from memory.door import Memory
from memory.extraction.port import Extraction, FoundFact, FoundWish
from memory.tables import Event, Fact, Purchase, Turn, Wish

HOSTILE = (
    "%", "_", "a", "ab", "a%", "a_", "' or 1=1 --", '"; drop table turn; --', '{"$ne": null}', "[]", "null", "ana",
    "аna", "ana\u200b", "ａna", "＠", "cus_", "cus_%", "*", "\\", "a\x1fb", "x" * 500, "x" * 499 + "y",
)  # fmt: skip

AT = datetime(2026, 2, 1, tzinfo=UTC)

Driver = Callable[[CustomerMemory, str, str], Any]
"""Calls a method as somebody might who guesses at another's conversation and words."""


def _guessing(*kinds: str) -> Callable[[Callable[[CustomerMemory, str], Any]], Driver]:
    """A driver that tries every id of these kinds that stands in the database, whoever's it is."""
    tables = {"turn": Turn, "event": Event, "fact": Fact, "wish": Wish}

    def driver(call: Callable[[CustomerMemory, str], Any]) -> Driver:
        def drive(me: CustomerMemory, cnv: str, words: str) -> list[Any]:
            answers: list[Any] = []
            for kind in kinds:
                others = select(tables[kind].id).where(tables[kind].customer_id != me.customer_id)
                for item_id in me._session.exec(others.limit(5)).all():
                    try:
                        answers.append(call(me, item_id))
                    except RapportError as error:
                        answers.append(error.message)
            return answers

        return drive

    return driver


DRIVERS: dict[str, Driver] = {
    "hear": lambda me, cnv, words: me.hear(words, conversation_id=cnv, channel="web", message_id="m"),
    "say": lambda me, cnv, words: me.say(words, conversation_id=cnv, channel="web", message_id="r"),
    "record": lambda me, cnv, words: me.record("x", source="probe", source_id=f"{me.customer_id}{cnv}", text=None),
    "bought": lambda me, cnv, words: me.bought(_purchase(f"own {me.customer_id}", "own thing")),
    "consent": lambda me, cnv, words: me.consent(cnv[:20], True, source="probe"),
    "consents": lambda me, cnv, words: me.consents(),
    "turns": lambda me, cnv, words: me.turns(cnv),
    "heard": lambda me, cnv, words: me.heard(cnv, "m"),
    "facts": lambda me, cnv, words: me.facts(),
    "wishes": lambda me, cnv, words: me.wishes(),
    "purchases": lambda me, cnv, words: me.purchases(),
    "profile": lambda me, cnv, words: me.profile().to_json(),
    "recall": lambda me, cnv, words: me.recall(f"{words} secret", 50, explain=True),
    "context": lambda me, cnv, words: me.context(f"{words} secret", 4000),
    "timeline": lambda me, cnv, words: me.timeline(),
    "open_complaint": lambda me, cnv, words: me.open_complaint(),
    "add_reading": _guessing("turn")(lambda me, one: me.add_reading(one, Extraction(), "probe/1")),
    "correct": _guessing("fact")(lambda me, one: me.correct(one, "elsewhere")),
    "forget": _guessing("turn", "event", "fact", "wish")(lambda me, one: me.forget(one)),
    "forget_source": _guessing("turn", "event")(lambda me, one: me.forget_source(one)),
    "settle": lambda me, cnv, words: me.settle(),
    "settle_wishes": lambda me, cnv, words: me.settle_wishes(),
    "facts_as_of": lambda me, cnv, words: me.facts_as_of(AT + timedelta(days=99), AT + timedelta(days=99)),
    "history": lambda me, cnv, words: me.history("city"),
    "consent_history": lambda me, cnv, words: me.consent_history(),
}


def sentinel(number: int) -> str:
    """A word that only this customer's memory holds."""
    return f"sentinel{number:03}x"


@pytest.fixture
def crowd(told: Memory) -> list[CustomerId]:
    """A customer for each hostile id, who says, wants, buys and does something with their word in it."""
    customers: list[CustomerId] = []
    for number, name in enumerate(HOSTILE):
        word = sentinel(number)
        found = Extraction((FoundFact("city", word, word),), (FoundWish(word, (), word),))
        told.extractor.found[f"secret {word}"] = found  # type: ignore[attr-defined]
        with told.database.begin() as session:
            kinds = {"anonymous": name, "shop": name, "external:other": name}
            who = told.enter(session, kinds, at=told.clock.now() + timedelta(seconds=number), first_name=word)
            me = told.of(session, who)
            me.hear(f"secret {word}", conversation_id=f"cnv_{name}", channel="web", message_id="m")
            properties = {"ticket": word, name: word}
            me.record("complaint_opened", source=name, source_id=name, text=f"secret {word}", properties=properties)
            me.consent(word, True, source=name)
            me.bought(_purchase(f"order {word}", word))
            customers.append(who)
    told.index.drain()  # else each recall would embed its texts anew
    return customers


def test_every_method_has_a_driver() -> None:
    """Whoever adds a method to a customer's memory says here how to call it."""
    public = {name for name, _ in inspect.getmembers(CustomerMemory, inspect.isfunction) if not name.startswith("_")}
    assert public == set(DRIVERS)


def test_no_method_takes_a_customer() -> None:
    """There is nobody else in there to name."""
    for name in DRIVERS:
        assert "customer_id" not in inspect.signature(getattr(CustomerMemory, name)).parameters


def test_nothing_of_anybody_else_comes_back(told: Memory, crowd: list[CustomerId]) -> None:
    """Each method, asked by each customer with others' conversations and words, gives their own or nothing."""
    for number, who in enumerate(crowd):
        other = (number + 1) % len(crowd)
        foreign = {sentinel(one) for one in range(len(crowd))} - {sentinel(number)}
        for name, drive in DRIVERS.items():
            with told.database.read() as session:
                try:
                    # what is asked with is no answer: it does not hold the others' words
                    answer = drive(told.of(session, who), f"cnv_{HOSTILE[other]}", f"{HOSTILE[other]} city")
                except RapportError as error:
                    answer = error.message
                said = _all_of(answer)
            assert not [word for word in foreign if word in said], name


def test_identities_lead_to_their_own_customer_alone(told: Memory, crowd: list[CustomerId]) -> None:
    """Exactly: no pattern, prefix, other case or look-alike finds anybody."""
    with told.database.begin() as session:
        for name, who in zip(HOSTILE, crowd, strict=True):
            for kind in ("anonymous", "shop", "external:other"):
                assert who == told.find(session, kind, name)
            assert told.find(session, "external:another", name) is None
            assert who == told.recognise(session, {"anonymous": name}) == told.enter(session, {"anonymous": name})
            with pytest.raises(NotFound):
                told.of(session, name)
        assert told.find(session, "shop", "A") is None
        assert len(HOSTILE) == len(set(crowd))


def test_a_merge_brings_the_absorbed_ones_words_and_nobody_elses(told: Memory, crowd: list[CustomerId]) -> None:
    """And its undoing takes exactly those away."""
    with told.database.begin() as session:
        done = told.merge(session, crowd[0], crowd[4], reason="test")
        assert {0, 4} == _sentinels(told.of(session, crowd[4]))
        told.unmerge(session, done.id)
        assert ({0}, {4}) == (_sentinels(told.of(session, crowd[0])), _sentinels(told.of(session, crowd[4])))


def _sentinels(me: CustomerMemory) -> set[int]:
    said = _all_of([me.profile().to_json(), me.recall("secret", 200), me.timeline(500), me.purchases()])
    return {number for number in range(len(HOSTILE)) if sentinel(number) in said}


def _all_of(answer: Any) -> str:
    """Everything in an answer, as text."""
    return repr(answer) + json.dumps(answer, default=repr, ensure_ascii=False)


def _purchase(order_id: str, name: str) -> Purchase:
    return Purchase(
        order_id=order_id, line=1, customer_id="", product_id="p", variant_id="v", product_name=f"the {name}",
        quantity=1, unit_minor=1, currency="USD", at=AT,
    )  # fmt: skip

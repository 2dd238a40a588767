"""Recall within one customer, search across, and a context that never exceeds its budget."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.errors import Conflict, InvalidInput, NotFound
from kit.ids import CustomerId
from kit.tokens import TokenCounter
from memory.context import build_context
from memory.customer_memory import Heard
from memory.door import Memory
from memory.extraction.port import Extraction, FoundFact

HOSTILE = ["%", "_", "a", "ab", "a%", "' or 1=1 --", '{"$ne": null}', "аna", "ana\u200b", "cus_"]


def test_what_bears_on_the_question_comes_first(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """By meaning and by word, with the scores that say why."""
    hear(ana, "my dog chewed the left boot")
    hear(ana, "order #W2378156 came late")
    hear(ana, "thanks a lot")
    with told.database.read() as session:
        me = told.of(session, ana)
        assert "my dog chewed the left boot" == me.recall("does she have a pet?")[0].text
        (found,) = me.recall("W2378156", 1, explain=True)
    assert "order #W2378156 came late" == found.text
    assert found.why["lexical"] > 0


def test_nothing_of_anybody_else_is_recalled(told: Memory) -> None:
    """With hostile ids and equal words, each gets only their own."""
    customers = []
    for name in HOSTILE:
        with told.database.begin() as session:
            customer = told.enter(session, {"anonymous": name})
            me = told.of(session, customer)
            me.hear(f"my secret is {name!r}", conversation_id=f"cnv_{name}", channel="web", message_id="m")
            customers.append((customer, f"my secret is {name!r}"))
    for customer, secret in customers:
        with told.database.read() as session:
            me = told.of(session, customer)
            assert [secret] == [item.text for item in me.recall("what is the secret?", 50)]
            assert {secret} >= {line.text.split(": ", 1)[-1] for line in me.context("secret", 4000).lines[1:]}


def test_search_across_names_the_owner(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """What a shopper said a moment ago is found across customers, with whose it is."""
    hear(ana, "I'm getting married in June")
    with told.database.begin() as session:
        ben = told.enter(session, {"email": "ben@example.com"})
    hear(ben, "where is my parcel?")
    assert ana == told.across("turn", "talked about a wedding", 1)[0].owner


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(budget=st.integers(min_value=1, max_value=600))
def test_context_is_never_over_budget(hear: Callable[..., Heard], told: Memory, ana: CustomerId, budget: int) -> None:
    """Whatever the budget, the whole text counts at most that."""
    hear(ana, "I live in Chicago", Extraction((FoundFact("city", "Chicago", "Chicago"),)))
    with told.database.read() as session:
        context = told.of(session, ana).context("where?", budget)
    assert TokenCounter(None).count(context.text) == context.tokens <= budget


def test_context_begins_with_who_it_is(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """The stable part first, then facts, then what bears on the question; each line has its source."""
    heard = hear(ana, "I live in Chicago", Extraction((FoundFact("city", "Chicago", "in Chicago"),)))
    with told.database.read() as session:
        context = told.of(session, ana).context("where?", 1000)
    assert context.lines[0].text.startswith("Ana Reyes, known since 2026-03-02")
    assert 'lives in Chicago (said "in Chicago"' in context.lines[1].text
    assert [ana, heard.facts[0].id, heard.turn.id] == [line.source_id for line in context.lines]


def test_an_open_complaint_stands_before_facts(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """Open matters come first, and go once they are settled."""
    hear(ana, "I live in Chicago", Extraction((FoundFact("city", "Chicago", "in Chicago"),)))
    with told.database.begin() as session:
        me = told.of(session, ana)
        me.record("complaint_opened", source="desk", source_id="1", properties={"ticket": "tkt_1"})
        assert me.open_complaint() is not None
        context = build_context(me.profile(), [], TokenCounter(None), 1000)
        assert "open complaint, ticket tkt_1" in context.lines[1].text
        me.record("complaint_resolved", source="desk", source_id="2", properties={"ticket": "tkt_1"})
        assert me.open_complaint() is None


def test_identities_lead_to_one_customer(told: Memory, ana: CustomerId) -> None:
    """Case and blanks don't matter; two customers are never merged in silence."""
    with told.database.begin() as session:
        assert ana == told.enter(session, {"email": " ANA@Example.com ", "phone": "+1 (312) 555-0123"})
        assert ana == told.find(session, "phone", "+13125550123")
        told.enter(session, {"email": "ben@example.com"})
        with pytest.raises(Conflict, match="different customers"):
            told.enter(session, {"email": "ben@example.com", "phone": "+13125550123"})


@pytest.mark.parametrize(("kind", "value"), [("email", "ana"), ("phone", "12"), ("fax", "1"), ("shop", " ")])
def test_what_is_no_identity_is_refused(told: Memory, kind: str, value: str) -> None:
    """The error says what is wrong with it."""
    with told.database.begin() as session, pytest.raises(InvalidInput):
        told.enter(session, {kind: value})


def test_an_unknown_customer_is_not_found(told: Memory) -> None:
    """No memory without a customer."""
    with told.database.read() as session, pytest.raises(NotFound, match="cus_nobody"):
        told.of(session, "cus_nobody")


def test_the_newest_consent_counts(told: Memory, ana: CustomerId) -> None:
    """A no after a yes is a no; the history stays."""
    with told.database.begin() as session:
        me = told.of(session, ana)
        me.consent("email", True, source="signup", at=told.clock.now().replace(hour=1))
        me.consent("email", False, source="chat")
        assert {"email": False} == me.consents()

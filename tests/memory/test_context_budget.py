"""The context: never over its budget, stable first, turns in order, nothing told twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.ids import CustomerId
from kit.tokens import TokenCounter
from memory.context import build_context
from memory.customer_memory import Heard
from memory.cutting import ELLIPSIS, cut
from memory.door import Memory
from memory.extraction.port import Extraction, FoundFact, FoundWish, Requirement
from memory.profile import Profile
from memory.recall.recalled import Recalled

WORDS = TokenCounter(lambda text: [1] * len(text.split()))
BYTES = TokenCounter(None)


@pytest.fixture
def profile(told: Memory, ana: CustomerId, hear: Callable[..., Heard]) -> Profile:
    """Ana's: a fact, a wish, an open complaint."""
    hear(ana, "I live in Chicago", Extraction((FoundFact("city", "Chicago", "in Chicago"),)))
    wish = FoundWish("coat", (Requirement("color", "red"),), "a red coat")
    hear(ana, "I want a red coat", Extraction((), (wish,)))
    with told.database.begin() as session:
        me = told.of(session, ana)
        me.record("complaint_opened", source="desk", source_id="1", properties={"ticket": "tkt_1"})
        return me.profile()


def turn(profile: Profile, text: str, place: int, *, thread: str = "cnv", score: float = 1.0) -> Recalled:
    """A recalled turn."""
    at = profile.as_of + timedelta(minutes=place)
    return Recalled(f"trn_{thread}{place}", "turn", text, at, {"speaker": "customer"}, score, {}, thread, place)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(max_size=300), max_size=12),
    budget=st.integers(min_value=0, max_value=2000),
    counter=st.sampled_from([WORDS, BYTES]),
)
def test_no_texts_and_no_budget_bring_it_over(
    profile: Profile, texts: list[str], budget: int, counter: TokenCounter
) -> None:
    """Whatever was said, counted or bounded, what is handed over counts what it says, and at most the budget."""
    recalled = [turn(profile, text, place) for place, text in enumerate(texts)]
    context = build_context(profile, recalled, counter, budget)
    assert counter.count(context.text) == context.tokens <= budget
    assert {line.source_id for line in context.lines} <= {
        profile.customer_id, *(matter.source_id for matter in profile.open_matters),
        *(known.fact.id for known in profile.facts), *(wish.id for wish in profile.wishes),
        *(item.item_id for item in recalled),
    }  # fmt: skip


def test_the_standing_part_does_not_depend_on_the_question(profile: Profile) -> None:
    """Its bytes come first and are the same: who, complaint, wish, fact."""
    one = build_context(profile, [turn(profile, "my dog", 0)], BYTES, 1000)
    other = build_context(profile, [turn(profile, "a new tent " * 30, 5), turn(profile, "skis", 9)], BYTES, 1000)
    assert [line.text for line in one.lines[:4]] == [line.text for line in other.lines[:4]]
    assert "complaint" in one.lines[1].text
    assert "wishes for a coat: red" in one.lines[2].text
    assert "lives in Chicago" in one.lines[3].text


def test_neighbouring_turns_stand_together_in_the_order_of_time(profile: Profile) -> None:
    """The block stands where its best turn does; another conversation's turn is no neighbour."""
    recalled = [
        turn(profile, "third", 3), turn(profile, "apart", 4, thread="cnw"), turn(profile, "second", 2),
        turn(profile, "far", 9),
    ]  # fmt: skip
    lines = [line.text for line in build_context(profile, recalled, BYTES, 2000).lines[4:]]
    assert ["- 2026-03-02, customer: second", "  customer: third"] == lines[:2]
    assert ["apart", "far"] == [line.split(": ")[-1] for line in lines[2:]]


def test_a_long_turn_is_cut_at_a_sentence(profile: Profile) -> None:
    """What does not fit is marked; a short turn after it still comes."""
    long = turn(profile, "The strap broke on the first day. " + "It went on and on and on. " * 40, 0)
    context = build_context(profile, [long, turn(profile, "I swim", 5)], BYTES, 700)
    assert any(line.text.endswith("." + ELLIPSIS) and "The strap broke" in line.text for line in context.lines)
    assert any(line.text.endswith("I swim") for line in context.lines)


def test_what_a_fact_or_wish_quotes_is_not_told_again(
    told: Memory, ana: CustomerId, hear: Callable[..., Heard]
) -> None:
    """A turn that is hardly more than the quote of a told fact is left out; one that says more is not."""
    short = hear(ana, "I wear size 43", Extraction((FoundFact("size.shoes", "43", "I wear size 43"),)))
    longer = "I live in Chicago and it gets so windy that I lose my hats"
    said = hear(ana, longer, Extraction((FoundFact("city", "Chicago", "I live in Chicago"),)))
    with told.database.read() as session:
        sources = [line.source_id for line in told.of(session, ana).context("size and city", 1000).lines]
    assert short.turn.id not in sources
    assert said.turn.id in sources
    assert len(sources) == len(set(sources))


@given(st.text(max_size=200), st.integers(min_value=0, max_value=250))
def test_a_cut_text_fits_and_begins_like_the_whole(text: str, most: int) -> None:
    """It is the whole where that fits, else a beginning and an ellipsis, or nothing."""
    part = cut(text, lambda piece: len(piece) <= most)
    assert len(part) <= max(most, 0)
    assert part in ("", text) or text.startswith(part.removesuffix(ELLIPSIS))

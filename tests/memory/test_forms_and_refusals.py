"""What the customer corrects or has removed, who may say something of them, and what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from sqlalchemy import String, cast
from sqlmodel import SQLModel, func, select

from kit.clock import SetClock
from kit.errors import InvalidInput, NotFound
from kit.ids import CustomerId
from memory.customer_memory import Heard
from memory.door import Memory
from memory.extraction.port import Extraction, FoundClosing, FoundFact, FoundWish
from memory.fakes import StatedExtractor
from memory.tables import Fact, Statement, Turn, Wish

AT = datetime(2026, 3, 2, 23, tzinfo=UTC)
DAY = timedelta(days=1)


def says(attribute: str, value: str, quote: str = "so", **more: bool) -> Extraction:
    """One fact."""
    return Extraction((FoundFact(attribute, value, quote, **more),))


def holding(told: Memory, customer: CustomerId) -> dict[str, str]:
    """Attribute → value of what holds now."""
    with told.database.read() as session:
        return {known.fact.attribute: known.fact.value for known in told.of(session, customer).facts()}


def test_what_we_believed_then_of_another_day(
    hear: Callable[..., Heard], told: Memory, ana: CustomerId, clock: SetClock
) -> None:
    """Late words change what we think of the past, and not what we thought."""
    hear(ana, "I live in Chicago", says("city", "Chicago"), at=AT - 9 * DAY)
    before = clock.now()
    clock.advance(DAY)
    hear(ana, "I moved to Boston", says("city", "Boston"), at=AT - 3 * DAY)
    with told.database.read() as session:
        me = told.of(session, ana)

        def city(held: datetime, believed: datetime) -> list[str]:
            return [known.fact.value for known in me.facts_as_of(held, believed)]

        assert ["Chicago"] == city(AT - DAY, before)
        assert ["Boston"] == city(AT - DAY, clock.now())
        assert ["Chicago"] == city(AT - 5 * DAY, clock.now())
        assert [] == city(AT - 10 * DAY, clock.now())
        assert ["Chicago", "Boston"] == [known.fact.value for known in me.history("city")]


def test_it_ended_without_naming_what(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """ "I don't live there any more" ends whatever town it was."""
    hear(ana, "I live in Chicago", says("city", "Chicago"), at=AT - DAY)
    hear(ana, "I don't live there any more", says("city", "", retracts=True))
    assert {} == holding(told, ana)


def test_an_occasion_passes_by_itself(
    hear: Callable[..., Heard], told: Memory, ana: CustomerId, clock: SetClock
) -> None:
    """Once its day is over everywhere on earth; an undated mention is the dated occasion."""
    hear(ana, "the wedding is on March 4", says("occasion", "wedding on 2026-03-04"), at=AT - DAY)
    hear(ana, "for the wedding", says("occasion", "wedding"))
    assert {"occasion": "wedding on 2026-03-04"} == holding(told, ana)
    clock.set(datetime(2026, 3, 5, 11, 59, tzinfo=UTC))
    assert {"occasion": "wedding on 2026-03-04"} == holding(told, ana)
    clock.advance(timedelta(minutes=1))
    assert {} == holding(told, ana)


def test_a_correction_by_form_is_the_customers_word(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """It names its event, quotes what was filled in, is normalised, and stands against the turn it corrects."""
    heard = hear(ana, "I'm a 43", says("size.shoes", "43"))
    with told.database.begin() as session:
        me = told.of(session, ana)
        with pytest.raises(InvalidInput, match=r"'biggish' is no value for 'size\.shoes'"):
            me.correct(heard.facts[0].id, "biggish")
        known = me.correct(heard.facts[0].id, " uk 9 ")
        assert ("UK 9", "uk 9", "customer/1") == (known.fact.value, known.sources[-1].quote, known.fact.extractor)
        assert known.sources[-1].source_id.startswith("evt_")
        with pytest.raises(NotFound, match="fct_nothing"):
            me.correct("fct_nothing", "43")
    assert {"size.shoes": "UK 9"} == holding(told, ana)


def test_nobody_corrects_anothers_fact(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """An id of somebody else's is not found."""
    heard = hear(ana, "I'm a 43", says("size.shoes", "43"))
    with told.database.begin() as session:
        other = told.of(session, told.enter(session, {"email": "ben@example.com"}))
        for act in (lambda fact: other.correct(fact, "44"), other.forget):
            with pytest.raises(NotFound):
                act(heard.facts[0].id)


def test_a_forgotten_fact_does_not_come_back(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """Not by settling, not by reading its turn again, nor as what it had replaced; no table but the turn's has it."""
    hear(ana, "I live in Chicago", says("city", "Chicago"), at=AT - 2 * DAY)
    heard = hear(ana, "I moved to Timbuktu", says("city", "Timbuktu", "Timbuktu"), at=AT - DAY)
    with told.database.begin() as session:
        me = told.of(session, ana)
        corrected = me.correct(heard.facts[0].id, "Zanzibar")
        me.forget(corrected.fact.id)
    assert {} == holding(told, ana)
    with told.database.begin() as session:
        me = told.of(session, ana)
        (back,) = [known for known in me.history("city") if known.fact.value == "Timbuktu"]
        me.forget(back.fact.id)
        me.add_reading(heard.turn.id, says("city", "Timbuktu", "Timbuktu"), "other/1")
        me.settle()
    assert {} == holding(told, ana)
    with told.database.read() as session:
        for table in SQLModel.metadata.sorted_tables:
            text = [func.lower(cast(column, String)) for column in table.c]
            for word in ("zanzibar", "timbuktu"):
                rows = [select(func.count()).select_from(table).where(one.contains(word)) for one in text]
                there = sum(session.exec(row).one() for row in rows)
                own = table.name == "turn" or (table.name == "index_item" and word == "timbuktu")
                assert own or there == 0, (table.name, word)
        assert "I moved to Timbuktu" == session.get_one(Turn, heard.turn.id).text


def test_an_agents_words_are_no_source(told: Memory, ana: CustomerId, stated: StatedExtractor) -> None:
    """Neither through the agent's turn, nor where the customer quotes it back line by line."""
    with told.database.begin() as session:
        me = told.of(session, ana)
        reply = me.say("You live in Chicago", conversation_id="c", channel="web", message_id="r1")
        with pytest.raises(InvalidInput, match="written by the agent"):
            me.add_reading(reply.id, says("city", "Chicago", "Chicago"), "other/1")
        stated.found["\nis that so?"] = Extraction()
        stated.found["> You live in Chicago\nis that so?"] = says("city", "Chicago")
        quoted = "> You live in Chicago\nis that so?"
        heard = me.hear(quoted, conversation_id="c", channel="web", message_id="m1")
        assert ([], []) == (heard.facts, me.facts())
        kept = me.add_reading(heard.turn.id, says("city", "Chicago", "live in Chicago"), "other/1")
        assert [] == kept.facts


def test_a_second_reading_adds_and_the_surer_one_counts(
    hear: Callable[..., Heard], told: Memory, ana: CustomerId
) -> None:
    """Both say who made what; the same reading again changes nothing; an unknown attribute is an error."""
    heard = hear(ana, "43, and wool is great", says("size.shoes", "43", "43"))
    found = Extraction(
        (FoundFact("size.shoes", "34", "43", 0.5), FoundFact("material.liked", "Wool", "wool is great", 0.8))
    )
    for _ in range(2):
        with told.database.begin() as session:
            told.of(session, ana).add_reading(heard.turn.id, found, "reader/2")
    assert {"size.shoes": "43", "material.liked": "wool"} == holding(told, ana)
    with told.database.begin() as session:
        assert {"stated/1", "reader/2"} == set(session.exec(select(Fact.extractor)).all())
        with pytest.raises(InvalidInput, match="unknown attribute 'shoe'"):
            told.of(session, ana).add_reading(heard.turn.id, says("shoe", "43", "43"), "reader/2")


def test_a_value_that_does_not_fit_costs_no_turn(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """It is left out; what fits is taken."""
    found = Extraction((FoundFact("budget", "cheap", "cheap"), FoundFact("height", "1.80 m", "1.80 m")))
    hear(ana, "cheap, I'm 1.80 m", found)
    assert {"height": "180 cm"} == holding(told, ana)


def test_a_wish_ends_by_word_by_day_and_by_removal(
    hear: Callable[..., Heard], told: Memory, ana: CustomerId, clock: SetClock
) -> None:
    """What ended it is named; one that is removed leaves no words behind."""
    coat, boot = FoundWish("coat", (), "a coat"), FoundWish("boot", (), "boots", until=AT.date())
    hear(ana, "a coat, boots", Extraction((), (coat, boot)), at=AT - DAY)
    over = hear(ana, "found a coat", Extraction((), (), (FoundClosing("coat", "found a coat", met=True),)))
    with told.database.begin() as session:
        me = told.of(session, ana)
        assert ["boot"] == [wish.item for wish in me.wishes()]
        met = session.exec(select(Wish).where(Wish.item == "coat")).one()
        assert ("met", over.turn.id) == (met.status, met.closed_by)
        clock.set(datetime(2026, 3, 3, 12, tzinfo=UTC))
        assert [] == me.wishes()
        me.forget(met.id)
        assert ["boot"] == list(session.exec(select(Wish.item)).all())


@pytest.mark.parametrize("year", [1, 9999])
def test_a_time_that_no_clock_shows_is_refused(told: Memory, ana: CustomerId, year: int) -> None:
    """For turns, events and purchases, and nothing is half-written."""
    with told.database.begin() as session:
        me = told.of(session, ana)
        for at, wrong in ((AT.replace(year=year), "lies outside"), (AT.replace(tzinfo=None), "no offset")):
            with pytest.raises(InvalidInput, match=wrong):
                me.hear("hi", conversation_id="c", channel="web", message_id="1", at=at)
            with pytest.raises(InvalidInput, match=wrong):
                me.record("product_viewed", source="s", source_id="1", at=at)
        assert [] == me.timeline()


def test_an_unknown_attribute_writes_nothing(told: Memory, ana: CustomerId, stated: StatedExtractor) -> None:
    """The error says which there are; what else the message said is not there either."""
    stated.found["x"] = Extraction((FoundFact("city", "Chicago", "x"), FoundFact("shoe", "43", "x")))
    with told.database.begin() as session, pytest.raises(InvalidInput, match="unknown attribute 'shoe'"):
        told.of(session, ana).hear("x", conversation_id="c", channel="web", message_id="1")
    with told.database.read() as session:
        assert [] == session.exec(select(Statement)).all()


def test_a_message_of_a_megabyte_is_kept_quickly(memory: Memory) -> None:
    """Whole, read for facts by the real extractor, within seconds."""
    text = "I live in Chicago and want a red coat, not wool. " * 21_000
    began = monotonic()
    with memory.database.begin() as session:
        me = memory.of(session, memory.enter(session, {"anonymous": "a"}))
        heard = me.hear(text, conversation_id="c", channel="web", message_id="1")
    assert text == heard.turn.text
    assert "city" in {fact.attribute for fact in heard.facts}
    assert monotonic() - began < 20

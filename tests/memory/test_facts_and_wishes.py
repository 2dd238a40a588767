"""Facts with provenance, whose history does not depend on the order of arrival; wishes that fade."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.clock import SetClock
from kit.errors import InvalidInput
from kit.ids import CustomerId
from memory.attributes import Attribute, Registry
from memory.customer_memory import Heard
from memory.door import Memory
from memory.extraction.port import Extraction, FoundFact, FoundWish, Requirement
from memory.tables import Purchase
from memory.wishes import HALF_LIFE, LIFETIME, strength

AT = datetime(2026, 3, 2, 23, tzinfo=UTC)
DAY = timedelta(days=1)
RED_COAT = FoundWish("coat", (Requirement("color", "red"),), "a red coat")
RED_WARM_COAT = FoundWish("coat", (Requirement("color", "red"), Requirement("feature", "warm")), "a warm red coat")


def fact(attribute: str, value: str, **more: bool) -> Extraction:
    """One fact, quoted."""
    return Extraction((FoundFact(attribute, value, f"says {value}", **more),))


def values(told: Memory, customer: CustomerId, attribute: str) -> list[str]:
    """What holds now."""
    with told.database.read() as session:
        return [known.fact.value for known in told.of(session, customer).facts() if known.fact.attribute == attribute]


def test_a_fact_names_its_source_and_quotes_it(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """Each remembered thing can be proved."""
    heard = hear(ana, "I live in Chicago", fact("city", "Chicago"))
    with told.database.read() as session:
        (known,) = told.of(session, ana).facts()
    assert "lives in Chicago" == known.sentence
    assert [(heard.turn.id, "says Chicago")] == [(source.source_id, source.quote) for source in known.sources]
    assert "stated/1" == known.fact.extractor


def test_said_again_is_one_fact_with_two_sources(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """The same value is the same fact."""
    hear(ana, "I live in Chicago", fact("city", "Chicago"), at=AT - DAY)
    hear(ana, "here in chicago", fact("city", "chicago"), at=AT)
    with told.database.read() as session:
        (known,) = told.of(session, ana).facts()
    assert 2 == len(known.sources)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(3)))
def test_the_latest_said_counts_in_whatever_order_it_arrives(
    hear: Callable[..., Heard], told: Memory, order: list[int]
) -> None:
    """A late arrival of older words changes history, not what holds now."""
    with told.database.begin() as session:
        customer = told.enter(session, {"anonymous": f"a{datetime.now(UTC).timestamp()}"})
    for i in order:
        hear(customer, f"{customer} shoe {i}", fact("size.shoes", str(41 + i)), at=AT - (3 - i) * DAY)
    assert ["43"] == values(told, customer, "size.shoes")


def test_liking_ends_disliking(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """Nobody likes and dislikes the same material at once; others stand."""
    hear(ana, "no wool, no nylon", Extraction((FoundFact("material.disliked", "wool", "no wool"),)), at=AT - DAY)
    hear(ana, "no nylon", fact("material.disliked", "nylon"), at=AT - DAY)
    hear(ana, "wool is fine now", fact("material.liked", "wool"), at=AT - DAY / 2)
    assert ["nylon"] == values(told, ana, "material.disliked")
    assert ["wool"] == values(told, ana, "material.liked")


def test_a_retraction_ends_a_fact(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """What is taken back is not held any more."""
    hear(ana, "I live in Chicago", fact("city", "Chicago"), at=AT - DAY)
    hear(ana, "not any more", fact("city", "Chicago", retracts=True), at=AT)
    assert [] == values(told, ana, "city")


def test_an_unknown_attribute_is_refused(told: Memory) -> None:
    """The registry says which there are; a shop adds its own."""
    with pytest.raises(InvalidInput, match=r"'shoe\.colour'"):
        Registry().get("shoe.colour")
    assert "rides a BMX" == Registry().with_attributes(Attribute("bike", "rides a {}", "their bike")).sentence(
        "bike", "BMX"
    )


def test_a_wish_repeated_is_one_and_one_that_says_more_replaces(
    hear: Callable[..., Heard], told: Memory, ana: CustomerId
) -> None:
    """Saying it again, or in more detail, does not pile up wishes."""
    hear(ana, "a red coat", Extraction((), (RED_COAT,)), at=AT - DAY)
    hear(ana, "a red coat!", Extraction((), (RED_COAT,)), at=AT - DAY / 2)
    hear(ana, "a warm red coat", Extraction((), (RED_WARM_COAT,)), at=AT)
    with told.database.read() as session:
        (wish,) = told.of(session, ana).wishes()
    assert "a warm red coat" == wish.quote


def test_a_wish_fades_and_expires(hear: Callable[..., Heard], told: Memory, ana: CustomerId, clock: SetClock) -> None:
    """Half after the half-life; gone after its lifetime, without anything happening."""
    (wish,) = hear(ana, "a red coat", Extraction((), (RED_COAT,)), at=AT).wishes
    assert 1.0 == strength(wish, AT)
    assert 0.5 == strength(wish, AT + HALF_LIFE)
    clock.set(AT + LIFETIME + DAY)
    with told.database.read() as session:
        assert [] == told.of(session, ana).wishes()


def test_buying_it_meets_the_wish(hear: Callable[..., Heard], told: Memory, ana: CustomerId) -> None:
    """A purchase of the thing closes the wish, naming the order; one from before it does not."""
    hear(ana, "a red coat", Extraction((), (RED_COAT,)), at=AT - DAY)

    def buy(order: str, at: datetime) -> list[str]:
        with told.database.begin() as session:
            me = told.of(session, ana)
            me.bought(
                Purchase(order_id=order, line=0, customer_id=ana, product_id="p", variant_id="v", at=at, quantity=1,
                         product_name="Harbor Storm Coat", unit_minor=100, currency="USD", traits=[])
            )  # fmt: skip
            return [wish.item for wish in me.wishes()]

    assert ["coat"] == buy("ord_old", AT - 2 * DAY)
    assert [] == buy("ord_new", AT)

"""What holds for opportunities of every kind, and their JSON."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from memory.signals import open_complaints
from memory.tables import Event, Turn
from tools.campaigns.kinds import Kind

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def busy(town):
    """A town with an opportunity of each kind."""
    coat, red = town.product("Storm Coat", variants=[{"restocked": DAY}])
    _, hat = town.product("Hat", "hat")
    town.product("Boots", "boots", created=DAY)
    for name in ("Ann", "Ben"):
        town.event(town.person(name), "product_viewed", 5 * DAY, coat, red)
        town.cart(town.person(name), 5 * HOUR, hat)
        town.wish(town.person(name), "boots", 90 * DAY)
    complaining = town.person("Cyd")
    town.wish(complaining, "boots", DAY)
    town.event(complaining, "complaint_opened", DAY, ticket="tkt_1")
    return town


def test_all_kinds_are_found_most_valuable_first(busy):
    """And a kind alone where asked for."""
    found = busy.opportunities()
    assert set(Kind) == {one.kind for one in found}
    assert sorted((one.value.expected for one in found), reverse=True) == [one.value.expected for one in found]
    for kind in Kind:
        assert [one for one in found if one.kind == kind] == busy.opportunities(kind)


def test_the_json_has_the_agreed_shape(busy):
    """Key by key."""
    for shown in (one.to_json() for one in busy.opportunities()):
        assert ["id", "kind", "title", "why", "product", "audience", "evidence", "timing", "value"] == list(shown)
        assert ["count", "sample", "members", "exclusions"] == list(shown["audience"])
        assert shown["audience"]["count"] == len(shown["audience"]["members"]) == 2
        assert all(["customer_id", "name", "because"] == list(each) for each in shown["audience"]["sample"])
        told = "quote" if shown["kind"] == "wish_met" else "event"
        assert all(["customer_id", "name", told, "source_id", "at"] == list(each) for each in shown["evidence"])
        assert ["send", "until", "because"] == list(shown["timing"])
        assert ["expected_minor", "currency", "expected", "formula", "terms", "basis"] == list(shown["value"])
        if shown["product"]:
            assert ["product_id", "name", "price"] == list(shown["product"])


def test_all_evidence_is_in_the_database(busy):
    """Turn by turn and event by event, and of that customer."""
    with busy.database.read() as session:
        for one in busy.opportunities():
            for each in one.evidence:
                table = Turn if each.source_id.startswith("trn_") else Event
                row = session.exec(select(table).where(table.id == each.source_id)).one()
                assert (each.customer_id, each.at) == (row.customer_id, row.at)


def test_the_same_moment_gives_the_same_answer_and_ids_last(busy):
    """An opportunity's id does not depend on who is in it."""
    before = busy.opportunities()
    assert before == busy.opportunities()
    busy.wish(busy.person("Dan"), "boots", DAY)
    assert {one.id for one in before} == {one.id for one in busy.opportunities()}


def test_nothing_is_stored_so_the_clock_alone_ends_an_opportunity(busy):
    """Two months later nothing is new any more."""
    assert busy.opportunities()
    busy.clock.advance(60 * DAY)
    assert [] == busy.opportunities()


def test_titles_and_reasons_read_well(busy):
    """As a marketer sees them."""
    found = {one.kind: one for one in busy.opportunities()}
    assert {
        Kind.WISH_MET: "What 2 customers wished for: Boots",
        Kind.CART_LEFT: "2 customers left something in the cart",
        Kind.BACK_IN_STOCK: "Back in stock for 2 customers who looked or asked: Storm Coat",
    } == {kind: one.title for kind, one in found.items()}
    assert (
        "2 customers asked for something that Boots (in stock since 1 March 2026) can meet entirely, "
        "and have not bought it since."
    ) == found[Kind.WISH_MET].why


PERSON = st.fixed_dictionaries(
    {
        "consent": st.sampled_from([True, True, True, False, None]),
        "email": st.sampled_from([True, True, True, False]),
        "wish": st.none() | st.integers(0, 200),
        "cart": st.none() | st.integers(0, 20),
        "view": st.none() | st.integers(0, 80),
        "complaints": st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=2),
        "messaged": st.none() | st.integers(0, 6),
        "bought": st.none() | st.integers(0, 60),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(PERSON, min_size=1, max_size=8), stock=st.integers(0, 2))
def test_nobody_with_an_open_complaint_is_in_any_audience_and_nobody_is_in_two(town, people, stock):
    """Over random populations. Nor is anybody without consent or address."""
    town.empty()
    coat, red = town.product("Storm Coat", created=DAY, variants=[{"restocked": DAY, "stock": stock}])
    reachable = set()
    for number, one in enumerate(people):
        who = town.person("Pat", consent=one["consent"], email=one["email"])
        if one["consent"] and one["email"]:
            reachable.add(who)
        if one["wish"] is not None:
            town.wish(who, "coat", one["wish"] * DAY)
        if one["cart"] is not None:
            town.cart(who, one["cart"] * DAY, red)
        if one["view"] is not None:
            town.event(who, "product_viewed", one["view"] * DAY, coat, red)
        for ticket, (ago, resolved) in enumerate(one["complaints"]):
            town.event(who, "complaint_opened", ago * DAY, ticket=f"{number}-{ticket}")
            if resolved:
                town.event(who, "complaint_resolved", ago * DAY, ticket=f"{number}-{ticket}")
        if one["messaged"] is not None:
            town.event(who, "message_sent", one["messaged"] * DAY)
        if one["bought"] is not None:
            town.bought(who, coat, one["bought"] * DAY)
    found = town.survey()
    members = [member.customer_id for one in found.opportunities for member in one.audience.members]
    assert len(set(members)) == len(members)
    assert reachable >= set(members)
    with town.database.read() as session:
        assert {} == open_complaints(session, members)
    for one in [*found.opportunities, *found.left_out]:
        exclusions = one.exclusions if one in found.left_out else one.audience.exclusions
        named = [each.customer_id for exclusion in exclusions for each in exclusion.customers]
        assert len(set(named)) == len(named)

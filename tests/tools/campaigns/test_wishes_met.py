"""Opportunities out of wishes that the stock now meets."""

from datetime import timedelta

import pytest

from tools.campaigns.kinds import Kind

DAY = timedelta(days=1)
RED = ("color", "red")
WATERPROOF = ("feature", "waterproof")


def red_coat(town, **more):
    """A waterproof coat in red and black, of which the shop has some."""
    variants = [{"options": {"color": color}, "price": price} for color, price in (("red", 12_900), ("black", 9_900))]
    return town.product("Storm Coat", attributes={"features": ["waterproof"]}, variants=variants, **more)


def test_a_new_product_finds_everybody_whose_open_wish_it_meets_entirely(town):
    """An old wish counts as well as a new one, once the product is new."""
    mara, ole, pia = town.person("Mara"), town.person("Ole"), town.person("Pia")
    asked = town.wish(mara, "coat", 100 * DAY, RED, WATERPROOF, quote="a red waterproof coat")
    town.wish(ole, "coat", DAY, RED)
    town.wish(pia, "coat", DAY, ("color", "green"))
    product, *_ = red_coat(town, created=2 * DAY)
    one = town.only()
    assert (Kind.WISH_MET, product) == (one.kind, one.product.product_id)
    assert {mara, ole} == {member.customer_id for member in one.audience.members}
    evidence = next(each for each in one.evidence if each.customer_id == mara)
    assert ("a red waterproof coat", asked) == (evidence.quote, evidence.source_id)


def test_a_wish_that_could_have_been_met_for_a_month_is_not_offered_again(town):
    """Neither the product nor the wish is new."""
    town.wish(town.person("Mara"), "coat", 31 * DAY, RED)
    red_coat(town)
    assert [] == town.opportunities()


def test_a_new_wish_for_an_old_product_is_an_opportunity(town):
    """What counts is when both were there."""
    town.wish(town.person("Mara"), "coat", 29 * DAY, RED)
    red_coat(town)
    assert [1] == [len(one.audience.members) for one in town.opportunities()]


def test_a_restocked_size_reaches_those_who_need_that_size_only(town):
    """The other size was there all along, so the wish for it is old."""
    for_m, for_s = town.person("Mara"), town.person("Ole")
    town.wish(for_m, "coat", 60 * DAY, ("size", "M"))
    town.wish(for_s, "coat", 60 * DAY, ("size", "S"))
    town.product("Storm Coat", variants=[{"options": {"size": "M"}, "restocked": 3 * DAY}, {"options": {"size": "S"}}])
    one = town.only()
    assert [for_m] == [member.customer_id for member in one.audience.members]


def test_a_wish_must_be_met_by_one_variant_alone(town):
    """Red in S and black in M do not make a red M."""
    town.wish(town.person("Mara"), "coat", DAY, RED, ("size", "M"))
    town.product(
        "Storm Coat",
        variants=[{"options": {"color": "red", "size": "S"}}, {"options": {"color": "black", "size": "M"}}],
    )
    assert [] == town.opportunities()


@pytest.mark.parametrize("gone", [{"stock": 0}, {"available": False}])
def test_stock_gone_means_opportunity_gone(town, gone):
    """Only what can be bought now meets a wish."""
    town.wish(town.person("Mara"), "coat", DAY, RED)
    town.product("Storm Coat", created=DAY, variants=[{"options": {"color": "red"}, **gone}])
    assert [] == town.opportunities()


@pytest.mark.parametrize("status", ["met", "expired", "withdrawn"])
def test_only_open_wishes_count(town, status):
    """A closed wish is no reason to write."""
    town.wish(town.person("Mara"), "coat", DAY, RED, status=status)
    red_coat(town)
    assert [] == town.opportunities()


def test_a_wish_expires_against_the_clock(town):
    """After 180 days an open wish counts no more, even for a new product."""
    town.wish(town.person("Mara"), "coat", 181 * DAY, RED)
    red_coat(town, created=DAY)
    assert [] == town.opportunities()


def test_the_price_is_that_of_the_cheapest_variant_that_meets_the_wish(town):
    """The black one is cheaper, but was not asked for."""
    town.wish(town.person("Mara"), "coat", DAY, RED)
    red_coat(town)
    one = town.only()
    assert 12_900 == one.value.prices_minor
    assert "$99.00" == str(one.product.price)


def test_what_one_variant_could_have_met_all_along_is_not_news_when_another_comes_back(town):
    """Red in S was there for a year; that red in M came back changes nothing for who wants red."""
    town.wish(town.person("Mara"), "coat", 60 * DAY, RED)
    red = {"color": "red"}
    town.product("Storm Coat", variants=[{"options": red | {"size": "M"}, "restocked": DAY}, {"options": red}])
    assert [] == town.opportunities()


def test_of_several_variants_that_meet_the_wish_the_cheapest_counts(town):
    """The value promises no more than that."""
    town.wish(town.person("Mara"), "coat", DAY, RED)
    variants = [{"options": {"color": "red", "size": size}, "price": price} for size, price in (("S", 90), ("M", 80))]
    town.product("Storm Coat", variants=variants)
    assert 80 == town.only().value.prices_minor


def test_only_units_that_meet_a_wish_are_counted(town):
    """Nobody asked for the black ones."""
    town.wish(town.person("Mara"), "coat", DAY, RED)
    variants = [{"options": {"color": color}, "stock": stock} for color, stock in (("red", 3), ("black", 50))]
    town.product("Storm Coat", variants=variants)
    assert 3 == town.only().value.stock


def test_the_most_promising_and_then_the_newest_come_first(town):
    """In members, sample and evidence alike."""
    old, new, dear = town.person("Old"), town.person("New"), town.person("Dear")
    town.wish(old, "coat", 5 * DAY, WATERPROOF)
    town.wish(new, "coat", DAY, WATERPROOF)
    town.wish(dear, "coat", 9 * DAY, RED)
    red_coat(town)
    one = town.only()
    assert [dear, new, old] == [member.customer_id for member in one.audience.members]
    assert [dear, new, old] == [each.customer_id for each in one.evidence]


def test_of_two_wishes_of_one_person_for_one_product_the_newest_speaks(town):
    """One person is one member."""
    mara = town.person("Mara")
    town.wish(mara, "coat", 5 * DAY, RED)
    newest = town.wish(mara, "coat", DAY, WATERPROOF)
    red_coat(town)
    one = town.only()
    assert [newest] == [each.source_id for each in one.evidence]


def test_a_wish_that_names_only_the_thing_brings_no_message(town):
    """ "Any coats?" asks for nothing that a product could meet."""
    town.wish(town.person("Ada"), "coat", DAY, bare=True)
    red_coat(town)
    assert [] == town.opportunities()


def test_a_price_that_falls_into_what_somebody_wants_to_spend_is_news(town):
    """For who set a limit; who set none could have had it all along. The reason names both prices."""
    waits, rich = town.person("Mara"), town.person("Ole")
    town.wish(waits, "coat", 90 * DAY, RED, ("max_price", "100"))
    town.wish(rich, "coat", 90 * DAY, RED)
    cheaper = {"options": {"color": "red"}, "price": 9_900, "former": 12_900, "changed": 2 * DAY}
    town.product("Storm Coat", variants=[cheaper])
    one = town.only()
    assert [waits] == [member.customer_id for member in one.audience.members]
    assert "it costs $99.00 instead of $129.00 since 28 February 2026" in one.audience.members[0].because
    assert "cheaper since 28 February 2026" in one.why


def test_a_budget_stands_for_a_limit_that_the_wish_does_not_name(town):
    """What is dearer is no opportunity, and what becomes affordable is one."""
    mara, ole = town.person("Mara"), town.person("Ole")
    for who, budget in ((mara, "100 USD"), (ole, "50 USD")):
        town.wish(who, "coat", 90 * DAY, RED)
        town.fact(who, "budget", budget)
    town.product(
        "Storm Coat", variants=[{"options": {"color": "red"}, "price": 9_900, "former": 12_900, "changed": DAY}]
    )
    assert [mara] == [member.customer_id for member in town.only().audience.members]


def test_a_price_that_was_low_enough_before_is_no_news(town):
    """Nor is one that rose."""
    town.wish(town.person("Mara"), "coat", 90 * DAY, RED, ("max_price", "150"))
    red = {"options": {"color": "red"}, "changed": DAY}
    town.product("Storm Coat", variants=[red | {"price": 9_900, "former": 12_900}])
    town.product("Rain Coat", variants=[red | {"price": 12_900, "former": 9_900}])
    assert [] == town.opportunities()


def test_what_became_of_the_product_since_is_the_reason(town):
    """New, or back."""
    mara, ole = town.person("Mara"), town.person("Ole")
    town.wish(mara, "coat", 60 * DAY, RED)
    town.wish(ole, "boot", 60 * DAY, RED)
    town.product("Storm Coat", created=DAY, variants=[{"options": {"color": "red"}}])
    town.product("Trail Boots", "boots", variants=[{"options": {"color": "red"}, "restocked": DAY}])
    reasons = {m.customer_id: m.because for one in town.opportunities() for m in one.audience.members}
    assert "it is new since 1 March 2026" in reasons[mara]
    assert "it is back since 1 March 2026" in reasons[ole]

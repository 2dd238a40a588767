"""What an opportunity is worth, worked out again by hand."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from tools.campaigns.assumptions import Assumptions, Prior
from tools.campaigns.kinds import Kind
from tools.campaigns.value import Conversion, Value

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def observed(town, kind):
    """The conversion's (bought, observed)."""
    (one,) = town.opportunities(kind)
    return one.value.conversion.bought, one.value.conversion.observed


def test_the_value_of_carts_can_be_worked_out_by_hand(town):
    """One of four old carts was bought: (1 + 1) / (4 + 10) of two carts of $100.00 and $51.01."""
    _, coat, hat = town.product("Storm Coat", variants=[{"price": 10_000}, {"price": 5_101}])
    for name in "ABC":
        town.cart(town.person(name), 30 * DAY, coat)
    bought = town.person("D")
    town.cart(bought, 40 * DAY, coat)
    town.event(bought, "order_placed", 39 * DAY)
    town.cart(town.person("E"), DAY, coat)
    town.cart(town.person("F"), DAY, hat)
    shown = town.only().to_json()["value"]
    # 2 people × 2/14 × $75.505 × 0.40 − 2 × $0.05
    expected = round(2 * Fraction(1 + 1, 4 + 10) * Fraction(15_101, 2) * Fraction(40, 100) - 2 * 5)
    assert (853, "$8.53", "USD") == (expected, shown["expected"], shown["currency"])
    assert expected == shown["expected_minor"]
    terms = shown["terms"]
    assert (2, 7_550.5, 15_101, "0.40", 5) == (
        terms["audience"], terms["price_minor"], terms["prices_sum_minor"], terms["margin"],
        terms["contact_cost_minor"],
    )  # fmt: skip
    conversion = {"rate": 0.142857, "bought": 1, "observed": 4, "prior_bought": 1, "prior_observed": 10}
    assert conversion == {name: terms["conversion"][name] for name in conversion}
    assert shown["basis"].startswith("1 of 4 carts left for 2 hours were ordered within 7 days (the last 180 days)")


def test_a_cart_counts_as_left_only_if_nothing_happened_to_it_for_two_hours(town):
    """Changed or ordered sooner, emptied, or too young to know: none of these is a case."""
    _, coat = town.product("Storm Coat")
    who = town.person("A")
    town.cart(who, 30 * DAY, coat)  # changed an hour later
    town.cart(who, 30 * DAY - HOUR, coat)  # a case, not bought within 7 days
    town.event(who, "order_placed", 20 * DAY)
    quick = town.person("B")
    town.cart(quick, 30 * DAY, coat)
    town.event(quick, "order_placed", 30 * DAY - HOUR)
    town.cart(town.person("C"), 30 * DAY)
    town.cart(town.person("D"), 6 * DAY, coat)
    town.cart(town.person("E"), 181 * DAY, coat)
    assert (0, 1) == observed(town, Kind.CART_LEFT)


def test_a_cart_changed_after_exactly_two_hours_had_been_left(town):
    """And so had what it became."""
    _, coat = town.product("Storm Coat")
    who = town.person("A")
    town.cart(who, 30 * DAY, coat)
    town.cart(who, 30 * DAY - 2 * HOUR, coat)
    town.cart(town.person("B"), DAY, coat)
    assert (0, 2) == observed(town, Kind.CART_LEFT)


def test_the_conversion_of_wishes_is_customers_who_bought_within_thirty_days(town):
    """Counted once each, whatever became of the wish; too young a wish is no case."""
    coat, *_ = town.product("Storm Coat")
    bought, late, never = town.person("A"), town.person("B"), town.person("C")
    for who in (bought, late, never, never):
        town.wish(who, "hat", 60 * DAY, status="expired")
    town.bought(bought, coat, 30 * DAY)
    town.bought(late, coat, 29 * DAY)
    town.wish(town.person("D"), "coat", DAY)
    assert (1, 3) == observed(town, Kind.WISH_MET)


def test_the_conversion_of_looks_is_products_bought_within_fourteen_days_of_the_first(town):
    """A pair of a customer and a product is a case, but for who bought it at once."""
    coat, red = town.product("Storm Coat", variants=[{"restocked": DAY}])
    hat, *_ = town.product("Hat", "hat")
    a, b = town.person("A"), town.person("B")
    town.event(a, "product_viewed", 60 * DAY, coat)
    town.event(a, "product_viewed", 50 * DAY, coat)
    town.event(a, "product_viewed", 60 * DAY, hat)
    town.event(b, "product_viewed", 60 * DAY, coat, red)
    town.event(town.person("C"), "product_viewed", 13 * DAY, coat)
    town.event(a, "product_viewed", 50 * DAY, hat)
    at_once = town.person("D")
    town.event(at_once, "product_viewed", 60 * DAY, coat)
    town.bought(at_once, coat, 60 * DAY - HOUR)
    town.bought(at_once, coat, 50 * DAY)
    town.bought(a, coat, 46 * DAY)
    town.bought(a, hat, 45 * DAY)
    assert (1, 3) == observed(town, Kind.BACK_IN_STOCK)


def test_without_any_history_the_prior_stands(town):
    """And is named."""
    town.wish(town.person("A"), "coat", DAY)
    town.product("Storm Coat")
    one = town.only()
    assert Fraction(1, 10) == one.value.conversion.rate
    assert "0 of 0 customers" in one.value.conversion.basis
    assert "the prior of 1 of 10" in one.value.conversion.basis


def test_assumptions_are_handed_in(town):
    """Half the margin, half the value but for the cost."""
    town.wish(town.person("A"), "coat", DAY)
    town.product("Storm Coat")
    (one,) = town.survey(
        assumptions=Assumptions(Decimal("0.20"), 0, {kind: Prior(1, 2) for kind in Kind})
    ).opportunities
    assert 1_000 == one.value.expected_minor


def test_no_more_is_sold_than_there_is():
    """Ten buyers for three units buy three, and the formula says so."""
    conversion = Conversion(0, 0, Prior(1, 10), "cases")
    value = Value(100, conversion, 100 * 5_000, "USD", Decimal("0.40"), 5, stock=3)
    assert 3 * 5_000 * 4 // 10 - 100 * 5 == value.expected_minor
    assert "stock × price × margin − audience × contact cost" == value.to_json()["formula"]
    enough = replace(value, stock=10)
    assert 10 * 5_000 * 4 // 10 - 100 * 5 == enough.expected_minor
    assert "audience × conversion × price × margin − audience × contact cost" == enough.to_json()["formula"]

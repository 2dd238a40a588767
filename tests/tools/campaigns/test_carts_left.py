"""Opportunities out of carts that were left."""

from datetime import timedelta

import pytest

from tools.campaigns.carts import CartLine, lines_of
from tools.campaigns.kinds import Kind

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_a_cart_left_for_two_hours_is_found_with_its_event(town):
    """The evidence is the newest cart event."""
    mara = town.person("Mara")
    _, coat = town.product("Storm Coat", variants=[{"price": 12_900}])
    town.cart(mara, 5 * HOUR, coat)
    newest = town.cart(mara, 2 * HOUR, coat, quantity=2)
    one = town.only()
    assert (Kind.CART_LEFT, None) == (one.kind, one.product)
    assert [("cart_updated", newest)] == [(each.event, each.source_id) for each in one.evidence]
    assert "left Storm Coat ($258.00) in the cart on 2 March 2026" == one.audience.members[0].because


@pytest.mark.parametrize("ago", [2 * HOUR - timedelta(seconds=1), 14 * DAY + timedelta(seconds=1)])
def test_a_cart_touched_just_now_or_long_ago_is_none(town, ago):
    """Two hours to 14 days, both included."""
    _, coat = town.product("Storm Coat")
    town.cart(town.person("Mara"), ago, coat)
    assert [] == town.opportunities()


def test_a_cart_that_was_emptied_or_ordered_is_none(town):
    """The newest cart counts, and an order since ends it."""
    emptied, ordered = town.person("Mara"), town.person("Ole")
    _, coat = town.product("Storm Coat")
    town.cart(emptied, DAY, coat)
    town.cart(emptied, 5 * HOUR)
    town.cart(ordered, DAY, coat)
    town.event(ordered, "order_placed", 5 * HOUR)
    assert [] == town.opportunities()


def test_an_order_before_the_cart_does_not_end_it(town):
    """Only orders since the cart count."""
    mara = town.person("Mara")
    _, coat = town.product("Storm Coat")
    town.event(mara, "order_placed", 2 * DAY)
    town.cart(mara, DAY, coat)
    assert [mara] == [member.customer_id for member in town.only().audience.members]


def test_only_what_is_still_in_stock_counts(town):
    """A cart whose things are all gone is none; of the others what is gone is not counted."""
    mara, ole = town.person("Mara"), town.person("Ole")
    _, coat, gone = town.product("Storm Coat", variants=[{"price": 5_000}, {"price": 9_000, "stock": 0}])
    town.cart(mara, DAY, coat, gone)
    town.cart(ole, DAY, gone)
    one = town.only()
    assert ([mara], 5_000) == ([member.customer_id for member in one.audience.members], one.value.prices_minor)


def test_no_more_units_are_counted_than_there_are(town):
    """A cart of a million is worth what is in stock."""
    _, coat = town.product("Storm Coat", variants=[{"price": 5_000, "stock": 3}])
    town.cart(town.person("Mara"), DAY, coat, quantity=1_000_000)
    assert 15_000 == town.only().value.prices_minor


def test_a_product_that_five_left_is_an_opportunity_of_its_own(town):
    """The others' carts are one together."""
    coat_id, coat = town.product("Storm Coat")
    _, hat = town.product("Hat", "hat")
    for name in "ABCDE":
        town.cart(town.person(name), DAY, coat, hat) if name == "A" else town.cart(town.person(name), DAY, coat)
    town.cart(town.person("F"), DAY, hat)
    found = {one.product.product_id if one.product else None: len(one.audience.members) for one in town.opportunities()}
    assert {coat_id: 5, None: 1} == found


@pytest.mark.parametrize(
    "properties",
    [{}, {"items": None}, {"items": "coat"}, {"items": ["coat", 7, {"quantity": 1}, {"variant": 7}]},
     {"items": [{"variant": "v", "quantity": "many"}, {"variant": "v", "quantity": -1}]}],
)  # fmt: skip
def test_a_cart_event_that_makes_no_sense_has_no_lines(properties):
    """Events come from outside."""
    assert () == lines_of(properties)


def test_a_line_without_a_quantity_is_one_unit():
    """What is said is taken."""
    assert (CartLine("v", 1),) == lines_of({"items": [{"variant": "v"}]})

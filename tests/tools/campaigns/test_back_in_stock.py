"""Opportunities out of things that came back."""

from datetime import timedelta

import pytest

from tools.campaigns.kinds import Kind

DAY = timedelta(days=1)


def coat(town, **more):
    """A coat whose red came back three days ago; blue was there all along. Ids of product, red and blue."""
    red = {"options": {"color": "red"}, "restocked": 3 * DAY, **more}
    return town.product("Storm Coat", variants=[red, {"options": {"color": "blue"}}])


def test_who_looked_at_it_while_it_was_out_or_asked_is_found(town):
    """The variant, the product without a variant, or a request, which may come after the restock too."""
    product, red, _ = coat(town)
    variant, whole, asked = town.person("Mara"), town.person("Ole"), town.person("Pia")
    events = [
        town.event(variant, "product_viewed", 10 * DAY, product, red),
        town.event(whole, "product_viewed", 20 * DAY, product),
        town.event(asked, "back_in_stock_requested", 2 * DAY, product, red),
    ]
    one = town.only()
    assert (Kind.BACK_IN_STOCK, product) == (one.kind, one.product.product_id)
    assert {variant, whole, asked} == {member.customer_id for member in one.audience.members}
    assert set(events) == {each.source_id for each in one.evidence}


def test_an_event_that_names_only_the_variant_counts(town):
    """The product follows from it."""
    _, red, _ = coat(town)
    mara = town.person("Mara")
    town.event(mara, "product_viewed", 10 * DAY, None, red)
    assert [mara] == [member.customer_id for member in town.only().audience.members]


def test_who_looked_at_another_variant_or_too_early_or_afterwards_is_not(town):
    """They did not miss what came back."""
    product, red, blue = coat(town)
    town.event(town.person("Mara"), "product_viewed", 10 * DAY, product, blue)
    town.event(town.person("Ole"), "product_viewed", 64 * DAY, product, red)
    town.event(town.person("Pia"), "product_viewed", DAY, product, red)
    assert [] == town.opportunities()


@pytest.mark.parametrize("more", [{"stock": 0}, {"available": False}, {"restocked": 15 * DAY}])
def test_gone_again_or_back_for_long_is_none(town, more):
    """It must be there, and news."""
    product, red, _ = coat(town, **more)
    town.event(town.person("Mara"), "product_viewed", 20 * DAY, product, red)
    assert [] == town.opportunities()


def test_who_bought_it_since_is_excluded_with_the_order(town):
    """Sent back or not: they have had it."""
    product, red, _ = coat(town)
    mara = town.person("Mara")
    town.event(mara, "product_viewed", 10 * DAY, product, red)
    order = town.bought(mara, product, 2 * DAY, kept=False)
    found = town.survey()
    assert [] == found.opportunities
    (left_out,) = found.left_out
    ((reason, customers),) = [(each.reason.value, each.customers) for each in left_out.exclusions]
    assert ("ordered it meanwhile", [order]) == (reason, [each.source_id for each in customers])


def test_who_bought_it_between_two_looks_is_excluded(town):
    """They have had it since they first looked."""
    product, red, _ = coat(town)
    mara = town.person("Mara")
    town.event(mara, "product_viewed", 20 * DAY, product, red)
    order = town.bought(mara, product, 15 * DAY)
    town.event(mara, "product_viewed", 10 * DAY, product, red)
    (left_out,) = town.survey().left_out
    assert [order] == [each.source_id for exclusion in left_out.exclusions for each in exclusion.customers]


def test_who_bought_it_before_they_looked_may_want_another(town):
    """Only orders since count."""
    product, red, _ = coat(town)
    mara = town.person("Mara")
    town.bought(mara, product, 30 * DAY)
    town.event(mara, "product_viewed", 10 * DAY, product, red)
    assert [mara] == [member.customer_id for member in town.only().audience.members]


def test_the_reason_names_the_variant_and_the_number_of_looks(town):
    """The newest look is the evidence."""
    product, red, _ = coat(town)
    mara = town.person("Mara")
    town.event(mara, "product_viewed", 12 * DAY, product, red)
    newest = town.event(mara, "product_viewed", 10 * DAY, product, red)
    one = town.only()
    assert "looked at Storm Coat (red) on 20 February 2026, before it came back, 2 times in all" == (
        one.audience.members[0].because
    )
    assert [newest] == [each.source_id for each in one.evidence]

"""Restraint: who fits several opportunities gets one message, the one worth most."""

from datetime import timedelta

from tools.campaigns.kinds import Kind, Reason

DAY = timedelta(days=1)


def test_who_fits_two_stays_where_writing_is_worth_most(town):
    """The other one names the better one."""
    mara, ole = town.person("Mara"), town.person("Ole")
    _, coat = town.product("Storm Coat", variants=[{"price": 30_000}])
    _, hat = town.product("Hat", "hat", variants=[{"price": 3_000}])
    town.wish(mara, "hat", DAY)
    town.wish(ole, "hat", DAY)
    town.cart(mara, DAY, coat)
    cart, wish = town.opportunities()
    assert ([mara], [ole]) == tuple([m.customer_id for m in one.audience.members] for one in (cart, wish))
    (exclusion,) = wish.audience.exclusions
    assert (Reason.BETTER, [(mara, cart.id)]) == (
        exclusion.reason,
        [(each.customer_id, each.source_id) for each in exclusion.customers],
    )
    assert hat


def test_asking_for_one_kind_gives_nobody_a_second_message(town):
    """Who is in the best of all kinds is not in another because only that was asked for."""
    mara = town.person("Mara")
    _, coat = town.product("Storm Coat", variants=[{"price": 30_000}])
    town.product("Hat", "hat", variants=[{"price": 3_000}])
    town.wish(mara, "hat", DAY)
    town.cart(mara, DAY, coat)
    assert [] == town.opportunities(Kind.WISH_MET)
    assert [Kind.CART_LEFT] == [one.kind for one in town.opportunities(Kind.CART_LEFT)]


def test_an_occasion_whose_people_all_get_a_better_message_is_not_left_out(town):
    """Nobody is missed there."""
    mara = town.person("Mara")
    for price in (9_000, 8_000):
        town.product(f"Coat {price}", variants=[{"price": price}])
    town.wish(mara, "coat", DAY)
    found = town.survey()
    assert (["Coat 9000"], []) == ([one.product.name for one in found.opportunities], found.left_out)


def test_somebody_excluded_is_named_once_in_what_is_left_out(town):
    """Five boots fit one wish; that nobody may answer it is said once."""
    town.wish(town.person("Mara", consent=False), "coat", DAY)
    for number in range(5):
        town.product(f"Coat {number}")
    found = town.survey()
    assert (0, 1) == (len(found.opportunities), len(found.left_out))


def test_who_may_not_get_the_best_message_about_something_gets_the_next(town):
    """An order of the dearer coat bars that one only."""
    mara = town.person("Mara")
    dear, *_ = town.product("Dear Coat", variants=[{"price": 9_000}])
    town.product("Plain Coat", variants=[{"price": 8_000}])
    town.wish(mara, "coat", 2 * DAY)
    town.bought(mara, dear, DAY)
    assert ["Plain Coat"] == [one.product.name for one in town.opportunities()]

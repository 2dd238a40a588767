"""When to send."""

from datetime import UTC, datetime, timedelta

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def wishing(town, *names):
    """People who wished for a coat yesterday; the coat is there."""
    people = [town.person(name) for name in names]
    for who in people:
        town.wish(who, "coat", DAY)
    town.product("Storm Coat")
    return people


def test_it_is_sent_at_the_hour_at_which_the_audience_opens_most(town):
    """In the shop's time zone: now is 17:00 in Chicago, and most opens fell between 8:00 and 9:00 there."""
    town.shop("America/Chicago")
    mara, ole = wishing(town, "Mara", "Ole")
    for days in range(8):
        town.event(mara, "email_opened", days * DAY + 9 * HOUR)
        town.event(ole, "email_clicked", days * DAY + 9 * HOUR)
    for days in range(4):
        town.event(ole, "email_opened", days * DAY + HOUR)
    timing = town.only().timing
    assert datetime(2026, 3, 3, 14, tzinfo=UTC) == timing.send
    assert timing.because.startswith(
        "16 of 20 e-mail opens by this audience fell between 8:00 and 9:00 (America/Chicago); "
    )


def test_few_opens_are_helped_out_by_everybody_who_gets_a_message(town):
    """One person's one open says little."""
    mara, *others = wishing(town, "Mara")
    assert [] == others
    town.event(mara, "email_opened", 3 * HOUR)
    _, hat = town.product("Hat", "hat")
    ole = town.person("Ole")
    town.cart(ole, DAY, hat)
    for days in range(19):
        town.event(ole, "email_opened", days * DAY + HOUR)
    wish = next(one for one in town.opportunities() if one.product)
    assert datetime(2026, 3, 3, 22, tzinfo=UTC) == wish.timing.send
    assert wish.timing.because.startswith("19 of 20 e-mail opens by everybody who would get a message now fell")


def test_without_opens_it_is_ten_o_clock_and_says_so(town):
    """Old opens do not count."""
    (mara,) = wishing(town, "Mara")
    for days in range(91, 120):
        town.event(mara, "email_opened", days * DAY)
    timing = town.only().timing
    assert datetime(2026, 3, 3, 10, tzinfo=UTC) == timing.send
    assert timing.because.startswith("fewer than 20 e-mail opens are known, so 10:00 (UTC) by default; ")


def test_it_ends_when_it_stops_to_fit_for_half(town):
    """Carts of one, two and nine days: the middle one is 14 days old in twelve days."""
    _, coat = town.product("Storm Coat")
    for name, days in (("A", 1), ("B", 2), ("C", 9)):
        town.cart(town.person(name), days * DAY, coat)
    timing = town.only().timing
    assert town.clock.now() + 12 * DAY == timing.until
    assert timing.because.endswith("; on 14 March 2026 it will be 14 days since they left the cart, for half of them")


def test_what_ends_before_the_next_good_hour_is_sent_at_once(town):
    """Ten o'clock is eleven hours away, and the cart fades in five."""
    _, coat = town.product("Storm Coat")
    town.cart(town.person("A"), 14 * DAY - 5 * HOUR, coat)
    timing = town.only().timing
    assert (town.clock.now(), town.clock.now() + 5 * HOUR) == (timing.send, timing.until)
    assert timing.because.startswith("at once: ")


def test_it_is_said_where_there_are_fewer_units_than_people(town):
    """So that whoever sends knows that it will not do for all."""
    people = [town.person(name) for name in "ABC"]
    for who in people:
        town.wish(who, "coat", DAY)
    town.product("Storm Coat", variants=[{"stock": 2}])
    assert town.only().timing.because.endswith("; there are 2 units for 3 customers")

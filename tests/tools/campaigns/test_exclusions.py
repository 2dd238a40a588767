"""Who fits an opportunity and is not written to, and why."""

from datetime import timedelta

import pytest

DAY = timedelta(days=1)


def wishing(town, **person):
    """Somebody who wished for a coat two days ago, and the coat."""
    who = town.person("Mara", **person)
    town.wish(who, "coat", 2 * DAY)
    product, *_ = town.product("Storm Coat", created=DAY)
    return who, product


def excluded(found):
    """Reason and source ids of the only thing left out; nobody is in any audience."""
    assert [] == found.opportunities
    (left_out,) = found.left_out
    return [(each.reason.value, [one.source_id for one in each.customers]) for each in left_out.exclusions]


def test_an_open_complaint_excludes_with_the_event_that_opened_it(town):
    """Nobody is promoted to while a complaint is open."""
    who, _ = wishing(town)
    opened = town.event(who, "complaint_opened", DAY, ticket="tkt_1")
    assert [("open complaint", [opened])] == excluded(town.survey())


def test_a_resolved_complaint_is_let_in_again(town):
    """Resolved is resolved."""
    who, _ = wishing(town)
    town.event(who, "complaint_opened", 2 * DAY, ticket="tkt_1")
    town.event(who, "complaint_resolved", DAY, ticket="tkt_1")
    assert [who] == [member.customer_id for member in town.only().audience.members]


def test_another_ticket_resolved_does_not_resolve_this_one(town):
    """Each complaint has its own end."""
    who, _ = wishing(town)
    opened = town.event(who, "complaint_opened", 2 * DAY, ticket="tkt_1")
    town.event(who, "complaint_resolved", DAY, ticket="tkt_2")
    assert [("open complaint", [opened])] == excluded(town.survey())


def test_who_never_agreed_to_e_mail_is_excluded_without_a_source(town):
    """There is nothing that could say so."""
    wishing(town, consent=None)
    assert [("no e-mail consent", [None])] == excluded(town.survey())


def test_a_consent_to_another_channel_is_none_to_e_mail(town):
    """Consent is per channel."""
    who, _ = wishing(town, consent=None)
    town.consent(who, True, DAY, channel="sms")
    assert [("no e-mail consent", [None])] == excluded(town.survey())


def test_the_newest_word_on_e_mail_counts(town):
    """First yes and then no is no; the other way round it is yes."""
    who, _ = wishing(town, consent=True)
    town.consent(who, False, DAY)
    ((reason, (source,)),) = excluded(town.survey())
    assert ("no e-mail consent", True) == (reason, source.startswith("consent:"))
    town.consent(who, True, timedelta(hours=1))
    assert [who] == [member.customer_id for member in town.only().audience.members]


def test_who_has_no_e_mail_address_cannot_be_reached(town):
    """Consent alone delivers nothing."""
    wishing(town, email=False)
    assert [("no way to reach them", [None])] == excluded(town.survey())


def test_a_phone_is_no_e_mail_address(town):
    """What cannot be mailed is not reached by a mail."""
    who, _ = wishing(town, email=False)
    town.phone(who, "+13125550123")
    assert [("no way to reach them", [None])] == excluded(town.survey())


def test_an_order_at_the_moment_of_the_wish_counts_as_since(town):
    """Where times are equal, nobody is offered what they have."""
    who, product = wishing(town)
    order = town.bought(who, product, 2 * DAY)
    assert [("ordered it meanwhile", [order])] == excluded(town.survey())


@pytest.mark.parametrize("kept", [True, False])
def test_who_bought_that_product_since_is_excluded_with_the_order(town, kept):
    """Sent back or not."""
    who, product = wishing(town)
    order = town.bought(who, product, DAY, kept=kept)
    assert [("ordered it meanwhile", [order])] == excluded(town.survey())


def test_who_bought_it_before_they_wished_or_bought_something_else_is_not_excluded(town):
    """Only that product, only since their own wish, however old others' are."""
    who, product = wishing(town)
    earlier = town.person("Ole")
    town.wish(earlier, "coat", 5 * DAY)
    other, *_ = town.product("Hat", "hat")
    town.bought(who, product, 3 * DAY)
    town.bought(who, other, DAY)
    assert [who, earlier] == [member.customer_id for member in town.only().audience.members]


@pytest.mark.parametrize("name", ["message_sent", "email_sent"])
def test_who_got_a_message_within_three_days_is_excluded_with_it(town, name):
    """The newest one is the source."""
    who, _ = wishing(town)
    town.event(who, name, 2 * DAY)
    newest = town.event(who, name, DAY)
    assert [("messaged in the last 3 days", [newest])] == excluded(town.survey())


def test_a_message_of_three_days_ago_does_not_exclude(town):
    """The rest is over."""
    who, _ = wishing(town)
    town.event(who, "message_sent", 3 * DAY)
    assert [who] == [member.customer_id for member in town.only().audience.members]


def test_the_first_of_several_reasons_is_given(town):
    """A complaint outweighs all; each person is counted once."""
    who, product = wishing(town, consent=False, email=False)
    town.bought(who, product, DAY)
    opened = town.event(who, "complaint_opened", DAY, ticket="tkt_1")
    assert [("open complaint", [opened])] == excluded(town.survey())


def test_a_customer_who_turned_out_to_be_another_is_nobody(town):
    """Only the one they were merged into is written to."""
    mara = town.person("Mara")
    town.save()
    wishing(town, merged=mara)
    assert ([], []) == (town.survey().opportunities, town.survey().left_out)


def test_an_exclusion_counts_all_and_names_five(town):
    """As the sample does."""
    for name in "ABCDEFG":
        town.wish(town.person(name, consent=False), "coat", DAY)
    town.wish(town.person("Mara"), "coat", DAY)
    town.product("Storm Coat")
    (shown,) = town.only().to_json()["audience"]["exclusions"]
    assert ("no e-mail consent", 7, 5) == (shown["reason"], shown["count"], len(shown["customers"]))

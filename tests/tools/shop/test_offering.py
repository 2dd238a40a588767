"""Recommendations and what the shop has for open wishes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kit.clock import SetClock
from tests.tools.conftest import Load, SignIn
from tests.tools.small_shop import CATALOG, SHOP, customer, order, product, turn
from tools.registry import ToolContext
from tools.toolboxes import support_toolbox

TOOLS = support_toolbox()
WISH = "I'm looking for a red winter coat, waterproof, fur lining."


@pytest.fixture(autouse=True)
def _stocked(load: Load) -> None:
    load([SHOP, *CATALOG, *(customer(who) for who in ("ann", "ben", "cleo", "dan"))])


def recommended(context: ToolContext, **arguments: object) -> dict[str, str]:
    """Names with reasons, in order."""
    found = TOOLS.run(context, "recommend_products", arguments)["products"]
    return {one["name"]: one["reason"] for one in found}


def test_an_open_wish_is_the_first_reason(load: Load, signed_in: SignIn) -> None:
    """In the customer's words, with what the product has of it and what not."""
    load([turn("t1", "ann", WISH)])

    found = recommended(signed_in("ann"))

    said = "You said “I'm looking for a red winter coat, waterproof, fur lining” on 1 February 2026; this one has"
    first, second = list(found.items())[:2]
    assert "Lighthouse Fur-Lined Storm Coat" == first[0]
    assert first[1].startswith(f"{said} all of it: red")
    assert second[1].startswith(said)
    assert ", but not: " in second[1]


def test_what_others_bought_beside_it_is_counted(load: Load, signed_in: SignIn) -> None:
    """Two buyers in common at least, cancelled orders not counted, and nothing that is owned already."""
    load(
        [
            order("#1", "ann", ["trail-brown-42"]),
            order("#2", "ben", ["trail-brown-42", "ember-red-one size"]),
            order("#3", "cleo", ["trail-brown-43", "harbor-green-M"]),
            order("#4", "cleo", ["ember-red-one size"]),
            order("#5", "dan", ["trail-brown-43", "harbor-green-M"], status="cancelled"),
        ]
    )

    found = recommended(signed_in("ann"), limit=10)

    assert "2 customers who bought the Trail Hiking Boots, as you did, bought this too." == found["Ember Scarf"]
    assert "Trail Hiking Boots" not in found
    assert "who bought" not in found.get("Harbor Sweater", "")


def test_what_is_like_what_they_own_says_what_is_alike(load: Load, signed_in: SignIn) -> None:
    """Of the same kind, with what both state."""
    load([order("#1", "ann", ["kinnick-red-S"])])

    assert (
        "You bought the Kinnick Waterproof Winter Coat on 10 February 2026, and this is of the same kind "
        "(both waterproof, hood, winter)."
    ) == recommended(signed_in("ann"), limit=10)["Lighthouse Fur-Lined Storm Coat"]


def test_what_they_dislike_or_cannot_wear_is_left_out(load: Load, signed_in: SignIn) -> None:
    """Wool for somebody who is allergic to it, in recommendations of every kind."""
    load([turn("t1", "ann", "I'm allergic to wool."), turn("t2", "ann", "I need a sweater.")])

    for arguments in ({"limit": 10}, {"about": "a sweater", "limit": 10}):
        found = recommended(signed_in("ann"), **arguments)
        assert "Reed Cotton Sweater" in found
        assert "Harbor Sweater" not in found
        assert "Ember Scarf" not in found


def test_nothing_sold_out_is_recommended(tool_context: ToolContext) -> None:
    """Not even when it is asked for."""
    assert "Puddle Rain Jacket" not in recommended(tool_context, about="a yellow rain jacket", limit=10)


def test_an_unknown_shopper_gets_what_many_bought_and_what_is_new(load: Load, tool_context: ToolContext) -> None:
    """With the true numbers."""
    load([order("#1", "ann", ["tarn-red-M"]), order("#2", "ben", ["tarn-brown-M", "harbor-green-M"])])

    assert {
        "Tarn Shearling-Look Coat": "2 customers bought it.",
        "Harbor Sweater": "1 customer bought it.",
        "Lighthouse Fur-Lined Storm Coat": "It is new in the shop since 1 March 2026.",
    } == recommended(tool_context)


def test_a_claimed_customer_gets_nothing_of_the_real_ones_taste(load: Load, signed_in: SignIn) -> None:
    """Without a sign-in the memory of a known customer stays closed."""
    load([turn("t1", "ann", WISH)])

    claimed = replace(signed_in("ann"), verified=False)

    assert not any("You said" in reason for reason in recommended(claimed, limit=10).values())
    assert "verify_first" == TOOLS.run(claimed, "find_for_wishes", {})["code"]


def test_open_wishes_are_held_against_the_shop_as_it_is_now(load: Load, signed_in: SignIn, clock: SetClock) -> None:
    """Matches of the kind wished for, those that meet everything first, at most three; a met wish is gone."""
    more = (product(f"plain{n}", f"Plain Coat {n}", "winter coat") for n in range(5))
    load([*more, turn("t1", "ann", WISH)])

    found = TOOLS.run(signed_in("ann"), "find_for_wishes", {})["wishes"]

    assert [("coat", "2026-02-01T20:00:00+00:00")] == [(wish["item"], wish["voiced_at"]) for wish in found]
    matches = found[0]["matches"]
    assert ("Lighthouse Fur-Lined Storm Coat", [], 3) == (matches[0]["name"], matches[0]["unmet"], len(matches))
    assert {"winter coat"} == {match["category"] for match in matches}

    load([order("#1", "ann", ["lighthouse-red-M"], placed_at="2026-03-02T22:00:00Z")])
    clock.set(datetime(2026, 3, 3, tzinfo=UTC))
    assert [] == TOOLS.run(signed_in("ann"), "find_for_wishes", {})["wishes"]


def test_a_match_says_what_changed_since_the_wish_was_voiced(load: Load, signed_in: SignIn, clock: SetClock) -> None:
    """A new product does; one that was there when they asked says nothing."""
    load([turn("t1", "ann", WISH)])
    clock.set(datetime(2026, 3, 2, tzinfo=UTC))
    (wish,) = TOOLS.run(signed_in("ann"), "find_for_wishes", {})["wishes"]
    assert "new since 2026-03-01" == wish["matches"][0]["news"]

"""Orders, for their customer only."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.tools.conftest import Load, SignIn
from tests.tools.shop.importing.everything import EVERYTHING, SHIPPED
from tests.tools.small_shop import order
from tools.registry import ToolContext
from tools.toolboxes import support_toolbox

TOOLS = support_toolbox()


@pytest.fixture(autouse=True)
def _history(load: Load) -> None:
    load([*EVERYTHING, order("#W3", "ann", ["tarn-red-M"], placed_at="2026-02-20T12:00:00Z", status="pending")])


def test_orders_are_listed_newest_first(signed_in: SignIn) -> None:
    """With number, status, date, total and names; a status narrows the list."""
    ann = signed_in("ann")

    assert {
        "orders": [
            {"order_id": "#W3", "status": "pending", "placed_at": "2026-02-20T12:00:00+00:00", "total": "$50.00",
             "items": ["Tarn Shearling-Look Coat"]},
            {"order_id": "#W1", "status": "delivered", "placed_at": "2026-02-10T12:00:00+00:00", "total": "$100.00",
             "items": ["Trail Hiking Boots", "Ember Scarf"]},
        ]
    } == TOOLS.run(ann, "find_orders", {})  # fmt: skip
    assert ["#W1"] == [o["order_id"] for o in TOOLS.run(ann, "find_orders", {"status": "Delivered"})["orders"]]
    assert [] == TOOLS.run(ann, "find_orders", {"status": "lost"})["orders"]


def test_an_order_is_shown_with_everything_that_is_known(signed_in: SignIn) -> None:
    """Items, parcels, payments by the name of their method, address; what is not known is null."""
    assert {
        "order_id": "#W1",
        "status": "delivered",
        "placed_at": "2026-02-10T12:00:00+00:00",
        "items": [
            {"name": "Trail Hiking Boots", "options": {"color": "brown", "size": "42"}, "quantity": 1,
             "price": "$50.00", "sku": "trail-brown-42"},
            {"name": "Ember Scarf", "options": {"color": "red", "size": "one size"}, "quantity": 1, "price": "$50.00",
             "sku": "ember-red-one size"},
        ],
        "total": "$100.00",
        "shipments": [
            {"carrier": "UPS", "tracking": ["1Z9"], "status": "delivered", "items": ["Trail Hiking Boots"],
             "shipped_at": "2026-02-11T12:00:00+00:00", "expected_at": None,
             "delivered_at": "2026-02-13T18:00:00+00:00"}
        ],
        "payments": [{"kind": "payment", "amount": "$100.00", "method": "Visa ending in 1234"}],
        "address": {"line1": "1 Main St", "city": "Chicago", "postcode": "60601", "country": "US"},
    } == TOOLS.run(signed_in("ann"), "get_order", {"order_id": "#W1"})  # fmt: skip
    assert SHIPPED["shipments"][0]["carrier"] == "UPS"


@pytest.mark.parametrize("number", ["#W1", "w1", "W1", " #w1 ", "# W-1", "Ｗ１"])
def test_a_number_is_understood_however_it_is_written(signed_in: SignIn, number: str) -> None:
    """With and without #, in either case, with spaces."""
    assert "#W1" == TOOLS.run(signed_in("ann"), "get_order", {"order_id": number})["order_id"]


def test_the_letter_may_be_missing_from_a_long_number(signed_in: SignIn, load: Load) -> None:
    """Shoppers read out the digits."""
    load([order("#W2378156", "ann", ["tarn-red-M"])])

    assert "#W2378156" == TOOLS.run(signed_in("ann"), "get_order", {"order_id": "2378156"})["order_id"]


def test_somebody_elses_order_and_none_at_all_are_the_same_error(signed_in: SignIn) -> None:
    """That it exists is not told."""
    ann = signed_in("ann")

    said = [TOOLS.run(ann, "get_order", {"order_id": number}) for number in ("#W2", "#W9")]

    assert [
        {
            "error": f"there is no order '{number}' among this customer's orders; "
            "ask for the number again, or list the orders",
            "code": "not_found",
        }
        for number in ("#W2", "#W9")
    ] == said


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.text(max_size=60) | st.sampled_from(["#W2", "w2", "W2", "2", "# w 2"]).map(lambda text: text + " "))
@example(number="#W2' OR '1'='1")
@example(number="%")
@example(number="_W2")
@example(number="#W2\x00")
@example(number="#W1,#W2")
@example(number="../#W2")
@example(number="ord_")
def test_no_number_opens_somebody_elses_order(signed_in: SignIn, number: str) -> None:
    """Whatever is asked for, ann gets her own orders or the one error, and nothing of ben's."""
    found = TOOLS.run(signed_in("ann"), "get_order", {"order_id": number})

    assert found.get("order_id") in ("#W1", "#W3") or found["code"] in ("not_found", "tool_misuse")
    assert "Harbor Sweater" not in str(found)


def test_orders_need_a_sign_in(signed_in: SignIn, tool_context: ToolContext) -> None:
    """Neither a guest nor a claimed customer sees any."""
    for context in (tool_context, replace(signed_in("ann"), verified=False)):
        assert "verify_first" == TOOLS.run(context, "find_orders", {})["code"]
        assert "verify_first" == TOOLS.run(context, "get_order", {"order_id": "#W1"})["code"]

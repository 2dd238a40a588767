"""Slots, shorthand and slips of the pen."""

from decimal import Decimal

import pytest

from agents.local_model.reading import core, plain
from agents.local_model.slots import Slots, bare_number, slots_of


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("where is #W2378156?", ("#W2378156",)),
        ("w2378156 please", ("W2378156",)),
        ("order A-10023 and #1001", ("A-10023", "#1001")),
        ("my order 12345 is late", ("12345",)),
        ("order number 777 pls", ("777",)),
        ("# W42", ("#W42",)),
        ("I live at 60601 and wear size 43", ()),
        ("the WH-1000XM4 or the RTX4090", ()),
        ("#W1 or #w1?", ("#W1",)),
    ],
)
def test_order_numbers_are_found(text: str, orders: tuple[str, ...]) -> None:
    """As shoppers write them; zip codes, sizes and models are none."""
    assert orders == slots_of(text).orders


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("yes", True), ("Yes please!", True), ("sure, go ahead", True), ("ok", True), ("yes, pass it on please", True),
        ("no", False), ("No, thanks.", False), ("nope", False), ("never mind", False), ("no, don't do that", False),
        ("where is my order", None), ("yes I know but my boots have been on their way for two weeks now", None),
        ("north", None),
    ],
)  # fmt: skip
def test_yes_and_no(text: str, yes: bool | None) -> None:
    """Only a short message is a yes or a no."""
    assert yes is slots_of(text).yes


def test_other_slots() -> None:
    """Money, sizes, addresses, ids and places in a list."""
    slots = slots_of("The second one under $1,150.50 in size 43, or 20 dollars in XL? Write ana@example.com, cus_01AB")
    assert (Decimal("1150.50"), Decimal(20)) == slots.money
    assert ("43", "XL") == slots.sizes
    assert ("ana@example.com",) == slots.emails
    assert ("cus_01AB",) == slots.customers
    assert 1 == slots.ordinal
    assert Slots() == slots_of("my last order came for the first time")


def test_a_message_that_is_only_a_number() -> None:
    """With the words around it that mean nothing more."""
    assert "9502126" == bare_number("Sure, the order id for that is 9502126.")
    assert bare_number("I have 9502126 reasons") is None
    assert bare_number("no " * 5_000 + "x") is None


def test_shorthand_and_slips_are_mended() -> None:
    """Words of the trade only; other words stay as they are."""
    assert "where is your refund" == plain("Wheres ur refnud")
    assert "cancel order 1001 please" == plain("cancle W2378156 plz")
    assert "charge the broke coats" == plain("charge the broke coats")


def test_courtesies_are_set_aside() -> None:
    """Unless there is nothing else."""
    assert "where is my order?" == core("Hi there! where is my order? Thanks a lot")
    assert "Hello there" == core("Hello there")
    assert "please proceed with it" == core("Yes, please proceed with it.").rstrip(".")

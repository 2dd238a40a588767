"""Wishes that are over, days that are certain, things that no lexicon has, and slips put right."""

from collections.abc import Callable
from datetime import date

import pytest

from memory.extraction.deterministic import DeterministicExtractor
from memory.extraction.port import Extraction

from .conftest import AT

Read = Callable[[str], Extraction]


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("I found a coat elsewhere, thanks", [("coat", True)]),
        ("no longer looking for boots", [("boot", False)]),
        ("never mind the jacket", [("jacket", False)]),
        ("Found one already, thank you", [("", True)]),
        ("Forget the headphones, I need a keyboard", [("headphones", False)]),
        ("never mind", []),
        ("I bought a coat from you and it broke", []),
        ("I don't need a new coat", []),
    ],
)
def test_the_writer_s_word_ends_a_wish(read: Read, text: str, over: list[tuple[str, bool]]) -> None:
    assert [(closing.item, closing.met) for closing in read(text).closings] == over


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("My wedding is on June 12", "occasion=wedding on 2026-06-12"),
        ("I have a job interview tomorrow", "occasion=job interview on 2026-03-03"),
        ("We're going to a wedding this Saturday", "occasion=wedding on 2026-03-07"),
        ("I have a wedding next month", "occasion=wedding"),
        ("My birthday is on February 29", "birthday=02-29"),
        ("I was born on 12 June 1990", "birthday=1990-06-12"),
        ("I'm 5'4\" tall", "height=163 cm"),
        ("two hundred bucks is my max", "budget=200 USD"),
        ("I want to spend between 100 and 150 euros", "budget=150 EUR"),
        ("I'm a 43, sorry, I meant 42", "size.shoes=42"),
    ],
)
def test_days_heights_amounts_and_slips(facts: Callable[[str], set[str]], text: str, fact: str) -> None:
    assert facts(text) == {fact}


def test_a_wish_holds_until_the_day_that_is_said(read: Read) -> None:
    assert [wish.until for wish in read("I need a raincoat by Friday").wishes] == [date(2026, 3, 6)]
    assert [wish.until for wish in read("I need a raincoat soon").wishes] == [None]


def test_things_beyond_any_lexicon(wishes: Callable[[str], list[str]]) -> None:
    """An article and a noun that ends the phrase are enough; what is no thing is none."""
    assert wishes("I'm looking for a quiet blender under $80") == ["blender: feature=quiet, max_price=80"]
    assert wishes("I need a butter churn") == ["butter churn"]
    for text in ("I need a refund", "I need a new password", "do you have a store in Boston?", "I want an answer"):
        assert wishes(text) == []


def test_a_shop_teaches_its_own_nouns() -> None:
    taught = DeterministicExtractor(extra_items=["Zafu"])
    assert [wish.item for wish in taught.extract("do you have red zafus?", AT).wishes] == ["zafu"]
    assert DeterministicExtractor().extract("do you have red zafus?", AT).wishes == ()

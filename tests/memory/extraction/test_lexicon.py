"""The lexicon: canonical words, kinds of things, shades of colours."""

import pytest

from memory.extraction.lexicon import lexicon
from memory.extraction.tokens import tokenize


@pytest.mark.parametrize(
    ("kind", "phrase", "value"),
    [
        ("color", "Grey", "gray"),
        ("color", "navy blue", "navy"),
        ("item", "Walking Boots", "hiking boot"),
        ("item", "scarves", "scarf"),
        ("feature", "keeps the rain out", "waterproof"),
        ("feature", "water-resistant", "waterproof"),
        ("lining", "faux fur", "fur"),
        ("lining", "fleece lined", "fleece"),
        ("city", "NYC", "New York"),
        ("city", "sao paulo", "São Paulo"),
        ("gender", "women’s", "women"),
        ("color", "coat", None),
        ("item", "", None),
    ],
)
def test_many_ways_to_say_it_mean_one_thing(kind: str, phrase: str, value: str | None) -> None:
    assert lexicon().canonical(kind, phrase) == value


def test_a_kind_of_thing_is_that_thing() -> None:
    words = lexicon()
    assert words.is_kind_of("parka", "coat")
    assert words.is_kind_of("coat", "coat")
    assert words.is_kind_of("rain jacket", "raincoat")
    assert words.is_kind_of("hiking boot", "shoe")
    assert not words.is_kind_of("coat", "parka")
    assert not words.is_kind_of("jacket", "coat")
    assert not words.is_kind_of("spaceship", "coat")


def test_a_shade_is_its_colour() -> None:
    words = lexicon()
    assert words.is_shade_of("burgundy", "red")
    assert words.is_shade_of("dark green", "green")
    assert words.is_shade_of("light navy", "blue")
    assert not words.is_shade_of("red", "burgundy")
    assert not words.is_shade_of("red", "green")


def test_a_fabric_is_what_it_is_made_of() -> None:
    assert lexicon().is_made_of("merino", "wool")
    assert not lexicon().is_made_of("wool", "merino")


def test_a_product_s_name_ends_in_what_it_is() -> None:
    assert lexicon().item_in("Alder Waterproof Hiking Boots") == "hiking boot"
    assert lexicon().item_in("winter coat") == "coat"
    assert lexicon().item_in("Spaceship") is None


def test_an_item_goes_by_one_of_a_person_s_sizes() -> None:
    words = lexicon()
    assert words.size_attribute("sneaker") == "size.shoes"
    assert words.size_attribute("parka") == "size.tops"
    assert words.size_attribute("jeans") == "size.bottoms"
    assert words.size_attribute("umbrella") is None


def test_the_longest_phrase_counts() -> None:
    found = [mention.value for mention in lexicon().mentions(tokenize("dark green hiking boots with a fur lining"))]
    assert found == ["dark green", "hiking boot", "fur"]


def test_there_are_more_than_two_hundred_cities() -> None:
    names = ["Chicago", "Salt Lake City", "Rio de Janeiro", "St. Louis", "Winston-Salem", "Düsseldorf", "Hanoi"]
    assert [lexicon().canonical("city", name) for name in names] == names

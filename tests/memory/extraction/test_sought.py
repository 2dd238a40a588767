"""What product a text describes, whoever wants it."""

import pytest

from memory.extraction.deterministic import DeterministicExtractor


@pytest.mark.parametrize(
    ("text", "item", "requirements"),
    [
        (
            "red waterproof winter coats with fur lining under $200 in M",
            "coat",
            "color=red feature=waterproof season=winter lining=fur max_price=200 size=M",
        ),
        ("coats", "coat", ""),
        ("mens hiking boots eu 43, not leather", "hiking boot", "gender=men size=EU_43 not_material=leather"),
        (
            "dresses for a wedding in dusty pink, max 150 euros",
            "dress",
            "occasion=wedding color=dusty_pink max_price=150",
        ),
        ("large tote bag", "tote bag", ""),
        ("shirt dress", "dress", ""),
        ("hoodies in size L, $50 or less", "hoodie", "size=L max_price=50"),
        ("wool-free scarves", "scarf", "not_material=wool"),
        ("a coat for my dad", "coat", "gender=men"),
        ("something waterproof under 100", "", "feature=waterproof max_price=100"),
        ("If I lived in Alaska I'd want a parka in black", "parka", "color=black"),
        ("I live in Chicago and want a red coat", "coat", "color=red"),
    ],
)
def test_reads_the_item_and_what_is_asked_of_it(
    extractor: DeterministicExtractor, text: str, item: str, requirements: str
) -> None:
    wish = extractor.sought(text)
    assert wish is not None
    asked = " ".join(f"{asked.attribute}={asked.value.replace(' ', '_')}" for asked in wish.requirements)
    assert (item, requirements) == (wish.item, asked)
    assert wish.quote in text


@pytest.mark.parametrize("text", ["", "hello", "where is my order", "it", "\x00", "thanks!"])
def test_a_text_without_item_or_property_describes_nothing(extractor: DeterministicExtractor, text: str) -> None:
    assert extractor.sought(text) is None


def test_w_o_is_without() -> None:
    """A shorthand does not turn what is not wanted into what is."""
    sought = DeterministicExtractor().sought("white sneakers w/o any leather")
    assert sought is not None
    assert {("color", "white"), ("not_material", "leather")} == {(r.attribute, r.value) for r in sought.requirements}

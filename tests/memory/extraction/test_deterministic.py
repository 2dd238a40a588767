"""What the deterministic extractor makes of a message, by kind of statement."""

from collections.abc import Callable

import pytest

from memory.attributes import Registry
from memory.extraction.deterministic import DeterministicExtractor
from memory.extraction.port import Extraction, Extractor, FoundFact, FoundWish, Requirement

Facts = Callable[[str], set[str]]
Wishes = Callable[[str], list[str]]
Read = Callable[[str], Extraction]
CHICAGO = "I live in Chicago and want a red winter coat that's waterproof and has a fur lining."


def test_is_an_extractor_with_a_name(extractor: DeterministicExtractor) -> None:
    port: Extractor = extractor
    assert port.name == "deterministic/2"


def test_one_sentence_says_where_they_live_and_what_they_want(read: Read) -> None:
    """Every fact and the wish come with the words that say them."""
    want = "want a red winter coat that's waterproof and has a fur lining"
    assert read(CHICAGO) == Extraction(
        facts=(
            FoundFact("city", "Chicago", "I live in Chicago", 0.95),
            FoundFact("color.liked", "red", want, 0.6),
            FoundFact("need", "waterproof", want, 0.8),
            FoundFact("need", "fur lining", want, 0.8),
        ),
        wishes=(
            FoundWish(
                "coat",
                (
                    Requirement("color", "red"),
                    Requirement("season", "winter"),
                    Requirement("feature", "waterproof"),
                    Requirement("lining", "fur"),
                ),
                want,
            ),
        ),
    )


@pytest.mark.parametrize(
    "text", ["thanks", "ok cool", "where is my order", "", " ", "?", "and", "so", "👍", "42", "$", "'", "no. no!"]
)
def test_a_message_that_says_nothing_makes_nothing(read: Read, text: str) -> None:
    assert read(text) == Extraction((), ())


def test_a_question_asserts_nothing_of_its_writer(facts: Facts, wishes: Wishes) -> None:
    """Whoever asks for red coats has not said that they like red."""
    assert facts("Do you have red coats?") == set()
    assert wishes("Do you have red coats?") == ["coat: color=red"]
    assert wishes("Do you have this in red?") == []
    assert facts("Am I a size L if my chest is 42?") == set()
    assert facts("I should be a size M, right?") == set()


def test_a_statement_before_a_question_counts(facts: Facts) -> None:
    assert facts("I'm a size L, is this the right pick for me?") == {"size.tops=L"}
    assert facts("I live in Denver, do you deliver there?") == {"city=Denver"}


def test_a_correction_gives_the_new_value_only(facts: Facts) -> None:
    assert facts("Actually I'm a 43 now, not 42") == {"size.shoes=43"}
    assert facts("I don't live in Chicago any more, we moved to Austin") == {"city=Austin"}


def test_what_is_no_longer_so_is_taken_back(facts: Facts) -> None:
    assert facts("I don't live in Chicago any more") == {"-city=Chicago"}
    assert facts("I've given up running") == {"-activity=running"}
    assert facts("Our old dog died last month") == {"-pet=dog"}


def test_a_refusal_is_a_dislike_and_a_requirement(facts: Facts, wishes: Wishes) -> None:
    text = "I want boots, but nothing leather and not black"
    assert facts(text) == {"material.disliked=leather", "color.disliked=black"}
    assert wishes(text) == ["boot: not_material=leather, not_color=black"]


def test_what_is_refused_is_not_liked_as_well(facts: Facts) -> None:
    assert facts("I love wool sweaters but wool makes me itch") == {"material.disliked=wool", "sensitivity=wool"}


def test_another_person_s_things_are_not_the_writer_s(facts: Facts, wishes: Wishes) -> None:
    text = "I'm looking for a red waterproof jacket for my dad, he's a size L"
    assert facts(text) == {"recipient=dad"}
    assert wishes(text) == ["jacket: color=red, feature=waterproof, size=L, gender=men"]
    assert facts("My sister lives in Boston, wears a 38 and loves pink") == set()
    assert facts("My friend loves green") == set()
    assert wishes("My friend wants a red coat") == []


def test_what_is_imagined_reported_or_quoted_makes_nothing(read: Read) -> None:
    nothing = Extraction((), ())
    assert read("If I lived in Alaska I'd want a much heavier parka") == nothing
    assert read("Imagine I'm a size M, which would you pick") == nothing
    assert read("She told me that I need a red coat") == nothing
    assert read('The review said "I live in Chicago and I love this wool coat"') == nothing
    assert read("> I live in Chicago\nthat was your mail") == nothing


def test_the_writer_s_own_earlier_words_count(facts: Facts) -> None:
    assert facts("As I said, I live in Chicago") == {"city=Chicago"}
    assert facts("I told you already: I wear a 43") == {"size.shoes=43"}


@pytest.mark.parametrize(
    "text",
    [
        "I want a refund for my coat",
        "I need to change my address",
        "want to return the coat",
        "where is the coat I ordered?",
        "I'd like to exchange the boots for a black pair in size 9",
        "I need the boots I bought to be replaced",
        "I want the coat by Friday",
        "I need to wash my coat",
        "I don't need a new coat",
    ],
)
def test_an_order_matter_is_no_wish(wishes: Wishes, text: str) -> None:
    assert wishes(text) == []


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("looking for a wool scarf", "scarf: material=wool"),
        ("any chance you'll get more of the yellow raincoats in?", "raincoat: color=yellow"),
        ("let me know when the suede boots are back in size 8", "boot: material=suede, size=8"),
        ("the green parka is sold out :( please tell me when it's back", "parka: color=green"),
        ("my backpack broke, I need a new one, waterproof", "backpack: feature=waterproof"),
        ("I love the Fjord parka. Do you have it in navy?", "parka: color=navy"),
        ("got anything like a black blazer, slim fit, size M?", "blazer: color=black, fit=slim, size=M"),
        ("I'm after a coat. It must be warm. Under $200, in M.", "coat: feature=warm, max_price=200, size=M"),
        ("I want a tie to match my navy suit", "tie"),
        ("I want a large tote", "tote"),
    ],
)
def test_a_wish_is_found_with_what_is_asked_of_it(wishes: Wishes, text: str, wish: str) -> None:
    assert wishes(text) == [wish]


def test_two_things_are_two_wishes(wishes: Wishes) -> None:
    """What stands before each belongs to it; what follows, to both."""
    assert wishes("I need a red hat and some leather gloves for winter") == [
        "hat: color=red, season=winter",
        "glove: material=leather, season=winter",
    ]


def test_where_someone_is_for_now_is_not_where_they_live(facts: Facts) -> None:
    assert facts("I'm in Chicago visiting my sister till Friday") == set()
    assert facts("I was in Chicago when I ordered it") == set()
    assert facts("I'm based in Chicago") == {"city=Chicago"}


def test_a_town_that_no_list_has_is_believed_less(read: Read) -> None:
    assert read("I live in Smallville.").facts == (FoundFact("city", "Smallville", "I live in Smallville", 0.7),)
    assert read("I live in Texas.").facts == ()
    assert read("I live in a big house.").facts == ()


def test_a_name_that_is_a_word_needs_its_capital(facts: Facts) -> None:
    assert facts("I live in Nice") == {"city=Nice"}
    assert facts("I live in nice surroundings") == set()
    assert facts("I live in LA") == {"city=Los Angeles"}


def test_a_size_without_a_garment_is_told_by_its_number(facts: Facts) -> None:
    """A 43 is a shoe, an L a shirt; an 8 may be anything, and an age is no size."""
    assert facts("I'm a 43") == {"size.shoes=43"}
    assert facts("I'm a size L") == {"size.tops=L"}
    assert facts("I'm a size 8") == set()
    assert facts("I'm 43 years old") == set()
    assert facts("I'm a 43 year old dad") == set()
    assert facts("I'm a large guy") == set()
    assert facts("I wear a large on top and a 34 in trousers") == {"size.tops=L", "size.bottoms=34"}


def test_the_amount_of_a_budget_keeps_its_currency(facts: Facts) -> None:
    assert facts("My budget is around $150 max") == {"budget=150 USD"}
    assert facts("I don't want to spend more than 1,000 euros") == {"budget=1000 EUR"}
    assert facts("I can go up to 80") == {"budget=80"}
    assert facts("It was under $200 yesterday") == set()


def test_every_attribute_is_in_the_registry(read: Read) -> None:
    """A sentence of each kind: memory has a place for all that is found, and the extractor a rule for each."""
    registry = Registry()
    text = """I live in Bergen, Norway, where it's always rainy. I wear a 41 and I'm a size M, 32 in jeans.
    I like a loose fit. I love teal and linen, I hate brown, wool makes me itch. My budget is $90.
    Everything has to be waterproof. My wedding is in June. I go hiking. I have two kids and a dog.
    Please email me, never call before 9. I'd rather talk to a human. I prefer to write in Spanish.
    Just call me Lou. I was born on March 3, 1990. I'm 5'4" tall. My bra size is 34C. My ring size is 7.
    My hat size is 58 cm. I take a medium in gloves. My feet are narrow. My style is minimalist.
    I swear by Nike. I can't stand Adidas. I'm allergic to nickel. I care about fair trade.
    One email a month is enough. Please deliver parcels to the office. I hate polyester."""
    found = [*read(text).facts, *read("I need a scarf for my dad").facts]
    assert {fact.attribute for fact in found} == {attribute.name for attribute in registry}
    assert all(registry.sentence(fact.attribute, fact.value) for fact in found)


def test_the_same_words_again_say_the_same(read: Read) -> None:
    assert read(CHICAGO * 3) == read(CHICAGO)


def test_curly_apostrophes_missing_ones_and_capitals_change_nothing(facts: Facts) -> None:
    assert facts("I’m allergic to latex") == facts("im ALLERGIC to latex") == {"allergy=latex"}

"""The language of the patterns."""

import pytest

from kit.errors import BrokenData
from memory.extraction.clauses import row_of
from memory.extraction.lexicon import lexicon
from memory.extraction.patterns import Patterns
from memory.extraction.tokens import tokenize


def places(pattern: str, text: str) -> list[tuple[int, int, list[str]]]:
    row = row_of(tokenize(text), text, lexicon())
    found = Patterns([("meant", pattern)]).matches(row)
    return [(match.first, match.after, [mention.value for mention in match.slots]) for match in found]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("i live in {city}", "so I live in Chicago", [(1, 5, ["Chicago"])]),
        ("i live|stay in (the) {city}", "we stay in the Boston", [(0, 5, ["Boston"])]),
        ("i live in {city}", "they live in Chicago", []),
        ("{color} is nice", "I say red is nice", [(2, 5, ["red"])]),
        ("^ red", "red or red", [(0, 1, [])]),
        ("red $", "red or red", [(2, 3, [])]),
        ("i (_) (_) love {color}", "I have always loved it, I absolutely love red", [(5, 9, ["red"])]),
        ("i (_) love {color}", "I never love red", []),
        ("{city|country} here", "Peru here", [(0, 2, ["Peru"])]),
    ],
)
def test_a_pattern_holds_where_its_words_and_mentions_follow_each_other(
    pattern: str, text: str, found: list[tuple[int, int, list[str]]]
) -> None:
    assert places(pattern, text) == found


def test_a_bracket_that_does_not_close_is_refused() -> None:
    """An optional part is one word or several alternatives, never two words in a row."""
    with pytest.raises(BrokenData, match="for"):
        Patterns([("meant", "looking (for me)")])

"""What holds for any text at all."""

import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from memory.attributes import Registry
from memory.extraction.deterministic import DeterministicExtractor
from memory.extraction.port import Extraction

from .conftest import AT

PIECES = [
    *(
        "I live in",
        "I want",
        "a red coat",
        "Chicago",
        "my dad",
        "not",
        "wool",
        "size",
        "M",
        "43",
        "under",
        "$200",
        "?",
        ".",
    ),
    *(
        "and",
        "but",
        "if",
        "he said",
        '"',
        "'",
        "do you have",
        "let me know when",
        "is back",
        "I'm",
        "allergic to",
        "love",
    ),
    *(
        "my dog",
        "in",
        "for",
        "call me",
        "after 6",
        "\n",
        "ß",
        "İ",
        "ﬁ",
        "½",
        "—",
        "…",
        "👍🏽",
        ",",
        "it",
        "no",
        "(",
        "/",
    ),
]
EXTRACTOR = DeterministicExtractor()
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=())), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)
)


@given(ANY_TEXT)
@example("\x00 I live in Chicago\ud800")
@example("İ live in İstanbul, I want a red coat")
@example("我住在芝加哥，想要一件红色的大衣")
@settings(max_examples=400, deadline=None)
def test_never_raises_and_every_quote_stands_in_the_text(text: str) -> None:
    """Lone surrogates, NULs and letters whose lower case is longer included."""
    extraction = EXTRACTOR.extract(text, AT)
    registry = Registry()
    for fact in extraction.facts:
        assert fact.quote
        assert fact.quote in text
        assert fact.value
        assert 0 < fact.confidence <= 1
        assert registry.get(fact.attribute)
    for wish in extraction.wishes:
        assert wish.item
        assert wish.quote in text
    sought = EXTRACTOR.sought(text)
    assert sought is None or sought.quote in text


@given(ANY_TEXT)
@settings(max_examples=50, deadline=None)
def test_the_same_text_says_the_same(text: str) -> None:
    assert EXTRACTOR.extract(text, AT) == EXTRACTOR.extract(text, AT)


LONG = {
    "prose": "Thank you for the quick reply, the parcel number {} came on time and all was as it should be. ",
    "wishes": "I live in town {} and want a red winter coat that's waterproof and has a fur lining. ",
    "one endless clause": "i want something {} ",
    "cues without end": "let me know when the {} ",
    "lists": "I love green, blue, red and {}, ",
    "quotes": "' \" {} ",
    "questions": "do you have anything {}? ",
    "no space": "a{}",
    "sentences": "I like it {}. ",
}


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG.keys())
def test_time_grows_with_the_length_and_no_faster(piece: str, read: Callable[[str], Extraction]) -> None:
    """Four times the text takes about four times as long, not sixteen times."""
    text = "".join(piece.format(number) for number in range(16_000 // len(piece) + 1))[:16_000]
    short, long = _seconds(read, text[:4_000]), _seconds(read, text)
    assert long < 8 * max(short, 0.002)
    assert long < 0.25  # of processor time on a busy machine; 10 to 40 ms on an idle one


def _seconds(read: Callable[[str], Extraction], text: str) -> float:
    taken = []
    for _ in range(3):
        start = time.process_time()
        read(text)
        taken.append(time.process_time() - start)
    return min(taken)

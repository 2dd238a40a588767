"""Terms, BM25 and token counts."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import tokens as tokens_module
from kit.errors import BrokenData
from kit.lexical import ASKS, DATES, bm25, fold, marks, term_counts, terms
from kit.tokens import TokenCounter, read_vocabulary, token_counter


def test_words_are_stemmed_and_common_ones_dropped() -> None:
    """Forms of a word are one term."""
    assert terms("the coats and a coat") == ["coat", "coat"]


def test_case_and_accents_do_not_matter() -> None:
    """CAFÉ is cafe, ﬁne is fine."""
    assert fold("CAFÉ") == "cafe"
    assert terms("ﬁne") == terms("fine")


def test_order_numbers_are_kept_whole() -> None:
    """An order's number and a SKU are terms of their own, with and without the hash."""
    assert terms("#W2378156") == terms("w2378156")
    assert "np-101-red" in terms("NP-101-RED")


def test_chinese_and_japanese_become_bigrams() -> None:
    """A run without spaces can be found by its parts."""
    assert {"红色", "色外", "外套"} <= set(terms("红色外套"))


def test_bm25_prefers_the_document_with_the_rare_word() -> None:
    """The score is highest where the query's words stand, and zero where none do."""
    documents = [term_counts(text) for text in ("a red coat", "a red hat", "blue shoes")]
    scores = bm25(terms("red coat"), documents)
    assert scores[0] > scores[1] > scores[2] == 0
    assert bm25(["x"], []) == []


@given(st.text())
def test_any_text_has_terms(text: str) -> None:
    """No text breaks the tokenizer, and counts add up to the terms."""
    assert len(terms(text)) + len(marks(text)) == sum(term_counts(text).values())
    assert not {ASKS, DATES} & set(terms(text))


@given(st.text(), st.text())
def test_case_and_composition_change_no_terms(text: str, more: str) -> None:
    """A text folded has the terms it had; two texts in two lines have both texts' terms, in order."""
    assert terms(fold(text)) == terms(text)
    assert terms(f"{text}\n{more}") == terms(text) + terms(more)


def test_marks_say_what_a_text_does() -> None:
    """It asks something, in whatever script; it names a time."""
    assert [ASKS] == marks("有红色的吗？")
    assert [DATES] == marks("I bought it last spring")
    assert [] == marks("warm and red")


@given(st.text())
def test_the_bound_is_never_below_the_characters_tokens(text: str) -> None:
    """Without a vocabulary, a text counts at least one per byte, which no byte-level encoding exceeds."""
    counter = TokenCounter(None)
    assert counter.count(text) >= len(text)
    assert counter.exact is False
    assert "estimate" in counter.describe(counter.count(text))


def test_a_vocabulary_gives_exact_counts() -> None:
    """With an encoding, counts are its own."""
    counter = TokenCounter(lambda text: [1] * len(text.split()))
    assert counter.count("one two three") == 3
    assert counter.describe(3) == "3 tokens"


@settings(deadline=None)  # the first count loads the vocabulary
@given(st.text())
def test_counts_are_exact_without_a_network(text: str) -> None:
    """The vocabulary comes from a package; no count exceeds the bytes."""
    counter = token_counter()
    assert counter.exact
    assert (text != "") <= counter.count(text) <= TokenCounter(None).count(text)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("hello world", 2), ("tiktoken is great!", 6), ("お誕生日おめでとう", 8), ("antidisestablishmentarianism", 6)],
)
def test_counts_are_the_published_ones(text: str, tokens: int) -> None:
    """As OpenAI's cookbook counts for o200k_base."""
    assert tokens == token_counter().count(text)


def test_the_pattern_is_tiktokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are cut where tiktoken's own o200k_base cuts them."""
    import tiktoken_ext.openai_public as published

    monkeypatch.setattr(published, "load_tiktoken_bpe", lambda *_, **__: {})
    assert tokens_module._PATTERN == published.o200k_base()["pat_str"]


def test_another_vocabulary_is_refused(tmp_path: Path) -> None:
    """A damaged or different file is not counted with."""
    path = tmp_path / "o200k_base.tiktoken.gz"
    for content, said in ((b"no gzip", "cannot be read"), (gzip.compress(b"YQ== 0"), "not the published one")):
        path.write_bytes(content)
        with pytest.raises(BrokenData, match=said):
            read_vocabulary(path)

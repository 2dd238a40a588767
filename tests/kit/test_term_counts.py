"""Packed term counts: BM25 over all items at once gives what it gives one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kit.lexical import bm25
from kit.term_counts import TermMatrix, pack, term_hash

TERMS = st.sampled_from(["coat", "red", "外套", "w2378156", "é", "\ud800", ""])
DOCUMENTS = st.lists(st.dictionaries(TERMS, st.integers(min_value=1, max_value=70_000), max_size=5), max_size=8)


@given(documents=DOCUMENTS, query=st.lists(TERMS, max_size=5))
def test_bm25_is_the_same_over_columns(documents: list[dict[str, int]], query: list[str]) -> None:
    """Whatever the documents and the query, with empty ones and unknown terms among them."""
    matrix = TermMatrix.unpack([pack(document) for document in documents])
    np.testing.assert_allclose(matrix.bm25(query), bm25(query, documents), rtol=1e-9)
    assert matrix.lengths.tolist() == [sum(document.values()) for document in documents]


@given(documents=DOCUMENTS, data=st.data())
def test_items_taken_and_joined_keep_their_terms(documents: list[dict[str, int]], data: st.DataObject) -> None:
    """A selection scores as the same documents alone do; two halves joined are the whole."""
    packed = [pack(document) for document in documents]
    matrix = TermMatrix.unpack(packed)
    if documents:
        positions = data.draw(st.lists(st.integers(0, len(documents) - 1), max_size=8))
        taken = matrix.take(np.array(positions, np.intp))
        expected = bm25(["coat", "red"], [documents[i] for i in positions])
        np.testing.assert_allclose(taken.bm25(["coat", "red"]), expected, rtol=1e-9)
    joined = TermMatrix.joined([TermMatrix.unpack(packed[:3]), TermMatrix.unpack(packed[3:])])
    np.testing.assert_allclose(joined.bm25(["coat"]), matrix.bm25(["coat"]))


def test_a_terms_hash_is_the_same_everywhere() -> None:
    """What is stored today is found by every later process."""
    assert term_hash("coat") == 6005859651624417596

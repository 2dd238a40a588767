"""The embedder, and one conformance suite for every vector store and the index over it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import select

from kit.database import Database
from kit.errors import BrokenData
from kit.vectors.chroma import ChromaStore
from kit.vectors.embedder import Embedder
from kit.vectors.index import SemanticIndex
from kit.vectors.minilm import read_weights
from kit.vectors.store import ExactStore, SharedStore, VectorStore
from kit.vectors.tables import IndexItem, IndexOutbox
from tests.engines import ENGINES, fresh

AT = datetime(2026, 3, 2, tzinfo=UTC)
TEXTS = {"a": "a waterproof winter coat", "b": "running shoes for trails", "c": "a birthday present for my son"}


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> Iterator[Database]:
    """A fresh database of each engine."""
    yield from fresh(request, tmp_path, empty_sqlite)


@pytest.fixture(params=["exact", "chroma", "shared"])
def store(
    request: pytest.FixtureRequest, database: Database, embedder: Embedder, tmp_path: Path
) -> Iterator[VectorStore]:
    """Each implementation of the port."""
    if request.param == "exact":
        yield ExactStore(database, embedder.name)
    elif request.param == "chroma":
        chroma = ChromaStore.at(tmp_path / "chroma")
        yield chroma
        chroma.close()
    else:
        shared = SharedStore(tmp_path / "chroma", database, embedder.name)
        yield shared
        shared.close()


@pytest.fixture
def filled(database: Database, embedder: Embedder, store: VectorStore) -> SemanticIndex:
    """An index with three texts staged."""
    index = SemanticIndex(database, embedder, store)
    with database.begin() as session:
        for item_id, text in TEXTS.items():
            index.put(session, "turn", item_id, text, at=AT, owner=f"cus_{item_id}")
    return index


def test_vectors_have_unit_length(embedder: Embedder) -> None:
    """One row per text, of length one; no text, no row."""
    vectors = embedder.embed(["coat", "", "外套", "\ud800"])
    assert vectors.shape == (4, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    assert embedder.embed([]).shape == (0, 384)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    """A model file that is not the published one is not loaded."""
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(BrokenData, match="reinstall the package"):
        read_weights(tmp_path / "model.safetensors")


def test_the_nearest_text_is_found(filled: SemanticIndex) -> None:
    """A search finds by meaning what was committed a moment ago."""
    hits = filled.search("turn", "something against the rain", 2)
    assert hits[0].item_id == "a"
    assert ("cus_a", TEXTS["a"]) == (hits[0].owner, hits[0].text)
    assert len(hits) == 2
    assert hits[0].score >= hits[1].score


def test_an_empty_collection_finds_nothing(filled: SemanticIndex) -> None:
    """No hit, no error."""
    assert filled.search("product", "coat", 5) == []


def test_a_changed_text_is_found_as_it_is_now(filled: SemanticIndex, database: Database) -> None:
    """Replacing a text replaces what it is found by."""
    with database.begin() as session:
        filled.put(session, "turn", "b", "an umbrella against the rain", at=AT)
    assert filled.search("turn", "umbrella", 1)[0].item_id == "b"
    assert len(filled.search("turn", "umbrella", 10)) == 3


def test_a_removed_text_is_not_found(filled: SemanticIndex, database: Database) -> None:
    """What was taken out is in no answer."""
    filled.drain()
    with database.begin() as session:
        filled.remove(session, "turn", "a")
    assert {"b", "c"} == {hit.item_id for hit in filled.search("turn", "coat", 10)}


def test_what_was_rolled_back_is_not_found(filled: SemanticIndex, database: Database) -> None:
    """A text is there only if its unit of work was committed."""

    def fail() -> None:
        with database.begin() as session:
            filled.put(session, "turn", "d", "a coat", at=AT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert "d" not in {hit.item_id for hit in filled.search("turn", "a coat", 10)}


def test_draining_again_after_a_crash_changes_nothing(filled: SemanticIndex, database: Database) -> None:
    """The outbox rows of a finished drain, put back, are done again with the same result."""
    before = filled.search("turn", "coat", 3)
    with database.begin() as session:
        session.add_all(IndexOutbox(collection="turn", item_id=item_id) for item_id in [*TEXTS, "gone"])
    assert before == filled.search("turn", "coat", 3)


def test_a_rebuild_from_sql_needs_no_model(filled: SemanticIndex, database: Database, store: VectorStore) -> None:
    """Every vector comes from SQL: an embedder that only knows the query rebuilds the whole index."""
    before = [hit.item_id for hit in filled.search("turn", "coat", 3)]

    class Unable:
        name, dimensions = filled.embedder.name, filled.embedder.dimensions

        def embed(self, texts: list[str]) -> np.ndarray:
            assert [text for text in texts if text != "coat"] == [], "a vector was made anew"
            return filled.embedder.embed(texts)

    rebuilt = SemanticIndex(database, Unable(), store)
    rebuilt.rebuild()
    assert before == [hit.item_id for hit in rebuilt.search("turn", "coat", 3)]


def test_the_same_words_are_embedded_once(database: Database, embedder: Embedder, store: VectorStore) -> None:
    """A text that a thousand people write costs one embedding."""
    counted: list[str] = []

    class Counting:
        name, dimensions = embedder.name, embedder.dimensions

        def embed(self, texts: list[str]) -> np.ndarray:
            counted.extend(texts)
            return embedder.embed(texts)

    index = SemanticIndex(database, Counting(), store)
    with database.begin() as session:
        for i in range(20):
            index.put(session, "turn", f"t{i}", "where is my order?", at=AT)
    index.drain()
    assert counted == ["where is my order?"]


def test_one_process_holds_chroma(database: Database, embedder: Embedder, tmp_path: Path) -> None:
    """While one holds the folder, another answers the same from SQL; once it is free, the other takes it."""
    first = SharedStore(tmp_path / "chroma", database, embedder.name)
    second = SharedStore(tmp_path / "chroma", database, embedder.name)
    one, two = (SemanticIndex(database, embedder, s) for s in (first, second))
    with database.begin() as session:
        for item_id, text in TEXTS.items():
            one.put(session, "turn", item_id, text, at=AT)
    found = [hit.item_id for hit in one.search("turn", "coat", 3)]
    assert (first.remembers, second.remembers) == (True, False)
    assert found == [hit.item_id for hit in two.search("turn", "coat", 3)]
    first.close()
    assert second.remembers is True
    assert found == [hit.item_id for hit in two.search("turn", "coat", 3)]
    second.close()


def test_an_owners_items_all_have_vectors(filled: SemanticIndex, database: Database) -> None:
    """Reading one owner's items gives only theirs, each with a vector, before any drain."""
    with database.read() as session:
        items = filled.owned(session, "cus_a", ["turn"])
        assert items.item_ids == ("a",)
        assert items.vectors.shape == (1, 384)
    with database.read() as session:
        assert len(session.exec(select(IndexItem)).all()) == 3


def test_progress_is_told(filled: SemanticIndex) -> None:
    """A drain says how far it is."""
    seen: list[int] = []
    tell: Callable[[int], None] = seen.append
    assert 3 == filled.drain(tell) == sum(seen)


def test_exact_answers_are_the_best_of_all_chunks(database: Database, embedder: Embedder) -> None:
    """Read in chunks, the best are found wherever they stand, in the order of one reading."""
    whole = ExactStore(database, embedder.name)
    index = SemanticIndex(database, embedder, whole)
    with database.begin() as session:
        for i in range(20):
            index.put(session, "turn", f"t{i:02}", f"{'coat ' * (i % 7)}number {i}", at=AT)
    index.drain()
    chunked = ExactStore(database, embedder.name, chunk=3)
    expected, found = (store.nearest("turn", index.vector("coat"), 8) for store in (whole, chunked))
    assert [item_id for item_id, _ in expected] == [item_id for item_id, _ in found]
    np.testing.assert_allclose([score for _, score in expected], [score for _, score in found], atol=1e-5)
    assert len(found) == 8

"""One owner's items in columns: the same on both engines, packed or not, whatever changes them afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from kit.database import Database
from kit.vectors.embedder import Embedder, Vectors
from kit.vectors.index import SemanticIndex
from kit.vectors.owned import OwnedItems
from kit.vectors.segments import LOOSE
from kit.vectors.store import ExactStore
from kit.vectors.tables import IndexItem, IndexSegment

AT = datetime(2026, 3, 2, tzinfo=UTC)
MANY = LOOSE + 8


class Quick:
    """An embedder of four dimensions; a text's vector depends on its length."""

    def __init__(self, name: str = "quick", dimensions: int = 4) -> None:
        self.name, self.dimensions = name, dimensions

    def embed(self, texts: list[str]) -> Vectors:
        rows = [[len(one) + 1, *range(1, self.dimensions)] for one in texts]
        made = np.array(rows, np.float32).reshape(len(texts), self.dimensions)
        return made / np.linalg.norm(made, axis=1, keepdims=True) if len(made) else made


@pytest.fixture
def embedder() -> Embedder:
    """Quick, for what is tested here is not meaning."""
    return Quick()


def say(index: SemanticIndex, session: Session, i: int, owner: str = "cus_a") -> None:
    """Item ``i``: some share a moment, some are without a conversation."""
    index.put(
        session, "turn" if i % 3 else "fact", f"i{i:03}", f"word{i} coat " + "x" * i, at=AT + timedelta(seconds=i // 2),
        owner=owner, thread=f"cnv_{i % 4}" if i % 3 else "", place=i, speaker="customer" if i % 2 else "agent",
    )  # fmt: skip


def plain(items: OwnedItems) -> list[tuple[object, ...]]:
    """The items as rows, to compare."""
    lengths = items.terms.lengths.tolist()
    return [
        (*items.key(i), int(items.at[i]), items.threads[i], int(items.places[i]), items.speakers[i],
         items.vectors[i].tolist(), lengths[i])
        for i in range(len(items))
    ]  # fmt: skip


@pytest.fixture
def packed(index: SemanticIndex, database: Database) -> SemanticIndex:
    """Many items of one owner in a segment, and some of another's."""
    with database.begin() as session:
        for i in range(MANY):
            say(index, session, i)
        say(index, session, 999, owner="cus_b")
    index.drain()
    with database.read() as session:
        assert [(s.owner, s.size) for s in session.exec(select(IndexSegment)).all()] == [("cus_a", MANY)]
    return index


def owned(index: SemanticIndex, database: Database, owner: str = "cus_a") -> OwnedItems:
    with database.read() as session:
        return index.owned(session, owner, ("turn", "fact"))


def segments(database: Database) -> int:
    with database.read() as session:
        return len(session.exec(select(IndexSegment)).all())


def test_packed_items_read_as_loose_ones(packed: SemanticIndex, database: Database) -> None:
    """Every column is the same, in the same order, before and after packing."""
    from_segment = owned(packed, database)
    with database.begin() as session:
        session.exec(delete(IndexSegment))
        session.connection().execute(text("update index_item set segment = null"))
    assert plain(owned(packed, database)) == plain(from_segment)
    assert from_segment.terms.bm25(["word7"]).argmax() == from_segment.item_ids.index("i007")
    assert plain(owned(packed, database, "cus_b"))[0][1] == "i999"
    assert len(owned(packed, database, "cus_")) == 0


def test_one_kind_of_items_is_read_alone(packed: SemanticIndex, database: Database) -> None:
    """A collection not asked for is left out."""
    with database.read() as session:
        facts = packed.owned(session, "cus_a", ("fact",))
    assert facts.item_ids == tuple(f"i{i:03}" for i in range(0, MANY, 3))
    assert plain(facts) == [row for row in plain(owned(packed, database)) if row[0] == "fact"]


def test_what_comes_later_is_read_with_the_rest(packed: SemanticIndex, database: Database) -> None:
    """New items, not yet embedded, and older ones that arrive late, stand where they belong; then they are packed."""
    with database.begin() as session:
        for i in range(MANY, 2 * MANY):
            say(packed, session, i)
        packed.put(session, "turn", "late", "a late word", at=AT - timedelta(days=1), owner="cus_a")
    before = owned(packed, database)
    assert before.item_ids == ("late", *(f"i{i:03}" for i in range(2 * MANY)))
    packed.drain()
    assert segments(database) == 1
    assert plain(owned(packed, database)) == plain(before)


@pytest.mark.parametrize(
    "change",
    [
        "delete from index_item where item_id = 'i004'",
        "update index_item set owner = 'cus_b' where item_id = 'i004'",
        "update index_item set place = 77 where item_id = 'i004'",
        "update index_item set owner = 'cus_b' where owner = 'cus_a'",
        "delete from index_item where owner = 'cus_a'",
    ],
)
def test_a_segment_never_outlives_a_change_of_its_items(packed: SemanticIndex, database: Database, change: str) -> None:
    """Whoever changes rows by whatever statement: what is read is what the rows say."""
    with database.begin() as session:
        session.connection().execute(text(change))
    assert segments(database) == 0
    with database.read() as session:
        for owner in ("cus_a", "cus_b"):
            rows = session.exec(select(IndexItem).where(IndexItem.owner == owner).order_by(col(IndexItem.at))).all()
            assert {(row.item_id, row.place) for row in rows} == {
                (line[1], line[4]) for line in plain(owned(packed, database, owner))
            }
            assert not any(row.segment for row in rows)


def test_what_was_loosened_is_packed_again(packed: SemanticIndex, database: Database) -> None:
    """The reading that finds many loose items says so, and the next drain packs them."""
    with database.begin() as session:
        packed.remove(session, "turn", "i004")
    assert len(owned(packed, database)) == MANY - 1
    assert segments(database) == 0
    packed.drain()
    with database.begin() as session:
        packed.put(session, "turn", "other", "something else", at=AT, owner="cus_c")
    packed.drain()
    assert segments(database) == 1
    assert len(owned(packed, database)) == MANY - 1


@pytest.mark.parametrize("other", [Quick("another"), Quick("another", 3)])
def test_another_models_vectors_are_not_read(packed: SemanticIndex, database: Database, other: Embedder) -> None:
    """After a change of the model, reading embeds anew, and draining keeps and packs that."""
    changed = SemanticIndex(database, other, ExactStore(database, other.name))
    before = owned(changed, database)
    expected = other.embed([f"word{i} coat " + "x" * i for i in range(MANY)])
    np.testing.assert_allclose(before.vectors, expected, atol=1e-3)
    changed.drain()
    assert plain(owned(changed, database)) == plain(before)
    assert segments(database) == 1


def test_a_vector_of_the_wrong_size_is_made_anew(packed: SemanticIndex, database: Database) -> None:
    """A damaged vector neither fails nor misleads a reading."""
    whole = plain(owned(packed, database))
    with database.begin() as session:
        item = session.get_one(IndexItem, ("turn", "i004"))
        item.vector = b"\0\0\0"
    assert plain(owned(packed, database)) == whole


def test_only_winners_texts_are_read(packed: SemanticIndex, database: Database) -> None:
    """By key, those that are there."""
    with database.read() as session:
        found = packed.texts(session, [("fact", "i003"), ("turn", "i003"), ("turn", "nobody")])
    assert {key: replace(one, details={}) for key, one in found.items()}.keys() == {("fact", "i003")}
    assert found["fact", "i003"].text == "word3 coat xxx"
    assert found["fact", "i003"].at == AT + timedelta(seconds=1)

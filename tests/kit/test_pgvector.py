"""PostgreSQL with pgvector compares vectors itself, and says what reading their bytes says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text
from sqlmodel import Session

from kit.database import Database
from kit.vectors import pgvector
from kit.vectors.encoding import encoded
from kit.vectors.store import ExactStore
from kit.vectors.tables import IndexItem
from tests.engines import fresh

AT = datetime(2026, 3, 2, tzinfo=UTC)
VECTORS = np.random.default_rng(5).standard_normal((60, 24)).astype(np.float32)


@pytest.fixture(params=["postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> Iterator[Database]:
    """A fresh PostgreSQL."""
    yield from fresh(request, tmp_path, empty_sqlite)


class Streaming(ExactStore):
    """The exact store where the database cannot compare vectors."""

    _in_database = False


def write(session: Session, model: str = "m") -> None:
    unit = VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)
    unit[0, :3] = (0.0, 6e-8, -1e-5)  # zero, and numbers below the least normal half
    unit[0] /= np.linalg.norm(unit[0])
    for number, data in enumerate(encoded(unit)):
        session.add(
            IndexItem(
                collection="turn", item_id=f"t{number:02}", at=AT, terms=b"", model=model, vector=data, digest="",
                details={}, text="",
            )
        )  # fmt: skip


def test_it_says_what_the_bytes_say(database: Database) -> None:
    """The same items in the same order, with the same similarity to a thousandth."""
    assert pgvector.is_there(database)
    with database.begin() as session:
        write(session)
    for vector in VECTORS[:20]:
        query = vector / np.linalg.norm(vector)
        itself, bytes_ = (kind(database, "m").nearest("turn", query, 8) for kind in (ExactStore, Streaming))
        assert [item for item, _ in bytes_] == [item for item, _ in itself]
        np.testing.assert_allclose([score for _, score in bytes_], [score for _, score in itself], atol=2e-3)


def test_a_vector_taken_away_or_of_another_model_is_not_found(database: Database) -> None:
    """Whatever statement changed it: a trigger keeps the column."""
    with database.begin() as session:
        write(session)
        session.execute(text("update index_item set vector = null where item_id = 't07'"))
        session.execute(text("update index_item set model = 'other' where item_id = 't08'"))
    found = {item for item, _ in ExactStore(database, "m").nearest("turn", VECTORS[7], 100)}
    assert found == {f"t{number:02}" for number in range(60)} - {"t07", "t08"}

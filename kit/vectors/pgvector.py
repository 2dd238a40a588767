"""Nearest vectors in PostgreSQL itself, exactly, where it has pgvector (migration 0007)."""

from sqlalchemy import text
from sqlmodel import Session

from kit.database import Database
from kit.vectors.embedder import Vectors

_NEAREST = text(
    "select item_id, 1 - (nearest <=> cast(:vector as halfvec)) as score from index_item "
    "where collection = :collection and model = :model and vector_dims(nearest) = :dimensions "
    "order by nearest <=> cast(:vector as halfvec), item_id limit :count"
)
_THERE = text(
    "select count(*) from information_schema.columns "
    "where table_schema = current_schema() and table_name = 'index_item' and column_name = 'nearest'"
)


def is_there(database: Database) -> bool:
    """Whether the database keeps vectors that it can compare itself."""
    if database.is_sqlite:
        return False
    with database.read() as session:
        return bool(session.connection().execute(_THERE).scalar_one())


def nearest(session: Session, collection: str, model: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
    """Ids with their cosine similarity, best first."""
    given = {
        "collection": collection, "model": model, "count": count, "dimensions": len(vector),
        "vector": "[" + ",".join(f"{value:.8g}" for value in vector.tolist()) + "]",
    }  # fmt: skip
    return [(item_id, float(score)) for item_id, score in session.connection().execute(_NEAREST, given).all()]

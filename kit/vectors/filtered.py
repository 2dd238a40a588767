"""Chroma filtered by customer: the way not taken (docs/architecture.md), kept so that it stays measured.

Chroma's ``where`` visits a whole collection; what it costs is what ``bench scale`` shows beside the exact recall.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit.vectors.embedder import Vectors

_AT_ONCE = 5_000


class FilteredChroma:
    """One embedded Chroma collection whose items carry their owner as metadata."""

    def __init__(self, folder: Path) -> None:
        import chromadb

        client = chromadb.PersistentClient(
            path=str(folder), settings=chromadb.config.Settings(anonymized_telemetry=False)
        )
        self._collection: Any = client.get_or_create_collection(
            "turn", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def add(self, ids: Sequence[str], owners: Sequence[str], vectors: Vectors) -> None:
        """Adds items; as many ids as owners and rows of ``vectors``."""
        for start in range(0, len(ids), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            self._collection.add(
                ids=list(ids[part]), embeddings=vectors[part], metadatas=[{"owner": owner} for owner in owners[part]]
            )

    def nearest(self, vector: Vectors, count: int, owner: str | None = None) -> list[str]:
        """The ids nearest to ``vector``, best first, of one owner or of all."""
        where = {"owner": owner} if owner is not None else None
        found = self._collection.query(query_embeddings=vector[None, :], n_results=count, where=where)
        ids: list[str] = found["ids"][0]
        return ids

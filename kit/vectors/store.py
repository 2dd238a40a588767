"""The port for a vector store, and its two implementations: exact from SQL, and embedded Chroma.

A store is an index that can be rebuilt: it holds ids and vectors only, never texts.
"""

import contextlib
import fcntl
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
from sqlmodel import col, select

from kit.database import Database
from kit.vectors.embedder import Vectors
from kit.vectors.encoding import decoded
from kit.vectors.tables import IndexItem


class VectorStore(Protocol):
    """Where nearest vectors are looked up."""

    @property
    def remembers(self) -> bool:
        """Whether it holds a copy that has to be told of changes."""

    def put(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        """Adds or replaces. Doing it twice is the same as once."""

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        """Removes those that are there."""

    def nearest(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Ids with their cosine similarity, best first."""

    def clear(self) -> None:
        """Forgets everything, before a rebuild."""


class ExactStore:
    """Answers from the vectors in SQL, exactly; what a second process uses while the first holds Chroma."""

    remembers = False

    def __init__(self, database: Database, model: str) -> None:
        self._database = database
        self._model = model

    def put(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        """SQL has them already."""

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        """SQL has lost them already."""

    def clear(self) -> None:
        """There is no copy."""

    def nearest(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        wanted = (
            select(IndexItem.item_id, IndexItem.vector)
            .where(
                IndexItem.collection == collection,
                IndexItem.model == self._model,
                col(IndexItem.vector).is_not(None),
            )
            .order_by(IndexItem.item_id)
        )
        with self._database.read() as session:
            rows = session.exec(wanted).all()
        if not rows:
            return []
        matrix = decoded([data or b"" for _, data in rows], len(vector))
        scores = matrix @ vector
        best = np.argsort(-scores, kind="stable")[:count]
        return [(rows[i][0], float(scores[i])) for i in best]


class ChromaStore:
    """Embedded Chroma in a folder, held by one process at a time."""

    remembers = True

    def __init__(self, folder: Path, lock: IO[str]) -> None:
        import chromadb

        self._lock = lock
        self._client = chromadb.PersistentClient(
            path=str(folder), settings=chromadb.config.Settings(anonymized_telemetry=False)
        )
        self._collections: dict[str, Any] = {}

    @classmethod
    def open(cls, folder: Path) -> "ChromaStore | None":
        """The store in ``folder``, or ``None`` while another process holds it."""
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        return cls(folder, lock)

    def put(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        if ids:
            self._collection(collection).upsert(ids=list(ids), embeddings=vectors)

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        if ids:
            self._collection(collection).delete(ids=list(ids))

    def nearest(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        there = self._collection(collection)
        count = min(count, there.count())
        if count == 0:
            return []
        found = there.query(query_embeddings=vector[None, :], n_results=count, include=["distances"])
        return [(i, 1.0 - float(d)) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def clear(self) -> None:
        for collection in self._client.list_collections():
            self._client.delete_collection(collection.name)
        self._collections.clear()

    def close(self) -> None:
        """Lets another process have the folder."""
        with contextlib.suppress(Exception):  # closing twice, or a client without close
            self._client.close()
        self._lock.close()

    def _collection(self, name: str) -> Any:
        if name not in self._collections:
            self._collections[name] = self._client.get_or_create_collection(
                name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        return self._collections[name]


class SharedStore:
    """Chroma where this process can hold its folder, exact answers from SQL while another process does.

    Nothing is opened before it is used.
    """

    def __init__(self, folder: Path, database: Database, model: str) -> None:
        self._folder = folder
        self._exact = ExactStore(database, model)
        self._chroma: ChromaStore | None = None
        self._opening = threading.Lock()

    @property
    def remembers(self) -> bool:
        return self._current().remembers

    def put(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        self._current().put(collection, ids, vectors)

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        self._current().remove(collection, ids)

    def nearest(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        return self._current().nearest(collection, vector, count)

    def clear(self) -> None:
        self._current().clear()

    def close(self) -> None:
        """Lets another process have the folder."""
        if self._chroma is not None:
            self._chroma.close()
            self._chroma = None

    def _current(self) -> VectorStore:
        with self._opening:
            self._chroma = self._chroma or ChromaStore.open(self._folder)
        return self._chroma or self._exact

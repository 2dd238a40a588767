"""The port for a vector store, its exact implementation from SQL, and the store that a process uses.

A store is an index that can be rebuilt: it holds ids and vectors only, never texts.
"""

import logging
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from sqlalchemy import delete, func, insert, literal
from sqlmodel import Session, col, select

from kit.database import Database
from kit.errors import Unavailable
from kit.vectors import pgvector
from kit.vectors.chroma import ChromaStore, Generations
from kit.vectors.embedder import Vectors
from kit.vectors.encoding import BYTES_PER_DIMENSION, decoded
from kit.vectors.tables import IndexItem, IndexOutbox, IndexRebuild

log = logging.getLogger(__name__)

CHUNK = 4096  # vectors read at once


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
    """Answers from the vectors in SQL, exactly; what a second process uses while the first holds Chroma.

    PostgreSQL compares them itself where it has pgvector. Elsewhere they are read in chunks and the best are kept, so
    that memory stays the same whatever the collection's size.
    """

    remembers = False

    def __init__(self, database: Database, model: str, chunk: int = CHUNK) -> None:
        self._database = database
        self._model = model
        self._chunk = chunk

    def put(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        """SQL has them already."""

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        """SQL has lost them already."""

    def clear(self) -> None:
        """There is no copy."""

    def nearest(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        if self._in_database:
            with self._database.read() as session:
                return pgvector.nearest(session, collection, self._model, vector, count)
        return self._streamed(collection, vector, count)

    @cached_property
    def _in_database(self) -> bool:
        return pgvector.is_there(self._database)

    def _streamed(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        wanted = select(IndexItem.item_id, IndexItem.vector).where(
            IndexItem.collection == collection,
            IndexItem.model == self._model,
            func.length(IndexItem.vector) == len(vector) * BYTES_PER_DIMENSION,
        )
        best: list[tuple[float, str]] = []
        with self._database.read() as session:
            streamed = session.connection().execution_options(yield_per=self._chunk).execute(wanted)
            for chunk in streamed.partitions():
                scores = decoded([data for _, data in chunk], len(vector)) @ vector
                near = np.argsort(-scores, kind="stable")[: count + 1]
                best += [(-float(scores[i]), chunk[i][0]) for i in near]
                best = sorted(best)[:count]
        return [(item_id, -negative) for negative, item_id in best]


class SharedStore:
    """Chroma where this process can hold its folder, exact answers from SQL while another process does.

    With a ``server``, that server's Chroma, from every process. Nothing is opened before it is used.
    A store that is missing, broken or another model's is filled from SQL: every item goes to the outbox once more.
    """

    def __init__(self, folder: Path, database: Database, model: str, server: str | None = None) -> None:
        self._folder = folder
        self._database = database
        self._model = model
        self._server = server
        self._exact = ExactStore(database, model)
        self._held: Generations | None = None
        self._chroma: ChromaStore | None = None
        self._opening = threading.RLock()

    @property
    def remembers(self) -> bool:
        return self._current().remembers

    @property
    def renewable(self) -> bool:
        """Whether another generation can be made beside the one in force."""
        return self._current() is not self._exact and self._held is not None

    def put(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        self._current().put(collection, ids, vectors)

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        self._current().remove(collection, ids)

    def nearest(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        store = self._current()
        try:
            return store.nearest(collection, vector, count)
        except Exception as error:
            if store is self._exact or store is not self._current():  # in the middle of a swap: the new one answers
                return self._current().nearest(collection, vector, count)
            log.exception("the index failed, SQL answered instead; `./rapport index rebuild` mends it: %s", error)
            return self._exact.nearest(collection, vector, count)

    def clear(self) -> None:
        self._current().clear()

    def beside(self, name: str = "") -> tuple[str, ChromaStore] | None:
        """A generation beside the one in force: a new one, or the named one, ``None`` where that is not there."""
        with self._opening:
            self._current()
            if self._held is None:
                raise Unavailable("the index is held by a running service; stop it, then rebuild")
            if name and (not self._held.there(name) or self._held.is_in_force(name)):
                return None
            name = name or self._held.fresh()
            return name, self._held.open(name)

    def swap(self, name: str, fresh: ChromaStore) -> None:
        """Puts that generation in force, at once and whole, and removes every other one."""
        with self._opening:
            assert self._held is not None
            self._held.enforce(name, self._model)
            old, self._chroma = self._chroma, fresh
            if old is not None:
                old.close()
            self._held.sweep(name)

    def close(self) -> None:
        """Lets another process have the folder."""
        with self._opening:
            if self._chroma is not None:
                self._chroma.close()
            if self._held is not None:
                self._held.release()
            self._chroma = self._held = None

    def _current(self) -> VectorStore:
        with self._opening:
            if self._chroma is None and self._server is not None:
                self._chroma = self._connected(self._server)
            elif self._chroma is None and (held := Generations.hold(self._folder)) is not None:
                self._held, self._chroma = held, self._opened(held)
            return self._chroma or self._exact

    def _connected(self, url: str) -> ChromaStore:
        store = ChromaStore.server(url, self._model)
        if not store.is_of_model():
            store.clear()
            requeue(self._database)
            store.mark()
        return store

    def _opened(self, held: Generations) -> ChromaStore:
        try:
            store = held.in_force(self._model)
            if store is None:
                name = held.fresh()
                store = held.open(name)
                requeue(self._database)
                held.enforce(name, self._model)
            held.sweep(*held.names(), *_under_way(self._database, held))
        except BaseException:
            held.release()
            raise
        return store


def requeue(database: Database) -> None:
    """Every item goes to the outbox once more, for a store that has none."""
    with database.begin() as session:
        session.execute(delete(IndexOutbox).where(col(IndexOutbox.told).is_(False)))
        every = select(IndexItem.collection, IndexItem.item_id, literal(False)).order_by(
            IndexItem.collection, IndexItem.item_id
        )
        session.execute(insert(IndexOutbox).from_select(["collection", "item_id", "told"], every))


def forget_rebuild(session: Session) -> None:
    """There is no rebuild under way, and nothing to tell another store."""
    session.execute(delete(IndexRebuild))
    session.execute(delete(IndexOutbox).where(col(IndexOutbox.told)))


def _under_way(database: Database, held: Generations) -> list[str]:
    """The generation that a rebuild is making; one that died just after the swap is done."""
    with database.begin() as session:
        making = list(session.exec(select(IndexRebuild.folder)).all())
        if any(held.is_in_force(name) for name in making):
            forget_rebuild(session)
    return making

"""The port for a vector store, and its two implementations: exact from SQL, and embedded Chroma.

Chroma keeps the vectors of what was deleted in its files, so it is made anew in a folder of its own now and then:
``chroma/current`` names the folder in force, any other is what is left of one.

A store is an index that can be rebuilt: it holds ids and vectors only, never texts.
"""

import contextlib
import fcntl
import secrets
import shutil
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Protocol, runtime_checkable

import numpy as np
from sqlmodel import col, select

from kit.database import Database
from kit.errors import Unavailable
from kit.files import written_whole
from kit.vectors.embedder import Vectors
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


@runtime_checkable
class Renewable(Protocol):
    """A store that can be made anew beside itself; meanwhile it answers as before, and takes changes in twice."""

    def begin_anew(self) -> None:
        """Begins an empty one in a new folder."""

    def fill(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        """Adds to the new one alone."""

    def swap(self) -> None:
        """The new one is in force from now on; the old one's files are removed."""

    def give_up(self) -> None:
        """Removes what there is of a new one."""


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
        matrix = np.frombuffer(b"".join(data or b"" for _, data in rows), dtype=np.float32).reshape(len(rows), -1)
        scores = matrix @ vector
        best = np.argsort(-scores, kind="stable")[:count]
        return [(rows[i][0], float(scores[i])) for i in best]


class ChromaStore:
    """Embedded Chroma in a folder, held by one process at a time."""

    remembers = True

    def __init__(self, folder: Path, lock: IO[str]) -> None:
        import chromadb

        self._lock = lock
        self.path = folder
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
        inner = in_force(folder)
        _remove_others(folder, inner)
        return cls(inner, lock)

    def beside(self, folder: Path) -> "ChromaStore":
        """An empty store in a new folder within ``folder``, under the same lock."""
        return ChromaStore(folder / f"g{secrets.token_hex(4)}", self._lock)

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

    def leave(self) -> None:
        """Lets go of the files; the lock stays."""
        with contextlib.suppress(Exception):
            self._client.close()
        self._collections.clear()

    def _collection(self, name: str) -> Any:
        if name not in self._collections:
            self._collections[name] = self._client.get_or_create_collection(
                name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        return self._collections[name]


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keeps every other process from the index meanwhile. Raises ``Unavailable`` where one has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable("the data directory is open in a running service; stop it first") from None
        yield


def remove_index(folder: Path) -> None:
    """Removes Chroma's files; to be called within ``held``. What SQL has is told to the next one from the outbox."""
    for path in folder.iterdir():
        if path.name != "lock":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def in_force(folder: Path) -> Path:
    """Where in Chroma's folder the store in force is; one from before there were several lies in the folder itself."""
    named = folder / "current"
    return folder / named.read_text("ascii").strip() if named.exists() else folder


def _remove_others(folder: Path, inner: Path) -> None:
    """Removes every file of Chroma's but those of the store in force."""
    for path in folder.iterdir():
        stale = path.is_dir() and path.name.startswith("g") if inner == folder else path != inner
        if stale and path.name not in ("lock", "current"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


class SharedStore:
    """Chroma where this process can hold its folder, exact answers from SQL while another process does.

    Nothing is opened before it is used.
    """

    def __init__(self, folder: Path, database: Database, model: str) -> None:
        self._folder = folder
        self._exact = ExactStore(database, model)
        self._chroma: ChromaStore | None = None
        self._fresh: ChromaStore | None = None
        self._opening = threading.Lock()

    @property
    def remembers(self) -> bool:
        return self._current().remembers

    def put(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        self._current().put(collection, ids, vectors)
        if self._fresh is not None:
            self._fresh.put(collection, ids, vectors)

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        self._current().remove(collection, ids)
        if self._fresh is not None:
            self._fresh.remove(collection, ids)

    def nearest(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        return self._current().nearest(collection, vector, count)

    def clear(self) -> None:
        self._current().clear()

    def begin_anew(self) -> None:
        held = self._current()
        if not isinstance(held, ChromaStore):
            raise Unavailable("the index is held by another process; it is made anew there")
        self._fresh = held.beside(self._folder)

    def fill(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        assert self._fresh is not None
        self._fresh.put(collection, ids, vectors)

    def swap(self) -> None:
        assert self._fresh is not None
        with self._opening:
            with written_whole(self._folder / "current") as named:
                named.write(self._fresh.path.name.encode() + b"\n")
            old, self._chroma, self._fresh = self._chroma, self._fresh, None
            if old is not None:
                old.leave()
            _remove_others(self._folder, self._chroma.path)

    def give_up(self) -> None:
        if self._fresh is not None:
            self._fresh.leave()
            shutil.rmtree(self._fresh.path, ignore_errors=True)
            self._fresh = None

    def close(self) -> None:
        """Lets another process have the folder."""
        if self._chroma is not None:
            self._chroma.close()
            self._chroma = None

    def _current(self) -> VectorStore:
        with self._opening:
            self._chroma = self._chroma or ChromaStore.open(self._folder)
        return self._chroma or self._exact

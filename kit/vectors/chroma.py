"""Chroma as a vector store: embedded, in generations of one folder, and a server's.

An embedded store lies in ``FOLDER/g…``; the file ``FOLDER/current`` names the one in force and is replaced whole, so
that there is always exactly one. ``FOLDER/lock`` is held by the process that has it open. Other generations are
removed when the folder is opened, but one that is being made.
"""

import contextlib
import fcntl
import logging
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import numpy as np

from kit.errors import Unavailable
from kit.vectors.embedder import Vectors

log = logging.getLogger(__name__)


class ChromaStore:
    """Collections of one Chroma client. ``model`` is the embedder's; another's vectors are not mixed with it."""

    remembers = True

    def __init__(self, client: Any, model: str = "") -> None:
        self._client = client
        self._model = model
        self._collections: dict[str, Any] = {}
        self._most = int(client.get_max_batch_size())

    @classmethod
    def at(cls, path: Path) -> "ChromaStore":
        """The embedded store in a folder, made where there is none."""
        import chromadb

        chosen = chromadb.config.Settings(anonymized_telemetry=False)
        return cls(chromadb.PersistentClient(path=str(path), settings=chosen))

    @classmethod
    def server(cls, url: str, model: str) -> "ChromaStore":
        """A Chroma server's. Raises ``Unavailable``."""
        import chromadb

        chosen = chromadb.config.Settings(anonymized_telemetry=False)
        parts = urlsplit(url)
        ssl = parts.scheme == "https"
        port = parts.port or (443 if ssl else 8000)
        try:
            client = chromadb.HttpClient(host=parts.hostname or "", port=port, ssl=ssl, settings=chosen)
            return cls(client, model)
        except Exception as error:
            raise Unavailable(
                f"the Chroma server {parts.hostname}:{port} does not answer ({error}); "
                "start it, or unset RAPPORT_CHROMA_URL"
            ) from error

    def put(self, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
        for start in range(0, len(ids), self._most):
            part = slice(start, start + self._most)
            self._collection(collection).upsert(ids=list(ids[part]), embeddings=vectors[part])

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), self._most):
            self._collection(collection).delete(ids=list(ids[start : start + self._most]))

    def nearest(self, collection: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        # Asked for more than there are, it gives what there is; to count them first takes 40 ms at a million.
        found = self._collection(collection).query(
            query_embeddings=np.asarray(vector)[None, :], n_results=count, include=["distances"]
        )
        return [(i, 1.0 - float(d)) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def count(self) -> int:
        """How many vectors it holds."""
        return sum(int(collection.count()) for collection in self._client.list_collections())

    def clear(self) -> None:
        for collection in self._client.list_collections():
            self._client.delete_collection(collection.name)
        self._collections.clear()
        if self._model:
            self.mark()

    def is_of_model(self) -> bool:
        """Whether a server's collections were begun with this model's vectors."""
        names = [collection.name for collection in self._client.list_collections()]
        return _marker(self._model) in names

    def mark(self) -> None:
        """Notes the model in a server, as the name of an empty collection."""
        self._client.get_or_create_collection(_marker(self._model), embedding_function=None)

    def close(self) -> None:
        """Lets go of the files, or of the connections, which the client itself leaves open."""
        self._collections.clear()
        for client in (self._client, getattr(self._client, "_admin_client", None)):
            connections = getattr(getattr(client, "_server", None), "_session", None)
            if connections is not None:
                connections.close()
        with contextlib.suppress(Exception):  # closing twice, or a client without close
            self._client.close()

    def _collection(self, name: str) -> Any:
        if name not in self._collections:
            self._collections[name] = self._client.get_or_create_collection(
                name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        return self._collections[name]


def _marker(model: str) -> str:
    return f"model-{blake2b(model.encode(), digest_size=8).hexdigest()}"


class Generations:
    """Chroma's folder, held by this process."""

    def __init__(self, folder: Path, lock: IO[str]) -> None:
        self.folder = folder
        self._lock = lock

    @classmethod
    def hold(cls, folder: Path) -> "Generations | None":
        """The folder, or ``None`` while another process holds it."""
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        return cls(folder, lock)

    def names(self) -> list[str]:
        """The generation in force, if one is."""
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / "current").read_text("utf-8").splitlines()[:1]
        return []

    def is_in_force(self, name: str) -> bool:
        return name in self.names()

    def in_force(self, model: str) -> ChromaStore | None:
        """The store in force; ``None`` where there is none, it is another model's, or it is broken."""
        try:
            name, of_model = (self.folder / "current").read_text("utf-8").splitlines()
        except (FileNotFoundError, ValueError):
            return None
        path = self.folder / name
        if of_model != model or not path.is_dir():
            log.warning("the index in %s is missing or another model's; it is made anew from the database", path)
            return None
        try:
            store = ChromaStore.at(path)
            store.count()
        except Exception as error:
            log.warning("the index in %s is broken (%s); it is made anew from the database", path, error)
            return None
        return store

    def fresh(self) -> str:
        """The name of a generation that is not there yet."""
        return f"g{secrets.token_hex(6)}"

    def open(self, name: str) -> ChromaStore:
        return ChromaStore.at(self.folder / name)

    def there(self, name: str) -> bool:
        return (self.folder / name).is_dir()

    def enforce(self, name: str, model: str) -> None:
        """Names the generation in force, whole or not at all."""
        beside = self.folder / "current.new"
        with beside.open("w", encoding="utf-8") as handle:
            handle.write(f"{name}\n{model}\n")
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(self.folder / "current")

    def sweep(self, *keep: str) -> None:
        """Removes everything but the lock, the name of the store in force, and these generations."""
        for path in self.folder.iterdir():
            if path.name not in {"lock", "current", *keep}:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def remove(self) -> None:
        """Removes every generation, such as those of a database that is no more; the next is filled from SQL."""
        self.sweep()
        (self.folder / "current").unlink(missing_ok=True)

    def release(self) -> None:
        """Lets another process have the folder."""
        self._lock.close()


@contextlib.contextmanager
def held(folder: Path) -> Iterator[Generations]:
    """The folder, with every other process kept out meanwhile. Raises ``Unavailable`` where one has it."""
    generations = Generations.hold(folder)
    if generations is None:
        raise Unavailable("the data directory is open in a running service; stop it first")
    try:
        yield generations
    finally:
        generations.release()

"""What tells the vector store of changes: embeds what has no vector, tells the store, then clears the outbox."""

import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from sqlalchemy import func, or_, update
from sqlmodel import col, delete, select

from kit.database import Database
from kit.errors import BrokenData
from kit.vectors import segments
from kit.vectors.embedder import Embedder
from kit.vectors.encoding import BYTES_PER_DIMENSION, decoded, encoded
from kit.vectors.owned import Key
from kit.vectors.store import VectorStore
from kit.vectors.tables import IndexItem, IndexOutbox, IndexRebuild

DRAIN_BATCH = 1024
EMBED_BATCH = 128  # texts embedded before others may have the store


class Indexer:
    """One process's; ``draining`` is held for a batch at a time."""

    def __init__(self, database: Database, embedder: Embedder, store: VectorStore) -> None:
        self.database = database
        self.embedder = embedder
        self.store = store
        self.draining = threading.Lock()
        self.to_pack: set[str] = set()  # owners with many loose items; whoever reads them next says so again

    def drain(self, progress: Callable[[int], None] | None, collection: str | None, until: Callable[[], bool]) -> int:
        """See ``SemanticIndex.drain``."""
        done = 0
        while not until():
            with self.draining:
                batch = self._staged(collection) if self.store.remembers else self._bare(collection)
                if not batch:
                    return done
                told = self._apply(batch)
            done += told
            if progress:
                progress(told)
        return done

    def give(self, store: VectorStore, keys: Iterable[Key]) -> list[Key]:
        """Tells a store what SQL says of these items; gives those it has been told.

        They are in order and from the first; what comes after ``EMBED_BATCH`` texts without a vector waits.
        """
        items = self._read(sorted(set(keys)))
        given: list[Key] = []
        bare = 0
        for key, item in items.items():
            bare += item is not None and self._lacks(item)
            if bare > EMBED_BATCH:
                break
            given.append(key)
        there = [item for key in given if (item := items[key]) is not None]
        made = self._embed([item for item in there if self._lacks(item)])
        self._keep(made)
        if store.remembers:
            for collection, group in groupby(given, key=lambda key: key[0]):
                ids = [item_id for _, item_id in group]
                live = [item for one in ids if (item := items[collection, one]) is not None]
                vectors = decoded([item.vector or b"" for item in live], self.embedder.dimensions)
                store.put(collection, [item.item_id for item in live], vectors)
                store.remove(collection, [one for one in ids if items[collection, one] is None])
        return given

    def _apply(self, batch: Sequence[IndexOutbox]) -> int:
        given = set(self.give(self.store, [(row.collection, row.item_id) for row in batch]))
        told = [row.seq for row in batch if (row.collection, row.item_id) in given]
        if self.store.remembers:
            with self.database.begin() as session:
                those = col(IndexOutbox.seq).in_(told)
                if session.exec(select(IndexRebuild)).first() is not None:
                    session.execute(update(IndexOutbox).where(those).values(told=True))
                else:
                    session.execute(delete(IndexOutbox).where(those))
        return len(told)

    def _staged(self, collection: str | None) -> Sequence[IndexOutbox]:
        """The next outbox rows."""
        wanted = select(IndexOutbox).where(col(IndexOutbox.told).is_(False)).order_by(col(IndexOutbox.seq))
        if collection is not None:
            wanted = wanted.where(IndexOutbox.collection == collection)
        with self.database.read() as session:
            return session.exec(wanted.limit(DRAIN_BATCH)).all()

    def _bare(self, collection: str | None) -> Sequence[IndexOutbox]:
        """Items whose vector is missing or another model's: a store without a copy needs only these.

        The outbox stays, for the store that has a copy.
        """
        size = self.embedder.dimensions * BYTES_PER_DIMENSION
        other = or_(col(IndexItem.model) != self.embedder.name, func.length(IndexItem.vector) != size)
        wanted = select(IndexItem.collection, IndexItem.item_id).where(or_(col(IndexItem.model).is_(None), other))
        if collection is not None:
            wanted = wanted.where(IndexItem.collection == collection)
        with self.database.read() as session:
            keys = session.exec(wanted.limit(EMBED_BATCH)).all()
        return [IndexOutbox(collection=collection, item_id=item_id) for collection, item_id in keys]

    def _lacks(self, item: IndexItem) -> bool:
        size = self.embedder.dimensions * BYTES_PER_DIMENSION
        return item.model != self.embedder.name or item.vector is None or len(item.vector) != size

    def _read(self, keys: Sequence[Key]) -> dict[Key, IndexItem | None]:
        items: dict[Key, IndexItem | None] = dict.fromkeys(keys)
        with self.database.read() as session:
            for collection, group in groupby(keys, key=lambda key: key[0]):
                ids = [item_id for _, item_id in group]
                wanted = select(IndexItem).where(IndexItem.collection == collection, col(IndexItem.item_id).in_(ids))
                items |= {(collection, item.item_id): item for item in session.exec(wanted).all()}
        return items

    def _embed(self, items: Sequence[IndexItem]) -> Sequence[IndexItem]:
        """Gives each item its vector, one embedding per distinct text, reusing what SQL has."""
        known = self._known({item.digest for item in items})
        fresh = list({item.digest: item for item in items if item.digest not in known}.values())
        vectors = self.embedder.embed([item.text for item in fresh])
        if vectors.shape != (len(fresh), self.embedder.dimensions):
            raise BrokenData(
                f"the embedder {self.embedder.name!r} gave vectors of shape {vectors.shape} for {len(fresh)} texts, "
                f"not of {self.embedder.dimensions} dimensions; choose a model whose size is known"
            )
        known |= {item.digest: data for item, data in zip(fresh, encoded(vectors), strict=True)}
        for item in items:
            item.model, item.vector = self.embedder.name, known[item.digest]
        return items

    def _known(self, digests: set[str]) -> dict[str, bytes]:
        if not digests:
            return {}
        wanted = select(IndexItem.digest, IndexItem.vector).where(
            col(IndexItem.digest).in_(digests),
            IndexItem.model == self.embedder.name,
            func.length(IndexItem.vector) == self.embedder.dimensions * BYTES_PER_DIMENSION,
        )
        with self.database.read() as session:
            return {digest: vector for digest, vector in session.exec(wanted).all() if vector is not None}

    def _keep(self, made: Sequence[IndexItem]) -> None:
        """Vectors into SQL, where the text is still the same; owners with many loose items get a segment."""
        if not made and not self.to_pack:
            return
        with self.database.begin() as session:
            for item in made:
                keeping = update(IndexItem).where(
                    col(IndexItem.collection) == item.collection,
                    col(IndexItem.item_id) == item.item_id,
                    col(IndexItem.digest) == item.digest,
                )
                session.connection().execute(keeping.values(model=item.model, vector=item.vector))
            for owner in self.to_pack | {item.owner for item in made if item.owner}:
                segments.pack(session, owner, self.embedder)
        self.to_pack.clear()

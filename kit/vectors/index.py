"""The semantic index: texts staged in the caller's unit of work, embedded and told to the store afterwards.

A text, and an outbox row that says so, are one transaction with whatever they belong to.
``drain`` embeds what has no vector yet, tells the store, and only then removes the outbox rows:
after a crash anywhere it is done again, and doing it again changes nothing.
A search drains first, so it is never stale.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, or_
from sqlmodel import Session, col, delete, select

from kit.database import Database
from kit.lexical import term_counts
from kit.term_counts import pack
from kit.vectors import segments
from kit.vectors.embedder import Embedder, Vectors
from kit.vectors.encoding import BYTES_PER_DIMENSION, decoded, encoded
from kit.vectors.owned import ItemText, Key, OwnedItems, texts
from kit.vectors.store import VectorStore
from kit.vectors.tables import IndexItem, IndexOutbox

log = logging.getLogger(__name__)

DRAIN_BATCH = 128


@dataclass(frozen=True)
class Hit:
    """A found text. ``score`` is the cosine similarity, from -1 to 1."""

    item_id: str
    owner: str
    text: str
    at: datetime
    details: Mapping[str, str]
    score: float


class SemanticIndex:
    """Texts by meaning, in named collections (letters, three or more)."""

    def __init__(self, database: Database, embedder: Embedder, store: VectorStore) -> None:
        self._database = database
        self._embedder = embedder
        self._store = store
        self._draining = threading.Lock()
        self._to_pack: set[str] = set()  # owners with many loose items; whoever reads them next says so again

    @property
    def embedder(self) -> Embedder:
        return self._embedder

    def put(
        self,
        session: Session,
        collection: str,
        item_id: str,
        text: str,
        *,
        at: datetime,
        owner: str = "",
        thread: str = "",
        place: int = 0,
        speaker: str = "",
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Stages a text in the caller's unit of work; the same text again changes nothing."""
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        item = session.get(IndexItem, (collection, item_id))
        if item is None:
            item = IndexItem(
                collection=collection, item_id=item_id, at=at, text=text, digest=digest, terms=pack(term_counts(text)),
                details={},
            )  # fmt: skip
            session.add_all((item, IndexOutbox(collection=collection, item_id=item_id)))
        elif item.digest != digest:
            item.text, item.digest, item.terms = text, digest, pack(term_counts(text))
            item.model = item.vector = None
            session.add(IndexOutbox(collection=collection, item_id=item_id))
        item.at, item.owner, item.details = at, owner, dict(details or {})
        item.thread, item.place, item.speaker = thread, place, speaker

    def remove(self, session: Session, collection: str, item_id: str) -> None:
        """Takes a text out, in the caller's unit of work."""
        item = session.get(IndexItem, (collection, item_id))
        if item is not None:
            session.delete(item)
            session.add(IndexOutbox(collection=collection, item_id=item_id))

    def owned(self, session: Session, owner: str, collections: Sequence[str]) -> OwnedItems:
        """All items of one owner, in columns; what is not embedded yet is, for this reading."""
        parts, loose = segments.read(session, owner, self._embedder)
        bare = [row[:2] for row in loose if row[7] is None]
        if len(loose) - len(bare) >= segments.LOOSE:
            self._to_pack.add(owner)
        if bare:
            found = self.texts(session, bare)
            made = dict(zip(bare, encoded(self._embedder.embed([found[key].text for key in bare])), strict=True))
            loose = [row if row[7] is not None else (*row[:7], made[row[:2]]) for row in loose]
        if loose or not parts:
            parts.append(segments.of_rows(loose, self._embedder.dimensions))
        return OwnedItems.joined(parts).of(collections)

    def texts(self, session: Session, keys: Sequence[Key]) -> dict[Key, ItemText]:
        """What stands in items, by ``(collection, item_id)``."""
        return texts(session, keys)

    def vector(self, text: str) -> Vectors:
        """One text's vector, shape ``(dimensions,)``."""
        row: Vectors = self._embedder.embed([text])[0]
        return row

    def search(self, collection: str, text: str, count: int = 10) -> list[Hit]:
        """The nearest texts of a collection, best first, everything committed until now included.

        Opens its own units of work: call it outside of one that writes.
        """
        self.drain(collection=collection)
        found = dict(self._store.nearest(collection, self.vector(text), count))
        with self._database.read() as session:
            rows = session.exec(
                select(IndexItem).where(IndexItem.collection == collection, col(IndexItem.item_id).in_(found))
            ).all()
        hits = [Hit(i.item_id, i.owner, i.text, i.at, i.details, found[i.item_id]) for i in rows]
        return sorted(hits, key=lambda hit: (-hit.score, hit.item_id))

    def pending(self) -> int:
        """How many changes the store has not seen."""
        with self._database.read() as session:
            return session.exec(select(func.count()).select_from(IndexOutbox)).one()

    def drain(
        self,
        progress: Callable[[int], None] | None = None,
        collection: str | None = None,
        until: Callable[[], bool] = lambda: False,
    ) -> int:
        """Embeds and tells the store what is staged, of one collection or of all; gives the number of changes.

        Batch by batch, so that who waits for one collection does not wait for the others, and no further once
        ``until`` says so.
        """
        done, after = 0, 0
        while not until():
            with self._draining:
                batch = self._staged(after, collection) if self._store.remembers else self._bare(collection)
                if not batch:
                    return done
                self._apply(batch)
            after = batch[-1].seq or 0
            done += len(batch)
            if progress:
                progress(len(batch))
        return done

    def rebuild(self, progress: Callable[[int], None] | None = None) -> int:
        """Empties the store and fills it again from SQL; vectors that SQL has are not made anew."""
        with self._draining:
            self._store.clear()
            with self._database.begin() as session:
                session.exec(delete(IndexOutbox))
                keys = session.exec(select(IndexItem.collection, IndexItem.item_id)).all()
                session.add_all(IndexOutbox(collection=c, item_id=i) for c, i in keys)
        return self.drain(progress)

    def _staged(self, after: int, collection: str | None) -> Sequence[IndexOutbox]:
        """The next outbox rows."""
        wanted = select(IndexOutbox).where(col(IndexOutbox.seq) > after).order_by(col(IndexOutbox.seq))
        if collection is not None:
            wanted = wanted.where(IndexOutbox.collection == collection)
        with self._database.read() as session:
            return session.exec(wanted.limit(DRAIN_BATCH)).all()

    def _bare(self, collection: str | None) -> Sequence[IndexOutbox]:
        """Items whose vector is missing or another model's: a store without a copy needs only these.

        The outbox stays, for the store that has a copy.
        """
        lacking = or_(col(IndexItem.model).is_(None), col(IndexItem.model) != self._embedder.name)
        wanted = select(IndexItem.collection, IndexItem.item_id).where(lacking)
        if collection is not None:
            wanted = wanted.where(IndexItem.collection == collection)
        with self._database.read() as session:
            keys = session.exec(wanted.limit(DRAIN_BATCH)).all()
        return [IndexOutbox(collection=collection, item_id=item_id) for collection, item_id in keys]

    def _apply(self, batch: Sequence[IndexOutbox]) -> None:
        keys = sorted({(row.collection, row.item_id) for row in batch})
        with self._database.read() as session:
            items = {key: item for key in keys if (item := session.get(IndexItem, key)) is not None}
        made = self._embed([item for item in items.values() if item.model != self._embedder.name])
        for collection, group in groupby(keys, key=lambda key: key[0]):
            ids = [item_id for _, item_id in group]
            there = [item_id for item_id in ids if (collection, item_id) in items]
            if there and self._store.remembers:
                self._store.put(collection, there, self._vectors([items[collection, one] for one in there]))
            self._store.remove(collection, [item_id for item_id in ids if (collection, item_id) not in items])
        with self._database.begin() as session:
            for item in made:
                stored = session.get(IndexItem, (item.collection, item.item_id))
                if stored is not None and stored.digest == item.digest:
                    stored.model, stored.vector = item.model, item.vector
            for owner in self._to_pack | {item.owner for item in made if item.owner}:
                segments.pack(session, owner, self._embedder)
            self._to_pack.clear()
            if self._store.remembers:
                session.exec(delete(IndexOutbox).where(col(IndexOutbox.seq).in_([row.seq for row in batch])))

    def _vectors(self, items: Sequence[IndexItem]) -> Vectors:
        return decoded([item.vector or b"" for item in items], self._embedder.dimensions)

    def _embed(self, items: Sequence[IndexItem]) -> Sequence[IndexItem]:
        """Gives each item its vector, one embedding per distinct text, reusing what SQL has."""
        known = self._known({item.digest for item in items})
        fresh = list({item.digest: item for item in items if item.digest not in known}.values())
        vectors = self._embedder.embed([item.text for item in fresh])
        known |= {item.digest: data for item, data in zip(fresh, encoded(vectors), strict=True)}
        for item in items:
            item.model, item.vector = self._embedder.name, known[item.digest]
        return items

    def _known(self, digests: set[str]) -> dict[str, bytes]:
        with self._database.read() as session:
            rows = session.exec(
                select(IndexItem.digest, IndexItem.vector).where(
                    col(IndexItem.digest).in_(digests),
                    IndexItem.model == self._embedder.name,
                    func.length(IndexItem.vector) == self._embedder.dimensions * BYTES_PER_DIMENSION,
                )
            ).all()
        return {digest: vector for digest, vector in rows if vector is not None}

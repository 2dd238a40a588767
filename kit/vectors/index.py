"""The semantic index: texts staged in the caller's unit of work, embedded and told to the store afterwards.

A text, and an outbox row that says so, are one transaction with whatever they belong to.
``drain`` embeds what has no vector yet, tells the store, and only then removes the outbox rows:
after a crash anywhere it is done again, and doing it again changes nothing.
A search drains first, so it is never stale.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, func, insert, literal
from sqlmodel import Session, col, delete, select

from kit.database import Database
from kit.errors import InvalidInput
from kit.lexical import term_counts
from kit.term_counts import pack
from kit.vectors import segments
from kit.vectors.embedder import Embedder, Vectors
from kit.vectors.encoding import encoded
from kit.vectors.indexer import Indexer
from kit.vectors.owned import ItemText, Key, OwnedItems, texts
from kit.vectors.renewal import renew
from kit.vectors.store import VectorStore
from kit.vectors.tables import IndexItem, IndexOutbox, IndexSegment


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
        self._indexer = Indexer(database, embedder, store)

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

    def remove_owned(self, session: Session, owners: Sequence[str]) -> int:
        """Takes out all texts of these owners, in the caller's unit of work; gives their number."""
        theirs = col(IndexItem.owner).in_(owners)
        session.flush()
        keys = select(IndexItem.collection, IndexItem.item_id, literal(False)).where(theirs)
        session.execute(insert(IndexOutbox).from_select(["collection", "item_id", "told"], keys))
        session.execute(delete(IndexSegment).where(col(IndexSegment.owner).in_(owners)))
        return cast("CursorResult[Any]", session.execute(delete(IndexItem).where(theirs))).rowcount

    def owned(self, session: Session, owner: str, collections: Sequence[str]) -> OwnedItems:
        """All items of one owner, in columns; what is not embedded yet is, for this reading."""
        parts, loose = segments.read(session, owner, self._embedder)
        bare = [row[:2] for row in loose if row[7] is None]
        if len(loose) - len(bare) >= segments.LOOSE:
            self._indexer.to_pack.add(owner)
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

        Opens its own units of work: call it outside of one that writes. Raises ``InvalidInput`` below one hit.
        """
        if count < 1:
            raise InvalidInput(f"a search for {count} texts finds none; ask for one or more")
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
            return session.exec(
                select(func.count()).select_from(IndexOutbox).where(col(IndexOutbox.told).is_(False))
            ).one()

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
        return self._indexer.drain(progress, collection, until)

    def rebuild(self, progress: Callable[[int], None] | None = None) -> int:
        """Makes the store anew from SQL; vectors that SQL has are not made anew. Gives the number of items.

        A rebuild that was cut short goes on where it was. Until the new store is whole, the old one answers, and
        learns; then they are swapped. Raises ``Unavailable`` where another process holds Chroma.
        """
        return renew(self._indexer, progress)

    def compact(self) -> None:
        """Makes the store anew from SQL, from the beginning, so that no byte of what was removed is left in it."""
        renew(self._indexer, None, resume=False)

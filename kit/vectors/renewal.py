"""A vector store made anew from SQL beside the one in force, and swapped with it.

How far it is stands in SQL (``index_rebuild``), so that a process that dies half-way loses one batch. What the store
in force is told meanwhile stays in the outbox, ``told``, and is told to the new one before the swap.
"""

from collections.abc import Callable

from sqlalchemy import tuple_
from sqlmodel import col, select

from kit.errors import Unavailable
from kit.vectors.chroma import ChromaStore
from kit.vectors.indexer import Indexer
from kit.vectors.owned import Key
from kit.vectors.store import SharedStore, forget_rebuild, requeue
from kit.vectors.tables import IndexItem, IndexOutbox, IndexRebuild

FILL_BATCH = 2048


def renew(indexer: Indexer, progress: Callable[[int], None] | None, *, resume: bool = True) -> int:
    """Makes the store anew; gives the number of items it was told. Raises ``Unavailable``."""
    store = indexer.store
    if not isinstance(store, SharedStore) or not store.renewable:
        return _refill(indexer, progress)
    state, fresh = _begun(indexer, store, resume=resume)
    if progress and state.done:
        progress(state.done)
    while batch := _next(indexer, (state.collection, state.item_id)):
        with indexer.draining:
            given = indexer.give(fresh, batch)
            state.collection, state.item_id = given[-1]
            state.done += len(given)
            with indexer.database.begin() as session:
                session.merge(state)
        if progress:
            progress(len(given))
    with indexer.draining:
        _catch_up(indexer, fresh)
        store.swap(state.folder, fresh)
        with indexer.database.begin() as session:
            forget_rebuild(session)
    indexer.drain(None, None, lambda: False)
    return state.done


def _refill(indexer: Indexer, progress: Callable[[int], None] | None) -> int:
    """Where there is one place for a store only: it is emptied, and everything goes to the outbox."""
    if not indexer.store.remembers:
        if isinstance(indexer.store, SharedStore):
            raise Unavailable("the index is held by a running service; stop it, then rebuild")
        return indexer.drain(progress, None, lambda: False)
    with indexer.draining:
        requeue(indexer.database)
        indexer.store.clear()
    return indexer.drain(progress, None, lambda: False)


def _begun(indexer: Indexer, store: SharedStore, *, resume: bool) -> tuple[IndexRebuild, ChromaStore]:
    """The rebuild that was cut short, or a new one."""
    with indexer.draining, indexer.database.begin() as session:
        earlier = session.exec(select(IndexRebuild)).first()
        if resume and earlier is not None and earlier.model == indexer.embedder.name:
            found = store.beside(earlier.folder)
            if found is not None:
                return earlier, found[1]
        forget_rebuild(session)
        made = store.beside()
        assert made is not None
        state = IndexRebuild(folder=made[0], model=indexer.embedder.name)
        session.add(state)
        return state, made[1]


def _next(indexer: Indexer, after: Key) -> list[Key]:
    key = tuple_(col(IndexItem.collection), col(IndexItem.item_id))
    wanted = select(IndexItem.collection, IndexItem.item_id).where(key > after)
    with indexer.database.read() as session:
        rows = session.exec(wanted.order_by(IndexItem.collection, IndexItem.item_id).limit(FILL_BATCH)).all()
    return [(collection, item_id) for collection, item_id in rows]


def _catch_up(indexer: Indexer, fresh: ChromaStore) -> None:
    """Tells the new store what the one in force has been told since."""
    after = 0
    while True:
        wanted = select(IndexOutbox).where(col(IndexOutbox.told), col(IndexOutbox.seq) > after)
        with indexer.database.read() as session:
            rows = session.exec(wanted.order_by(col(IndexOutbox.seq)).limit(FILL_BATCH)).all()
        if not rows:
            return
        waiting = {(row.collection, row.item_id) for row in rows}
        while waiting:
            waiting -= set(indexer.give(fresh, waiting))
        after = rows[-1].seq or 0

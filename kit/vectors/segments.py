"""One owner's items, read for scoring: packed segments and loose rows, by one statement.

An item begins as a row of ``index_item``. Once an owner has enough loose ones, ``pack`` copies them into a segment:
columns in one row, of at most ``SEGMENT`` items; the newest is filled up before another is begun.
The rows stay the truth; triggers drop the segment of an item that changes.

Measured on two busy cores: 10,000 items are read in 8 ms this way and in 90 ms as rows, 100 items in 0.2 and 0.4 ms.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import and_, bindparam, case, func, literal_column, null, select, type_coerce, union_all, update
from sqlalchemy.sql import Executable
from sqlalchemy.types import BigInteger, NullType
from sqlmodel import Session, col

from kit.term_counts import TermMatrix
from kit.vectors.embedder import Embedder
from kit.vectors.encoding import BYTES_PER_DIMENSION, decoded, halves
from kit.vectors.owned import Names, OwnedItems
from kit.vectors.tables import IndexItem, IndexSegment

SEGMENT = 512
LOOSE = 32  # as many rows as are read as quickly as they are
Row = tuple[Any, ...]  # collection, item_id, at, thread, place, speaker, terms, vector

_ITEM = select(
    col(IndexItem.collection), col(IndexItem.item_id), type_coerce(IndexItem.at, BigInteger), col(IndexItem.thread),
    col(IndexItem.place), col(IndexItem.speaker), type_coerce(IndexItem.terms, NullType),
    case(
        (
            and_(col(IndexItem.model) == bindparam("model"), func.length(IndexItem.vector) == bindparam("bytes")),
            type_coerce(IndexItem.vector, NullType),
        ),
    ),
).where(col(IndexItem.owner) == bindparam("owner"))  # fmt: skip
_LOOSE = _ITEM.where(col(IndexItem.segment).is_(None))
# A segment takes the place of a row: its model for a collection, and no id.
_SEGMENTS: Any = select(
    col(IndexSegment.model), null(), literal_column("0"), literal_column("''"), literal_column("0"),
    literal_column("''"), type_coerce(IndexSegment.columns, NullType), type_coerce(IndexSegment.vectors, NullType),
).where(col(IndexSegment.owner) == bindparam("owner"))  # fmt: skip
_BOTH = union_all(_SEGMENTS, _LOOSE)


def read(session: Session, owner: str, embedder: Embedder) -> tuple[list[OwnedItems], list[Row]]:
    """The owner's segments, and the rows that are in none; a row's vector is ``None`` where it lacks the model's."""
    rows = _rows(session, _BOTH, owner, embedder)
    whole = [row for row in rows if row[1] is None]
    if any(row[0] != embedder.name for row in whole):
        return [], _rows(session, _ITEM, owner, embedder)
    parts = [unpacked(row[6], row[7], embedder.dimensions) for row in whole]
    return parts, [row for row in rows if row[1] is not None] if whole else rows


def of_rows(rows: Sequence[Row], dimensions: int) -> OwnedItems:
    """Rows as columns, in order; each must have its vector."""
    columns: list[tuple[Any, ...]] = list(zip(*sorted(rows, key=lambda row: (row[2], row[1])), strict=True))
    collections, item_ids, at, threads, places, speakers, terms, vectors = columns or [()] * 8
    return OwnedItems(
        Names.of(collections), item_ids, np.array(at, np.int64), Names.of(threads), np.array(places, np.int64),
        Names.of(speakers), decoded(vectors, dimensions), TermMatrix.unpack(terms),
    )  # fmt: skip


def pack(session: Session, owner: str, embedder: Embedder) -> int:
    """Copies the owner's loose items into segments, in this unit of work; gives how many there were."""
    loose = [row for row in _rows(session, _LOOSE.with_for_update(), owner, embedder) if row[7] is not None]
    if len(loose) < LOOSE:
        return 0
    newest = session.scalars(
        select(IndexSegment)
        .where(col(IndexSegment.owner) == owner, col(IndexSegment.size) < SEGMENT)
        .order_by(col(IndexSegment.id).desc()).limit(1).with_for_update()
    ).first()  # fmt: skip
    if newest is not None:
        within = _ITEM.where(col(IndexItem.segment) == newest.id).with_for_update()
        loose += [row for row in _rows(session, within, owner, embedder) if row[7] is not None]
        session.delete(newest)
        session.flush()
    loose.sort(key=lambda row: (row[2], row[1]))
    for start in range(0, len(loose), SEGMENT):
        _write(session, owner, loose[start : start + SEGMENT], embedder)
    return len(loose)


def _rows(session: Session, wanted: Executable, owner: str, embedder: Embedder) -> list[Row]:
    size = embedder.dimensions * BYTES_PER_DIMENSION
    given = {"owner": owner, "model": embedder.name, "bytes": size}
    session.flush()  # what was put a moment ago is read too
    return [tuple(row) for row in session.connection().execute(wanted, given).all()]


def _write(session: Session, owner: str, rows: Sequence[Row], embedder: Embedder) -> None:
    items = of_rows(rows, embedder.dimensions)
    vectors = b"".join(row[7] for row in rows)
    segment = IndexSegment(
        owner=owner, model=embedder.name, size=len(rows), columns=packed(items), vectors=vectors
    )  # fmt: skip
    session.add(segment)
    session.flush()
    marking = (
        update(IndexItem)
        .where(col(IndexItem.collection) == bindparam("in_collection"), col(IndexItem.item_id) == bindparam("of_id"))
        .values(segment=segment.id)
    )
    keys = [{"in_collection": row[0], "of_id": row[1]} for row in rows]
    session.connection().execute(marking, keys)


def packed(items: OwnedItems) -> bytes:
    """The columns but the vectors: a header (its length, then JSON of all names), then the arrays."""
    named = (items.collections, items.threads, items.speakers)
    header = json.dumps([items.item_ids, *[names.known for names in named]], ensure_ascii=False).encode()
    header += b" " * (-len(header) % 8)
    arrays: list[Any] = [
        np.array([len(header), len(items)], "<i8"), header, items.at.astype("<i8"), items.terms.hashes.astype("<u8"),
        items.places.astype("<i4"), *[names.codes.astype("<i4") for names in named], items.terms.sizes.astype("<i4"),
        items.terms.counts.astype("<u4"),
    ]  # fmt: skip
    sizes = np.array([len(items.terms.hashes)], "<i8").tobytes()
    return sizes + b"".join(one if isinstance(one, bytes) else one.tobytes() for one in arrays)


def unpacked(columns: bytes, vectors: bytes, dimensions: int) -> OwnedItems:
    """The items of a segment."""
    entries, header, n = np.frombuffer(columns, "<i8", 3).tolist()
    item_ids, collections, threads, speakers = json.loads(columns[24 : 24 + header])
    at = np.frombuffer(columns, "<i8", n, 24 + header)
    start = 24 + header + 8 * n
    hashes = np.frombuffer(columns, "<u8", entries, start)
    small = np.frombuffer(columns, "<i4", 5 * n + entries, start + 8 * entries)
    places, of_collection, of_thread, of_speaker, sizes = small[: 5 * n].reshape(5, n)
    return OwnedItems(
        Names(tuple(collections), of_collection), tuple(item_ids), at, Names(tuple(threads), of_thread),
        places.astype(np.int64), Names(tuple(speakers), of_speaker), halves(vectors, dimensions),
        TermMatrix(hashes, small[5 * n :].view(np.uint32), sizes),
    )  # fmt: skip

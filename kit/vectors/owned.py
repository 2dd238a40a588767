"""One owner's items in columns: what exact recall scores, read without their texts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Executable, bindparam, select
from sqlmodel import Session, col

from kit.term_counts import TermMatrix
from kit.vectors.embedder import Vectors
from kit.vectors.tables import IndexItem

Key = tuple[str, str]  # collection, item_id


@dataclass(frozen=True)
class Names:
    """A column of names that repeat: ``codes`` (n,) are positions in ``known``."""

    known: tuple[str, ...]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, names: Sequence[str]) -> "Names":
        numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        codes = np.fromiter(map(numbers.__getitem__, names), np.int32, len(names))
        return cls(tuple(numbers), codes)

    def __getitem__(self, position: int) -> str:
        name: str = self.known[self.codes[position]]
        return name

    def __len__(self) -> int:
        return len(self.codes)

    def are(self, name: str) -> NDArray[np.bool_]:
        """Where the column holds ``name``."""
        where: NDArray[np.bool_] = self.codes == (self.known.index(name) if name in self.known else -1)
        return where

    @classmethod
    def joined(cls, parts: Sequence["Names"]) -> "Names":
        """One after the other."""
        numbers = {name: number for number, name in enumerate(dict.fromkeys(n for part in parts for n in part.known))}
        mapped = [np.array([numbers[name] for name in part.known], np.int32)[part.codes] for part in parts]
        return cls(tuple(numbers), np.concatenate(mapped))

    def take(self, positions: NDArray[np.intp]) -> "Names":
        return Names(self.known, self.codes[positions])


@dataclass(frozen=True)
class OwnedItems:
    """Parallel columns of ``n`` items, oldest first, those of one moment by id.

    ``at`` are microseconds since 1970 in UTC; ``threads`` conversations' ids, or empty; ``places`` positions in them;
    ``speakers`` ``customer``, ``agent``, ``desk`` or empty; ``vectors`` has shape ``(n, dimensions)``.
    """

    collections: Names
    item_ids: tuple[str, ...]
    at: NDArray[np.int64]
    threads: Names
    places: NDArray[np.int64]
    speakers: Names
    vectors: Vectors
    terms: TermMatrix

    @classmethod
    def joined(cls, parts: Sequence["OwnedItems"]) -> "OwnedItems":
        """All parts' items, in order; each part is in order itself, its vectors perhaps still in 16 bits."""
        if len(parts) == 1:
            return replace(parts[0], vectors=parts[0].vectors.astype(np.float32, copy=False))
        parts = sorted(parts, key=lambda part: (int(part.at[0]), part.item_ids[0]))
        whole = cls(
            Names.joined([part.collections for part in parts]),
            tuple(item_id for part in parts for item_id in part.item_ids),
            np.concatenate([part.at for part in parts]),
            Names.joined([part.threads for part in parts]),
            np.concatenate([part.places for part in parts]),
            Names.joined([part.speakers for part in parts]),
            np.concatenate([part.vectors for part in parts], dtype=np.float32, casting="same_kind"),
            TermMatrix.joined([part.terms for part in parts]),
        )
        ends = [(int(part.at[-1]), part.item_ids[-1]) for part in parts]
        begins = [(int(part.at[0]), part.item_ids[0]) for part in parts]
        if all(end < begin for end, begin in zip(ends, begins[1:], strict=False)):
            return whole
        at = whole.at.tolist()
        return whole.take(np.array(sorted(range(len(whole)), key=lambda i: (at[i], whole.item_ids[i])), np.intp))

    def of(self, collections: Collection[str]) -> "OwnedItems":
        """Those of some collections."""
        wanted = np.array([name in collections for name in self.collections.known], np.bool_)
        return self if wanted.all() else self.take(np.flatnonzero(wanted[self.collections.codes]))

    def __len__(self) -> int:
        return len(self.item_ids)

    def key(self, position: int) -> Key:
        """Which item stands there."""
        return self.collections[position], self.item_ids[position]

    def take(self, positions: NDArray[np.intp]) -> "OwnedItems":
        """The items at these positions, in that order."""
        return OwnedItems(
            self.collections.take(positions),
            tuple(self.item_ids[position] for position in positions),
            self.at[positions],
            self.threads.take(positions),
            self.places[positions],
            self.speakers.take(positions),
            self.vectors[positions],
            self.terms.take(positions),
        )


@dataclass(frozen=True)
class ItemText:
    """What stands in an item."""

    text: str
    details: Mapping[str, str]
    at: datetime


@lru_cache(maxsize=64)
def _texts(collections: int, items: int) -> Executable:
    """The statement for so many of each: one whose number of parameters is fixed is compiled once."""
    return select(
        col(IndexItem.collection), col(IndexItem.item_id), col(IndexItem.text), col(IndexItem.details),
        col(IndexItem.at),
    ).where(
        # Not pairs of both: SQLite reads the whole table for those.
        col(IndexItem.collection).in_([bindparam(f"c{n}") for n in range(collections)]),
        col(IndexItem.item_id).in_([bindparam(f"i{n}") for n in range(items)]),
    )  # fmt: skip


def texts(session: Session, keys: Sequence[Key]) -> dict[Key, ItemText]:
    """What stands in items, by ``(collection, item_id)``; of some hundreds at once."""
    session.flush()
    found: dict[Key, ItemText] = {}
    for start in range(0, len(keys), 400):
        wanted = set(keys[start : start + 400])
        collections, items = (sorted({key[part] for key in wanted}) for part in (0, 1))
        given = {f"c{n}": one for n, one in enumerate(collections)} | {f"i{n}": one for n, one in enumerate(items)}
        statement = _texts(len(collections), len(items))
        for collection, item_id, text, details, at in session.connection().execute(statement, given).all():
            if (collection, item_id) in wanted:
                found[collection, item_id] = ItemText(text, details, at)
    return found

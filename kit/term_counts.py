"""Term counts in few bytes, and BM25 over many items' at once.

Packed: one record per term, a 64-bit hash of the term (the first eight bytes of its BLAKE2b) and its count (32 bits),
little-endian, by hash. Two terms with one hash are to be expected once in some billion terms.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from kit.lexical import K1, B

_MANY = 8_000  # entries from which a comparison per term is quicker than one search for all
RECORD = np.dtype([("term", "<u8"), ("count", "<u4")])


@lru_cache(maxsize=50_000)
def term_hash(term: str) -> int:
    """64 bits, the same in every process and version."""
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def pack(counts: Mapping[str, int]) -> bytes:
    """Term counts as bytes, twelve per term."""
    records = np.fromiter(((term_hash(term), count) for term, count in counts.items()), RECORD, len(counts))
    return np.sort(records, order="term").tobytes()


@dataclass(frozen=True)
class TermMatrix:
    """The term counts of ``len(self)`` items, item after item.

    ``hashes`` and ``counts`` hold one entry per item and term, ``sizes`` (n,) how many of them are each item's.
    """

    hashes: NDArray[np.uint64]
    counts: NDArray[np.uint32]
    sizes: NDArray[np.int32]

    @classmethod
    def unpack(cls, packed: Sequence[bytes]) -> "TermMatrix":
        """From each item's packed counts."""
        sizes = np.fromiter((len(one) // RECORD.itemsize for one in packed), np.int32, len(packed))
        records = np.frombuffer(b"".join(packed), RECORD)
        return cls(np.ascontiguousarray(records["term"]), np.ascontiguousarray(records["count"]), sizes)

    @classmethod
    def joined(cls, parts: Sequence["TermMatrix"]) -> "TermMatrix":
        """One after the other."""
        return cls(
            np.concatenate([part.hashes for part in parts]),
            np.concatenate([part.counts for part in parts]),
            np.concatenate([part.sizes for part in parts]),
        )

    def __len__(self) -> int:
        return len(self.sizes)

    @cached_property
    def items(self) -> NDArray[np.intp]:
        """The item that each entry belongs to."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @cached_property
    def lengths(self) -> NDArray[np.float64]:
        """Each item's number of terms, repeated ones counted, shape ``(n,)``."""
        return np.bincount(self.items, weights=self.counts, minlength=len(self.sizes)).astype(np.float64, copy=False)

    def take(self, positions: NDArray[np.intp]) -> "TermMatrix":
        """The items at these positions, in that order."""
        sizes = self.sizes[positions]
        starts = np.cumsum(self.sizes) - self.sizes
        entries = np.repeat(starts[positions] - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        return TermMatrix(self.hashes[entries], self.counts[entries], sizes)

    def found(self, query: Iterable[str]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.uint32]]:
        """Where a query's distinct terms stand: items, positions of the terms by hash, counts."""
        wanted = np.sort(np.fromiter({term_hash(term) for term in query}, np.uint64))
        if not len(wanted):
            return self.items[:0], self.items[:0], self.counts[:0]
        if len(self.hashes) > _MANY:
            each = [np.flatnonzero(self.hashes == term) for term in wanted]
            at, near = np.concatenate(each), np.repeat(np.arange(len(each)), [len(one) for one in each])
        else:
            near = np.searchsorted(wanted[:-1], self.hashes)
            at = np.flatnonzero(wanted[near] == self.hashes)
            near = near[at]
        return self.items[at], near, self.counts[at]

    def bm25(self, query: Iterable[str]) -> NDArray[np.float64]:
        """What ``kit.lexical.bm25`` gives for the same documents, shape ``(n,)``."""
        items, terms, counts = self.found(query)
        if not len(items):
            return np.zeros(len(self))
        having = np.bincount(terms)
        idf = np.log(1 + (len(self) - having + 0.5) / (having + 0.5))
        norms = K1 * (1 - B + B * self.lengths / self.lengths.mean())
        weights = idf[terms] * counts * (K1 + 1) / (counts + norms[items])
        return np.bincount(items, weights=weights, minlength=len(self)).astype(np.float64, copy=False)

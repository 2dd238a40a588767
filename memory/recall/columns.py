"""A customer's items as scoring wants them: conversation by conversation, so that neighbours stand side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kit.term_counts import TermMatrix, term_hash
from kit.vectors.embedder import Vectors
from kit.vectors.owned import OwnedItems

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Columns:
    """``items`` in the order of ``positions``: by conversation, and by place in it.

    ``threads`` (n,) numbers conversations; an item of none has a number of its own.
    """

    items: OwnedItems
    positions: NDArray[np.intp]
    threads: NDArray[np.int64]

    @classmethod
    def of(cls, items: OwnedItems) -> "Columns":
        alone = items.threads.are("")
        threads = np.where(alone, len(items.threads.known) + np.arange(len(items)), items.threads.codes)
        positions = np.lexsort((items.at, items.places, threads))
        return cls(items, positions, threads[positions])

    def __len__(self) -> int:
        return len(self.positions)

    @cached_property
    def at(self) -> NDArray[np.int64]:
        """Microseconds since 1970, shape ``(n,)``."""
        return self.items.at[self.positions]

    @cached_property
    def lengths(self) -> Numbers:
        """Each item's number of terms, marks included, shape ``(n,)``."""
        return self.items.terms.lengths[self.positions]

    def cosines(self, vector: Vectors) -> Numbers:
        """Each item's with ``vector``, shape ``(n,)``."""
        return (self.items.vectors @ vector).astype(np.float64)[self.positions]

    def counts(self, terms: Sequence[str]) -> Numbers:
        """How often each of these distinct terms stands in each item, shape ``(n, len(terms))``."""
        return _counts(self.items.terms, terms)[self.positions]

    def said_by(self, speaker: str) -> Flags:
        """Which items that speaker said."""
        return np.asarray(self.items.speakers.are(speaker)[self.positions])

    def neighbours(self, values: Numbers, weights: Sequence[tuple[int, float]]) -> Numbers:
        """Each item's values plus its neighbours' by weight, ``-1`` for the one before. Shape ``(n, m)``, as given."""
        whole = values.copy()
        for distance, weight in weights:
            step = abs(distance)
            if step >= len(self):
                continue
            near = ((self.threads[step:] == self.threads[:-step]) * weight)[:, None]
            if distance < 0:
                whole[step:] += values[:-step] * near
            else:
                whole[:-step] += values[step:] * near
        return whole

    def best_of_thread(self, values: Numbers) -> Numbers:
        """The highest value in each item's conversation, shape ``(n,)``."""
        begins = np.flatnonzero(np.concatenate(([True], self.threads[1:] != self.threads[:-1])))
        highest: Numbers = np.maximum.reduceat(values, begins)
        return np.repeat(highest, np.diff(np.append(begins, len(self))))


def _counts(matrix: TermMatrix, terms: Sequence[str]) -> Numbers:
    rank = np.argsort(np.array([term_hash(term) for term in terms], np.uint64), kind="stable")
    items, of_term, counts = matrix.found(terms)
    whole = np.zeros((len(matrix), len(terms)))
    whole[items, rank[of_term]] = counts
    return whole

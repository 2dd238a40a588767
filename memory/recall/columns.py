"""A customer's items as scoring wants them: conversation by conversation, in columns, without their texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kit.vectors.embedder import Vectors

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Counted(Protocol):
    """Term counts of ``n`` items."""

    @property
    def lengths(self) -> Numbers:
        """Each item's number of terms, shape ``(n,)``."""

    def counts(self, terms: Sequence[str]) -> Numbers:
        """How often each term stands in each item, shape ``(n, len(terms))``."""


@dataclass(frozen=True)
class Columns:
    """Parallel columns of ``n`` items, sorted by conversation and place in it.

    ``threads`` numbers conversations from 0; an item of none has a number of its own. ``at`` are microseconds since
    1970. ``vectors`` has shape ``(n, dimensions)``.
    """

    threads: NDArray[np.int64]
    speakers: Sequence[str]
    spoken_by: NDArray[np.int64]  # positions in ``speakers``
    at: NDArray[np.int64]
    vectors: Vectors
    terms: Counted

    def __len__(self) -> int:
        return len(self.threads)

    @cached_property
    def _beside(self) -> Flags:
        """Whether an item and the next are of one conversation, shape ``(n - 1,)``."""
        same: Flags = self.threads[1:] == self.threads[:-1]
        return same

    def neighbours(self, values: Numbers, weights: Sequence[tuple[int, float]]) -> Numbers:
        """Each item's value plus its neighbours' by weight; ``-1`` is the turn before. Shape like ``values``."""
        whole = values.copy()
        for distance, weight in weights:
            step = abs(distance)
            if step >= len(self):
                continue
            near = self.threads[step:] == self.threads[:-step]
            near = near if values.ndim == 1 else near[:, None]
            if distance < 0:
                whole[step:] += weight * values[:-step] * near
            else:
                whole[:-step] += weight * values[step:] * near
        return whole

    def best_of_thread(self, values: Numbers) -> Numbers:
        """The highest value in each item's conversation, shape ``(n,)``."""
        begins = np.flatnonzero(np.concatenate(([True], ~self._beside)))
        highest: Numbers = np.maximum.reduceat(values, begins)
        return np.repeat(highest, np.diff(np.append(begins, len(self))))

    def said_by(self, speaker: str) -> Flags:
        """Which items that speaker said."""
        wanted = list(self.speakers).index(speaker) if speaker in self.speakers else -1
        return np.asarray(self.spoken_by == wanted)

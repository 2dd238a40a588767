"""A crowd of customers with their memories, written in bulk: what ``bench scale`` measures on.

Each memory is two of the demo shop's messages and a number in one text; its vector is the real embedding of the two
messages with a little noise, so that no two are the same and yet they lie as real ones do, in clusters.
Customers' rows come interleaved, as they do in a life: one after the other's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from evals.benchmarks.words import shoppers_words
from kit.ids import derived_id
from kit.vectors.embedder import Embedder, Vectors

START = datetime(2025, 3, 2, tzinfo=UTC)
EACH = 100  # memories of a customer
_KINDS = 4_000  # texts that are embedded
_NOISE = 0.15  # length of the noise added to a vector of length 1
_THREAD = 20  # turns of a conversation


@dataclass(frozen=True)
class Memory:
    """One turn to be: ``vector`` has unit length; ``place`` counts within its conversation."""

    owner: str
    item_id: str
    text: str
    at: datetime
    thread: str
    place: int
    vector: Vectors


def customer(number: int) -> str:
    """The id of customer ``number``."""
    return derived_id("cus", START, "crowd", str(number))


class Crowd:
    """Makes memories; the same ones from the same seed."""

    def __init__(self, embedder: Embedder, seed: int = 7) -> None:
        self._chance = np.random.default_rng(seed)
        words = shoppers_words()
        pairs = self._chance.integers(0, len(words), (_KINDS, 2))
        self.texts = [f"{words[a]} {words[b]}" for a, b in pairs]
        self._vectors = embedder.embed(self.texts)

    def memories(self, customers: Sequence[int], each: int = EACH) -> Iterator[Memory]:
        """``each`` memories of these customers, interleaved."""
        order = np.repeat(np.asarray(customers), each)
        self._chance.shuffle(order)
        counts: dict[int, int] = {}
        for owner in order:
            number = int(owner)
            nth = counts[number] = counts.get(number, -1) + 1
            yield self._memory(number, nth)

    def _memory(self, number: int, nth: int) -> Memory:
        kind = int(self._chance.integers(_KINDS))
        noise = self._chance.standard_normal(self._vectors.shape[1], dtype=np.float32)
        vector = self._vectors[kind] + noise * (_NOISE / np.linalg.norm(noise))
        at = START + timedelta(minutes=nth * 97 + number % 60)
        thread = derived_id("cnv", START, str(number), str(nth // _THREAD))
        return Memory(
            customer(number), derived_id("trn", at, str(number), str(nth)), f"{self.texts[kind]} ({nth})", at,
            thread, nth % _THREAD, (vector / np.linalg.norm(vector)).astype(np.float32),
        )  # fmt: skip

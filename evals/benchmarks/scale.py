"""Recall at the size of a shop: a customer's own memories among a million, beside Chroma filtered by customer.

All sizes are measured in one run, on one growing database. What is timed is ``CustomerMemory.recall``, from the query
to the texts, in a unit of work of its own that is open already; not the query's embedding, which is the same for all
sizes, and is not in the filter's time either.
"""

import itertools
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from agents.runtime import Runtime
from evals.benchmarks.crowd import EACH, Crowd, Memory, customer
from evals.benchmarks.timing import durations, percentile_ms, percentiles_ms, timed
from kit.database import Database
from kit.lexical import term_counts
from kit.settings import Settings
from kit.term_counts import pack
from kit.vectors import segments
from kit.vectors.encoding import encoded
from kit.vectors.filtered import FilteredChroma
from kit.vectors.tables import IndexItem
from memory.tables import Customer

SIZES = (10_000, 100_000, 1_000_000)
_LARGE = 10_000  # memories of the large customer
_FILTERED = 100_000  # the most that the filter is measured at
_QUERIES = 320
_WARM_UP = 20
_FILTER_QUERIES = 30
_AT_ONCE = 5_000
Say = Callable[[str], object]


def measure(settings: Settings, memories: int, say: Say = lambda _: None) -> dict[str, Any]:
    """``sizes.N`` and ``large_customer`` in ms, ``chroma_filter.N.p50_ms``, their ratio, and search across customers.

    Works in a folder of its own, removed afterwards; a million memories take some 5 GB there.
    """
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        runtime = Runtime.open(settings.model_copy(update={"data": Path(folder) / "data", "database_url": None}))
        try:
            return _Bench(runtime, Path(folder), say).run(_sizes(memories))
        finally:
            runtime.store.close()
            runtime.database.close()


def in_words(figures: Mapping[str, Any]) -> str:
    """The figures as people read them."""
    lines = ["memories    recall p50    p95    p99 (ms)    Chroma filtered p50"]
    for size, one in figures["sizes"].items():
        beside = figures["chroma_filter"].get(size, {}).get("p50_ms", "-")
        lines.append(f"{int(size):>9,} {one['p50_ms']:>12} {one['p95_ms']:>7} {one['p99_ms']:>7} {beside:>18}")
    large = figures["large_customer"]
    lines.append(f"a customer with {_LARGE:,}: p50 {large['p50_ms']} ms, p95 {large['p95_ms']} ms")
    lines.append(f"filter to recall at 100,000: {figures['ratio_at_100000']}")
    lines.append(f"across {figures['across_memories']:,} memories: p95 {figures['across_p95_ms']} ms")
    return "\n".join(lines)


def _sizes(memories: int) -> list[int]:
    return [*(size for size in SIZES if size < memories), memories]


class _Bench:
    def __init__(self, runtime: Runtime, folder: Path, say: Say) -> None:
        self._runtime = runtime
        self._memory = runtime.memory
        self._folder = folder
        self._say = say
        self._crowd = Crowd(runtime.index.embedder)
        self._chance = np.random.default_rng(1)

    def run(self, sizes: Sequence[int]) -> dict[str, Any]:
        filtered = FilteredChroma(self._folder / "filtered")
        measured: dict[str, Any] = {}
        beside: dict[str, Any] = {}
        there = 0
        for size in sizes:
            self._say(f"{size:,} memories")
            self._add(range(there, size // EACH), filtered if size <= _FILTERED else None)
            there = size // EACH
            measured[str(size)] = percentiles_ms(self._recalls(there))
            if size <= _FILTERED:
                beside[str(size)] = {"p50_ms": percentile_ms(self._filtered(filtered, there), 50)}
        self._say(f"a customer with {_LARGE:,}")
        self._add([there], None, each=_LARGE)
        large = percentiles_ms(self._recalls_of([there] * (100 + _WARM_UP)))
        held = sizes[-1] + _LARGE
        return {
            "sizes": measured,
            "chroma_filter": beside,
            "large_customer": large,
            "ratio_at_100000": _ratio(beside, measured),
            "across_memories": held,
            "across_p95_ms": percentile_ms(self._across(held), 95),
        }

    def _add(self, customers: Sequence[int], filtered: FilteredChroma | None, each: int = EACH) -> None:
        database = self._runtime.database
        with database.begin() as session:
            rows = [{"id": customer(n), "created_at": _BORN, **_NAMELESS} for n in customers]
            session.execute(insert(Customer), rows)
        total, done = len(customers) * each, 0
        for batch in _batches(self._crowd.memories(customers, each), _AT_ONCE):
            _write(database, batch, self._runtime.index.embedder.name)
            if filtered is not None:
                vectors = np.stack([one.vector for one in batch])
                filtered.add([one.item_id for one in batch], [one.owner for one in batch], vectors)
            done += len(batch)
            if done % 100_000 < _AT_ONCE:
                self._say(f"  {done:,} of {total:,} written")
        for some in _batches(iter(customers), 500):
            with database.begin() as session:
                for number in some:
                    segments.pack(session, customer(number), self._runtime.index.embedder)

    def _recalls(self, customers: int) -> list[float]:
        return self._recalls_of(self._chance.integers(0, customers, _QUERIES).tolist())

    def _recalls_of(self, customers: Sequence[int]) -> list[float]:
        queries = itertools.cycle(self._queries())
        taken: list[float] = []
        for customer_id, query in zip(map(customer, customers), queries, strict=False):
            with self._memory.database.read() as session:
                own = self._memory.of(session, customer_id)
                with timed(taken):
                    own.recall(query)
        return taken[_WARM_UP:]  # the first ones open connections and compile statements

    def _queries(self) -> list[str]:
        """Queries whose embedding is remembered, so that it is not timed."""
        queries = [" ".join(text[:60].split()) for text in self._crowd.texts[:200]]
        self._runtime.index.embedder.embed(queries)
        return queries

    def _filtered(self, filtered: FilteredChroma, customers: int) -> list[float]:
        vectors = self._runtime.index.embedder.embed(self._queries())
        todo = iter(zip(self._chance.integers(0, customers, _FILTER_QUERIES + 3), vectors, strict=False))

        def one() -> None:
            number, vector = next(todo)
            filtered.nearest(vector, 10, customer(int(number)))

        durations(one, 3)
        return durations(one, _FILTER_QUERIES)

    def _across(self, held: int) -> list[float]:
        """Searches across customers, once the vector store holds all; it fills itself from SQL when it is opened."""
        self._say(f"across customers: the store takes in {held:,}")
        told = 0

        def count(more: int) -> None:
            nonlocal told
            told += more
            if told % 100_000 < more:
                self._say(f"  {told:,} of {held:,} taken in")

        self._runtime.index.drain(count)
        queries = itertools.cycle(self._queries())
        return durations(lambda: self._memory.across("turn", next(queries)), 200)[20:]


_BORN = datetime(2025, 3, 1, tzinfo=UTC)
_NAMELESS = {"first_name": "", "last_name": "", "timezone": "UTC"}


def _write(database: Database, batch: Sequence[Memory], model: str) -> None:
    vectors = encoded(np.stack([one.vector for one in batch]))
    rows = [
        {
            "collection": "turn", "item_id": one.item_id, "owner": one.owner, "at": one.at, "thread": one.thread,
            "place": one.place, "speaker": "customer", "terms": pack(term_counts(one.text)), "model": model,
            "vector": vector, "digest": one.item_id, "details": {"speaker": "customer"}, "text": one.text,
        }
        for one, vector in zip(batch, vectors, strict=True)
    ]  # fmt: skip
    with database.begin() as session:
        session.execute(insert(IndexItem), rows)


def _batches(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while batch := list(itertools.islice(items, size)):
        yield batch


def _ratio(beside: Mapping[str, Any], measured: Mapping[str, Any]) -> float | None:
    size = "100000"
    if size not in beside:
        return None
    return round(float(beside[size]["p50_ms"]) / float(measured[size]["p50_ms"]), 1)

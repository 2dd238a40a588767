"""The second half of an erasure: no file of ours keeps a byte of it. The receipt then says when that was so.

Crash-safe without a journal: what is not dated yet is done again, and doing it again changes nothing.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlmodel import SQLModel, col, select

from kit.clock import Clock
from kit.compaction import compact_postgres, compact_sqlite
from kit.database import Database
from kit.errors import NotFound
from kit.personal import CUSTOMER, personal_tables
from kit.vectors.index import SemanticIndex
from memory.privacy.tables import Erasure

OF_THE_SERVER = "write-ahead log and backups of the PostgreSQL server"


class Compaction:
    """Clears the bytes of erased customers out of the index, the database and ``beside``, other SQLite files.

    ``elsewhere`` names what holds copies and is another operator's: their word is awaited then.
    """

    def __init__(
        self, database: Database, index: SemanticIndex, clock: Clock, beside: Sequence[Path], elsewhere: Sequence[str]
    ) -> None:
        self._database = database
        self._index = index
        self._clock = clock
        self._beside = beside
        self._elsewhere = list(elsewhere) + ([] if database.is_sqlite else [OF_THE_SERVER])

    def waiting(self) -> list[Erasure]:
        """The receipts whose bytes are yet to go, oldest first."""
        with self._database.read() as session:
            wanted = select(Erasure).where(col(Erasure.compacted_at).is_(None))
            return list(session.exec(wanted.order_by(col(Erasure.erased_at), Erasure.id)).all())

    def run(self, settle: Callable[[], None] = lambda: None) -> list[Erasure]:
        """Does it for all that wait now; gives their receipts. Others go on reading and writing.

        ``settle`` returns once whatever was under way before has ended, so that nothing of it is written afterwards.
        Raises ``Unavailable`` where another process holds the index, ``Busy`` where a file is in use for too long.
        """
        waiting = self.waiting()
        settle()
        self._index.forget_texts()
        self._index.compact()
        for path in self._beside:
            if path.exists():
                compact_sqlite(path)
        self._compact_database()
        return self._dated([receipt.id for receipt in waiting])

    def confirm(self, receipt_id: str) -> Erasure:
        """An operator's word that what remained with them is gone. Raises ``NotFound``; again changes nothing."""
        with self._database.begin() as session:
            receipt = session.get(Erasure, receipt_id)
            if receipt is None:
                raise NotFound(f"there is no receipt {receipt_id!r}; `./rapport customer erasures` lists them")
            if receipt.confirmed_at is None and receipt.remaining:
                receipt.confirmed_at = self._clock.now()
                session.add(receipt)
            return receipt

    def _compact_database(self) -> None:
        if self._database.file is not None:
            compact_sqlite(self._database.file)
        elif not self._database.is_sqlite:
            personal = [one.table.name for one in personal_tables(SQLModel.metadata)]
            compact_postgres(self._database, [CUSTOMER, *personal, "index_outbox"])

    def _dated(self, receipt_ids: Sequence[str]) -> list[Erasure]:
        now = self._clock.now()
        with self._database.begin() as session:
            done = session.exec(select(Erasure).where(col(Erasure.id).in_(receipt_ids)).order_by(Erasure.id)).all()
            for receipt in done:
                receipt.compacted_at = now
                receipt.remaining = self._elsewhere
                session.add(receipt)
            return list(done)

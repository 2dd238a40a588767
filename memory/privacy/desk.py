"""The one door to a customer's rights: export, erase, compact, keep no longer than agreed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from sqlmodel import col, select

from kit.errors import NotFound
from memory.privacy.compaction import Compaction
from memory.privacy.erasure import Erasures
from memory.privacy.export import export
from memory.privacy.kept import Kept
from memory.privacy.replay import replay
from memory.privacy.retention import Retention, RetentionPolicy
from memory.privacy.tables import Erasure
from memory.privacy.tombstones import Tombstones


class PrivacyDesk:
    """Privacy in one data directory. ``tombstones`` lie in it; ``beside`` are other SQLite files with its words.

    ``elsewhere`` names other operators' files with copies, such as a Chroma server's.
    """

    def __init__(
        self,
        memory: Kept,
        tombstones: Tombstones,
        *,
        policy: RetentionPolicy | None = None,
        beside: Sequence[Path] = (),
        elsewhere: Sequence[str] = (),
    ) -> None:
        database, index, clock = memory.database, memory.index, memory.clock
        self._database = database
        self._index = index
        self._clock = clock
        self._tombstones = tombstones
        self._erasures = Erasures(database, index, clock, tombstones)
        self.compaction = Compaction(database, index, clock, beside, elsewhere)
        self.retention = Retention(memory, policy or RetentionPolicy.parse(""))
        self.listeners: list[Callable[[], None]] = [index.forget_texts]

    def export(self, customer_id: str, out: IO[bytes]) -> int:
        """Writes everything about a customer as JSON; gives the number of rows. Raises ``NotFound``."""
        return export(self._database, self._clock, customer_id, out)

    def erase(self, customer_id: str) -> Erasure:
        """Takes a customer out of every answer, now; the receipt is dated again once the bytes are gone.

        Raises ``NotFound``, and ``Erased`` for one who was erased before.
        """
        receipt = self._erasures.erase(customer_id)
        self.tell()
        return receipt

    def tell(self) -> None:
        """Has everything in this process forget what it keeps of customers between requests."""
        for forget in self.listeners:
            forget()

    def replay(self) -> list[Erasure]:
        """Erases again whom an older database brought back; see ``memory.privacy.replay``."""
        return replay(self._database, self._index, self._tombstones)

    def receipt(self, receipt_id: str) -> Erasure:
        """A receipt by its id. Raises ``NotFound``."""
        with self._database.read() as session:
            found = session.get(Erasure, receipt_id)
        if found is None:
            raise NotFound(f"there is no receipt {receipt_id!r}")
        return found

    def receipts(self) -> list[Erasure]:
        """All receipts, oldest first."""
        with self._database.read() as session:
            return list(session.exec(select(Erasure).order_by(col(Erasure.erased_at), Erasure.id)).all())

    def newest(self) -> str:
        """The newest receipt's id, or nothing: what tells that somebody was erased, in whatever process."""
        with self._database.read() as session:
            return session.exec(select(Erasure.id).order_by(col(Erasure.id).desc()).limit(1)).first() or ""

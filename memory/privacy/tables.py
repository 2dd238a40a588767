"""Receipts, tombstones and retention runs: what stays after a customer is gone. Nothing here names anybody."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from kit.database import UtcDateTime


def _json() -> Any:
    return Field(sa_column=Column(JSON, nullable=False))


class Erasure(SQLModel, table=True):
    """A receipt: how many rows of each table went, when they left every answer, and when their bytes left our files.

    ``remaining`` names what only an operator can clear (a database server's log and backups); until they confirm,
    the erasure is pending.
    """

    id: str = Field(primary_key=True)  # ers_…
    erased_at: datetime = Field(sa_type=UtcDateTime)
    counts: dict[str, int] = _json()
    compacted_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    remaining: list[str] = _json()
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def state(self) -> str:
        """``compacting``, then ``pending`` while an operator's confirmation is awaited, then ``complete``."""
        if self.compacted_at is None:
            return "compacting"
        return "pending" if self.remaining and self.confirmed_at is None else "complete"

    def to_json(self) -> dict[str, Any]:
        """As the API and the command line give it."""
        return {
            "receipt": self.id,
            "state": self.state,
            "erased_at": self.erased_at.isoformat(),
            "compacted_at": self.compacted_at.isoformat() if self.compacted_at else None,
            "counts": dict(sorted(self.counts.items())),
            "remaining": list(self.remaining),
            "confirmed_at": self.confirmed_at.isoformat() if self.confirmed_at else None,
        }


class Tombstone(SQLModel, table=True):
    """A keyed digest of an id or identity that was erased; without the data directory's key it says nothing."""

    digest: str = Field(primary_key=True)
    erasure_id: str = Field(primary_key=True, foreign_key="erasure.id")


class RetentionRun(SQLModel, table=True):
    """When what had grown too old was removed, and how many rows of each table."""

    __tablename__ = "retention_run"

    at: datetime = Field(sa_type=UtcDateTime, primary_key=True)
    counts: dict[str, int] = _json()

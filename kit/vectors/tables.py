"""The index's tables: every text that can be found by meaning, and what the vector store has yet to learn."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Microseconds(TypeDecorator[datetime]):
    """An aware time, kept as microseconds since 1970 in UTC, so that thousands are read without parsing."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else moment(value)


def microseconds(at: datetime) -> int:
    """Microseconds since 1970. Raises ``ValueError`` for a time without an offset."""
    if at.tzinfo is None:
        raise ValueError(f"time {at.isoformat()!r} has no offset")
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """The time that many microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=at)


class IndexItem(SQLModel, table=True):
    """One text of one collection. ``owner`` is the customer it belongs to, or empty for the shop's own texts.

    ``thread`` is the conversation it stands in, at ``place``, said by ``speaker``; empty where it stands in none.
    ``terms`` are packed term counts (``kit.term_counts``), ``vector`` 16-bit floats (``kit.vectors.encoding``) of
    ``model``. The text stands last: what scores is read without it. ``segment`` is the segment that holds a copy.
    """

    __tablename__ = "index_item"
    __table_args__ = (
        Index("ix_index_item_owner", "owner", "segment"),
        Index("ix_index_item_digest", "digest"),
        {"info": {"personal": "owner", "copy": True}},
    )

    collection: str = Field(primary_key=True)
    item_id: str = Field(primary_key=True)
    owner: str = ""
    at: datetime = Field(sa_type=Microseconds)
    thread: str = ""
    place: int = 0
    speaker: str = ""
    terms: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    model: str | None = None
    vector: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    segment: int | None = None
    digest: str
    details: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    text: str


class IndexSegment(SQLModel, table=True):
    """A copy of many items of one owner in columns, so that they are read as one row (``kit.vectors.segments``).

    Triggers of the database (migration 0002) hold it to the items: whatever changes or deletes one of them
    drops its segment, and the others are read as rows again until they are packed anew.
    """

    __tablename__ = "index_segment"
    __table_args__ = (
        Index("ix_index_segment_owner", "owner"),
        {"info": {"personal": "owner", "copy": True}, "sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    owner: str
    model: str
    size: int
    columns: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    vectors: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class IndexOutbox(SQLModel, table=True):
    """A change of an item that the vector store has not seen yet; written with the item, removed once it has.

    While the store is being made anew, what the one in force has been told stays, ``told``, for the new one.
    """

    __tablename__ = "index_outbox"
    __table_args__ = ({"sqlite_autoincrement": True},)

    seq: int | None = Field(default=None, primary_key=True)
    collection: str
    item_id: str
    told: bool = False


class IndexRebuild(SQLModel, table=True):
    """How far the store that is being made anew has come: the folder it is made in, and the last item it has.

    One row, while there is such a store; it goes with the swap.
    """

    __tablename__ = "index_rebuild"

    folder: str = Field(primary_key=True)
    model: str
    collection: str = ""
    item_id: str = ""
    done: int = 0

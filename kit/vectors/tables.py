"""The index's tables: every text that can be found by meaning, and what the vector store has yet to learn."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from kit.database import UtcDateTime


class IndexItem(SQLModel, table=True):
    """One text of one collection. ``owner`` is the customer it belongs to, or empty for the shop's own texts."""

    __tablename__ = "index_item"
    __table_args__ = (
        Index("ix_index_item_owner", "owner", "collection"),
        Index("ix_index_item_digest", "digest"),
        {"info": {"personal": "owner", "copy": True}},
    )

    collection: str = Field(primary_key=True)
    item_id: str = Field(primary_key=True)
    owner: str = ""
    at: datetime = Field(sa_type=UtcDateTime)
    text: str
    digest: str
    terms: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
    details: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    model: str | None = None
    vector: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


class IndexOutbox(SQLModel, table=True):
    """A change of an item that the vector store has not seen yet; written with the item, removed once it has."""

    __tablename__ = "index_outbox"
    __table_args__ = ({"sqlite_autoincrement": True},)

    seq: int | None = Field(default=None, primary_key=True)
    collection: str
    item_id: str

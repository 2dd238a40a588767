"""The edge's own tables: who may sign in, and what was done once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from kit.database import UtcDateTime


def _json() -> Any:
    return Field(sa_column=Column(JSON, nullable=False))


class ApiKey(SQLModel, table=True):
    """A key of a colleague or a program. Only its SHA-256 is kept; ``scopes`` says what it opens."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True)  # key_…
    digest: str = Field(unique=True)
    name: str = Field(index=True)
    scopes: list[str] = _json()
    created_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInLink(SQLModel, table=True):
    """A link that signs in to the console once. Only the SHA-256 of its code is kept."""

    __tablename__ = "sign_in_link"

    digest: str = Field(primary_key=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Milestone(SQLModel, table=True):
    """Something done once for this shop. Begun and not finished means: it was interrupted, go on with it."""

    name: str = Field(primary_key=True)
    begun_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

"""The index in columns: terms and vectors packed, places in conversations, segments of an owner's items.

Revision ID: 0002
Revises: 0001
"""

import json
from datetime import UTC
from typing import Any

import numpy as np
import sqlalchemy as sa
from alembic import op

from kit.lexical import term_counts
from kit.term_counts import pack
from kit.vectors.tables import Microseconds

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CHUNK = 1000
_WATCHED = ("owner", "at", "thread", "place", "speaker", "terms", "vector", "model")


def upgrade() -> None:
    op.rename_table("index_item", "index_item_0001")
    for name in ("ix_index_item_digest", "ix_index_item_owner"):
        op.drop_index(name, table_name="index_item_0001")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table index_item_0001 rename constraint index_item_pkey to index_item_0001_pkey")
    items = op.create_table(
        "index_item",
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("collection", "item_id"),
    )
    _copy(items)
    op.drop_table("index_item_0001")
    op.create_index("ix_index_item_digest", "index_item", ["digest"])
    op.create_index("ix_index_item_owner", "index_item", ["owner", "segment"])
    op.create_table(
        "index_segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_index_segment_owner", "index_segment", ["owner"])
    _hold_segments_to_items()
    op.add_column("index_outbox", sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "index_rebuild",
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("folder"),
    )


def _copy(items: sa.Table) -> None:
    """Every item as it was; turns with their places, which stand in ``turn``."""
    connection = op.get_bind()
    old = sa.table(
        "index_item_0001",
        *[sa.column(name) for name in ("collection", "item_id", "owner", "text", "digest", "model", "vector")],
        sa.column("at", sa.DateTime(timezone=True)), sa.column("terms", sa.JSON), sa.column("details", sa.JSON),
    )  # fmt: skip
    turn = sa.table("turn", *[sa.column(name) for name in ("id", "conversation_id", "position", "speaker")])
    is_turn = sa.and_(old.c.collection == "turn", turn.c.id == old.c.item_id)
    wanted = sa.select(old, turn.c.conversation_id, turn.c.position, turn.c.speaker).select_from(
        old.outerjoin(turn, is_turn)
    )
    after = ("", "")
    while True:
        key = sa.tuple_(old.c.collection, old.c.item_id)
        page = wanted.where(key > sa.tuple_(*map(sa.literal, after))).order_by(old.c.collection, old.c.item_id)
        rows = connection.execute(page.limit(_CHUNK)).mappings().all()
        if not rows:
            return
        connection.execute(sa.insert(items), [_converted(dict(row)) for row in rows])
        after = (rows[-1]["collection"], rows[-1]["item_id"])


def _converted(row: dict[str, Any]) -> dict[str, Any]:
    thread, place, speaker = row.pop("conversation_id"), row.pop("position"), row.pop("speaker")
    details = row["details"] if isinstance(row["details"], dict) else json.loads(row["details"])
    at = row["at"] if row["at"].tzinfo else row["at"].replace(tzinfo=UTC)
    vector = row["vector"]
    return row | {
        "at": Microseconds().process_bind_param(at, op.get_bind().dialect),
        "terms": pack(term_counts(row["text"])),  # what counts as a term has grown
        "details": details,
        "vector": None if vector is None else np.frombuffer(vector, np.float32).astype("<f2").tobytes(),
        "thread": thread or "",
        "place": place or 0,
        "speaker": speaker or "",
        "segment": None,
    }


def _hold_segments_to_items() -> None:
    """A changed or deleted item drops its segment, and what else was in it is loose."""
    loosen = (
        "delete from index_segment where id = old.segment; "
        "update index_item set segment = null where owner in ({owners}) and segment = old.segment;"
    )
    watched = ", ".join(f'"{name}"' for name in _WATCHED)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "create trigger index_item_deleted after delete on index_item when old.segment is not null begin "
            f"{loosen.format(owners='old.owner')} end"
        )
        op.execute(
            f"create trigger index_item_changed after update of {watched} on index_item "
            f"when old.segment is not null begin {loosen.format(owners='old.owner, new.owner')} end"
        )
        return
    for name, when, owners in (
        ("index_item_deleted", "delete", "old.owner"),
        ("index_item_changed", f"update of {watched}", "old.owner, new.owner"),
    ):
        op.execute(
            f"create function {name}() returns trigger language plpgsql as "
            f"$$ begin {loosen.format(owners=owners)} return null; end $$"
        )
        op.execute(
            f"create trigger {name} after {when} on index_item for each row when (old.segment is not null) "
            f"execute function {name}()"
        )


def downgrade() -> None:
    raise NotImplementedError("going back would lose precision of vectors; restore a backup instead")

"""Privacy: receipts, tombstones, retention runs; consents say by which words."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("compacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remaining", sa.JSON(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_erasure_compacted_at", "erasure", ["compacted_at"], unique=False)
    op.create_table(
        "tombstone",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("erasure_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["erasure_id"], ["erasure.id"]),
        sa.PrimaryKeyConstraint("digest", "erasure_id"),
    )
    op.create_table(
        "retention_run",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("at"),
    )
    with op.batch_alter_table("consent") as batch_op:
        batch_op.add_column(sa.Column("quote", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("turn_id", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("consent") as batch_op:
        batch_op.drop_column("turn_id")
        batch_op.drop_column("quote")
    op.drop_table("retention_run")
    op.drop_table("tombstone")
    op.drop_index("ix_erasure_compacted_at", table_name="erasure")
    op.drop_table("erasure")

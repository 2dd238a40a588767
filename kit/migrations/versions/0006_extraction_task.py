"""Turns that an LLM has yet to read.

Revision ID: 0006
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "extraction_task",
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"]),
        sa.PrimaryKeyConstraint("turn_id"),
    )
    with op.batch_alter_table("extraction_task", schema=None) as batch_op:
        batch_op.create_index("ix_extraction_task_due", ["state", "due_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("extraction_task", schema=None) as batch_op:
        batch_op.drop_index("ix_extraction_task_due")
    op.drop_table("extraction_task")

"""Identities: what vouches for each, one form of e-mails and phones, merges with what they moved, suggestions."""

import unicodedata
from collections.abc import Callable
from datetime import datetime

import idna
import phonenumbers
import sqlalchemy as sa
from alembic import op

from kit.settings import load_settings

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "merge",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("survivor_id", sa.String(), nullable=False),
        sa.Column("absorbed_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("filled", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["survivor_id"], ["customer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merge_absorbed_id"), ["absorbed_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_survivor_id"), ["survivor_id"], unique=False)
    op.create_table(
        "merged_row",
        sa.Column("merge_id", sa.String(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["merge.id"]),
        sa.PrimaryKeyConstraint("merge_id", "table_name", "row_key"),
    )
    op.create_table(
        "merge_suggestion",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.PrimaryKeyConstraint("customer_id", "other_id"),
    )
    _vouch_for_the_shops_own_ids()
    _rewrite("phone", _phone)
    _rewrite("email", _email)


def downgrade() -> None:
    op.drop_table("merge_suggestion")
    op.drop_table("merged_row")
    op.drop_table("merge")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_column("verified_at")
        batch_op.drop_column("source")


_IDENTITY = sa.table(
    "identity",
    *(sa.column(name, sa.String()) for name in ("kind", "value", "customer_id", "source")),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("verified_at", sa.DateTime(timezone=True)),
)
_SUGGESTION = sa.table(
    "merge_suggestion",
    *(sa.column(name, sa.String()) for name in ("customer_id", "other_id", "reason")),
    sa.column("at", sa.DateTime(timezone=True)),
)


def _vouch_for_the_shops_own_ids() -> None:
    """Only imports and signed tokens brought those."""
    op.execute(sa.update(_IDENTITY).where(_IDENTITY.c.kind == "shop").values(verified_at=_IDENTITY.c.at))


def _rewrite(kind: str, form: Callable[[str], str | None]) -> None:
    """Brings what is stored to one form. What cannot be read as one stays as it is; what is somebody else's by now
    stays too, and the two are suggested to be looked at."""
    bind = op.get_bind()
    columns = (_IDENTITY.c.value, _IDENTITY.c.customer_id, _IDENTITY.c.at)
    wanted = sa.select(*columns).where(_IDENTITY.c.kind == kind).order_by(_IDENTITY.c.value)
    for value, customer_id, at in bind.execute(wanted).all():
        new = form(value)
        if new is None or new == value:
            continue
        this = sa.and_(_IDENTITY.c.kind == kind, _IDENTITY.c.value == value)
        that = sa.select(_IDENTITY.c.customer_id).where(_IDENTITY.c.kind == kind, _IDENTITY.c.value == new)
        holder = bind.execute(that).scalar()
        if holder is None:
            bind.execute(sa.update(_IDENTITY).where(this).values(value=new))
        elif holder == customer_id:
            bind.execute(sa.delete(_IDENTITY).where(this))
        else:
            first, second = sorted((holder, customer_id))
            _suggest(bind, first, second, at, f"both have the same {kind}, written differently")


def _suggest(bind: sa.Connection, customer_id: str, other_id: str, at: datetime, reason: str) -> None:
    pair = sa.and_(_SUGGESTION.c.customer_id == customer_id, _SUGGESTION.c.other_id == other_id)
    if bind.execute(sa.select(_SUGGESTION.c.reason).where(pair)).first() is None:
        row = {"customer_id": customer_id, "other_id": other_id, "at": at, "reason": reason}
        bind.execute(sa.insert(_SUGGESTION).values(**row))


def _phone(value: str) -> str | None:
    try:
        number = phonenumbers.parse(value, load_settings().region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(value: str) -> str | None:
    local, _, domain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold()).partition("@")
    domain = domain.removesuffix(".")
    try:
        return f"{local}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode('ascii')}"
    except (idna.IDNAError, UnicodeError):
        return None

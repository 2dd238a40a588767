"""Nearest vectors in PostgreSQL itself, where it has pgvector: a column that a trigger keeps beside the bytes.

SQLite has no such column, nor has a PostgreSQL without pgvector: there the exact store reads the vectors' bytes.
"""

from alembic import op
from sqlalchemy import text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# 16-bit floats (IEEE 754, little-endian) as pgvector writes them: sign, five bits of exponent, ten of fraction.
_HALVES = """
create function rapport_halves(data bytea) returns halfvec language sql immutable strict as $$
    select ('[' || string_agg((
        case when h < 32768 then 1 else -1 end * case when (h >> 10) & 31 = 0
            then (h & 1023) * power(2::float8, -24)
            else (1 + (h & 1023) / 1024.0::float8) * power(2::float8, ((h >> 10) & 31) - 15) end
    )::text, ',' order by place) || ']')::halfvec
    from (select place, get_byte(data, 2 * place) + 256 * get_byte(data, 2 * place + 1) as h
          from generate_series(0, length(data) / 2 - 1) as place) as halves
$$
"""
_KEEP = """
create function rapport_keep_nearest() returns trigger language plpgsql as $$
begin
    new.nearest := case when length(new.vector) > 0 then rapport_halves(new.vector) end;
    return new;
end
$$
"""
_TRIGGER = """
create trigger index_item_nearest before insert or update of vector on index_item
for each row execute function rapport_keep_nearest()
"""


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    there = text("select count(*) from pg_available_extensions where name = 'vector'")
    if not bind.execute(there).scalar_one():
        return
    begin = ("create extension if not exists vector", "alter table index_item add column nearest halfvec")
    for statement in (*begin, _HALVES, _KEEP, _TRIGGER):
        op.execute(statement)
    op.execute("update index_item set vector = vector where vector is not null")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop trigger if exists index_item_nearest on index_item")
        op.execute("drop function if exists rapport_keep_nearest()")
        op.execute("alter table index_item drop column if exists nearest")
        op.execute("drop function if exists rapport_halves(bytea)")

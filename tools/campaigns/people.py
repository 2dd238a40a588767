"""Reading rows about many customers at once."""

from collections.abc import Collection
from typing import Any, TypeVarTuple

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from memory.tables import Customer

_PIECE = 5_000  # ids in one statement; SQLite takes 32,766 parameters, PostgreSQL 65,535

Columns = TypeVarTuple("Columns")


def rows_about(session: Session, wanted: Select[*Columns], column: Any, ids: Collection[str]) -> list[tuple[*Columns]]:
    """The rows of ``wanted`` whose ``column`` is one of ``ids``, asked in pieces that every database takes.

    Rows keep the order of ``wanted`` for each id, not across ids.
    """
    ordered = sorted(ids)
    pieces = (ordered[start : start + _PIECE] for start in range(0, len(ordered), _PIECE))
    return [row for piece in pieces for row in session.exec(wanted.where(col(column).in_(piece))).all()]


def names_of(session: Session, customer_ids: Collection[str]) -> dict[str, str]:
    """Names by id; of those without a name the id. Customers who turned out to be another one have no entry."""
    wanted = select(Customer.id, Customer.first_name, Customer.last_name).where(col(Customer.merged_into).is_(None))
    rows = rows_about(session, wanted, Customer.id, customer_ids)
    return {customer_id: f"{first} {last}".strip() or customer_id for customer_id, first, last in rows}

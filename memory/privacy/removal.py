"""Which rows are one person's, and taking them all out in the caller's unit of work."""

from collections.abc import Sequence

from sqlalchemy import delete, inspect
from sqlmodel import Session, SQLModel, col, select

from kit.errors import RapportError
from kit.personal import CUSTOMER, personal_tables
from kit.vectors.index import SemanticIndex
from memory.tables import Customer


class UnknownTables(RapportError):
    """The database has tables of customers that this program does not know; run the version that made them."""

    code = "unknown_tables"


def everyone(session: Session, customer_id: str) -> list[str]:
    """The ids of all that are the same person as this one by merges, sorted."""
    found, fresh = {customer_id}, {customer_id}
    while fresh:
        into = select(Customer.merged_into).where(col(Customer.id).in_(fresh), col(Customer.merged_into).is_not(None))
        merged = select(Customer.id).where(col(Customer.merged_into).in_(fresh))
        seen = {str(one) for one in session.exec(into).all()} | set(session.exec(merged).all())
        fresh = seen - found
        found |= fresh
    return sorted(found)


def everyone_locked(session: Session, customer_id: str) -> list[str]:
    """The same, their rows locked: what others write of them now waits, and then finds nobody.

    SQLite's writers wait for each other anyway.
    """
    people: list[str] = []
    while (now := everyone(session, customer_id)) != people:
        people = now
        wanted = select(Customer.id).where(col(Customer.id).in_(people))
        session.exec(wanted.order_by(Customer.id).with_for_update()).all()
    return people


def remove_people(session: Session, index: SemanticIndex, people: Sequence[str]) -> dict[str, int]:
    """Deletes these customers with all their rows, those that refer to others first; gives the numbers by table.

    Raises ``UnknownTables`` rather than leave some behind.
    """
    _know_all_tables(session)
    counts = {"index_item": index.remove_owned(session, people)}
    for personal in reversed(personal_tables(SQLModel.metadata)):
        gone = session.execute(delete(personal.table).where(personal.of(people)))
        counts[personal.table.name] = counts.get(personal.table.name, 0) + rows(gone)
    counts[CUSTOMER] = rows(session.execute(delete(Customer).where(col(Customer.id).in_(people))))
    session.expire_all()
    return {name: count for name, count in counts.items() if count}


def rows(result: object) -> int:
    """How many rows a statement deleted."""
    count = getattr(result, "rowcount", 0)
    return count if isinstance(count, int) else 0


def _know_all_tables(session: Session) -> None:
    looked = inspect(session.connection())
    personal = {CUSTOMER, *(one.table.name for one in personal_tables(SQLModel.metadata))}
    for name in set(looked.get_table_names()) - set(SQLModel.metadata.tables):
        if any(key["referred_table"] in personal for key in looked.get_foreign_keys(name)):
            raise UnknownTables(f"the table {name!r} has rows of customers, and this program does not know it")

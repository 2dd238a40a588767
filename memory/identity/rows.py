"""Customers' rows: found by any id they ever had, and held fast while something is written to them."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from kit.errors import NotFound
from memory.tables import Customer

_CHUNK = 500


def customer(session: Session, customer_id: str) -> Customer:
    """The customer's row; of those merged into another, the other's. Raises ``NotFound``.

    In a unit of work that writes, nobody merges this customer until it ends: what is written in between is neither
    lost nor left behind. On PostgreSQL that is a key-share lock, the one that a row referring to it takes anyway;
    SQLite has one writer at a time.
    """
    seen = _read(session, customer_id)
    while seen is not None and seen.merged_into is not None:
        seen = _read(session, seen.merged_into)
    if seen is None:
        raise NotFound(f"there is no customer {customer_id!r}")
    return seen


def current(session: Session, customer_id: str) -> Customer:
    """As ``customer``, but not held: for who is about to ``hold`` it. Raises ``NotFound``."""
    seen = session.get(Customer, customer_id, populate_existing=True)
    while seen is not None and seen.merged_into is not None:
        seen = session.get(Customer, seen.merged_into, populate_existing=True)
    if seen is None:
        raise NotFound(f"there is no customer {customer_id!r}")
    return seen


def hold(session: Session, customer_ids: Iterable[str]) -> dict[str, Customer]:
    """These customers' rows, as they are, for this unit of work alone; locked in one order, so none waits in a ring."""
    wanted = select(Customer).where(col(Customer.id).in_(sorted(customer_ids))).order_by(Customer.id)
    rows = session.exec(wanted.with_for_update().execution_options(populate_existing=True)).all()
    return {row.id: row for row in rows}


def survivors(session: Session, customer_ids: Iterable[str]) -> dict[str, str]:
    """Whom each of these ids leads to now, those of nobody left out; held as ``customer`` holds one."""
    ids = sorted(set(customer_ids))
    found: dict[str, str] = {}
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        wanted = select(Customer.id, Customer.merged_into).where(col(Customer.id).in_(some)).order_by(Customer.id)
        if _writes(session):
            wanted = wanted.with_for_update(read=True, key_share=True)
        for customer_id, merged_into in session.exec(wanted).all():
            found[customer_id] = customer_id if merged_into is None else customer(session, merged_into).id
    return found


def _read(session: Session, customer_id: str) -> Customer | None:
    if not _writes(session):
        return session.get(Customer, customer_id)
    wanted = select(Customer).where(Customer.id == customer_id).with_for_update(read=True, key_share=True)
    return session.exec(wanted.execution_options(populate_existing=True)).one_or_none()


def _writes(session: Session) -> bool:
    return bool(session.get_bind().get_execution_options().get("rapport_writes"))

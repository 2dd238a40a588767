"""Everything about one customer as one JSON file, row by row: read off the tables, so that no table is forgotten.

The header says what each part is and how many rows it has; the parts follow, in the order of their keys, so that two
exports of the same memory are the same bytes but for their date. Left out are vectors and other binary columns,
columns marked ``info={"internal": True}``, and tables that only hold copies of what others hold.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO, Any

from sqlalchemy import Column, LargeBinary, RowMapping, Select, Table, func, select, text
from sqlmodel import Session, SQLModel, col

from kit.clock import Clock
from kit.database import Database
from kit.errors import NotFound
from kit.personal import CUSTOMER, personal_tables
from memory.privacy.removal import everyone
from memory.tables import Customer

FORMAT = 1
_BATCH = 500


def export(database: Database, clock: Clock, customer_id: str, out: IO[bytes]) -> int:
    """Writes one customer's export, whoever was merged with them included; gives the number of rows.

    Reads one consistent view, in batches: a long history needs no more memory than a short one. Raises ``NotFound``.
    """
    with _one_view(database) as session:
        if session.get(Customer, customer_id) is None:
            raise NotFound(f"there is no customer {customer_id!r}")
        people = everyone(session, customer_id)
        parts = _parts(people)
        counts = {name: _count(session, wanted) for name, (_, wanted) in parts.items()}
        header = {
            "format": FORMAT,
            "customer_id": customer_id,
            "also_known_by": [one for one in people if one != customer_id],
            "exported_at": clock.now().isoformat(),
            "schema": session.execute(text("select version_num from alembic_version")).scalar(),
            "parts": {
                name: {"what": what_is(table), "rows": counts[name]} for name, (table, _) in parts.items()
            },
        }  # fmt: skip
        for chunk in _written(session, header, parts):
            out.write(chunk.encode("utf-8", "replace"))
    return sum(counts.values())


def what_is(table: Table) -> str:
    """What a table holds, in the words of its model's docstring."""
    models = [model for model in SQLModel.__subclasses__() if getattr(model, "__table__", None) is table]
    said = (models[0].__doc__ or "").split("\n\n")[0] if models else ""
    return " ".join(said.replace("`", "").split())


def _parts(people: Sequence[str]) -> dict[str, tuple[Table, Select[Any]]]:
    """By table's name: the table, and the statement that reads this person's rows."""
    customer = SQLModel.metadata.tables[CUSTOMER]
    parts = {CUSTOMER: (customer, _reading(customer).where(col(Customer.id).in_(people)))}
    for personal in sorted(personal_tables(SQLModel.metadata), key=lambda one: one.table.name):
        if not personal.copied:
            parts[personal.table.name] = (personal.table, _reading(personal.table).where(personal.of(people)))
    return parts


def _reading(table: Table) -> Select[Any]:
    shown = [column for column in table.c if _is_shown(column)]
    wanted: Select[Any] = select(*shown)
    return wanted.order_by(*table.primary_key.columns)


def _is_shown(column: Column[Any]) -> bool:
    return not isinstance(column.type, LargeBinary) and not column.info.get("internal")


def _count(session: Session, wanted: Select[Any]) -> int:
    count: int = session.execute(select(func.count()).select_from(wanted.order_by(None).subquery())).scalar_one()
    return count


def _written(session: Session, header: dict[str, Any], parts: dict[str, tuple[Table, Select[Any]]]) -> Iterator[str]:
    yield '{"rapport_export": ' + json.dumps(header, ensure_ascii=False, indent=1)
    for name, (_, wanted) in parts.items():
        yield f",\n{json.dumps(name)}: ["
        yield from _rows(session.execute(wanted.execution_options(yield_per=_BATCH)).mappings())
        yield "]"
    yield "}\n"


def _rows(found: Iterable[RowMapping]) -> Iterator[str]:
    between = "\n"
    for row in found:
        yield between + json.dumps(dict(row), ensure_ascii=False, default=_plain)
        between = ",\n"


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be exported; mark its column as internal, or write it as text")


@contextmanager
def _one_view(database: Database) -> Iterator[Session]:
    """A session in which all statements see the same moment."""
    with database.read() as session:
        if not database.is_sqlite:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session

"""Which rows change hands when two customers become one, and which go back; in SQL, however many there are.

Every personal table whose rows name their customer takes part, read off the tables (``kit.personal``); rows that hang
on those follow by themselves. A row whose key or unique constraint the survivor has a row for already *stands aside*:
it stays with the absorbed customer, whom nobody reads while merged, and is there again after the undo.
``merged_row`` has every row that moved, by a key that names it: the values of its primary key but for the customer.

A table that has to stay says so: ``info={"merging": "stays"}``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    String,
    Table,
    UniqueConstraint,
    and_,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)
from sqlmodel import Session, SQLModel

from kit.personal import personal_tables
from memory.tables import MergedRow

_RECORD: Table = SQLModel.metadata.tables[str(MergedRow.__tablename__)]
_REFERRING = {
    "conversation_id": ("conversation",),
    "source_id": ("turn", "event"),
    "item_id": ("turn", "event", "fact", "wish"),
}
"""What a row was said in or made from: by the name of the column that says so, the tables it may stand in."""


@dataclass(frozen=True)
class OwnedTable:
    """A table whose rows change hands; ``column`` names the customer."""

    table: Table
    column: Column[str]

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def keyed_by_customer(self) -> bool:
        """Whether the same key may stand with several customers."""
        return self.column.primary_key

    def key(self, table: Any = None) -> ColumnElement[str]:
        """What names a row in ``merged_row``: its primary key without the customer, each of several with its length."""
        parts = [column for column in self.table.primary_key if column is not self.column]
        texts = [cast((table or self.table).c[part.name], String) for part in parts]
        if len(texts) == 1:
            return texts[0]
        whole: ColumnElement[str] = literal("", String)
        for text in texts:
            whole = whole + cast(func.length(text), String) + literal(":") + text
        return whole

    def referring(self) -> list[tuple[Column[str], Sequence[str]]]:
        """The columns that may hold the id of what this row was said in or made from, with the tables of that."""
        elsewhere = {"source_id"} if "source" in self.table.c else set()  # then it is the id at that source
        names = [name for name in _REFERRING if name in self.table.c and name not in elsewhere]
        return [(self.table.c[name], _REFERRING[name]) for name in names]


def owned_tables() -> list[OwnedTable]:
    """All of them."""
    found = personal_tables(SQLModel.metadata)
    return [
        OwnedTable(one.table, one.column) for one in found if one.direct and one.table.info.get("merging") != "stays"
    ]


def counts(session: Session, customer_id: str) -> dict[str, int]:
    """How many rows of each table a customer has; tables without any are left out."""
    found = {
        owned.name: session.execute(
            select(func.count()).select_from(owned.table).where(owned.column == customer_id)
        ).scalar_one()
        for owned in owned_tables()
    }
    return {name: count for name, count in found.items() if count}


def move(session: Session, merge_id: str, absorbed: str, survivor: str) -> None:
    """Gives the absorbed customer's rows to the survivor, but for those that stand aside, and remembers them."""
    session.flush()
    for owned in owned_tables():
        wanted = and_(owned.column == absorbed, not_(_clashes(owned, survivor)))
        session.execute(_remember(merge_id, owned, wanted))
        moved = and_(owned.column == absorbed, _recorded(merge_id, owned))
        session.execute(update(owned.table).where(moved).values({owned.column: survivor}))
    _read_anew(session)


def give_back(session: Session, merge_id: str, absorbed: str, holders: Sequence[tuple[str, str]]) -> None:
    """Gives back what a merge moved and is still there, and what has been written since to what goes back.

    ``holders`` are the customers where it may be now, the survivor first, each with the merge that took it on to
    there (of the first: this merge). Those later merges forget what was not theirs.
    """
    session.flush()
    tables = owned_tables()
    owners = [owner for owner, _ in holders]
    while sum(_follow(session, merge_id, owned, owners) for owned in tables):
        pass
    later = [merge for _, merge in holders[1:]]
    for owned in tables:
        for place, (owner, _) in enumerate(holders):
            here = and_(owned.column == owner, _recorded(merge_id, owned))
            if owned.keyed_by_customer:
                here = and_(here, *(_recorded(merge, owned) for _, merge in holders[1 : place + 1]))
            session.execute(update(owned.table).where(here).values({owned.column: absorbed}))
        session.execute(_forget(later, merge_id, owned, absorbed))
    session.execute(delete(_RECORD).where(_RECORD.c.merge_id == merge_id))
    _read_anew(session)


def _read_anew(session: Session) -> None:
    """Lets the session's objects learn whose they are now."""
    tables = {owned.name: owned for owned in owned_tables()}
    for row in list(session):
        owned = tables.get(str(getattr(row, "__tablename__", "")))
        if owned is not None and owned.keyed_by_customer:
            session.expunge(row)
        elif owned is not None:
            session.expire(row, [owned.column.name])


def _clashes(owned: OwnedTable, survivor: str) -> ColumnElement[bool]:
    """Whether the survivor has a row that this one cannot stand beside."""
    theirs = owned.table.alias("theirs")
    clashes: list[ColumnElement[bool]] = []
    for columns in _unique(owned):
        same = [theirs.c[column.name] == column for column in columns if column is not owned.column]
        clashes.append(exists(select(literal(1)).where(theirs.c[owned.column.name] == survivor, *same)))
    return or_(*clashes) if clashes else literal(1) == 0


def _unique(owned: OwnedTable) -> list[list[Column[Any]]]:
    """The sets of columns that no two rows share and that name the customer."""
    sets = [list(owned.table.primary_key.columns)]
    sets += [list(c.columns) for c in owned.table.constraints if isinstance(c, UniqueConstraint)]
    sets += [list(index.columns) for index in owned.table.indexes if index.unique]
    return [columns for columns in sets if owned.column in columns]


def _follow(session: Session, merge_id: str, owned: OwnedTable, owners: Sequence[str]) -> int:
    """Remembers rows that refer to remembered ones as if they had moved with them; gives how many that were."""
    if owned.keyed_by_customer:
        return 0
    follows = [_goes(merge_id, column, names) for column, names in owned.referring()]
    if owned.name == "fact":
        follows.append(_said_there_alone(merge_id, owned))
    if not follows:
        return 0
    wanted = and_(owned.column.in_(owners), or_(*follows), not_(_recorded(merge_id, owned)))
    counting = {"preserve_rowcount": True}  # of an insert SQLAlchemy keeps it only when asked to
    done: Any = session.execute(_remember(merge_id, owned, wanted), execution_options=counting)
    return max(0, int(done.rowcount))


def _said_there_alone(merge_id: str, facts: OwnedTable) -> ColumnElement[bool]:
    """Whether a fact has sources, and all of them go back."""
    sources = SQLModel.metadata.tables["fact_source"]
    goes = _goes(merge_id, sources.c.source_id, _REFERRING["source_id"])
    mine = select(literal(1)).where(sources.c.fact_id == facts.table.c.id)
    return and_(exists(mine), not_(exists(mine.where(not_(goes)))))


def _goes(merge_id: str, column: Column[str], names: Sequence[str]) -> ColumnElement[bool]:
    """Whether what the column refers to, in one of these tables, goes back."""
    return exists(
        select(literal(1)).where(
            _RECORD.c.merge_id == merge_id, _RECORD.c.table_name.in_(names), _RECORD.c.row_key == column
        )
    )


def _remember(merge_id: str, owned: OwnedTable, wanted: ColumnElement[bool]) -> Any:
    rows = select(literal(merge_id), literal(owned.name), owned.key()).where(wanted)
    return insert(_RECORD).from_select(["merge_id", "table_name", "row_key"], rows)


def _recorded(merge_id: str, owned: OwnedTable) -> ColumnElement[bool]:
    return exists(
        select(literal(1)).where(
            _RECORD.c.merge_id == merge_id, _RECORD.c.table_name == owned.name, _RECORD.c.row_key == owned.key()
        )
    )


def _forget(later: Sequence[str], merge_id: str, owned: OwnedTable, absorbed: str) -> Any:
    """Takes what went back out of the records of the merges it had passed through since."""
    ours = _RECORD.alias("ours")
    return delete(_RECORD).where(
        _RECORD.c.merge_id.in_(later),
        _RECORD.c.table_name == owned.name,
        exists(
            select(literal(1)).where(
                ours.c.merge_id == merge_id, ours.c.table_name == owned.name, ours.c.row_key == _RECORD.c.row_key
            )
        ),
        exists(select(literal(1)).where(owned.column == absorbed, owned.key() == _RECORD.c.row_key)),
    )

"""Which rows are one customer's: read off the tables themselves, so that no list of tables can fall behind.

A table is personal where a column refers to ``customer.id``, where its ``info`` names such a column
(``{"personal": "owner"}``), or where a column refers to a personal table. A row that names further customers says
so in those columns' ``info`` (``{"customer": True}``) and is as much theirs. Merging, exporting, erasing and retention
all ask here. A table's ``info`` may also say that it only holds copies of what others hold (``{"copy": True}``), and
for how long its rows are kept (``{"retention": ("tickets", "resolved_at")}``: the kind, and the column to count from).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, MetaData, Table, or_, select

CUSTOMER = "customer"


@dataclass(frozen=True)
class PersonalTable:
    """A table with rows of customers. ``column`` holds the customer's id, or refers to ``parent``'s rows."""

    table: Table
    column: Column[str]
    parent: "PersonalTable | None" = None

    @property
    def direct(self) -> bool:
        """Whether each row names its customer itself."""
        return self.parent is None

    @property
    def copied(self) -> bool:
        """Whether its rows can be made again from those of other tables."""
        return bool(self.table.info.get("copy"))

    @property
    def _further(self) -> list[Column[str]]:
        return [column for column in self.table.c if column.info.get("customer") and column is not self.column]

    def of(self, customer_ids: Iterable[str]) -> ColumnElement[bool]:
        """The condition that holds for the rows of these customers."""
        if self.parent is None:
            ids = list(customer_ids)
            return or_(*(column.in_(ids) for column in (self.column, *self._further)))
        referred = next(iter(self.column.foreign_keys)).column
        return self.column.in_(select(referred).where(self.parent.of(customer_ids)))


def personal_tables(metadata: MetaData) -> list[PersonalTable]:
    """All of them but ``customer`` itself, those that others refer to first."""
    found: dict[str, PersonalTable] = {}
    for table in metadata.sorted_tables:
        if table.name != CUSTOMER and (personal := _personal(table, found)) is not None:
            found[table.name] = personal
    return list(found.values())


def _personal(table: Table, known: Mapping[str, PersonalTable]) -> PersonalTable | None:
    if named := table.info.get("personal"):
        return PersonalTable(table, table.c[named])
    referring = [(column, key.column.table.name) for column in table.c for key in column.foreign_keys]
    for column, target in referring:
        if target == CUSTOMER:
            return PersonalTable(table, column)
    for column, target in referring:
        if target in known:
            return PersonalTable(table, column, known[target])
    return None

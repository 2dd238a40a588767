"""One customer's statements: what each source says of each attribute, kept as it was said."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from kit.errors import InvalidInput
from kit.ids import CustomerId, derived_id
from memory.attributes import Registry
from memory.deriving import FORGOTTEN, IS, IS_NOT
from memory.extraction.port import FoundFact
from memory.sources import Source
from memory.tables import Statement
from memory.values import normalised

log = logging.getLogger(__name__)


class Statements:
    """Statements within one unit of work. Taking in the same again changes nothing."""

    def __init__(self, session: Session, registry: Registry, customer_id: CustomerId) -> None:
        self._session = session
        self._registry = registry
        self._customer_id = customer_id

    def add(self, found: Sequence[FoundFact], source: Source) -> set[str]:
        """Adds what a source says, but for what does not fit its attribute; gives the attributes it touches."""
        rows = self._rows(found, source)
        if not rows:
            return set()
        there = {row.id: row for row in self._of_source(source.id)}
        forgotten = {row.attribute for row in there.values() if row.says == FORGOTTEN}
        fresh = [row for row in rows if row.id not in there and row.attribute not in forgotten]
        self._session.add_all(fresh)
        self._session.flush()
        return {row.attribute for row in fresh}

    def attributes(self) -> set[str]:
        """All that anything was said of."""
        wanted = select(Statement.attribute).where(Statement.customer_id == self._customer_id).distinct()
        return set(self._session.exec(wanted).all())

    def of(self, attributes: Collection[str]) -> list[Statement]:
        """All statements on these attributes."""
        wanted = select(Statement).where(
            Statement.customer_id == self._customer_id, col(Statement.attribute).in_(sorted(attributes))
        )
        return list(self._session.exec(wanted).all())

    def remove_source(self, source_id: str) -> set[str]:
        """Removes all that a source says; gives the attributes it touched."""
        rows = self._of_source(source_id)
        for row in rows:
            self._session.delete(row)
        self._session.flush()
        return {row.attribute for row in rows}

    def forget(self, attribute: str, value: str, source: Source) -> list[datetime]:
        """Removes every word for a value, and keeps that its sources say nothing of the attribute any more.

        Gives the times at which it had been said.
        """
        key = value.casefold()
        gone = [row for row in self.of({attribute}) if row.value.casefold() == key]
        for row in gone:
            self._session.delete(row)
        self._session.flush()
        for source_id in {row.source_id for row in gone}:
            silent = replace(source, id=source_id)
            self._session.add(self._row(FoundFact(attribute, "", "", 0.0), FORGOTTEN, silent, 0))
        self._session.flush()
        return [row.at for row in gone if row.says == IS]

    def end(self, attribute: str, value: str, source: Source, at: datetime) -> None:
        """Adds that a value was over by ``at``."""
        self._session.add(self._row(FoundFact(attribute, value, "", 1.0), IS_NOT, replace(source, at=at), 0))
        self._session.flush()

    def _of_source(self, source_id: str) -> list[Statement]:
        wanted = select(Statement).where(Statement.source_id == source_id, Statement.customer_id == self._customer_id)
        return list(self._session.exec(wanted).all())

    def _rows(self, found: Sequence[FoundFact], source: Source) -> list[Statement]:
        rows: dict[str, Statement] = {}
        for ordinal, one in enumerate(found):
            attribute = self._registry.get(one.attribute)
            try:
                value = "" if one.retracts and not one.value else normalised(attribute, one.value)
            except InvalidInput:  # the value is the customer's, and has no place in a log
                log.warning("%s read a value that is none of %r; it is left out", source.extractor, one.attribute)
                continue
            told = FoundFact(one.attribute, value, one.quote, one.confidence)
            row = self._row(told, IS_NOT if one.retracts else IS, source, ordinal)
            rows[row.id] = row  # said twice in one message: the later place counts
        return list(rows.values())

    def _row(self, told: FoundFact, says: str, source: Source, ordinal: int) -> Statement:
        key = told.value.casefold()
        return Statement(
            id=derived_id("stm", source.at, source.id, source.extractor, told.attribute, key, says),
            customer_id=self._customer_id,
            attribute=told.attribute,
            value=told.value,
            says=says,
            quote=told.quote,
            confidence=told.confidence,
            extractor=source.extractor,
            source_id=source.id,
            at=source.at,
            ordinal=ordinal,
        )

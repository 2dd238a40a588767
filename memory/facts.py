"""Facts: derived from statements, per (customer, attribute), and kept with when they held and when we believed it.

Settling derives anew what one attribute amounts to and compares it with what is believed: what is no longer derived
was believed until now, what is new is believed from now on. A belief that lasted no time leaves nothing behind.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, select

from kit.clock import Clock
from kit.ids import CustomerId, derived_id
from kit.vectors.index import SemanticIndex
from memory.attributes import Registry
from memory.deriving import Span, citations, derive
from memory.extraction.port import FoundFact
from memory.sources import Source
from memory.statements import Statements
from memory.tables import Fact, FactSource, Statement

COLLECTION = "fact"
_PIECE = 500


@dataclass(frozen=True)
class Known:
    """A fact as people read it, with what says so, oldest first."""

    fact: Fact
    sentence: str
    sources: Sequence[FactSource]

    def to_json(self) -> dict[str, object]:
        newest = self.sources[-1]
        return {
            "id": self.fact.id,
            "attribute": self.fact.attribute,
            "value": self.fact.value,
            "sentence": self.sentence,
            "quote": newest.quote,
            "source_id": newest.source_id,
            "since": self.fact.held_from.isoformat(),
            "confidence": self.fact.confidence,
            "extractor": self.fact.extractor,
        }


class FactBook:
    """One customer's facts within one unit of work."""

    def __init__(
        self, session: Session, index: SemanticIndex, registry: Registry, customer_id: CustomerId, clock: Clock
    ) -> None:
        self._session = session
        self._index = index
        self._registry = registry
        self._customer_id = customer_id
        self._now = clock.now
        self._statements = Statements(session, registry, customer_id)

    def current(self, now: datetime) -> list[Known]:
        """What holds now, by attribute and value."""
        return self._known([fact for fact in self._believed() if _holds(fact, now)])

    def as_of(self, held_at: datetime, believed_at: datetime) -> list[Known]:
        """What we believed at ``believed_at`` about the moment ``held_at``."""
        wanted = select(Fact).where(
            Fact.customer_id == self._customer_id, col(Fact.believed_from) <= believed_at,
            col(Fact.believed_to).is_(None) | (col(Fact.believed_to) > believed_at),
        ).order_by(*_ORDER)  # fmt: skip
        return self._known([fact for fact in self._session.exec(wanted).all() if _holds(fact, held_at)])

    def history(self, attribute: str) -> list[Known]:
        """All that we now believe ever held of an attribute, oldest first. Raises ``InvalidInput`` if unknown."""
        return self._known(self._believed({self._registry.get(attribute).name}))

    def believed(self, fact_id: str) -> Fact | None:
        """The customer's fact with this id, if it is believed now."""
        fact = self._session.get(Fact, fact_id)
        mine = fact is not None and fact.customer_id == self._customer_id and fact.believed_to is None
        return fact if mine else None

    def citing(self, fact: Fact) -> list[FactSource]:
        """What says a fact, oldest first."""
        return self._citations([fact.id])

    def said_by(self, source_id: str) -> list[Fact]:
        """The facts, as believed now, that one turn or event says."""
        wanted = select(Fact).join(FactSource).where(FactSource.source_id == source_id)
        mine = wanted.where(Fact.customer_id == self._customer_id, col(Fact.believed_to).is_(None))
        return list(self._session.exec(mine.order_by(*_ORDER)).all())

    def take(self, found: Sequence[FoundFact], source: Source) -> list[Fact]:
        """Takes in what a source says; gives the facts it now stands behind. Raises ``InvalidInput`` if unknown.

        A value that does not fit its attribute is left out: an extractor's mistake costs no turn.
        """
        touched = self._statements.add(found, source)
        if not touched:
            return []
        self.settle(touched)
        return self.said_by(source.id)

    def settle(self, attributes: Collection[str] | None = None) -> None:
        """Derives these attributes anew, or all, and brings what is believed in line."""
        names = self._statements.attributes() | self._names_believed() if attributes is None else set(attributes)
        groups = {self._registry.together(name) for name in names if self._registry.has(name)}
        for group in groups:
            wanted = {span.id: span for span in derive(self._statements.of(group), self._registry)}
            believed = {fact.id: fact for fact in self._believed(group)}
            for fact_id in sorted(believed.keys() - wanted.keys()):
                self._archive(believed[fact_id])
                self._erase([believed[fact_id]])
            for fact_id, span in wanted.items():
                self._believe(fact_id, span, believed.get(fact_id))
        self._session.flush()

    def forget_source(self, source_id: str) -> None:
        """Removes what a turn or event said, as if it had never been said; a fact dies with its last source."""
        touched = self._statements.remove_source(source_id)
        mine = Fact.customer_id == self._customer_id
        cited = self._session.exec(select(FactSource).join(Fact).where(FactSource.source_id == source_id, mine)).all()
        for row in cited:
            fact = self._session.get_one(Fact, row.fact_id)
            left = [other for other in self._citations([fact.id]) if other.source_id != source_id]
            first = fact.held_from == row.at
            touched.add(fact.attribute)
            self._session.delete(row)
            if not left or (first and fact.believed_to is None):
                self._erase([fact])
            elif first:
                fact.held_from = left[0].at
        self._session.flush()
        self.settle(touched)

    def forget(self, fact: Fact, source: Source) -> None:
        """Removes a fact for good, with every belief and statement of it; ``source`` is the wish to forget.

        What it had put an end to is not revived: that it was over is kept, what took its place is not.
        """
        group = self._registry.together(fact.attribute)
        before = {span.id for span in derive(self._statements.of(group), self._registry) if span.held_to is None}
        gone = self._statements.forget(fact.attribute, fact.value, source)
        wanted = select(Fact).where(Fact.customer_id == self._customer_id, Fact.attribute == fact.attribute)
        key = fact.value.casefold()
        self._erase([one for one in self._session.exec(wanted).all() if one.value.casefold() == key])
        for span in derive(self._statements.of(group), self._registry):
            if span.held_to is None and span.id not in before and gone:
                self._statements.end(span.attribute, span.value, source, max(span.held_from, min(gone)))
        self.settle(group)

    def _believe(self, fact_id: str, span: Span, known: Fact | None) -> None:
        surest = max(span.support, key=lambda one: one.confidence)
        told = (span.held_to, surest.confidence, surest.extractor)
        if known is not None and (known.held_to, known.confidence, known.extractor) != told:
            if known.held_to != span.held_to:
                self._archive(known)
                known.believed_from = self._now()
            known.held_to, known.confidence, known.extractor = told
            self._session.add(known)
        if known is None:
            self._session.add(
                Fact(
                    id=fact_id, customer_id=self._customer_id, attribute=span.attribute, value=span.value,
                    confidence=surest.confidence, extractor=surest.extractor, held_from=span.held_from,
                    held_to=span.held_to, believed_from=self._now(),
                )
            )  # fmt: skip
            self._session.flush()
            self._index.put(
                self._session, COLLECTION, fact_id, self._registry.sentence(span.attribute, span.value),
                at=span.held_from, owner=self._customer_id, details={"source": span.support[0].source_id},
            )  # fmt: skip
        self._cite(fact_id, citations(span.support))

    def _cite(self, fact_id: str, cited: dict[str, Statement]) -> None:
        known = {row.source_id: row for row in self._citations([fact_id])}
        for source_id in known.keys() - cited.keys():
            self._session.delete(known[source_id])
        for source_id, one in cited.items():
            if source_id not in known:
                self._session.add(FactSource(fact_id=fact_id, source_id=source_id, quote=one.quote, at=one.at))
            elif known[source_id].quote != one.quote:
                known[source_id].quote = one.quote

    def _archive(self, fact: Fact) -> None:
        """Keeps what was believed until now, with its citations, under an id of its own."""
        now, cited = self._now(), self._citations([fact.id])
        if fact.believed_from >= now or not cited:
            return
        kept = Fact(**fact.model_dump())
        kept.id = derived_id("fct", fact.held_from, fact.id, fact.believed_from.isoformat())
        kept.believed_to = now
        self._session.add(kept)
        self._session.flush()
        self._session.add_all(FactSource(**{**row.model_dump(), "fact_id": kept.id}) for row in cited)

    def _erase(self, facts: Sequence[Fact]) -> None:
        self._session.flush()
        for fact in facts:
            self._index.remove(self._session, COLLECTION, fact.id)
            self._session.exec(delete(FactSource).where(col(FactSource.fact_id) == fact.id))
            self._session.delete(fact)
        self._session.flush()

    def _names_believed(self) -> set[str]:
        wanted = select(Fact.attribute).where(Fact.customer_id == self._customer_id, col(Fact.believed_to).is_(None))
        return set(self._session.exec(wanted.distinct()).all())

    def _believed(self, attributes: Iterable[str] | None = None) -> list[Fact]:
        wanted = select(Fact).where(Fact.customer_id == self._customer_id, col(Fact.believed_to).is_(None))
        if attributes is not None:
            wanted = wanted.where(col(Fact.attribute).in_(sorted(attributes)))
        return list(self._session.exec(wanted.order_by(*_ORDER)).all())

    def _citations(self, fact_ids: Sequence[str]) -> list[FactSource]:
        order = col(FactSource.at), FactSource.source_id
        return [
            row
            for piece in _pieces(fact_ids)
            for row in self._session.exec(
                select(FactSource).where(col(FactSource.fact_id).in_(piece)).order_by(*order)
            ).all()
        ]

    def _known(self, facts: Sequence[Fact]) -> list[Known]:
        cited: dict[str, list[FactSource]] = {}
        for row in self._citations([fact.id for fact in facts]):
            cited.setdefault(row.fact_id, []).append(row)
        return [
            Known(fact, self._registry.sentence(fact.attribute, fact.value), cited[fact.id])
            for fact in facts
            if fact.id in cited
        ]


_ORDER = (Fact.attribute, col(Fact.held_from), Fact.value, Fact.id)


def _holds(fact: Fact, at: datetime) -> bool:
    return fact.held_from <= at and (fact.held_to is None or at < fact.held_to)


def _pieces(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + _PIECE] for start in range(0, len(ids), _PIECE)]

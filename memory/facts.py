"""Facts: kept per (customer, attribute) as a history that does not depend on the order in which words arrived.

The value with the latest ``held_from`` counts. Of an attribute with one value, each value holds until the next begins;
of one with many, each holds until it is retracted or its opposite is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlmodel import Session, col, select

from kit.ids import CustomerId, derived_id
from kit.vectors.index import SemanticIndex
from memory.attributes import Attribute, Registry
from memory.extraction.port import FoundFact
from memory.tables import Fact, FactSource

COLLECTION = "fact"


@dataclass(frozen=True)
class Source:
    """Where a fact comes from: a turn or event, its time, and the extractor that read it."""

    id: str
    at: datetime
    extractor: str


@dataclass(frozen=True)
class Known:
    """A fact as people read it, with what says so."""

    fact: Fact
    sentence: str
    sources: Sequence[FactSource]

    def to_json(self) -> dict[str, object]:
        newest = max(self.sources, key=lambda source: source.at)
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

    def __init__(self, session: Session, index: SemanticIndex, registry: Registry, customer_id: CustomerId) -> None:
        self._session = session
        self._index = index
        self._registry = registry
        self._customer_id = customer_id

    def current(self, now: datetime) -> list[Known]:
        """What holds now, by attribute and value."""
        return [self._known(fact) for fact in self._believed() if fact.held_to is None or fact.held_to > now]

    def said_by(self, source_id: str) -> list[Fact]:
        """The facts that one turn or event says."""
        wanted = select(Fact).join(FactSource).where(FactSource.source_id == source_id)
        return list(self._session.exec(wanted.where(Fact.customer_id == self._customer_id)).all())

    def learn(self, found: FoundFact, source: Source) -> Fact | None:
        """Takes in what a source says. Gives the fact, or ``None`` for a retraction."""
        attribute = self._registry.get(found.attribute)
        history = [fact for fact in self._believed() if fact.attribute == attribute.name]
        if found.retracts:
            self._close(history, found.value, source.at)
            return None
        if attribute.excludes:
            opposite = [fact for fact in self._believed() if fact.attribute == attribute.excludes]
            self._close(opposite, found.value, source.at)
        fact = self._holding(history, attribute, found.value, source.at) or self._add(found, source)
        self._cite(fact, found, source)
        if not attribute.many:
            self._chain(attribute.name)
        return fact

    def _believed(self) -> list[Fact]:
        wanted = (
            select(Fact)
            .where(Fact.customer_id == self._customer_id, col(Fact.believed_to).is_(None))
            .order_by(Fact.attribute, col(Fact.held_from), Fact.value, Fact.id)
        )
        return list(self._session.exec(wanted).all())

    def _known(self, fact: Fact) -> Known:
        wanted = select(FactSource).where(FactSource.fact_id == fact.id).order_by(col(FactSource.at))
        sources = self._session.exec(wanted).all()
        return Known(fact, self._registry.sentence(fact.attribute, fact.value), sources)

    def _holding(self, history: list[Fact], attribute: Attribute, value: str, at: datetime) -> Fact | None:
        """The fact that says the same of that time already."""
        before = [fact for fact in history if fact.held_from <= at and (fact.held_to is None or at < fact.held_to)]
        same = [fact for fact in before if fact.value.casefold() == value.casefold()]
        if attribute.many:
            return same[-1] if same else None
        return before[-1] if before and before[-1] in same else None

    def _add(self, found: FoundFact, source: Source) -> Fact:
        fact = Fact(
            id=derived_id("fct", source.at, self._customer_id, found.attribute, found.value, source.id),
            customer_id=self._customer_id,
            attribute=found.attribute,
            value=found.value,
            confidence=found.confidence,
            extractor=source.extractor,
            held_from=source.at,
            believed_from=source.at,
        )
        fact = self._session.merge(fact)
        self._session.flush()
        sentence = self._registry.sentence(fact.attribute, fact.value)
        self._index.put(
            self._session, COLLECTION, fact.id, sentence, at=fact.held_from, owner=self._customer_id,
            details={"source": source.id},
        )  # fmt: skip
        return fact

    def _cite(self, fact: Fact, found: FoundFact, source: Source) -> None:
        if self._session.get(FactSource, (fact.id, source.id)) is None:
            self._session.add(FactSource(fact_id=fact.id, source_id=source.id, quote=found.quote, at=source.at))
            self._session.flush()

    def _close(self, facts: list[Fact], value: str, at: datetime) -> None:
        for fact in facts:
            if fact.value.casefold() == value.casefold() and fact.held_from <= at and fact.held_to is None:
                fact.held_to = at
                self._session.add(fact)
        self._session.flush()

    def _chain(self, attribute: str) -> None:
        """Of an attribute with one value, each value ends where the next begins."""
        history = [fact for fact in self._believed() if fact.attribute == attribute]
        for fact, following in pairwise(history):
            if fact.held_to is None or fact.held_to > following.held_from:
                fact.held_to = following.held_from
                self._session.add(fact)
        self._session.flush()

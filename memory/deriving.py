"""From statements to facts: a pure function, so that no order of arrival, repetition or late word makes a difference.

Statements are taken in the order of (time, source, place in the source). Of an attribute with one value, each value
holds until another is said or it is taken back; of one with many, each holds until it is taken back or its opposite
is said. Values are one where they are equal but for case, and never because they look alike.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kit.ids import derived_id
from memory.attributes import Attribute, Kind, Registry
from memory.sources import BY_HAND
from memory.tables import Statement
from memory.values import over_after, says_less

IS, IS_NOT, FORGOTTEN = "is", "is_not", "forgotten"


@dataclass(frozen=True)
class Span:
    """One value and the time in which it held, with the statements that say so, oldest first."""

    attribute: str
    value: str
    held_from: datetime
    held_to: datetime | None
    support: tuple[Statement, ...]

    @property
    def id(self) -> str:
        """The fact's id: it follows from what says it, whoever it is said of."""
        return derived_id("fct", self.held_from, self.attribute, self.value, self.support[0].source_id)


def derive(statements: Iterable[Statement], registry: Registry) -> list[Span]:
    """What the statements of one customer, on attributes that hang together, amount to; oldest first."""
    history = _History(registry)
    for statement in settled_within_sources(statements, registry):
        history.take(statement)
    return sorted(history.spans(), key=lambda span: (span.held_from, span.attribute, span.value))


def settled_within_sources(statements: Iterable[Statement], registry: Registry) -> list[Statement]:
    """In order. Where two extractors read one source differently, of an attribute with one value the surer one counts.

    Of two as sure, the first by name does.
    """
    told = sorted((s for s in statements if s.says != FORGOTTEN), key=_place)
    best: dict[tuple[str, str], Statement] = {}
    for one in told:
        if not registry.get(one.attribute).many:
            known = best.setdefault((one.source_id, one.attribute), one)
            if (-one.confidence, one.extractor) < (-known.confidence, known.extractor):
                best[one.source_id, one.attribute] = one
    return [one for one in told if _counts(one, best.get((one.source_id, one.attribute)))]


def _place(statement: Statement) -> tuple[datetime, bool, str, int, str, str, str, str]:
    one = statement
    by_hand = one.extractor == BY_HAND  # of one moment: what the customer filled in has the last word
    return one.at, by_hand, one.source_id, one.ordinal, one.extractor, one.attribute, one.says, one.value


def _counts(one: Statement, best: Statement | None) -> bool:
    return best is None or best.extractor == one.extractor or (best.says, _key(best)) == (one.says, _key(one))


def _key(statement: Statement) -> str:
    return statement.value.casefold()


class _History:
    """The spans that ended, and by attribute and value the statements behind those that go on."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._ended: list[Span] = []
        self._going: dict[str, dict[str, list[Statement]]] = {}

    def take(self, one: Statement) -> None:
        attribute = self._registry.get(one.attribute)
        going = self._going.setdefault(one.attribute, {})
        if attribute.kind is Kind.OCCASION:
            self._pass_time(attribute, going, one.at)
        if one.says == IS_NOT:
            for key in [key for key in going if not one.value or _is_meant(attribute, key, _key(one))]:
                self._end(one.attribute, key, one.at)
            return
        for opposite in self._registry.opposites(one.attribute):
            self._end(opposite, _key(one), one.at)
        self._assert(attribute, going, one)

    def spans(self) -> Iterator[Span]:
        """All that held for any time at all."""
        for name, going in self._going.items():
            for support in going.values():
                self._ended.append(_span(support, self._over(self._registry.get(name), support)))
            going.clear()
        return (span for span in self._ended if span.held_to is None or span.held_from < span.held_to)

    def _assert(self, attribute: Attribute, going: dict[str, list[Statement]], one: Statement) -> None:
        key = _key(one)
        if attribute.kind is Kind.OCCASION:
            key = next((known for known in going if says_less(attribute, key, known)), key)
        if key in going:
            going[key].append(one)
            return
        for known in [known for known in going if not attribute.many or says_less(attribute, known, key)]:
            self._end(attribute.name, known, one.at)
        going[key] = [one]

    def _end(self, name: str, key: str, at: datetime) -> None:
        support = self._going.get(name, {}).pop(key, None)
        if support is not None:
            self._ended.append(_span(support, at))

    def _pass_time(self, attribute: Attribute, going: Mapping[str, list[Statement]], now: datetime) -> None:
        for key, support in list(going.items()):
            over = self._over(attribute, support)
            if over is not None and over <= now:
                self._end(attribute.name, key, over)

    def _over(self, attribute: Attribute, support: Sequence[Statement]) -> datetime | None:
        return over_after(attribute, support[0].value, support[-1].at)


def _span(support: Sequence[Statement], held_to: datetime | None) -> Span:
    first = support[0]
    return Span(first.attribute, first.value, first.at, held_to, tuple(support))


def _is_meant(attribute: Attribute, key: str, value: str) -> bool:
    return key == value or says_less(attribute, value, key)


def citations(support: Sequence[Statement]) -> dict[str, Statement]:
    """Of each source the statement to quote: the surest, and of equals the first."""
    cited: dict[str, Statement] = {}
    for one in support:
        known = cited.setdefault(one.source_id, one)
        if one.confidence > known.confidence:
            cited[one.source_id] = one
    return cited

"""What a second reading adds to the first of the same turn. The first is not overruled."""

from collections.abc import Iterable, Iterator

from memory.attributes import Registry
from memory.extraction.port import Extraction, FoundClosing, FoundFact, FoundWish


def added(first: Extraction, second: Extraction, registry: Registry) -> Extraction:
    """The part of ``second`` that ``first`` neither says nor contradicts.

    An attribute with one value that ``first`` speaks of is settled; of one with many, a value that it names, its
    opposite, or a retraction. A thing that it wishes for or lets go of is settled too.
    """
    things = {wish.item for wish in first.wishes} | {closing.item for closing in first.closings}
    return Extraction(
        tuple(_facts(first.facts, second.facts, registry)),
        tuple(_wishes(things, second.wishes)),
        tuple(_closings(things, second.closings)),
    )


def _facts(first: Iterable[FoundFact], second: Iterable[FoundFact], registry: Registry) -> Iterator[FoundFact]:
    told = list(first)
    for fact in second:
        if not any(_settles(said, fact, registry) for said in told):
            yield fact


def _settles(said: FoundFact, fact: FoundFact, registry: Registry) -> bool:
    attribute = registry.get(fact.attribute)
    same_value = said.value.casefold() == fact.value.casefold()
    if said.attribute == fact.attribute:
        return not attribute.many or same_value
    return said.attribute == attribute.excludes and same_value


def _wishes(things: set[str], second: Iterable[FoundWish]) -> Iterator[FoundWish]:
    return (wish for wish in second if not any(_same(wish.item, thing) for thing in things))


def _closings(things: set[str], second: Iterable[FoundClosing]) -> Iterator[FoundClosing]:
    return (closing for closing in second if closing.item and not any(_same(closing.item, thing) for thing in things))


def _same(item: str, other: str) -> bool:
    """By name, or one as the other more exactly: "winter coat" and "coat"."""
    return item == other or item.endswith(f" {other}") or other.endswith(f" {item}")

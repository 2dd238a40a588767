"""What a person has ahead: occasions and trips."""

from collections.abc import Iterator
from functools import cache

from memory.extraction.lexicon import Mention
from memory.extraction.patterns import Match
from memory.extraction.port import FoundFact
from memory.extraction.said import Rule, Said, always, rules_of
from memory.extraction.sayings import sayings


def _occasion(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    for mention in match.slots:
        if mention.kind == "occasion" and said.lexicon.is_event(mention.value) and _ahead(said, mention):
            yield said.fact("occasion", mention.value, 0.85)


def _dated_occasion(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    bare = len(match.slots) == match.after - match.first == 1
    if (said.has(*_words("soon")) and said.has("i", "my", "is")) if bare else said.has(*_words("when"), "attend"):
        yield from _occasion(said, match)


def _trip(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    place = match.slots[-1]
    if said.has(*_words("when")) and not said.has(*_words("over")):
        yield said.fact("occasion", f"trip to {_as_said(said, place)}", 0.85)


def _named_trip(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    if not said.has(*_words("over")):
        yield said.fact("occasion", f"trip to {_as_said(said, match.slots[-1])}", 0.85)


def _as_said(said: Said, place: Mention) -> str:
    """The place by the writer's own word: Scotland rather than the United Kingdom."""
    tokens = said.row.tokens[place.first : place.after]
    written = said.text[tokens[0].start : tokens[-1].end]
    return written if written[:1].isupper() else place.value


def _ahead(said: Said, mention: Mention) -> bool:
    return (
        not said.has(*_words("over"))
        and not said.row.at(mention.after, "item")
        and said.row.word(mention.after) != "dress"
    )


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    reads = {
        "dated_occasion": Rule(_dated_occasion),
        "occasion": Rule(_occasion),
        "marriage": Rule(always("occasion", "wedding", 0.9)),
        "graduation": Rule(always("occasion", "graduation", 0.9)),
        "trip": Rule(_trip),
        "named_trip": Rule(_named_trip),
    }
    return rules_of("plans", reads)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("plans").words(name)

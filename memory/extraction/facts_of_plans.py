"""What a person has ahead: occasions and trips."""

from collections.abc import Iterator
from functools import cache

from memory.extraction.dates import day_in
from memory.extraction.lexicon import Mention
from memory.extraction.patterns import Match
from memory.extraction.port import FoundFact
from memory.extraction.said import Read, Rule, Said, rules_of
from memory.extraction.sayings import sayings


def _occasion(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    for mention in match.slots:
        if mention.kind == "occasion" and said.lexicon.is_event(mention.value) and _ahead(said, mention):
            if _own_birthday(said, mention):
                continue
            yield said.fact("occasion", dated(said, mention.value), 0.85)


def dated(said: Said, occasion: str) -> str:
    """``wedding on 2026-06-12`` where the clause gives a certain day."""
    found = day_in(said.row.words, said.today)
    ahead = found and found.on >= said.today
    return f"{occasion} on {found.on.isoformat()}" if found and ahead else occasion


def _own_birthday(said: Said, mention: Mention) -> bool:
    """A day of one's own birthday is the attribute ``birthday``."""
    return (
        mention.value == "birthday"
        and "my" in (before := said.row.words[max(0, mention.first - 3) : mention.first])
        and "'s" not in before
        and not said.row.at(mention.first - 1, "gender")
        and "kid" not in before
        and not any(said.row.at(at, "person", "other_person") for at in said.row.mentions)
        and day_in(said.row.words, said.today) is not None
    )


def _dated_occasion(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    bare = len(match.slots) == match.after - match.first == 1
    if (said.has(*_words("soon")) and said.has("i", "my", "is")) if bare else said.has(*_words("when"), "attend"):
        yield from _occasion(said, match)


def _trip(said: Said, _: Match[Rule]) -> Iterator[FoundFact]:
    if said.has(*_words("when")) and not said.has(*_words("over")):
        yield said.fact("occasion", dated(said, "trip"), 0.8)


def _named_trip(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    if not said.has(*_words("over")):
        words = said.row.words[match.first : match.after]
        kind = next((word for word in words if word in _words("kinds_of_trip")), "")
        yield said.fact("occasion", dated(said, f"{kind} trip".strip()), 0.8)


def _ahead(said: Said, mention: Mention) -> bool:
    return (
        not said.has(*_words("over"))
        and not said.row.at(mention.after, "item")
        and said.row.word(mention.after) != "dress"
    )


def _event(occasion: str) -> Read:
    def read(said: Said, _: Match[Rule]) -> Iterator[FoundFact]:
        yield said.fact("occasion", dated(said, occasion), 0.9)

    return read


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    reads = {
        "dated_occasion": Rule(_dated_occasion, own=True),
        "occasion": Rule(_occasion, own=True),
        "marriage": Rule(_event("wedding"), own=True),
        "graduation": Rule(_event("graduation"), own=True),
        "trip": Rule(_trip, own=True),
        "named_trip": Rule(_named_trip, own=True),
    }
    return rules_of("plans", reads)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("plans").words(name)

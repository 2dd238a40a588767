"""Whom a person buys for, and the animals they live with."""

from collections.abc import Iterator
from functools import cache

from memory.extraction.patterns import Match
from memory.extraction.port import FoundFact
from memory.extraction.said import Rule, Said, always, rules_of
from memory.extraction.sayings import sayings


def _has(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I have two kids and a dog``."""
    first = next(mention for mention in match.slots if mention.kind in {"person", "pet"})
    if first.kind == "pet" and said.has("for", "with", "about", "from") and match.after - match.first > 6:
        return
    for mention in said.listed(first, "person", "pet"):
        if said.row.word(mention.after) in {"'s", "size", "sized"}:
            continue
        if mention.kind == "pet":
            yield said.fact("pet", mention.value)
        elif mention.value in _words("children"):
            yield said.fact("household", mention.value)


def _family(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I have a four-year-old and twins on the way``."""
    has = said.speaks_of_self(frozenset({"have", "got", "raising"}), _words("no_family"))
    if has and not said.clause.stance.about_order and not any(said.row.at(at, "item") for at in said.row.mentions):
        yield from _has(said, match)


def _for_person(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``a coat for my dad``; not "a good world for our kids"."""
    row = said.row
    if said.has(*_words("shopping")) or any(row.at(at, "item") for at in range(len(row.tokens))):
        yield from _buys_for(said, match)


def _buys_for(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    for first in match.slots:
        for mention in said.listed(first, "person") if first.kind == "person" else ():
            follows = said.row.word(mention.after), said.row.word(mention.after + 1)
            if "'s" not in follows and not said.row.at(mention.after, "occasion"):
                yield said.fact("household", mention.value, 0.85)


def _pet(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    for first in match.slots:
        for mention in said.listed(first, "pet") if first.kind == "pet" else ():
            if said.row.word(mention.after) in _words("not_the_pet"):
                return
            yield said.fact("pet", mention.value)


def _pet_gone(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    yield said.fact("pet", match.slots[-1].value, retracts=True)


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    reads = {
        "has": Rule(_has),
        "family": Rule(_family),
        "parent": Rule(always("household", "kids")),
        "new_baby": Rule(always("household", "baby")),
        "for_person": Rule(_for_person),
        "buys_for": Rule(_buys_for),
        "pet": Rule(_pet),
        "pet_gone": Rule(_pet_gone),
    }
    return rules_of("household", reads)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("household").words(name)

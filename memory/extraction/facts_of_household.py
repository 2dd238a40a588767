"""Who lives with a person, whom they look for something for, and the animals they keep."""

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
        elif said.lexicon.base("person", mention.value) in _words("children"):
            yield said.fact("household", mention.value)


def _family(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I have a four-year-old and twins on the way``."""
    has = said.speaks_of_self(frozenset({"have", "got", "raising"}), _words("no_family"))
    if has and not said.clause.stance.about_order and not any(said.row.at(at, "item") for at in said.row.mentions):
        yield from _has(said, match)


def _lives_with(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I live with my husband and two kids``."""
    for first in match.slots:
        if first.kind in {"person", "other_person"}:
            for mention in said.listed(first, "person", "other_person"):
                if said.row.word(mention.after) != "'s":
                    yield said.fact("household", mention.value)
    if said.row.words[match.first : match.after] == ["my", "household", "is"]:
        for at in range(match.after, len(said.row.tokens)):
            person = said.row.at(at, "person", "other_person")
            if person:
                yield said.fact("household", person.value)


def _for_person(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``a coat for my dad``; not "a good world for our kids"."""
    row = said.row
    shops = said.has(*_words("shopping")) or any(row.at(at, "item") for at in range(len(row.tokens)))
    seeks = bool(said.words & {"looking", "need", "want", "searching", "gift", "present"})
    if shops or seeks or match.first == 0:
        yield from _buys_for(said, match)


def _buys_for(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    if said.clause.stance.about_order or said.has("ordered", "bought", "received", "arrived"):
        return
    for first in match.slots:
        for mention in said.listed(first, "person", "other_person") if first.kind != "number" else ():
            follows = said.row.word(mention.after)
            if mention.kind == "pet" or (follows == "'s" and said.row.word(mention.after - 1) == "friend"):
                continue
            yield said.fact("recipient", mention.value, 0.85)


def _pet(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    for first in match.slots:
        for mention in said.listed(first, "pet") if first.kind == "pet" else ():
            if said.row.word(mention.after) in _words("not_the_pet"):
                return
            yield said.fact("pet", mention.value)


def _moved_out(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    for mention in match.slots:
        yield said.fact("household", mention.value, retracts=True)


def _pet_gone(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    yield said.fact("pet", match.slots[-1].value, retracts=True)


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    reads = {
        "has": Rule(_has),
        "family": Rule(_family),
        "parent": Rule(always("household", "kids")),
        "new_baby": Rule(always("household", "baby")),
        "lives_with": Rule(_lives_with),
        "for_person_asked": Rule(_for_person, asked=True),
        "buys_for_asked": Rule(_buys_for, asked=True),
        "pet": Rule(_pet, asked=True),
        "moved_out": Rule(_moved_out),
        "pet_gone": Rule(_pet_gone),
    }
    return rules_of("household", reads)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("household").words(name)

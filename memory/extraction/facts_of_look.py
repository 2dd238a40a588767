"""A person's style, the brands they like or refuse, and what they care about in how things are made."""

from collections.abc import Iterator
from functools import cache

from memory.extraction.lexicon import Mention
from memory.extraction.patterns import Match
from memory.extraction.port import FoundFact
from memory.extraction.said import Rule, Said, rules_of
from memory.extraction.sayings import sayings


def _style(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``my style is casual``; not "I like vintage cars"."""
    for first in match.slots:
        if first.kind == "style":
            listed = list(said.listed(first, "style"))
            after = said.row.word(listed[-1].after)
            if said.closes(listed[-1].after) or after in _words("looks"):
                yield from (said.fact("style", mention.value, 0.85) for mention in listed)


def _brand_liked(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    yield from (said.fact("brand.liked", mention.value, 0.85) for mention in _brands(said, match))


def _brand_disliked(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    yield from (said.fact("brand.disliked", mention.value, 0.85) for mention in _brands(said, match))


def _brands(said: Said, match: Match[Rule]) -> Iterator[Mention]:
    """Brands we know; and a name that no list has, where the words call it a brand."""
    called_so = said.has("brand", "brands", "label", "labels")
    for first in match.slots:
        if first.kind == "brand" or (first.kind == "place" and called_so and not said.row.at(first.first, "brand")):
            yield from said.listed(first, "brand", *(("place",) if called_so else ()))


def _ethic(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    if said.has("not", "never"):
        return
    slots = [mention for mention in match.slots if mention.kind == "ethic"]
    if not slots:
        yield said.fact("ethic", "vegan", 0.85)
    for first in slots:
        yield from (said.fact("ethic", mention.value, 0.85) for mention in said.listed(first, "ethic"))


def _no_more_ethic(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    if said.has("more", "longer", "any"):
        yield from (said.fact("ethic", mention.value, 0.85, retracts=True) for mention in match.slots)


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    reads = {
        "style": Rule(_style),
        "brand_liked": Rule(_brand_liked),
        "brand_disliked": Rule(_brand_disliked),
        "ethic": Rule(_ethic),
        "no_more_ethic": Rule(_no_more_ethic),
    }
    return rules_of("look", reads)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("look").words(name)

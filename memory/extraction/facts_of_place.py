"""Where a person lives, and what the weather is like there."""

from collections.abc import Iterator
from functools import cache

from memory.extraction.lexicon import Mention
from memory.extraction.patterns import Match
from memory.extraction.port import FoundFact
from memory.extraction.said import Rule, Said, rules_of
from memory.extraction.sayings import sayings

_WEATHER = {"snow": "snowy", "snows": "snowy", "wind": "windy", "sun": "sunny", "ice": "cold"}


def _lives(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    if said.row.word(match.after) == "originally":
        return
    for mention in match.slots:
        if mention.kind == "city":
            yield said.fact("city", mention.value, 0.95)
            country = said.row.at(mention.after, "country")
            if country:
                yield said.fact("country", _as_said(said, country), 0.95)
        elif mention.kind == "country":
            yield said.fact("country", _as_said(said, mention), 0.9)
        elif mention.kind == "place" and not said.row.at(mention.first, "country", "region"):
            yield said.fact("city", mention.value, 0.7)
        elif mention.kind == "climate":
            yield said.fact("climate", mention.value, 0.6)


def _as_said(said: Said, country: Mention) -> str:
    """``UK`` where that is what they wrote; else the country's name."""
    word = said.row.word(country.first)
    short = country.after == country.first + 1 and word in {"uk", "usa", "us", "uae"}
    return word.upper() if short else country.value


def _moved(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``we moved from Boston to Denver``: the last place counts."""
    yield from _lives(said, Match(match.meant, match.first, match.after, match.slots[-1:]))


def _from(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I'm from Toronto``, unless the message says where else the writer lives by now."""
    if said.words.isdisjoint({"live", "living", "based", "moved"}):
        yield from _lives(said, match)


def _is_in(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I'm in Denver``, unless only for now."""
    if not said.has(*_words("passing")):
        yield from _lives(said, match)


def _is_now(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``it's Raleigh now``, after a word of moving."""
    if said.words & {"moved", "left", "move"}:
        yield from _lives(said, match)


def _left(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    for mention in match.slots:
        if mention.kind in {"city", "country"}:
            yield said.fact(mention.kind, mention.value, 0.8, retracts=True)


def _resident(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """One city, the writer and a word of residing in one clause that is about nothing else."""
    row = said.row
    cities = {mention.value for at in row.mentions for mention in row.mentions[at] if mention.kind == "city"}
    of_others = any(row.at(at, "person", "other_person") for at in row.mentions)
    if len(cities) == 1 and not of_others and said.speaks_of_self(_words("resides"), _words("not_resident")):
        yield said.fact("city", match.slots[0].value, 0.75)


def _climate(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    if said.has("here", "winters", "summers", "where") or "here" in said.words:
        yield from (said.fact("climate", mention.value, 0.8) for mention in match.slots if mention.kind == "climate")


def _weather(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    if said.has("here", "where"):
        yield said.fact("climate", _WEATHER.get(said.row.word(match.after - 1), "rainy"), 0.8)


def _degrees(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    degrees = float(match.slots[0].value)
    if said.has("here", "where"):
        if said.has("minus", "below") or degrees <= 20:
            yield said.fact("climate", "cold", 0.7)
        elif degrees >= 85:
            yield said.fact("climate", "hot", 0.7)


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    reads = {
        "lives": Rule(_lives),
        "from": Rule(_from),
        "moved": Rule(_moved),
        "is_in": Rule(_is_in),
        "is_now": Rule(_is_now),
        "left": Rule(_left),
        "resident": Rule(_resident),
        "climate": Rule(_climate),
        "weather": Rule(_weather),
        "degrees": Rule(_degrees),
    }
    return rules_of("place", reads)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("place").words(name)

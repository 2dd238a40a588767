"""How often a person wants to hear from the shop, and how they want things delivered."""

from collections.abc import Iterator
from functools import cache

from memory.extraction.facts_of_contact import time_at
from memory.extraction.patterns import Match, Row
from memory.extraction.port import FoundFact
from memory.extraction.said import Rule, Said, rules_of
from memory.extraction.sayings import sayings

_PERIODS = frozenset("day week month quarter year fortnight season".split())
_COUNTS = {"one": "once", "two": "twice", "three": "three times", "1": "once", "2": "twice", "an": "once", "a": "once"}
_SINGLE = frozenset({"weekly", "monthly", "daily", "quarterly", "fortnightly"})
_LESS = frozenset({"less", "fewer", "rarely"})
_PLACES = {
    "office": "the office", "workplace": "the office", "work": "work", "locker": "a locker", "lockers": "a locker",
    "packstation": "a locker", "neighbor": "a neighbor", "neighbour": "a neighbor", "neighbors": "a neighbor",
    "neighbours": "a neighbor", "store": "the store", "shop": "the shop", "porch": "the porch", "door": "the door",
    "doorstep": "the doorstep", "reception": "the reception", "concierge": "the concierge", "garage": "the garage",
    "home": "home", "house": "home", "address": "home", "doorman": "the doorman", "shed": "the shed",
    "mailbox": "the mailbox", "desk": "the front desk", "apartment": "home", "mailroom": "the mailroom",
    "gate": "the gate",
}  # fmt: skip
_POINTS = frozenset({"pickup", "pick", "collection", "parcel", "access"})
_PREPOSITIONS = frozenset({"to", "at", "with", "in", "on", "outside", "behind", "by"})


def _often(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``one email a month is plenty``, ``please write less often``; not "I run twice a week"."""
    if said.clause.stance.about_order or not said.has(*_words("contact")) or said.has("he", "she", "they", "did"):
        return
    found = _how_often(said.row, match.first)
    before = said.row.words[: match.first]
    at_most = before[-3:] == ["not", "more", "than"] or before[-3:-1] == ["no", "more"]
    if found and (at_most or found == "less often" or {"not", "never", "already"}.isdisjoint(before)):
        yield said.fact("contact_often", found, 0.85)


def _how_often(row: Row, at: int) -> str | None:
    word, one, two, three = (row.word(at + k) for k in range(4))
    if word in {"once", "twice"} and one in {"a", "per", "every"} and two in _PERIODS:
        return f"{word} {'a' if one == 'per' else one} {two}"
    if word in {"once", "twice"} and one == "every":
        return f"{word} every {two} {three}".strip()
    if one in {"times", "time"} and two in {"a", "per"} and three in _PERIODS:
        return f"{word} times a {three}"
    if word in _COUNTS and one in _words("contact") and two in {"a", "per", "every"} and three in _PERIODS:
        return f"{_COUNTS[word]} a {three}"
    if word in _SINGLE:
        return word
    if word == "every" and one in _PERIODS and row.word(at - 1) not in {"not", "hear"}:
        return f"every {one}"
    if word == "every" and one in {"other", "two", "three", "few"}:
        return f"every {one} {two}"
    if word == "couple" and row.word(at + 3) in {"a", "per"}:
        return f"a couple of times a {row.word(at + 4)}" if two == "times" else None
    fewer = word in _LESS or (word in {"much", "many", "often"} and row.word(at - 1) in {"so", "too"})
    fewer = fewer or (word == "often" and "not" in row.words[max(0, at - 3) : at])
    return "less often" if fewer and one != "than" else None


def _delivery(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``please deliver to the office``, ``leave parcels with my neighbor``."""
    if not said.has(*_words("delivering")) or not _words("not_mine").isdisjoint(said.row.words):
        return
    if said.clause.stance.question and "you" in said.row.words and said.row.word(0) not in {"can", "could", "would"}:
        return
    if said.clause.stance.question and said.has("it", "this", "that", "instead"):  # this parcel, for once
        return
    at = match.first
    time = time_at(said.row, at, refused=False)
    if time and said.has("deliver", "delivered", "delivery", "deliveries"):
        yield said.fact("delivery", time, 0.8)
        return
    prefix = said.row.word(at)
    if prefix not in _PREPOSITIONS:
        return
    for place in range(at + 1, min(at + 5, len(said.row.tokens))):
        word = said.row.word(place)
        if word in _POINTS and said.row.word(place + 1) in {"point", "up", "locker"}:
            where = "a locker" if said.row.word(place + 1) == "locker" else "a pickup point"
            yield said.fact("delivery", f"{prefix} {where}", 0.85)
            return
        if word in _PLACES:
            if word in {"address", "home", "house", "apartment"} and prefix != "to":
                return
            to = "to" if "neighbor" in _PLACES[word] else prefix
            yield said.fact("delivery", f"{to} {_PLACES[word]}", 0.85)
            return
        if word not in {"my", "the", "a", "an", "front", "back", "parcel", "next", "local", "nearest", "our"}:
            return


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    return rules_of("service", {"often_asked": Rule(_often, asked=True), "delivery_asked": Rule(_delivery, asked=True)})


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("service").words(name)

"""What a person does: hiking, yoga, golf."""

from collections.abc import Iterator
from functools import cache

from memory.extraction.patterns import Match
from memory.extraction.port import FoundFact
from memory.extraction.said import Rule, Said, rules_of
from memory.extraction.sayings import sayings

_NOT_A_VERB = frozenset(
    {
        "a business",
        "a small",
        "a shop",
        "a company",
        "a store",
        "on coffee",
        "in circles",
        "a bit",
        "a tight",
        "a little",
        "a large",
        "a half",
        "through my",
    }
)


def _active(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    for first in match.slots:
        listed = list(said.listed(first, "activity"))
        closes = said.closes(listed[-1].after) or said.row.word(listed[-1].after) in {
            "league",
            "team",
            "club",
            "classes",
        }
        if closes and said.row.word(listed[-1].after) not in _words("objects"):
            yield from (said.fact("activity", mention.value) for mention in listed)


def _habitual(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``trail running is how I stay sane``: an activity, the writer and a word of habit in one clause."""
    row = said.row
    apart = row.word(match.first - 1) not in {"for", "my", "the"}  # "shoes for running", "my running shoes"
    of_things = any(row.at(at, "item") for at in row.mentions)
    if apart and not of_things and said.speaks_of_self(_words("habit"), _words("no_habit")):
        yield from _active(said, match)


def _does(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I run most mornings``; not "I run a business", "it runs small"."""
    verb = match.slots[-1]
    one, two = said.row.word(verb.after), said.row.word(verb.after + 1)
    if two in {"this", "that", "it", "these", "your", "my"}:  # "I swim in this coat"
        return
    ends = verb.after >= len(said.row.tokens) or one in _words("verb_closing") or "," in said.row.tokens[verb.after].gap
    if ends and f"{one} {two}" not in _NOT_A_VERB and one not in _NOT_A_VERB:
        yield said.fact("activity", verb.value, 0.85)


def _doer(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    doer = match.slots[-1]
    if said.closes(doer.after):
        yield said.fact("activity", doer.value, 0.85)


def _given_up(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    yield said.fact("activity", match.slots[-1].value, 0.85, retracts=True)


def _training(said: Said, _: Match[Rule]) -> Iterator[FoundFact]:
    yield said.fact("activity", "triathlon" if said.has("triathlon", "ironman") else "running", 0.85)


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    reads = {
        "active": Rule(_active),
        "habitual": Rule(_habitual),
        "does": Rule(_does),
        "doer": Rule(_doer),
        "training": Rule(_training),
        "given_up": Rule(_given_up),
    }
    return rules_of("activity", reads)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("activity").words(name)

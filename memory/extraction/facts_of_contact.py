"""How a person wants to be reached and talked with."""

import re
from collections.abc import Iterator
from functools import cache

from memory.extraction.patterns import Match, Row
from memory.extraction.port import FoundFact
from memory.extraction.said import Rule, Said, always, rules_of
from memory.extraction.sayings import sayings

_VERBS = {
    "texted": "sms",
    "emailed": "email",
    "called": "phone",
    "text": "sms",
    "mail": "email",
    "call": "phone",
    "ring": "phone",
}  # the others are a channel's name
_DAYS = "weekends weekdays mondays tuesdays wednesdays thursdays fridays saturdays sundays".split()
_PARTS = {"morning": "morning", "afternoon": "afternoon", "evening": "evening"}
_HOUR = re.compile(r"(\d{1,2})(am|pm|ish)?")


def _channel(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    if said.row.word(match.slots[0].after) not in {"with", "to"}:  # "rather chat with a person"
        yield said.fact("channel", match.slots[0].value, 0.85)


def _verb(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``text me, don't call``; not "email me the label", "they called me"."""
    row, verb = said.row, said.row.word(match.first)
    before, after = row.word(match.first - 1), row.word(match.after)
    standing = not after or after in _words("standing") or row.tokens[match.after].gap.strip() != ""
    if verb in {"call", "phone", "ring"} and not said.has("rather", "instead", "prefer", "only"):
        return
    if standing and (not before or before in _words("may_precede")):
        yield said.fact("channel", _VERBS.get(verb, verb), 0.8)


def _free_to(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``feel free to text``, ``give me a call instead``; not "I prefer being called Kate"."""
    after = said.row.at(match.after, "place")
    if after and after.value not in {"Monday", "Tuesday"}:
        return
    for word in said.row.words[match.first : match.after]:
        if word in _VERBS or word in {"sms", "email", "whatsapp"}:
            yield said.fact("channel", _VERBS.get(word, word), 0.8)
            return


def _asked_verb(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``can you text me instead?``"""
    verb = said.row.word(match.first + 2)
    yield said.fact("channel", _VERBS.get(verb, verb), 0.8)


def _time(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """The first time named in a clause about reaching the writer."""
    refused = not {said.row.word(match.first - 1), said.row.word(match.first)}.isdisjoint({"not", "never"})
    for at in range(match.first, len(said.row.tokens)):
        found = time_at(said.row, at, refused=refused)
        if found:
            yield said.fact("contact_time", found, 0.85)
            return


def _time_named(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``afternoons are the only time I can talk``."""
    if said.speaks_of_self(_words("talking"), _words("writer_calls")):
        yield from _time_before(said, match)


def _time_before(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``Evenings are better for me``."""
    found = time_at(said.row, match.first, refused=False)
    if found and (
        said.has("call", "reach", "contact", "ring", "phone", "text", "talk", "email")
        or said.words & {"reach", "contact", "call"}
    ):
        yield said.fact("contact_time", found, 0.85)


def time_at(row: Row, at: int, *, refused: bool) -> str | None:
    """A time of day or of the week that is named at a place: ``after 5 pm``, ``in the evening``, ``on weekends``."""
    word, one, two = row.word(at), row.word(at + 1), row.word(at + 2)
    part = _PARTS.get(word.removesuffix("s"))
    if word in {"after", "before", "past"}:
        moment = _moment(one, two)
        sides = {"before": "after", "after": "before", "past": "before"} if refused else {"past": "after"}
        return f"{sides.get(word, word)} {moment}" if moment else None
    if refused:
        return None
    if word in {"weekday", "weekend"} and one.removesuffix("s") in _PARTS:
        return f"on {word} {one.removesuffix('s')}s"
    if word == "between" and (first := _moment(one, "")) and (second := _moment(row.word(at + 3), row.word(at + 4))):
        return f"between {first} and {second}"
    if word in _DAYS or (word == "weekend" and row.word(at - 1) in {"the", "on"}):
        return f"on {word.removesuffix('s')}s"
    if part and (word.endswith("s") or row.word(at - 1) in {"the", "in"}):
        return f"in the {part}"
    return "at night" if (word, one) == ("at", "night") else None


def _moment(word: str, after: str) -> str | None:
    if word in {"noon", "midnight", "lunch", "work", "dinner"}:
        return word
    hour = _HOUR.fullmatch(word)
    if not hour:
        return None
    half = hour.group(2) or (after if after in {"am", "pm"} else "")
    return f"{hour.group(1)} {half}" if half in {"am", "pm"} else hour.group(1)


def _person_wanted(said: Said, _: Match[Rule]) -> Iterator[FoundFact]:
    """``I'd feel better talking with an actual person``."""
    talks = said.has("talk", "talking", "speak", "speaking", "chat", "chatting", "deal", "dealing")
    if talks and said.speaks_of_self(_words("prefers"), frozenset({"not", "my", "than", "he", "she"})):
        yield said.fact("ai_comfort", "is not comfortable", 0.75)


def _bot_named(said: Said, _: Match[Rule]) -> Iterator[FoundFact]:
    """``chatting with a robot doesn't bother me``; ``bots creep me out``."""
    if not said.speaks_of_self(_words("bot_liked") | _words("bot_disliked"), _words("bot_blocks")):
        return
    troubles, liked = said.has("bother", "mind", "problem"), said.has(*_words("bot_liked"))
    if said.has("not", "never", "no"):
        liked = troubles and not said.has(*_words("bot_disliked"))
    elif troubles or said.has(*_words("bot_disliked")):
        liked = False
    yield said.fact("ai_comfort", "is comfortable" if liked else "is not comfortable", 0.75)


def _language(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    yield said.fact("language", match.slots[-1].value, 0.85)


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    reads = {
        "verb": Rule(_verb),
        "channel": Rule(_channel),
        "free_to": Rule(_free_to),
        "give_me": Rule(_free_to),
        "time_named": Rule(_time_named),
        "time": Rule(_time),
        "time_before": Rule(_time_before),
        "person_wanted": Rule(_person_wanted),
        "bot_named": Rule(_bot_named),
        "uncomfortable": Rule(always("ai_comfort", "is not comfortable")),
        "comfortable": Rule(always("ai_comfort", "is comfortable")),
        "language": Rule(_language),
        "language_asked": Rule(_language, asked=True),
        "asked_verb_asked": Rule(_asked_verb, asked=True),
    }
    return rules_of("contact", reads)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("contact").words(name)

"""What a person is called, when they were born, how tall they are, and the shape of their feet."""

import re
from collections.abc import Iterator
from functools import cache

from memory.extraction.dates import day_in
from memory.extraction.numerals import numeral
from memory.extraction.patterns import Match
from memory.extraction.port import FoundFact
from memory.extraction.said import Rule, Said, rules_of
from memory.extraction.sayings import sayings

_FEET = re.compile(r"(?<!\d)([4-7])\s?(?:'|ft|foot|feet)\.?\s?(1[01]|\d)?(?:\.5|½)?(?!\d)")
_CENTIMETRES = re.compile(r"(?<!\d)(\d{3})(?:[.,]\d)?\s?(?:cm|centimet)")
_METRES = re.compile(r"(?<!\d)([12])\s?(?:[.,m]|met(?:er|re)s?)\s?(\d{2})(?!\d)\s?(m\b|met|tall)?")
_SPELLED = {"four": 4, "five": 5, "six": 6, "seven": 7}
_INCHES = "zero one two three four five six seven eight nine ten eleven".split()
_HUMAN = range(100, 231)  # centimetres


def _called(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``call me Lou``; not "call me back", "call me Monday"."""
    row, at = said.row, match.after
    named = list[str]()
    while at < len(row.tokens) and len(named) < 2 and (not named or row.tokens[at].gap in {" ", "-"}):
        token = row.tokens[at]
        written = said.text[token.start : token.end]
        if not written.isalpha() or token.word in _words("no_name") or _means_time(row.word(at)):
            break
        if not written[0].isupper() and (named or not _stands_alone(said, at)):
            break
        named.append(written[0].upper() + written[1:])
        at += 1
    mine = row.word(match.first) != "name" or row.word(match.first - 1) == "my" or match.first == 0
    if row.word(match.first) == "name" and said.clause.stance.about_order | bool(said.words & {"order", "parcel"}):
        return
    if named and mine and row.words[match.first : match.after][-1] != "not":
        yield said.fact("called", " ".join(named), 0.9)


def _stands_alone(said: Said, at: int) -> bool:
    """A name in lower case ends its clause, in a message without capitals, and is no word we know."""
    known = said.row.mentions.get(at, ())
    ends = at + 1 >= len(said.row.tokens) or said.row.tokens[at + 1].gap not in {" ", "-"}
    return ends and not known and said.text.islower()


def _means_time(word: str) -> bool:
    return word.removesuffix("s") in _WHEN


_WHEN = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday morning evening afternoon noon january february march "
    "june july august september october november december".split()
)


def _birthday(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    words = said.row.words
    if not _words("of_others").isdisjoint(words) or ("'s" in words[:3] and "my" in words[:2] and "name" in words):
        return
    near = range(max(0, match.first - 8), len(words))
    found = day_in(words, said.today, near.start)
    if found:
        was = found.year if found.year and found.year <= said.today.year - 5 else None
        yield said.fact("birthday", f"{was}-{found.month:02}-{found.day:02}" if was else _day(found.month, found.day))


def _day(month: int, day: int) -> str:
    return f"{month:02}-{day:02}"


def _tall(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I'm 5'7"``, ``I'm 180 cm tall``, ``my height is 1.80``; not "my kid is 120 cm"."""
    first = said.row.tokens[match.first]
    text = said.text[first.start : said.clause.end + 3].lower().replace("’", "'").replace("′", "'")
    centimetres = _metric(text, sure=said.has("tall", "height")) or _imperial(text) or _in_words(said)
    if centimetres in _HUMAN and said.row.word(match.after) not in {"looking", "after"}:
        yield said.fact("height", f"{centimetres} cm")


def _metric(text: str, *, sure: bool) -> int | None:
    if found := _CENTIMETRES.search(text):
        return int(found.group(1)) if not re.search(r"chest|waist|hips|bust|head|inseam|feet|foot", text) else None
    found = _METRES.search(text)
    return (
        int(found.group(1)) * 100 + int(found.group(2))
        if found and (found.group(3) or sure or "m" in found.group())
        else None
    )


def _imperial(text: str) -> int | None:
    found = _FEET.search(text)
    return round(int(found.group(1)) * 30.48 + int(found.group(2) or 0) * 2.54) if found else None


def _in_words(said: Said) -> int | None:
    """``five foot seven``."""
    for at, word in enumerate(said.row.words):
        if word in _SPELLED and said.row.word(at + 1) in {"foot", "feet", "ft"}:
            inches = said.row.word(at + 2)
            digits = numeral(said.row.tokens, at + 2)
            more = _INCHES.index(inches) if inches in _INCHES else int(float(digits.value)) if digits else 0
            return round(_SPELLED[word] * 30.48 + more * 2.54)
    return None


def _feet(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    for mention in match.slots:
        if mention.kind == "foot_shape":
            yield said.fact("feet", mention.value)


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    reads = {
        "called_asked": Rule(_called, asked=True),
        "birthday": Rule(_birthday),
        "tall": Rule(_tall),
        "feet": Rule(_feet),
    }
    return rules_of("self", reads)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("self").words(name)

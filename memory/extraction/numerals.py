"""Numbers among words: ``1,000``, ``9½``, ``1.5k``, ``7 1/2``, ``two hundred``, ``six and a half``."""

import re
from collections.abc import Sequence
from decimal import Decimal

from memory.extraction.lexicon import Mention
from memory.extraction.tokens import Token

_UNITS = {name: number for number, name in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split())}  # fmt: skip
_TENS = {
    name: 10 * number for number, name in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000}
_WRITTEN = re.compile(r"\d+(?:[.,]\d+)*[½k]?|½")
_PARTS = {"1/2": "5", "1/4": "25", "3/4": "75"}
_LEAST_WORD = 20  # "one", "two" count things; a number in words below this is none of ours


def numeral(tokens: Sequence[Token], at: int) -> Mention | None:
    """The number that begins at a place, as a ``number`` mention with a decimal string."""
    if at >= len(tokens):
        return None
    word = tokens[at].word
    if word[0].isdigit() or word == "½":
        return _digits(tokens, at)
    if word in _UNITS or word in _TENS or (word == "a" and at + 1 < len(tokens) and tokens[at + 1].word in _SCALES):
        return _in_words(tokens, at)
    return None


def _digits(tokens: Sequence[Token], at: int) -> Mention | None:
    value = _decimal(tokens[at].word)
    if value is None:
        return None
    halves = [token.word for token in tokens[at + 1 : at + 4]]
    quarter = _PARTS.get("/".join(halves[:2]))
    if quarter and tokens[at + 2].gap == "/" and tokens[at + 1].gap == " " and "." not in value:
        return Mention("number", f"{value}.{quarter}", at, at + 3)
    if halves == ["and", "a", "half"] and "." not in value:
        return Mention("number", f"{value}.5", at, at + 4)
    if halves[:1] == ["grand"] or halves[:1] == ["thousand"]:
        return Mention("number", _plain(Decimal(value) * 1000), at, at + 2)
    return Mention("number", value, at, at + 1)


def _in_words(tokens: Sequence[Token], at: int) -> Mention | None:
    total = group = 0
    place = at
    while place < len(tokens):
        word = tokens[place].word
        if word in _SCALES:
            group = max(group, 1) * _SCALES[word]
            if _SCALES[word] == 1000:
                total, group = total + group, 0
        elif word in _UNITS or word in _TENS:
            if place > at and tokens[place - 1].word in _UNITS:
                break
            group += _UNITS.get(word, _TENS.get(word, 0))
        elif word != "a" and not (word == "and" and _goes_on(tokens, place)):
            break
        place += 1
    value = total + group
    half = [token.word for token in tokens[place : place + 3]] == ["and", "a", "half"]
    if half:
        return Mention("number", f"{value}.5", at, place + 3)
    return Mention("number", str(value), at, place) if value >= _LEAST_WORD else None


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """``two hundred and fifty``."""
    after = tokens[at + 1].word if at + 1 < len(tokens) else ""
    return tokens[at - 1].word in _SCALES and (after in _UNITS or after in _TENS)


def _decimal(word: str) -> str | None:
    """As ``amounts.decimal``, and with a ``k`` for thousands."""
    if (not word.isascii() and "½" not in word) or not _WRITTEN.fullmatch(word):
        return None
    plain = word.replace("½", ".5").rstrip("k")
    whole, comma, rest = plain.rpartition(",")
    if comma:
        plain = f"{whole.replace(',', '')}.{rest}" if len(rest) in {1, 2} else plain.replace(",", "")
    if plain.count(".") > 1:
        return None
    return _plain(Decimal(plain) * 1000) if word.endswith("k") else plain


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"

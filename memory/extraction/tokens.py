"""A message as words with their places, contractions spelled out (``I'm`` and ``im`` are ``i am``, ``we`` is ``i``).

Folding keeps the length of the text, so that every word's place is its place in the message.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_WORD = re.compile(r"[$£€¥₹]|(?<![^\W_])w/o(?![^\W_])|\d+(?:[.,]\d+)*k?(?![^\W_])|[^\W_]+(?:'[^\W_]+)*")
_QUOTED = re.compile(
    r'(?<!\d)"[^"\n]{1,400}"|“[^”\n]{1,400}”|(?<![\w\'])\'(?=\w)[^\'\n]{12,200}\'(?!\w)|^>[^\n]*', re.MULTILINE
)
_CURLY = {ord("’"): "'", ord("‘"): "'", ord("`"): "'", ord("´"): "'", ord("ø"): "o", ord("ł"): "l"}
_BEFORE_IS = frozenset("it he she that what where who there here how when why".split())
_ENDINGS = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'s": "'s"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word in its plain form. ``text[start:end]`` is how it stands; ``gap`` is what stands before it."""

    word: str
    start: int
    end: int
    gap: str
    filler: bool = False


@dataclass(frozen=True)
class _Spelling:
    spelled: dict[str, tuple[str, ...]]
    fillers: frozenset[str]


def fold(text: str) -> str:
    """Lower case, plain apostrophes, no accents on Latin letters; exactly as long as ``text``."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
    return low.translate(_plain_letters())


def tokenize(text: str) -> list[Token]:
    """The words of ``text`` in order. What stands between quotation marks is nobody's statement and left out."""
    folded = fold(text)
    readable = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), folded)
    spelling, tokens, last, before = _spelling(), list[Token](), 0, ""
    for found in _WORD.finditer(readable):
        gap, last_end = folded[last : found.start()], found.end()
        for word in _spell(found.group(), before, spelling.spelled):
            tokens.append(Token(word, found.start(), last_end, gap, word in spelling.fillers))
            gap, before = "", word
        last = last_end
    return tokens


def words(phrase: str) -> tuple[str, ...]:
    """A phrase of the lexicon as the words ``tokenize`` would make of it, fillers left out."""
    return tuple(token.word for token in tokenize(phrase) if not token.filler)


def _spell(raw: str, before: str, spelled: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if raw in spelled:
        return spelled[raw]
    if "'" not in raw:
        if raw == "m" and before == "i":
            return ("am",)
        return ("am",) if raw == "are" and before == "i" else (raw,)
    if raw.endswith("n't"):
        return "am" if raw == "aren't" and before == "i" else raw[:-3], "not"
    cut = raw.rfind("'")
    stem, ending = raw[:cut], _ENDINGS.get(raw[cut:])
    if ending is None:
        return (raw.replace("'", ""),)
    if stem in {"i", "we"}:
        return "i", "am" if ending == "are" else ending
    if ending == "'s" and stem in _BEFORE_IS:
        return stem, "is"
    return stem, ending


@cache
def _spelling() -> _Spelling:
    table = tomllib.loads((Path(__file__).parent / "spelling.toml").read_text(encoding="utf-8"))
    spelled = {written: tuple(meant.split()) for written, meant in table["spelled"].items()}
    return _Spelling(spelled, frozenset(table["fillers"].split()))


@cache
def _plain_letters() -> dict[int, str]:
    table = dict(_CURLY)
    for code in range(0xC0, 0x250):
        letter = unicodedata.normalize("NFD", chr(code))[0]
        if letter.isascii() and letter.isalpha():
            table[code] = letter.lower()
    return table

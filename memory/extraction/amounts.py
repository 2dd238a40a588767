"""Sizes, money and numbers among the words: what no lexicon can list."""

import re
from collections.abc import Iterator, Sequence

from memory.extraction.lexicon import Mention
from memory.extraction.tokens import Token

CURRENCIES = {"$": "USD", "£": "GBP", "€": "EUR", "dollars": "USD", "pounds": "GBP", "euros": "EUR"}
_LETTERS = {"xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl", "2xl", "3xl", "4xl", "5xl"}
_WORDS = {"small": "S", "medium": "M", "med": "M", "large": "L", "xlarge": "XL"}
_EXTRA = {"S": "XS", "L": "XL", "M": "M"}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*½?|½")
_WAIST_AND_LEG = re.compile(r"\d\d[x]\d\d")


def amounts(tokens: Sequence[Token], text: str) -> Iterator[Mention]:
    """``number``, ``money`` ("150 USD") and ``size`` ("M", "9.5", "UK 8") mentions; a number may be all three."""
    for at, token in enumerate(tokens):
        word = token.word
        if word[0].isdigit():
            yield from _numeric(tokens, at)
        elif word in CURRENCIES and at + 1 < len(tokens) and (amount := decimal(tokens[at + 1].word)):
            yield Mention("money", f"{amount} {CURRENCIES[word]}", at, at + 2)
        elif word in _LETTERS and (len(word) > 1 or text[token.start].isupper()):
            yield Mention("size", word.upper(), at, at + 1)
        elif word in _WORDS:
            yield Mention("size", _WORDS[word], at, at + 1)
        elif word in {"extra", "x"} and at + 1 < len(tokens) and tokens[at + 1].word in _WORDS:
            yield Mention("size", _EXTRA[_WORDS[tokens[at + 1].word]], at, at + 2)
        elif word in {"uk", "us", "eu"} and at + 1 < len(tokens) and (number := decimal(tokens[at + 1].word)):
            yield Mention("size", f"UK {number}" if word == "uk" else number, at, at + 2)


def decimal(word: str) -> str | None:
    """A number as written (``1,000``, ``89,90``, ``9½``) as a decimal string; ``None`` for another word."""
    if (not word.isascii() and "½" not in word) or not _NUMBER.fullmatch(word):
        return None
    plain = word.replace("½", ".5")
    whole, comma, rest = plain.rpartition(",")
    if comma:
        plain = f"{whole.replace(',', '')}.{rest}" if len(rest) == 2 else plain.replace(",", "")
    return plain if plain.count(".") <= 1 else None


def _numeric(tokens: Sequence[Token], at: int) -> Iterator[Mention]:
    word = tokens[at].word
    if word in _LETTERS or _WAIST_AND_LEG.fullmatch(word):
        yield Mention("size", word.upper() if word in _LETTERS else word, at, at + 1)
        return
    number = decimal(word)
    if number is None:
        return
    if at + 1 < len(tokens) and tokens[at + 1].gap == "/" and len(word) == len(tokens[at + 1].word) == 2:
        yield Mention("size", f"{word}x{tokens[at + 1].word}", at, at + 2)
    if at + 1 < len(tokens) and tokens[at + 1].word in CURRENCIES:
        yield Mention("money", f"{number} {CURRENCIES[tokens[at + 1].word]}", at, at + 2)
    yield Mention("number", number, at, at + 1)
    if len(number) <= 4 and float(number) <= 60:
        yield Mention("size", number, at, at + 1)

"""Sizes, money and numbers among the words: what no lexicon can list."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from memory.extraction.lexicon import Mention
from memory.extraction.numerals import numeral
from memory.extraction.tokens import Token

CURRENCIES = {
    "$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR", "dollars": "USD", "pounds": "GBP", "euros": "EUR",
    "cad": "CAD", "aud": "AUD", "chf": "CHF", "francs": "CHF", "yen": "JPY", "rupees": "INR", "sek": "SEK",
    "nok": "NOK", "dkk": "DKK", "zloty": "PLN", "pln": "PLN", "nzd": "NZD",
}  # fmt: skip
_DOLLARS = {"canadian": "CAD", "australian": "AUD"}
_LETTERS = {"xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl", "2xl", "3xl", "4xl", "5xl"}
_WORDS = {"small": "S", "medium": "M", "med": "M", "large": "L", "xlarge": "XL"}
_EXTRA = {"S": "XS", "L": "XL", "M": "M"}
_SYSTEMS = {"uk": "UK", "us": "US", "eu": "EU", "european": "EU", "british": "UK", "american": "US", "eur": "EU"}
_BETWEEN_SYSTEM = {"size", "womens", "mens", "women", "men", "'s", "ladies", "shoe", "a"}
_WAIST_AND_LEG = re.compile(r"\d\d[x]\d\d")
_CUPPED = re.compile(r"(?:2[68]|3[02468]|4[0246])(?:aa|a|b|c|dd?|e|f|g|h)")


def amounts(tokens: Sequence[Token], text: str) -> Iterator[Mention]:
    """``number``, ``money`` ("150 USD") and ``size`` ("M", "9.5", "UK 8") mentions; a number may be all three."""
    for at, token in enumerate(tokens):
        word = token.word
        number = numeral(tokens, at)
        if word[0].isdigit() or number:
            yield from _numeric(tokens, at, number, text)
        elif word in CURRENCIES and (after := numeral(tokens, at + 1)):
            yield _up_to(tokens, Mention("money", f"{after.value} {CURRENCIES[word]}", at, after.after))
        elif word in _LETTERS and (len(word) > 1 or text[token.start].isupper()):
            yield Mention("size", word.upper(), at, at + 1)
        elif word in _WORDS:
            yield Mention("size", _WORDS[word], at, at + 1)
        elif word in {"extra", "x"} and at + 1 < len(tokens) and tokens[at + 1].word in _WORDS:
            yield Mention("size", _EXTRA[_WORDS[tokens[at + 1].word]], at, at + 2)
        elif word in _SYSTEMS:
            yield from _in_system(tokens, at)
        elif word[0] == "w" and word[1:].isdigit() and at + 1 < len(tokens) and tokens[at + 1].word[0] == "l":
            yield Mention("size", f"{word[1:]}x{tokens[at + 1].word[1:]}", at, at + 2)


def _in_system(tokens: Sequence[Token], at: int) -> Iterator[Mention]:
    """``UK 8``, ``EU size 39``, ``us women's 7.5``."""
    after = at + 1
    while after < min(len(tokens), at + 4) and tokens[after].word in _BETWEEN_SYSTEM:
        after += 1
    number = numeral(tokens, after)
    if number and Decimal(number.value) <= 60 and tokens[after].word[0].isdigit():
        yield Mention("size", f"{_SYSTEMS[tokens[at].word]} {number.value}", at, number.after)


def _numeric(tokens: Sequence[Token], at: int, number: Mention | None, text: str) -> Iterator[Mention]:
    word = tokens[at].word
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if word in _LETTERS or _WAIST_AND_LEG.fullmatch(word) or _CUPPED.fullmatch(word):
        yield Mention("size", word if "x" in word and word not in _LETTERS else word.upper(), at, at + 1)
        return
    if number is None:
        return
    if following and following.gap in {"/", "x"} and len(word) == len(following.word) == 2:
        yield Mention("size", f"{word}x{following.word}", at, at + 2)
    cupped = following and following.gap == " " and _CUPPED.fullmatch(word + following.word)
    if following and cupped and text[following.start].isupper():
        yield Mention("size", (word + following.word).upper(), at, at + 2)
    paid = tokens[number.after].word if number.after < len(tokens) else ""
    currency = CURRENCIES.get(paid)
    if paid in _DOLLARS and number.after + 1 < len(tokens) and tokens[number.after + 1].word == "dollars":
        yield Mention("money", f"{number.value} {_DOLLARS[paid]}", at, number.after + 2)
    elif currency:
        yield Mention("money", f"{number.value} {currency}", at, number.after + 1)
    ranged = _up_to(tokens, number)
    if ranged is not number and ranged.kind == "money":
        yield ranged
    yield Mention("number", ranged.value if ranged.kind == "number" else number.value, at, ranged.after)
    yield from _plain_size(tokens, at, number)


def _plain_size(tokens: Sequence[Token], at: int, number: Mention) -> Iterator[Mention]:
    if not tokens[at].word[0].isdigit() or len(number.value) > 4 or float(number.value) > 60:
        return
    after = number.after
    if after < len(tokens) and tokens[after].word in _SYSTEMS and tokens[after].gap in {" ", ""}:
        yield Mention("size", f"{_SYSTEMS[tokens[after].word]} {number.value}", at, after + 1)
        return
    if not _after_system(tokens, at):
        yield Mention("size", number.value, at, after)


def _after_system(tokens: Sequence[Token], at: int) -> bool:
    while at > 0 and tokens[at - 1].word in _BETWEEN_SYSTEM:
        at -= 1
    return at > 0 and tokens[at - 1].word in _SYSTEMS


def _up_to(tokens: Sequence[Token], low: Mention) -> Mention:
    """The whole range where one begins: ``100-150 euros`` and ``between $50 and $80`` are their upper ends."""
    at = low.after
    if at >= len(tokens):
        return low
    between = low.first > 0 and tokens[low.first - 1].word in {"between", "from"}
    joined = tokens[at].word == "to" or (between and tokens[at].word == "and")
    place = at + 1 if joined else at if tokens[at].gap.strip() in {"-", "–"} else -1
    if place < 0 or place >= len(tokens):
        return low
    symbol = tokens[place].word if tokens[place].word in CURRENCIES else ""
    high = numeral(tokens, place + bool(symbol))
    if high is None or Decimal(high.value) <= Decimal(low.value.split(" ")[0]):
        return low
    paid = tokens[high.after].word if high.after < len(tokens) else ""
    currency = CURRENCIES.get(symbol) or CURRENCIES.get(paid) or low.value.partition(" ")[2]
    if not currency:
        return Mention("number", high.value, low.first, high.after)
    return Mention("money", f"{high.value} {currency}", low.first, high.after + (paid in CURRENCIES))

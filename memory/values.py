"""What a fact's value may look like, by the kind of its attribute: one spelling for one thing."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from kit.errors import InvalidInput
from memory.attributes import Attribute, Kind

LONGEST = 200  # characters
UNDATED_OCCASION = timedelta(days=365)  # how long an occasion without a date is taken to lie ahead

_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_MONEY = re.compile(r"([$€£¥]?)\s*(\d{1,3}(?:,\d{3})+|\d{1,12})(\.\d{1,3})?\s*([A-Za-z]{3})?")
_SIZE = re.compile(r"[A-Z0-9][A-Z0-9 ./½-]{0,19}")
_LETTERS = frozenset("XXXS XXS XS S M L XL XXL XXXL SMALL MEDIUM LARGE PLUS PETITE TALL".split()) | {"ONE SIZE"}
_YEARLESS = re.compile(r"\d\d-\d\d")
_OCCASION = re.compile(r"(?P<name>.+?) on (?P<day>\d{4}-\d\d-\d\d)")
_LENGTH = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*(cm|m)?")
_SHORTEST, _TALLEST = 30, 280  # centimetres
_ANYWHERE = timedelta(days=1, hours=12)  # from a day's midnight in UTC until it is over everywhere on earth


def normalised(attribute: Attribute, value: str) -> str:
    """``value`` as it is stored. Raises ``InvalidInput`` for what does not fit the attribute's kind."""
    text = " ".join(value.split())
    if not text or len(text) > LONGEST or any(not c.isprintable() for c in text):
        raise _unfit(attribute, value, f"it must be some words, at most {LONGEST} characters")
    return _BY_KIND[attribute.kind](attribute, text)


def over_after(attribute: Attribute, value: str, said_at: datetime) -> datetime | None:
    """When the passing of time alone ends a fact that was last said at ``said_at``; ``None`` where it does not.

    An occasion ends when its day is over everywhere on earth, one without a date a year after it was spoken of.
    """
    if attribute.kind is not Kind.OCCASION:
        return None
    dated = _OCCASION.fullmatch(value)
    if dated is None:
        return said_at + UNDATED_OCCASION
    return end_of_day(date.fromisoformat(dated["day"]))


def end_of_day(day: date) -> datetime:
    """When ``day`` is over everywhere on earth; the last moment of all for a day that nobody will see."""
    try:
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + _ANYWHERE
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def says_less(attribute: Attribute, value: str, other: str) -> bool:
    """Whether ``value`` is ``other`` without its date: ``wedding`` beside ``wedding on 2026-06-12``."""
    dated = _OCCASION.fullmatch(other) if attribute.kind is Kind.OCCASION else None
    return dated is not None and dated["name"] == value


def _word(_: Attribute, text: str) -> str:
    return text.lower()


def _name(_: Attribute, text: str) -> str:
    return text


def _size(attribute: Attribute, text: str) -> str:
    size = text.upper()
    sized = any(c.isdecimal() for c in size) or size in _LETTERS or set(re.split(r"[/ -]", size)) <= _LETTERS
    if not sized or not _SIZE.fullmatch(size):
        raise _unfit(attribute, text, "write a size as in 'M', '43' or 'UK 8'")
    return re.sub(r"(?<=\d) ?X ?(?=\d)", "x", size)


def _money(attribute: Attribute, text: str) -> str:
    found = _MONEY.fullmatch(text)
    if found is None or (found[1] and found[4] and _SIGNS[found[1]] != found[4].upper()):
        raise _unfit(attribute, text, "write an amount as in '200 USD'")
    amount = Decimal(found[2].replace(",", "") + (found[3] or ""))
    currency = (found[4] or _SIGNS.get(found[1], "")).upper()
    return f"{amount} {currency}".strip()


def _date(attribute: Attribute, text: str) -> str:
    try:
        date.fromisoformat(f"2000-{text}" if _YEARLESS.fullmatch(text) else text)
    except ValueError:
        raise _unfit(attribute, text, "write a day as in '1990-06-12', or '06-12' without the year") from None
    return text


def _occasion(attribute: Attribute, text: str) -> str:
    lowered = text.lower()
    dated = _OCCASION.fullmatch(lowered)
    try:
        if dated:
            date.fromisoformat(dated["day"])
    except ValueError:
        raise _unfit(attribute, text, "write an occasion as in 'wedding' or 'wedding on 2026-06-12'") from None
    return lowered


def _length(attribute: Attribute, text: str) -> str:
    found = _LENGTH.fullmatch(text.lower())
    centimetres = 0
    if found:
        number = Decimal(found[1])
        centimetres = round(number * 100 if found[2] == "m" else number)
    if not _SHORTEST <= centimetres <= _TALLEST:
        raise _unfit(attribute, text, "write a length as in '180 cm'")
    return f"{centimetres} cm"


def _unfit(attribute: Attribute, value: str, instead: str) -> InvalidInput:
    shown = value if len(value) <= 60 else f"{value[:60]}…"
    return InvalidInput(f"{shown!r} is no value for {attribute.name!r} ({attribute.about}); {instead}")


_BY_KIND: Mapping[Kind, Callable[[Attribute, str], str]] = {
    Kind.WORD: _word,
    Kind.NAME: _name,
    Kind.SIZE: _size,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.OCCASION: _occasion,
    Kind.LENGTH: _length,
}

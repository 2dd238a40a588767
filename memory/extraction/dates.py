"""Days that are certain: named whole, or told from the day on which the words were written.

"Next month", "soon", "in June" and "next Friday" (this week's or next week's?) are none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = "january february march april may june july august september october november december".split()
_SHORT = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
          "nov": 11, "dec": 12}  # fmt: skip
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SHORT_DAYS = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6}
_DAY = re.compile(r"(\d{1,2})(st|nd|rd|th)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip


@dataclass(frozen=True)
class Day:
    """A day among words, those from ``first`` up to ``after``. ``year`` is ``None`` where it is not said.

    ``on`` is the day itself, the next one where the year is not said.
    """

    month: int
    day: int
    year: int | None
    on: date
    first: int
    after: int

    @property
    def yearly(self) -> str:
        """``06-12``, or ``1990-06-12`` with the year that was said."""
        day = f"{self.month:02}-{self.day:02}"
        return f"{self.year}-{day}" if self.year else day


def day_in(words: Sequence[str], today: date, start: int = 0) -> Day | None:
    """The first certain day among ``words``, those of a message written on ``today``."""
    for at in range(start, len(words)):
        found = _month_first(words, at, today) or _day_first(words, at, today) or _written(words, at, today)
        found = found or _near(words, at, today)
        if found:
            return found
    return None


def _month_first(words: Sequence[str], at: int, today: date) -> Day | None:
    """``june 12``, ``june the 12th, 2026``."""
    month = _month(words[at])
    if not month or (words[at] == "may" and at and words[at - 1] in {"i", "you", "it"}):
        return None
    place = at + 1 + (_word(words, at + 1) == "the")
    day = _day(_word(words, place))
    return _made(month, day, _word(words, place + 1), at, place + 1, today) if day else None


def _day_first(words: Sequence[str], at: int, today: date) -> Day | None:
    """``12 june``, ``the 12th of june 1990``."""
    day = _day(words[at])
    place = at + 1 + (_word(words, at + 1) == "of")
    month = _month(_word(words, place))
    return _made(month, day, _word(words, place + 1), at, place + 1, today) if day and month else None


def _written(words: Sequence[str], at: int, today: date) -> Day | None:
    """``2026-06-12``, ``12/25``, ``25.12.1990``: where only one order of day and month is possible."""
    numbers = [int(word) if word.isascii() and word.isdigit() and len(word) <= 4 else -1 for word in words[at : at + 3]]
    if len(numbers) < 3 or min(numbers) < 1:
        return None
    if numbers[0] >= 1900:
        year, month, day = numbers
    elif numbers[2] >= 1900 and numbers[0] > 12 >= numbers[1]:
        day, month, year = numbers
    elif numbers[2] >= 1900 and numbers[1] > 12 >= numbers[0]:
        month, day, year = numbers
    else:
        return None
    return _made(month, day, str(year), at, at + 2, today)


def _near(words: Sequence[str], at: int, today: date) -> Day | None:
    """``tomorrow``, ``this saturday``, ``on the 20th``."""
    word, before = words[at], _word(words, at - 1)
    if word in {"tomorrow", "tmrw", "tomorow"}:
        return _of(today + timedelta(days=1), at, at + 1)
    weekday = _weekday(word)
    if weekday is not None and before != "next" and _word(words, at + 1) not in {"morning", "evening", "night"}:
        return _of(today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1), at, at + 1)
    numbered = _DAY.fullmatch(word)
    if before == "the" and _word(words, at - 2) in {"on", "is", "by"} and numbered and numbered.group(2):
        return _next_such(int(numbered.group(1)), today, at)
    return None


def _next_such(day: int, today: date, at: int) -> Day | None:
    for ahead in range(62):
        on = today + timedelta(days=ahead)
        if on.day == day:
            return _of(on, at, at + 1)
    return None


def _of(on: date, first: int, after: int) -> Day:
    return Day(on.month, on.day, on.year, on, first, after)


def _made(month: int, day: int, year: str, first: int, after: int, today: date) -> Day | None:
    said = int(year) if _YEAR.fullmatch(year) else None
    for number in [said] if said else range(today.year, today.year + 5):  # February 29 may be four years ahead
        try:
            on = date(number, month, day)
        except ValueError:
            continue
        if said or on >= today:
            return Day(month, day, said, on, first, after + bool(said))
    return None


def _month(word: str) -> int | None:
    return _MONTHS.index(word) + 1 if word in _MONTHS else _SHORT.get(word)


def _weekday(word: str) -> int | None:
    return _DAYS.index(word) if word in _DAYS else _SHORT_DAYS.get(word) if word not in {"sun", "sat", "wed"} else None


def _day(word: str) -> int | None:
    found = _DAY.fullmatch(word) if word.isascii() else None
    day = int(found.group(1)) if found else _ORDINALS.get(word)
    return day if day and 1 <= day <= 31 else None


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if 0 <= at < len(words) else ""

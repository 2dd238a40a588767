"""Time expressions in a query, understood as of now: "last spring", "two weeks ago", "between March and May 2025".

Deterministic and English. A month or a season without a year is the newest that has begun ("in May") or that is over
("last May"); "last week" is the week from Monday before this one; "last Monday" the newest Monday before today.
"""

import re
from datetime import date, timedelta

from memory.recall.calendar import MONTHS, SEASONS, WEEKDAYS, Calendar, Interval, Stretch, days, months

_NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
} | {"a": 1, "an": 1, "a couple of": 2, "couple of": 2, "few": 3, "a few": 3, "several": 3}
_MONTH = "|".join(f"{name}|{name[:3]}\\.?" for name in MONTHS)
_NAMED = "|".join((*MONTHS, *SEASONS))
_COUNT = r"\d{1,4}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True))
_UNIT = r"(day|week|month|year)s?"
_YEAR = r"(?:19|20)\d\d"

_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTH_DAY = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? ({_YEAR})\b)?")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({_MONTH})\b(?:,? ({_YEAR})\b)?")
_NAMED_YEAR = re.compile(rf"\b({_NAMED}),? (?:of )?({_YEAR}|(?:last|this) year)\b")
_AGO = re.compile(rf"\b({_COUNT}) {_UNIT} ago\b")
_RECENT = re.compile(rf"\b(?:last|past|previous|recent) (?:({_COUNT}) )?(day|week|month|year)s\b")
_RELATIVE = re.compile(rf"\b(last|this|previous|past) (week|month|year|weekend|{_NAMED}|{'|'.join(WEEKDAYS)})\b")
_BARE = re.compile(rf"\b(?:in|during|over|since|until|till|before|after|of|early|late|mid) (?:the )?({_NAMED})\b")
_BARE_YEAR = re.compile(rf"\b(?:in|during|since|until|till|before|after|of) ({_YEAR})\b")
_DAY = re.compile(r"\b(the day before yesterday|today|tonight|this morning|this evening|yesterday|last night)\b")
_ON_WEEKDAY = re.compile(rf"\bon ({'|'.join(WEEKDAYS)})\b")

_BETWEEN = re.compile(r"\b(?:between (?P<a>.+?) and (?P<b>.+)|from (?P<c>.+?) (?:to|until|till) (?P<d>.+))")
_OPEN = re.compile(
    rf"(?<!day )\b(since|after|before|until|till) "
    rf"(?=(?:the )?(?:{_MONTH}|{_NAMED}|{'|'.join(WEEKDAYS)}|last|this|yesterday|\d))(.+)"
)


def interval(text: str, calendar: Calendar) -> Interval | None:
    """The time that ``text`` speaks of, or ``None``. The first expression that is understood counts."""
    lower = " ".join(text.casefold().split())
    stretch = _between(lower, calendar) or _open(lower, calendar) or _stretch(lower, calendar)
    found = calendar.interval(stretch) if stretch else None
    return found if found and found.start < found.end else None


def _between(text: str, calendar: Calendar) -> Stretch | None:
    found = _BETWEEN.search(text)
    if not found:
        return None
    first, last = (found["a"] or found["c"], found["b"] or found["d"])
    end = _stretch(f"in {last}", calendar)
    year = re.search(_YEAR, last)
    begun = first if re.search(_YEAR, first) or not year else f"{first} {year[0]}"
    start = _stretch(f"in {begun}", calendar)
    return Stretch(start.start, end.end) if start and end and start.start < end.end else None


def _open(text: str, calendar: Calendar) -> Stretch | None:
    found = _OPEN.search(text)
    stretch = _stretch(f"in {found[2]}", calendar) if found else None
    if not found or not stretch:
        return None
    tomorrow = calendar.today + timedelta(1)
    match found[1]:
        case "since":
            return Stretch(stretch.start, max(tomorrow, stretch.end))
        case "after":
            return Stretch(stretch.end, max(tomorrow, stretch.end))
        case "before":
            return Stretch(date.min, stretch.start)
        case _:
            return Stretch(date.min, stretch.end)


def _stretch(text: str, calendar: Calendar) -> Stretch | None:
    """One expression: exact dates first, then what is relative to today, then bare months, seasons and years."""
    return _dated(text, calendar) or _relative(text, calendar) or _bare(text, calendar)


def _dated(text: str, calendar: Calendar) -> Stretch | None:
    if found := _ISO.search(text):
        return _on(int(found[1]), int(found[2]), int(found[3]))
    for pattern, month, day in ((_MONTH_DAY, 1, 2), (_DAY_MONTH, 2, 1)):
        if found := pattern.search(text):
            number = next(i for i, name in enumerate(MONTHS, start=1) if name.startswith(found[month].rstrip(".")))
            if found[3]:
                return _on(int(found[3]), number, int(found[day]))
            this_year = _on(calendar.today.year, number, int(found[day]))
            past = this_year is not None and this_year.start <= calendar.today
            return this_year if past else _on(calendar.today.year - 1, number, int(found[day]))
    return None


def _relative(text: str, calendar: Calendar) -> Stretch | None:
    if found := _DAY.search(text):
        return calendar.day({"yesterday": 1, "last night": 1, "the day before yesterday": 2}.get(found[1], 0))
    if found := _AGO.search(text):
        return _whole(found[2], _number(found[1]), calendar)
    if found := _RECENT.search(text):
        count = min(_number(found[1] or "few"), 100) * {"day": 1, "week": 7, "month": 31, "year": 366}[found[2]]
        begun = date.fromordinal(max(calendar.today.toordinal() - count, 1))
        return Stretch(begun, calendar.today + timedelta(1))
    if (found := _RELATIVE.search(text)) and not _NAMED_YEAR.search(text):
        back = int(found[1] != "this")
        if found[2] in ("week", "month", "year", "weekend"):
            return _whole(found[2], back, calendar)
        if found[2] in WEEKDAYS:
            return calendar.weekday(found[2])
        return calendar.newest(found[2], over=bool(back))
    if found := _ON_WEEKDAY.search(text):
        return calendar.weekday(found[1])
    return None


def _bare(text: str, calendar: Calendar) -> Stretch | None:
    if found := _NAMED_YEAR.search(text):
        this_year = calendar.today.year
        year = {"last year": this_year - 1, "this year": this_year}.get(found[2]) or int(found[2])
        return calendar.named(found[1], year)
    if found := _BARE.search(text):
        return calendar.newest(found[1], over=False)
    if found := _BARE_YEAR.search(text):
        return months(int(found[1]) * 12, 12)
    return None


def _whole(unit: str, back: int, calendar: Calendar) -> Stretch:
    """The whole day, week, month or year so many ago, as far back as there is a calendar."""
    back = min(back, {"day": 7, "week": 1, "weekend": 1, "month": 12, "year": 1}[unit] * 100)
    named = {"day": calendar.day, "week": calendar.week, "weekend": calendar.weekend, "month": calendar.month}
    return named.get(unit, calendar.year)(back)


def _number(words: str) -> int:
    return _NUMBERS.get(words) or int(words)


def _on(year: int, month: int, day: int) -> Stretch | None:
    try:
        return days(date(year, month, day), 1)
    except (ValueError, OverflowError):
        return None

"""Stretches of the calendar as people speak of them: days, weeks from Monday, months, years, seasons.

All in the customer's own time zone; ends are exclusive. Seasons are meteorological (spring is March to May) and half
a year later in time zones of the southern hemisphere.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FIRST_MONTH = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
SEASONS = tuple(_FIRST_MONTH)
_SOUTHERN = (
    "Africa/Johannesburg", "Africa/Maputo", "Africa/Windhoek", "America/Argentina/", "America/Asuncion",
    "America/Montevideo", "America/Santiago", "America/Sao_Paulo", "Antarctica/", "Australia/", "Pacific/Auckland",
)  # fmt: skip
_FIRST, _LAST = date(1, 1, 2), date(9998, 12, 31)


@dataclass(frozen=True)
class Interval:
    """From ``start`` until before ``end``, both aware and in UTC."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Whether ``at`` lies in it."""
        return self.start <= at < self.end


@dataclass(frozen=True)
class Stretch:
    """Whole days, from ``start`` until before ``end``."""

    start: date
    end: date


class Calendar:
    """One place's calendar as of a moment."""

    def __init__(self, now: datetime, timezone: str) -> None:
        try:
            self._zone = ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError):
            self._zone = ZoneInfo("UTC")
        self._southern = timezone.startswith(_SOUTHERN)
        self.today = min(max(now, _aware(_FIRST)), _aware(_LAST)).astimezone(self._zone).date()

    def interval(self, stretch: Stretch) -> Interval:
        """The stretch's moments."""
        first, last = (
            datetime.combine(min(max(day, _FIRST), _LAST), time(), self._zone).astimezone(UTC)
            for day in (stretch.start, stretch.end)
        )
        return Interval(first, last)

    def local(self, at: datetime) -> date:
        """The day that ``at`` falls on here."""
        return at.astimezone(self._zone).date()

    def day(self, back: int) -> Stretch:
        """The day so many days ago."""
        return days(self.today - timedelta(back), 1)

    def week(self, back: int) -> Stretch:
        """The week, from Monday, so many weeks ago."""
        return days(self.today - timedelta(self.today.weekday() + 7 * back), 7)

    def weekend(self, back: int) -> Stretch:
        """The Saturday and Sunday of the week so many weeks ago."""
        return days(self.week(back).start + timedelta(5), 2)

    def month(self, back: int) -> Stretch:
        """The month so many months ago."""
        return months(self.today.year * 12 + self.today.month - 1 - back, 1)

    def year(self, back: int) -> Stretch:
        """The year so many years ago."""
        return months((self.today.year - back) * 12, 12)

    def weekday(self, name: str) -> Stretch:
        """The newest such day before today."""
        return self.day((self.today.weekday() - WEEKDAYS.index(name) - 1) % 7 + 1)

    def named(self, name: str, year: int) -> Stretch:
        """The month or season of that name that begins in ``year``."""
        if name in MONTHS:
            return months(year * 12 + MONTHS.index(name), 1)
        first = _FIRST_MONTH[name] + (6 if self._southern else 0)
        return months(year * 12 + (first - 1) % 12, 3)

    def newest(self, name: str, *, over: bool) -> Stretch:
        """The newest month or season of that name that has begun, or that is ``over``."""
        for year in range(self.today.year, self.today.year - 3, -1):
            stretch = self.named(name, year)
            if (stretch.end if over else stretch.start) <= self.today:
                return stretch
        raise AssertionError(name)


def days(start: date, count: int) -> Stretch:
    """So many days from ``start``."""
    return Stretch(start, start + timedelta(count))


def months(number: int, count: int) -> Stretch:
    """So many months from month ``number``, counted from January of year 0."""
    number = min(max(number, 12), 9998 * 12)
    return Stretch(_month(number), _month(number + count))


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _aware(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

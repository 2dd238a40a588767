"""How demand and prices move over the year, and how business days count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tools.demo_shop.tables import table

_SHOP_TIMEZONE = ZoneInfo("America/Chicago")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Newsletter:
    """One newsletter: the day it goes out, its campaign name and its subject."""

    day: date
    campaign: str
    subject: str


def traffic(month: int) -> float:
    """Give how much is going on in the shop in a month, 1.0 being usual."""
    return float(table("season")["traffic"][month - 1])


def demand(category: str, climate: str, month: int) -> float:
    """Give how much a category is wanted in a climate and month, 1.0 being usual."""
    season = table("season")
    curve = season["category"][category]
    return float(season["curve"][curve][month - 1] * season["climate"][climate].get(curve, 1.0))


@cache
def sale_percent(day: date) -> int:
    """Give by how many percent everything is reduced on a day of the shop; 0 outside sales."""
    for sale in table("season")["sale"]:
        if day.month == sale["month"] and sale["first"] <= day.day <= sale["last"]:
            return int(sale["percent"])
    return 0


def newsletters(first: date, last: date) -> Iterator[Newsletter]:
    """Give the newsletters that went out between two days, both included."""
    for year in range(first.year, last.year + 1):
        for month, day_of_month, subject in table("season")["newsletter"]:
            day = date(year, month, day_of_month)
            if first <= day <= last:
                yield Newsletter(day, f"newsletter {day.isoformat()}", subject)


def shop_day(at: datetime) -> date:
    """Give the day it is in the shop at an aware time."""
    return at.astimezone(_SHOP_TIMEZONE).date()


def shop_hour(at: datetime) -> int:
    """Give the hour, 0 to 23, it is in the shop at an aware time."""
    return at.astimezone(_SHOP_TIMEZONE).hour


def shop_time(day: date, hour: int, minute: int = 0) -> datetime:
    """Give the UTC time at which the shop's clock shows an hour on a day."""
    return local_time(day, hour, minute, 0, "America/Chicago")


def local_time(day: date, hour: int, minute: int, second: int, timezone: str) -> datetime:
    """Give the UTC time at which a clock in an IANA timezone shows the given time."""
    return datetime.combine(day, time(hour, minute, second), ZoneInfo(timezone)).astimezone(UTC)


@cache
def add_business_days(day: date, count: int) -> date:
    """Give the day that is `count` Mondays to Fridays after a day."""
    while count > 0:
        day += _ONE_DAY
        if day.weekday() < 5:
            count -= 1
    return day

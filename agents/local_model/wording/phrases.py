"""Lists, days and sentences."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def joined(parts: Iterable[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    listed = [part for part in parts if part]
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"


def counted(count: int, thing: str, things: str = "") -> str:
    """``1 order``, ``3 orders``."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def moment_of(value: object, zone: str = "") -> datetime | None:
    """An ISO 8601 time, in the zone of an IANA name if one is given; ``None`` for what is no time."""
    try:
        moment = datetime.fromisoformat(str(value)) if value else None
        local = ZoneInfo(zone) if zone else None
    except (ValueError, ZoneInfoNotFoundError):
        return None
    return moment.astimezone(local) if moment and moment.tzinfo and local else moment


def day_of(value: object) -> date | None:
    """The day of an ISO 8601 time, or ``None`` for what is none."""
    moment = moment_of(value)
    return moment.date() if moment else None


def spoken_day(value: object, today: date | None = None, zone: str = "") -> str:
    """``5 March``, with the year where it is another one or not known; empty for what is no time."""
    day = moment_of(value, zone)
    if day is None:
        return ""
    year = "" if today is not None and day.year == today.year else f" {day.year}"
    return f"{day.day} {day:%B}{year}"


def spoken_moment(value: object, today: date | None = None, zone: str = "") -> str:
    """``3 March, 15:00 UTC``, or in the zone of an IANA name: ``3 March, 09:00 (America/Chicago)``."""
    moment = moment_of(value, zone)
    if moment is None:
        return str(value or "")
    return f"{spoken_day(value, today, zone)}, {moment:%H:%M} {f'({zone})' if zone else f'{moment:%Z}'}".strip()


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?…:" else ".")


def paragraph(*sentences: str) -> str:
    """Sentences one after the other; empty ones are left out."""
    return " ".join(part.strip() for part in sentences if part.strip())


def lines(*parts: str) -> str:
    """Paragraphs one under the other; empty ones are left out."""
    return "\n".join(part.strip() for part in parts if part.strip())


def blocks(*parts: str) -> str:
    """Paragraphs with a blank line between them."""
    return "\n\n".join(part.strip() for part in parts if part.strip())


def quoted(text: str) -> str:
    """In quotation marks."""
    return f"“{text.strip().strip('“”')}”"


def first_of(parts: Sequence[str], most: int) -> str:
    """The first few, and how many more there are."""
    shown = list(parts[:most])
    more = len(parts) - len(shown)
    return joined(shown) if not more else f"{', '.join(shown)} and {more} more"

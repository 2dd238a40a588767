"""Lines of the native import format, and the diary that puts dated ones in order."""

from collections.abc import Iterator
from datetime import UTC, datetime

Line = dict[str, object]

_NUMBERED = {"event": "E{:06d}", "turn": "M{:06d}"}


def instant(at: datetime) -> str:
    """Write an aware time as ISO 8601 in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def money(cents: int) -> str:
    """Write a whole number of cents as a decimal string of dollars."""
    return f"{cents // 100}.{cents % 100:02d}"


def shop_line() -> Line:
    """Introduce the shop."""
    return {"type": "shop", "name": "Fell & Harbour", "currency": "USD", "timezone": "America/Chicago"}


def stock_line(sku: str, units: int, at: datetime) -> Line:
    """Say how many units of a variant are on hand from a time on."""
    return {"type": "stock", "variant": sku, "stock": units, "at": instant(at)}


def event_line(customer: str, name: str, at: datetime, properties: Line, text: str = "") -> Line:
    """Say that a customer did something; `text` are the customer's own words, if any."""
    line: Line = {"type": "event", "id": "", "customer": customer, "name": name, "at": instant(at)}
    line["properties"] = properties
    if text:
        line["text"] = text
    return line


def turn_line(customer: str, conversation: str, channel: str, speaker: str, at: datetime, text: str) -> Line:
    """Quote one message of a conversation."""
    return {
        "type": "turn",
        "id": "",
        "customer": customer,
        "conversation": conversation,
        "channel": channel,
        "speaker": speaker,
        "at": instant(at),
        "text": text,
    }


class Diary:
    """Dated lines, written in any order and read in the order of time.

    Lines of the same second keep the order in which they were written.
    Events and turns get their ids when the diary is read, so that ids grow with time.
    """

    def __init__(self, until: datetime) -> None:
        """Keep only what happens before `until`."""
        self._until = until
        self._entries: list[tuple[datetime, int, Line]] = []

    def write(self, at: datetime, line: Line) -> None:
        """Add a line; one dated `until` or later is dropped, as it has not happened yet."""
        if at < self._until:
            self._entries.append((at.replace(microsecond=0), len(self._entries), line))

    def read(self) -> Iterator[Line]:
        """Give all lines in the order of time."""
        counts = dict.fromkeys(_NUMBERED, 0)
        for _, _, line in sorted(self._entries, key=lambda entry: entry[:2]):
            kind = str(line["type"])
            if kind in counts:
                counts[kind] += 1
                line["id"] = _NUMBERED[kind].format(counts[kind])
            yield line

"""Time as an input: an aware UTC ``datetime`` from a clock that tests can set."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A clock that stands where it was set, for tests, imports and replays."""

    def __init__(self, at: datetime) -> None:
        self._at = as_utc(at)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        self._at = as_utc(at)

    def advance(self, by: timedelta) -> None:
        self._at += by


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ``ValueError`` for a time without an offset."""
    if moment.tzinfo is None:
        raise ValueError(f"time {moment.isoformat()!r} has no offset; give one, such as {moment.isoformat()}Z")
    return moment.astimezone(UTC)

"""Turns in progress: each runs to its end, whoever listens.

A shopper's connection may break in the middle of a turn. The turn goes on, and the same message sent again is shown
the same turn from its start instead of being answered a second time.
"""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator

from agents.stream import StreamEvent
from kit.errors import RapportError

log = logging.getLogger(__name__)

_REMEMBERED = 256  # finished turns, for those who ask again


class Turn:
    """One turn's events so far, for any number of listeners."""

    def __init__(self) -> None:
        self._events: list[StreamEvent] = []
        self._finished = False
        self._more = asyncio.Event()

    @property
    def finished(self) -> bool:
        return self._finished

    @property
    def failed(self) -> bool:
        """Whether it came to its end by an error: then asking again is worth it."""
        return self._finished and any(event.kind == "error" for event in self._events)

    async def run(self, source: AsyncIterator[StreamEvent]) -> None:
        """Takes the events in. What goes wrong becomes an ``error`` event."""
        try:
            async for event in source:
                self._add(event)
        except RapportError as error:
            self._add(StreamEvent("error", {"code": error.code, "message": error.message}))
        except Exception:
            incident = secrets.token_hex(8)
            log.exception("a turn failed; incident %s", incident)
            message = f"something went wrong here; the log has it as incident {incident}"
            self._add(StreamEvent("error", {"code": "internal", "message": message}))
        finally:
            self._finished = True
            self._wake()

    async def events(self) -> AsyncIterator[StreamEvent]:
        """All events, from the first to the last."""
        shown = 0
        while True:
            more = self._more
            while shown < len(self._events):
                shown += 1
                yield self._events[shown - 1]
            if self._finished:
                return
            await more.wait()

    def _add(self, event: StreamEvent) -> None:
        self._events.append(event)
        self._wake()

    def _wake(self) -> None:
        self._more.set()
        self._more = asyncio.Event()


class Turns:
    """The turns in progress and the latest finished ones, by key."""

    def __init__(self) -> None:
        self._turns: OrderedDict[str, Turn] = OrderedDict()
        self._running: set[asyncio.Task[None]] = set()

    def get(self, key: str) -> Turn | None:
        """The turn begun under this key, if it is still remembered and did not fail."""
        turn = self._turns.get(key)
        return None if turn is None or turn.failed else turn

    def start(self, key: str, source: AsyncIterator[StreamEvent]) -> Turn:
        """Begins a turn."""
        turn = Turn()
        self._turns[key] = turn
        task = asyncio.create_task(turn.run(source))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        self._forget()
        return turn

    def forget(self) -> None:
        """Drops the finished turns, such as when somebody they speak of was erased."""
        for key in [key for key, turn in list(self._turns.items()) if turn.finished]:
            self._turns.pop(key, None)

    async def finish(self, within_s: float) -> None:
        """Waits for the turns in progress; ends those that take longer."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=within_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _forget(self) -> None:
        over = len(self._turns) - _REMEMBERED
        for key in [key for key, turn in self._turns.items() if turn.finished][: max(0, over)]:
            del self._turns[key]

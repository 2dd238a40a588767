"""Privacy's background work in the serving process: compaction soon after an erasure, retention once a day.

Nothing has to be remembered between starts: a receipt without a date of compaction says that it is due.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from kit.clock import Clock
from kit.compaction import Busy
from memory.privacy.desk import PrivacyDesk

log = logging.getLogger(__name__)

QUIET = timedelta(seconds=3)  # so that erasures that come together are compacted together
LONGEST_WAIT = timedelta(minutes=1)
_EVERY_S = 1.0
_AFTER_TROUBLE_S = 15.0
_TURNS_END_WITHIN_S = 300.0


class Housekeeper:
    """A thread that keeps privacy's promises. ``under_way`` gives what stands for the turns that run now."""

    def __init__(
        self, desk: PrivacyDesk, clock: Clock, under_way: Callable[[], frozenset[object]], every_s: float = _EVERY_S
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._under_way = under_way
        self._every_s = every_s
        self._newest = ""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins; starting twice is the same as once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="housekeeper", daemon=True)
            self._thread.start()

    def stop(self, within_s: float = 30.0) -> None:
        """Ends after the round in progress."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(within_s)

    def _run(self) -> None:
        pause = self._every_s
        while not self._stop.wait(pause):
            try:
                self.round()
                pause = self._every_s
            except Busy as error:
                log.info("%s", error.message)
                pause = _AFTER_TROUBLE_S
            except Exception:
                log.exception("privacy's housekeeping failed; trying again in %.0f s", _AFTER_TROUBLE_S)
                pause = _AFTER_TROUBLE_S

    def round(self) -> None:
        """What is due now."""
        newest = self._desk.newest()
        if newest != self._newest:
            self._newest = newest
            self._desk.tell()  # another process may have erased
        if self._compaction_due():
            done = self._desk.compaction.run(self._settle)
            log.info("compacted after %d erasures", len(done))
        if self._desk.retention.due():
            counts = self._desk.retention.run()
            log.info("retention removed %s", counts or "nothing")

    def _compaction_due(self) -> bool:
        waiting = self._desk.compaction.waiting()
        if not waiting:
            return False
        now = self._clock.now()
        return now - waiting[-1].erased_at >= QUIET or now - waiting[0].erased_at >= LONGEST_WAIT

    def _settle(self) -> None:
        """Waits for the turns that run now: one of an erased customer may still write its checkpoint."""
        before, until = self._under_way(), time.monotonic() + _TURNS_END_WITHIN_S
        while before & self._under_way():
            if self._stop.is_set() or time.monotonic() > until:
                raise Busy("turns are still under way, so compaction comes later")
            time.sleep(0.05)

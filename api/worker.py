"""Background work in the serving process: tells the vector index what changed, and reads turns again."""

import logging
import threading

from agents.extraction.rereading import Rereading
from kit.vectors.index import SemanticIndex

log = logging.getLogger(__name__)

_EVERY_S = 1.0
_AFTER_TROUBLE_S = 15.0


class IndexWorker:
    """A thread that drains the index's outbox. A search drains too; this keeps it from having much to do."""

    def __init__(self, index: SemanticIndex, every_s: float = _EVERY_S) -> None:
        self._index = index
        self._every_s = every_s
        self._called = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._left = 0

    def start(self) -> None:
        """Begins; starting twice is the same as once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="index worker", daemon=True)
            self._thread.start()

    def call(self) -> None:
        """Asks for a round now."""
        self._called.set()

    def stop(self, within_s: float = 30.0) -> None:
        """Ends after the round in progress."""
        self._stopping = True
        self._called.set()
        if self._thread is not None:
            self._thread.join(within_s)

    def _run(self) -> None:
        pause = self._every_s
        while not self._stopping:
            self._called.wait(pause)
            self._called.clear()
            if self._stopping:
                return
            pause = self._every_s if self._round() else _AFTER_TROUBLE_S

    def _round(self) -> bool:
        """One round, unless nothing changed since the last; says whether it went well."""
        try:
            if (pending := self._index.pending()) != self._left:
                self._index.drain(until=lambda: self._stopping)
                pending = self._index.pending()
            # A store that keeps no copy leaves the outbox to the process that holds one.
            self._left = pending
        except Exception:
            log.exception("the index could not be brought up to date; trying again in %.0f s", _AFTER_TROUBLE_S)
            return False
        return True


class ReadingWorker:
    """A thread that has a model read customers' turns again, where one is configured."""

    def __init__(self, rereading: Rereading, every_s: float = _EVERY_S) -> None:
        self._rereading = rereading
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins; starting twice is the same as once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="reading worker", daemon=True)
            self._thread.start()

    def stop(self, within_s: float = 30.0) -> None:
        """Ends after the turn in progress; what it had claimed is claimed again later."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(within_s)

    def _run(self) -> None:
        pause = self._every_s
        while not self._stopping.wait(pause):
            try:
                pause = 0.0 if self._rereading.round(most=1) else self._every_s
            except Exception:
                log.exception("turns could not be read again; trying again in %.0f s", _AFTER_TROUBLE_S)
                pause = _AFTER_TROUBLE_S

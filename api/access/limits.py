"""How often something may be done: token buckets in this process, one per key."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from kit.errors import RateLimited

_KEPT = 10_000


class RateLimit:
    """``burst`` at once, then ``per_minute``; what is over raises ``RateLimited``."""

    def __init__(self, what: str, *, burst: int, per_minute: float, now: Callable[[], float] = time.monotonic) -> None:
        self._what = what
        self._burst = float(burst)
        self._rate = per_minute / 60
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Counts one for ``key``. Raises ``RateLimited`` that says when to come back."""
        with self._lock:
            now = self._now()
            left, at = self._buckets.pop(key, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._rate)
            self._buckets[key] = (max(0.0, left - 1) if left >= 1 else left, now)
            if len(self._buckets) > _KEPT:
                self._buckets.popitem(last=False)
        if left < 1:
            wait = (1 - left) / self._rate
            raise RateLimited(f"too many {self._what}; try again in {max(1, round(wait))} s")

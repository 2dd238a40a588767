"""Durations, and how they are told: percentiles in milliseconds."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np


@contextmanager
def timed(into: list[float]) -> Iterator[None]:
    """Adds the block's wall time in seconds to ``into``."""
    started = time.perf_counter()
    yield
    into.append(time.perf_counter() - started)


def durations(run: Callable[[], object], times: int) -> list[float]:
    """The wall time in seconds of each of ``times`` runs."""
    taken: list[float] = []
    for _ in range(times):
        with timed(taken):
            run()
    return taken


def percentile_ms(seconds: Sequence[float], percent: float) -> float:
    """One percentile of durations, in milliseconds to three decimals."""
    return round(float(np.percentile(np.asarray(seconds), percent)) * 1000, 3)


def percentiles_ms(seconds: Sequence[float]) -> Mapping[str, float]:
    """``p50_ms``, ``p95_ms`` and ``p99_ms``."""
    return {f"p{percent}_ms": percentile_ms(seconds, percent) for percent in (50, 95, 99)}

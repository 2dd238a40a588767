"""Measures of ranked turns, over questions in categories, with bootstrap intervals.

A question's recall at k is the share of its evidence turns among the first k; micro is the mean over questions, macro
the mean of the categories' means. Sessions rank by their best turn: hit@1 is whether the first holds evidence, recall
at 5 the share of evidence sessions among the first five; both are means over questions.
Intervals: percentile bootstrap (Efron and Tibshirani, 1993), 2,000 draws of questions within each category.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DEPTHS = (5, 10, 50)
_DRAWS = 2000
_SEED = 20240707


@dataclass(frozen=True)
class Ranked:
    """A question's turns, best first, as positions; ``sessions`` holds each position's session."""

    category: int
    evidence: frozenset[int]
    order: Sequence[int]
    sessions: Sequence[int]

    def recall(self, depth: int) -> float:
        """The share of evidence turns among the first ``depth``."""
        return len(self.evidence & set(self.order[:depth])) / len(self.evidence)

    def session_figures(self) -> tuple[float, float]:
        """Hit@1 and recall at 5 of sessions."""
        ranked = list(dict.fromkeys(self.sessions[turn] for turn in self.order))
        wanted = {self.sessions[turn] for turn in self.evidence}
        return float(ranked[0] in wanted), len(wanted & set(ranked[:5])) / len(wanted)


def figures(questions: Sequence[Ranked]) -> dict[str, dict[str, dict[str, object]]]:
    """``turn.micro|macro.r5|r10|r50`` and ``session.hit1|r5``, each with its 95 % interval under ``interval``."""
    categories = np.array([question.category for question in questions])
    turns = {f"r{depth}": np.array([question.recall(depth) for question in questions]) for depth in DEPTHS}
    pairs = np.array([question.session_figures() for question in questions])
    sessions = {"hit1": pairs[:, 0], "r5": pairs[:, 1]}
    return {
        "turn": {
            "micro": _with_intervals(turns, categories, macro=False),
            "macro": _with_intervals(turns, categories, macro=True),
            "by_category": {
                str(category): round(float(turns["r10"][categories == category].mean()), 4)
                for category in np.unique(categories).tolist()
            },
        },
        "session": {"of": _with_intervals(sessions, categories, macro=False)},
    }


def _with_intervals(
    values: Mapping[str, NDArray[np.float64]], categories: NDArray[np.int64], *, macro: bool
) -> dict[str, object]:
    plain: dict[str, object] = {name: round(_mean(of, categories, macro), 4) for name, of in values.items()}
    plain["interval"] = {name: _interval(of, categories, macro) for name, of in values.items()}
    return plain


def _mean(values: NDArray[np.float64], categories: NDArray[np.int64], macro: bool) -> float:
    if not macro:
        return float(values.mean())
    return float(np.mean([values[categories == category].mean() for category in np.unique(categories)]))


def _interval(values: NDArray[np.float64], categories: NDArray[np.int64], macro: bool) -> list[float]:
    chance = np.random.default_rng(_SEED)
    parts = [values[categories == category] for category in np.unique(categories)]
    drawn = np.stack([part[chance.integers(0, len(part), (_DRAWS, len(part)))].mean(axis=1) for part in parts])
    weights = np.ones(len(parts)) if macro else np.array([len(part) for part in parts], float)
    low, high = np.percentile(weights @ drawn / weights.sum(), (2.5, 97.5))
    return [round(float(low), 4), round(float(high), 4)]

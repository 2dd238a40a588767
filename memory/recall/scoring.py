"""How much each item bears on a question: a sum of few contributions, each with a fixed weight.

Weights and kernel were found on development conversations, leaving one out each time, and rounded: ``docs/recall.md``.
Lexical and dense scores are standardised over the customer's items (zero mean, unit deviation), so that their weights
mean the same for everybody; the others are there or not.

BM25: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009. Turns are short and much alike in length,
hence a small ``b``.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from kit.lexical import ASKS, DATES
from kit.vectors.embedder import Vectors
from memory.recall.calendar import Interval
from memory.recall.columns import Columns, Numbers
from memory.recall.question import Question

K1, B = 0.9, 0.3
NEAR = ((-2, 0.5), (-1, 0.75), (1, 0.5), (2, 0.25))  # what is asked stands before what answers it
WEIGHTS = {
    "lexical": 0.6,  # BM25 over the item and its neighbours
    "dense": 0.45,  # cosine
    "neighbour": 0.2,  # cosines of the item and its neighbours
    "conversation": 0.6,  # the best item of its conversation
    "speaker": 1.0,  # said by who the question names
    "time": 3.0,  # within the time it names, or told soon after
    "dated": 2.0,  # speaks of a time where the question asks when
    "asks": -1.0,  # a question tells less than an answer
}
TOLD_AFTER = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def contributions(items: Columns, question: Question, vector: Vectors) -> Mapping[str, Numbers]:
    """Each contribution's part of the score, shape ``(n,)`` in the columns' order. ``vector`` is the question's."""
    counts = items.counts((*question.terms, ASKS, DATES))
    words, marks = counts[:, :-2], counts[:, -2:]
    lengths = items.lengths - marks[:, 0] - marks[:, 1]
    cosines = items.cosines(vector)
    dense = standard(cosines)
    best = dense + standard(bm25(words, words, lengths))
    near = items.neighbours(np.column_stack((words, lengths, cosines)), NEAR)
    plain = {
        "lexical": standard(bm25(near[:, :-2], words, near[:, -2])),
        "dense": dense,
        "neighbour": standard(near[:, -1]),
        "conversation": standard(items.best_of_thread(best)),
        "asks": (marks[:, 0] > 0).astype(float),
    }
    if question.speaker:
        plain["speaker"] = items.said_by(question.speaker).astype(float)
    if question.interval is not None:
        plain["time"] = _within(items, question.interval)
    if question.asks_when:
        plain["dated"] = (marks[:, 1] > 0).astype(float)
    return {name: WEIGHTS[name] * values for name, values in plain.items()}


def bm25(counts: Numbers, alone: Numbers, lengths: Numbers) -> Numbers:
    """Scores, shape ``(n,)``, of term counts ``(n, terms)``; rarity is taken from the items ``alone``."""
    having = (alone > 0).sum(axis=0)
    idf = np.log(1 + (len(counts) - having + 0.5) / (having + 0.5))
    norms = K1 * (1 - B + B * lengths / (np.add.reduce(lengths) / len(lengths) or 1.0))
    scores: Numbers = (counts * (K1 + 1) / (counts + norms[:, None])) @ idf
    return scores


def standard(scores: Numbers) -> Numbers:
    """Zero mean and unit deviation; all zero where they don't differ."""
    apart: Numbers = scores - np.add.reduce(scores) / len(scores)
    spread = math.sqrt(apart @ apart / len(apart))  # as scores.std(), which costs more than all the rest
    return apart / spread if spread > 1e-9 else np.zeros_like(scores)


def microseconds(moment: datetime) -> int:
    """Since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _within(items: Columns, interval: Interval) -> Numbers:
    start, end = microseconds(interval.start), microseconds(interval.end)
    return ((start <= items.at) & (items.at < end + TOLD_AFTER // timedelta(microseconds=1))).astype(float)

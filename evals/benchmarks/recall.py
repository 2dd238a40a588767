"""Recall on LoCoMo: Rapport's beside dense alone, BM25 alone and their z-score sum, in one run.

The other methods rank ``Speaker: text``, as is usual, which serves them better than the text alone; Rapport keeps who
spoke apart. Rapport's turns are ranked as its recall gives them; facts and wishes that come back are passed over.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks import locomo
from evals.benchmarks.measures import Ranked, figures
from evals.benchmarks.remembering import remembered
from kit.lexical import bm25, term_counts, terms
from kit.vectors.embedder import Embedder
from memory.customer_memory import CustomerMemory

METHODS = ("dense", "bm25", "zsum", "rapport")
_COUNT = 10  # what a query's time is measured for
Say = Callable[[str], None]


def measure(path: Path, embedder: Embedder, say: Say) -> dict[str, Any]:
    """``turn.METHOD.micro|macro.r5|r10|r50``, ``session.METHOD.hit1|r5``, intervals with each, and times."""
    ranked: dict[str, list[Ranked]] = {method: [] for method in METHODS}
    times: list[float] = []
    talks = locomo.read(path)
    for number, talk in enumerate(talks, start=1):
        say(f"conversation {number} of {len(talks)}: {len(talk.turns)} turns, {len(talk.questions)} questions")
        for method, found in _plain(talk, embedder):
            ranked[method].append(found)
        with remembered(talk, embedder) as memory:
            ranked["rapport"] += [_asked(memory, talk, question, times) for question in talk.questions]
    measured = {method: figures(found) for method, found in ranked.items()}
    return {
        "conversations": len(talks),
        "questions": len(ranked["rapport"]),
        "turn": {method: found["turn"] for method, found in measured.items()},
        "session": {method: found["session"]["of"] for method, found in measured.items()},
        "query_ms": {
            "p50": round(float(np.percentile(times, 50)), 2),
            "p95": round(float(np.percentile(times, 95)), 2),
        },
    }


def in_words(found: Mapping[str, Any]) -> str:
    """A table for people."""
    took = found["query_ms"]
    times = f"a query takes {took['p50']} ms (p95 {took['p95']} ms) without its embedding"
    depths = f"{'R@5':>7} {'R@10':>7}"
    lines = [
        f"{found['conversations']} conversations, {found['questions']} questions; {times}",
        f"{'':8} {'micro':^23} {'macro':^41} {'session':^15}",
        f"{'':8} {depths} {'R@50':>7} {depths} {'(95 %)':^17} {'R@50':>7} {'Hit@1':>7} {'R@5':>7}",
    ]
    for method in METHODS:
        micro, macro = found["turn"][method]["micro"], found["turn"][method]["macro"]
        session = found["session"][method]
        low, high = macro["interval"]["r10"]
        lines.append(
            f"{method:8} {micro['r5']:7.3f} {micro['r10']:7.3f} {micro['r50']:7.3f} {macro['r5']:7.3f} "
            f"{macro['r10']:7.3f} {f'({low:.3f} to {high:.3f})':^17} {macro['r50']:7.3f} "
            f"{session['hit1']:7.3f} {session['r5']:7.3f}"
        )
    return "\n".join(lines)


def _plain(talk: locomo.Conversation, embedder: Embedder) -> Iterator[tuple[str, Ranked]]:
    """The methods that Rapport is compared with."""
    texts = [f"{turn.speaker}: {turn.text}" for turn in talk.turns]
    vectors, counts = embedder.embed(texts), [term_counts(text) for text in texts]
    asked = embedder.embed([question.text for question in talk.questions])
    for question, vector in zip(talk.questions, asked, strict=True):
        dense = (vectors @ vector).astype(float)
        lexical = np.array(bm25(terms(question.text), counts))
        for method, scores in (("dense", dense), ("bm25", lexical), ("zsum", _z(dense) + _z(lexical))):
            yield method, _ranked(talk, question, np.argsort(-scores, kind="stable").tolist())


def _z(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    standard: NDArray[np.float64] = (scores - scores.mean()) / (scores.std() or 1.0)
    return standard


def _asked(memory: CustomerMemory, talk: locomo.Conversation, question: locomo.Asked, times: list[float]) -> Ranked:
    places = {(turn.session, turn.at): position for position, turn in enumerate(talk.turns)}
    found = memory.recall(question.text, 4 * len(talk.turns))
    order = [
        places[(int(item.details["conversation"].removeprefix("cnv_")), item.at)]
        for item in found
        if item.kind == "turn"
    ]
    begun = time.perf_counter()  # the question is embedded by now
    memory.recall(question.text, _COUNT)
    times.append(1000 * (time.perf_counter() - begun))
    return _ranked(talk, question, order)


def _ranked(talk: locomo.Conversation, question: locomo.Asked, order: list[int]) -> Ranked:
    evidence = frozenset(i for i, turn in enumerate(talk.turns) if turn.id in question.evidence)
    return Ranked(question.category, evidence, order, [turn.session for turn in talk.turns])

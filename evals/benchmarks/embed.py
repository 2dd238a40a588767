"""The default embedder beside sentence-transformers: start, one query, batches, agreement, recall on conversations.

Starts are those of fresh processes, until the first vector; each is the second start, when files are in memory.
Texts are the turns of the LoCoMo conversations in ``RAPPORT_DATASETS`` where they are; else our own prompts' sentences.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from kit.settings import ROOT, Settings, load_settings
from kit.vectors.choosing import embedder_for
from kit.vectors.embedder import CachingEmbedder, MiniLM, Vectors

MODELS = {"quick": MiniLM.name, "reference": f"sentence-transformers:{MiniLM.name}"}
QUERIES = 60
TEXTS = 512
RECALL_AT = 10
_START = (
    "from kit.settings import load_settings; from kit.vectors.choosing import embedder_for; "
    "embedder_for(load_settings({{'RAPPORT_EMBEDDER': {name!r}}})).embed(['ready'])"
)
_QUERY = "I'm looking for a warm winter coat, number {} on my list"

Model = CachingEmbedder
Say = Callable[[str], None]


@dataclass(frozen=True)
class Talk:
    """One conversation: its turns by id, and questions with the ids of the turns that answer them."""

    turns: Mapping[str, str]
    questions: list[tuple[str, frozenset[str]]]


def measure(settings: Settings, say: Say) -> dict[str, Any]:
    """Per model ``start_s``, ``query_ms``, ``texts_per_s``, ``recall_at_10`` (or ``None``), and how they compare."""
    talks = list(read_talks(settings.datasets / "locomo_dev" / "locomo_dev.json"))
    starts = {label: _start(name, say) for label, name in MODELS.items()}
    models = {label: _model(name) for label, name in MODELS.items()}
    texts = _texts(talks)
    for model in models.values():
        model.encode(texts[:32])
    query_ms = _query_ms(models, say)
    rates, vectors = _rates(models, texts, say)
    found = {label: recall(model, talks, say, label) for label, model in models.items()}
    figures: dict[str, Any] = {
        label: {
            "start_s": round(starts[label], 3),
            "query_ms": round(query_ms[label], 3),
            "texts_per_s": round(rates[label], 1),
            "recall_at_10": found[label],
        }
        for label in MODELS
    }
    figures["start_ratio"] = round(starts["reference"] / starts["quick"], 2)
    figures["query_ratio"] = round(query_ms["reference"] / query_ms["quick"], 2)
    figures["batch_ratio"] = round(rates["quick"] / rates["reference"], 2)
    figures["cosine_min"] = round(float(np.sum(vectors["quick"] * vectors["reference"], axis=1).min()), 7)
    figures["texts"] = len(texts)
    return figures


def in_words(figures: Mapping[str, Any]) -> str:
    """The figures as people read them."""
    lines = []
    for label in MODELS:
        of = figures[label]
        recall = "no conversations here" if of["recall_at_10"] is None else f"recall@10 {of['recall_at_10']:.4f}"
        lines.append(
            f"{label:<10} ready after {of['start_s']:.2f} s, a query {of['query_ms']:.1f} ms, "
            f"{of['texts_per_s']:.0f} texts/s, {recall}"
        )
    lines.append(
        f"quick is {figures['start_ratio']} times as quick to start, {figures['query_ratio']} times for a query, "
        f"{figures['batch_ratio']} times for batches; least cosine {figures['cosine_min']}"
    )
    return "\n".join(lines)


def read_talks(path: Path) -> Iterator[Talk]:
    """The conversations of a LoCoMo file; none where there is no file."""
    if not path.exists():
        return
    for sample in json.loads(path.read_text("utf-8")):
        sessions = [part for name, part in sample["conversation"].items() if name.startswith("session_")]
        turns = {turn["dia_id"]: turn["text"] for part in sessions if isinstance(part, list) for turn in part}
        asked = ((asked["question"], frozenset(asked.get("evidence", ())) & turns.keys()) for asked in sample["qa"])
        yield Talk(turns, [(question, evidence) for question, evidence in asked if evidence])


def _model(name: str) -> Model:
    model = embedder_for(load_settings({"RAPPORT_EMBEDDER": name}))
    assert isinstance(model, CachingEmbedder)
    return model


def _start(name: str, say: Say) -> float:
    """Seconds from a process's start to its end with one vector; the second of two such processes."""
    say(f"starting {name}")
    seconds = 0.0
    for _ in range(2):
        began = time.perf_counter()
        command = [sys.executable, "-P", "-W", "ignore", "-c", _START.format(name=name)]
        subprocess.run(command, cwd=ROOT, env=_environment(), check=True, capture_output=True)  # noqa: S603 - our own
        seconds = time.perf_counter() - began
    return seconds


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _query_ms(models: Mapping[str, Model], say: Say) -> dict[str, float]:
    """Median milliseconds of one text; the models take turns, so that what else runs disturbs both."""
    say("one query at a time")
    taken: dict[str, list[float]] = {label: [] for label in models}
    for number in range(QUERIES):
        for label, model in models.items():
            began = time.perf_counter()
            model.encode([_QUERY.format(number)])
            taken[label].append(1_000 * (time.perf_counter() - began))
    return {label: median(times) for label, times in taken.items()}


def _rates(models: Mapping[str, Model], texts: list[str], say: Say) -> tuple[dict[str, float], dict[str, Vectors]]:
    """Texts a second over all texts at once, the best of three turns each, and the vectors."""
    best = dict.fromkeys(models, 0.0)
    vectors: dict[str, Vectors] = {}
    for turn in range(3):
        say(f"batches, turn {turn + 1} of 3")
        for label, model in models.items():
            began = time.perf_counter()
            vectors[label] = model.encode(texts)
            best[label] = max(best[label], len(texts) / (time.perf_counter() - began))
    return best, vectors


def recall(model: Model, talks: list[Talk], say: Say, label: str) -> float | None:
    """The mean share of a question's evidence among the ten nearest turns; ``None`` without conversations."""
    shares: list[float] = []
    for number, talk in enumerate(talks, 1):
        say(f"recall of {label}, conversation {number} of {len(talks)}")
        ids = list(talk.turns)
        turns = model.encode(list(talk.turns.values()))
        scores = model.encode([question for question, _ in talk.questions]) @ turns.T
        for row, (_, evidence) in zip(scores, talk.questions, strict=True):
            nearest = {ids[i] for i in np.argsort(-row, kind="stable")[:RECALL_AT]}
            shares.append(len(nearest & evidence) / len(evidence))
    return round(float(np.mean(shares)), 4) if shares else None


def _texts(talks: list[Talk]) -> list[str]:
    said = [text for talk in talks for text in talk.turns.values()]
    if not said:
        prompts = sorted((ROOT / "prompts").glob("*.md"))
        said = [line for path in prompts for line in path.read_text("utf-8").splitlines() if line.strip()]
    return said[:TEXTS]

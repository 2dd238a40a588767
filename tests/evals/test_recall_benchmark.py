"""The recall benchmark: its reader, its measures, and, at length, the floor on the development conversations."""

import json
import os
from pathlib import Path

import pytest

from evals.benchmarks import locomo
from evals.benchmarks.context import measure as measure_context
from evals.benchmarks.measures import Ranked, figures
from evals.benchmarks.recall import METHODS, in_words, measure
from kit.errors import InvalidInput
from kit.settings import load_settings
from kit.vectors.embedder import Embedder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A file like LoCoMo's, of four turns in two sessions, with malformed, missing and unknown evidence."""
    talk = {
        "speaker_a": "Ines", "speaker_b": "Tom",
        "session_1_date_time": "1:56 pm on 8 May, 2023",
        "session_1": [
            {"speaker": "Ines", "dia_id": "D1:1", "text": "My canary sings at dawn."},
            {"speaker": "Tom", "dia_id": "D1:2", "text": "Mine is mute.", "blip_caption": "a yellow bird"},
        ],
        "session_2_date_time": "12:09 am on 13 September, 2023",
        "session_2": [
            {"speaker": "Tom", "dia_id": "D2:1", "text": "Which boat did you rent?"},
            {"speaker": "Ines", "dia_id": "D2:2", "text": "A small one with a blue sail."},
        ],
        "session_3_date_time": "9:00 am on 1 October, 2023",
    }  # fmt: skip
    asked = [
        {"question": "What does the canary of Ines do?", "category": 4, "evidence": ["D1:1"]},
        {"question": "Which boat did Ines rent?", "category": 1, "evidence": ["D2:1; D2:02", "D9:9"]},
        {"question": "Never said?", "category": 5, "evidence": []},
        {"question": "Nowhere?", "category": 5, "evidence": ["D7:1", "D"]},
    ]
    path = tmp_path / "small.json"
    path.write_text(json.dumps([{"conversation": talk, "qa": asked}]))
    return path


def test_evidence_is_read_however_it_is_written(small: Path) -> None:
    """Several in one string count each; what names no turn does not, nor does a question left without any."""
    (talk,) = locomo.read(small)
    assert [frozenset({"D1:1"}), frozenset({"D2:1", "D2:2"})] == [question.evidence for question in talk.questions]
    assert "Mine is mute. [shares a photo: a yellow bird]" == talk.turns[1].text
    assert talk.turns[2].at.isoformat() == "2023-09-13T00:09:00+00:00"


def test_another_file_is_refused(tmp_path: Path) -> None:
    """The error names the file."""
    (tmp_path / "x.json").write_text('[{"qa": []}]')
    with pytest.raises(InvalidInput, match=r"x\.json is not a LoCoMo file"):
        locomo.read(tmp_path / "x.json")


def test_micro_weighs_questions_and_macro_categories() -> None:
    """Three questions of one category, all found, and one of another, not found."""
    order, sessions = list(range(20)), [0] * 4 + [1] * 16
    good = [Ranked(1, frozenset({place}), order, sessions) for place in (0, 1, 2)]
    found = figures([*good, Ranked(3, frozenset({15, 19}), order, sessions)])
    assert (0.75, 0.5) == (found["turn"]["micro"]["r10"], found["turn"]["macro"]["r10"])
    assert 1.0 == found["turn"]["micro"]["r50"]
    assert (0.75, 1.0) == (found["session"]["of"]["hit1"], found["session"]["of"]["r5"])
    low, high = found["turn"]["micro"]["interval"]["r10"]  # type: ignore[index]
    assert low <= 0.75 <= high


def test_the_benchmarks_run_through_the_memory(small: Path, embedder: Embedder) -> None:
    """Every method has every figure, and a budget keeps what it can."""
    found = measure(small, embedder, lambda _: None)
    assert 2 == found["questions"]
    for method in METHODS:
        assert {"r5", "r10", "r50", "interval"} == found["turn"][method]["macro"].keys()
        assert {"hit1", "r5", "interval"} == found["session"][method].keys()
        assert 1.0 == found["turn"][method]["micro"]["r5"]
    assert "rapport" in in_words(found)
    kept = measure_context(small, embedder, lambda _: None)["budgets"]
    assert 1.0 == kept["4000"]["evidence"]
    assert kept["500"]["most_tokens"] <= 500


@pytest.mark.full
def test_recall_holds_its_floor_on_the_development_conversations(embedder: Embedder) -> None:
    """Macro R@10 at least .68, sessions' hit@1 .72 and R@5 .88: the floors of the held-out conversations."""
    known = {"RAPPORT_DATASETS": os.environ["RAPPORT_DATASETS"]} if "RAPPORT_DATASETS" in os.environ else {}
    path = load_settings(known).datasets / "locomo_dev" / "locomo_dev.json"
    if not path.exists():
        pytest.skip(f"{path} is not there: set RAPPORT_DATASETS to measure on LoCoMo")
    found = measure(path, embedder, lambda _: None)
    assert found["turn"]["rapport"]["macro"]["r10"] >= 0.68
    assert found["session"]["rapport"]["hit1"] >= 0.72
    assert found["session"]["rapport"]["r5"] >= 0.88

"""What ``bench embed`` counts as found."""

import json
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from api.cli.main import rapport
from evals.benchmarks.embed import Talk, read_talks, recall
from kit.vectors.embedder import CachingEmbedder, Vectors


class ByLength(CachingEmbedder):
    """Texts of like length are near each other."""

    name, dimensions = "by-length", 2

    def encode(self, texts: list[str]) -> Vectors:
        angles = np.array([len(text) / 100 for text in texts], dtype=np.float32)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_recall_is_the_share_of_the_evidence_found() -> None:
    """Of two turns that answer, one is among the ten nearest; another question's only turn is."""
    turns = {f"D1:{i}": "x" * i for i in range(1, 40)}
    talk = Talk(turns, [("y", frozenset({"D1:1", "D1:39"})), ("y" * 5, frozenset({"D1:5"}))])
    assert recall(ByLength(), [talk], lambda _: None, "by length") == 0.75


def test_conversations_are_read_where_they_are(tmp_path: Path) -> None:
    """Questions without evidence among the turns are left out; without a file there are no conversations."""
    turn = {"dia_id": "D1:1", "speaker": "A", "text": "hello"}
    asked = [{"question": "what?", "evidence": ["D1:1"]}, {"question": "who?", "evidence": ["D9:9"]}]
    sample = {"conversation": {"session_1": [turn], "session_1_date_time": "noon"}, "qa": asked}
    path = tmp_path / "locomo.json"
    path.write_text(json.dumps([sample]))
    assert [Talk({"D1:1": "hello"}, [("what?", frozenset({"D1:1"}))])] == list(read_talks(path))
    assert [] == list(read_talks(tmp_path / "none.json"))


def test_the_benchmarks_are_listed() -> None:
    """Each name of the group has its command."""
    listed = CliRunner().invoke(rapport, ["bench", "--help"])
    assert (0, True) == (listed.exit_code, "embed" in listed.output)
    assert 2 == CliRunner().invoke(rapport, ["bench", "nothing"]).exit_code

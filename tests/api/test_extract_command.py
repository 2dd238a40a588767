"""``./rapport extract``: what a message says, and how well a gold file is read."""

import json
from pathlib import Path

from click.testing import CliRunner

from api.cli.main import rapport


def test_prints_what_a_message_says() -> None:
    text = "I live in Chicago and want a red coat"
    found = json.loads(CliRunner().invoke(rapport, ["extract", "--text", text, "--json"]).stdout)
    assert [(fact["attribute"], fact["value"]) for fact in found["facts"]] == [
        ("city", "Chicago"),
        ("color.liked", "red"),
    ]
    assert [(wish["item"], wish["requirements"]) for wish in found["wishes"]] == [("coat", ["color=red"])]


def test_scores_a_gold_file_by_attribute(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    lines = [
        {"text": "I live in Chicago", "facts": ["city=Chicago"], "wishes": []},
        {"text": "I live in Denver", "facts": ["city=Boston"], "wishes": []},
        {"text": "I want a red coat", "facts": [], "wishes": [{"item": "coat", "requirements": ["color=red"]}]},
    ]
    gold.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    scored = json.loads(CliRunner().invoke(rapport, ["extract", "--file", str(gold), "--json"]).stdout)
    assert scored["attributes"]["city"]["precision"] == scored["attributes"]["city"]["recall"] == 0.5
    assert (scored["overall"]["right"], scored["overall"]["wrong"], scored["overall"]["missed"]) == (3, 2, 1)


def test_a_line_that_is_none_is_named(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"text": "hello"}\n', encoding="utf-8")
    refused = CliRunner().invoke(rapport, ["extract", "--file", str(gold)])
    assert refused.exit_code == 1
    assert "line 1" in refused.stderr

"""Suites: a case without criteria is an error, a broken criterion is a sentence, and the first suite passes."""

from pathlib import Path

import pytest

from evals.case import Turn, load_suite
from evals.commands import run
from evals.scorer import Played, score_turn
from kit.errors import InvalidInput, NotFound
from kit.settings import load_settings
from kit.vectors.embedder import Embedder

CALLED = [{"name": "get_order", "arguments": {"order_id": "#N1001"}, "result": {}}]


def suite_file(folder: Path, cases: str) -> str:
    """A suite in a file of its own."""
    path = folder / "mine.toml"
    path.write_text(f'name = "mine"\nabout = "x"\nshop = "shop.jsonl"\n{cases}')
    return str(path)


def test_a_case_without_criteria_is_an_error(tmp_path: Path) -> None:
    """It would pass whatever happened."""
    path = suite_file(tmp_path, '[[cases]]\nname = "empty"\nabout = "x"\nturns = [{ says = "hi" }]')
    with pytest.raises(InvalidInput, match="'empty' has no criteria"):
        load_suite(path)


def test_an_unknown_field_is_named(tmp_path: Path) -> None:
    """A slip of the pen does not become a criterion that never fails."""
    path = suite_file(tmp_path, '[[cases]]\nname = "a"\nabout = "x"\nturns = [{ says = "hi", sayd = ["x"] }]')
    with pytest.raises(InvalidInput, match="sayd"):
        load_suite(path)


def test_an_unknown_suite_lists_those_there_are() -> None:
    """The error says what to ask for."""
    with pytest.raises(NotFound, match="support_basics"):
        load_suite("nothing")


@pytest.mark.parametrize(
    ("expected", "reply", "broken"),
    [
        ({"calls": [{"name": "get_order", "arguments": {"order_id": "n1001"}}]}, "", 0),
        ({"calls": [{"name": "get_order", "arguments": {"order_id": "N2"}}]}, "", 1),
        ({"calls_nothing_of": ["get_order"]}, "", 1),
        ({"said": ["on its way|shipped"]}, "It has SHIPPED.", 0),
        ({"said": ["on its way|shipped"]}, "No idea.", 1),
        ({"not_said": ["backpack"]}, "Your Backpack.", 1),
    ],
)
def test_a_broken_criterion_is_counted(expected: dict[str, object], reply: str, broken: int) -> None:
    """Calls, words said and words not said are each held against what happened."""
    turn = Turn.model_validate({"says": "where is it?", **expected})
    assert broken == len(score_turn(turn, Played("where is it?", reply, CALLED)))


def test_the_first_suite_passes_with_the_local_model(embedder: Embedder) -> None:
    """Ten short cases against the real agent, real tools and a real shop."""
    said: list[str] = []
    code = run(load_settings({}), say=said.append, embedder=embedder)
    assert 0 == code, "\n".join(said)
    assert "10 passed, 0 failed" in said[-1]


def test_a_failing_case_fails_the_run(embedder: Embedder, tmp_path: Path) -> None:
    """The exit code is 1, and the report says which criterion broke."""
    (tmp_path / "shop.jsonl").write_text('{"type": "shop", "name": "X", "currency": "USD", "timezone": "UTC"}\n')
    path = suite_file(tmp_path, '[[cases]]\nname = "a"\nabout = "x"\nturns = [{ says = "hi", said = ["xyzzy"] }]')
    said: list[str] = []
    assert 1 == run(load_settings({}), suite=path, say=said.append, embedder=embedder)
    assert "did not say 'xyzzy'" in said[0]

"""``import`` and ``eval run``: what they print, and with which exit code they end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click.testing
import pytest

Run = Callable[..., click.testing.Result]

SHOP = '{"type": "shop", "name": "Hill & Dale", "currency": "USD", "timezone": "UTC"}'
CUSTOMER = '{"type": "customer", "id": "H1", "email": "hal@example.com", "first_name": "Hal", "last_name": "Moor", %s}'


def test_import_prints_what_came_in(run: Run, tmp_path: Path) -> None:
    """New the first time, unchanged the second."""
    file = tmp_path / "shop.jsonl"
    file.write_text("\n".join((SHOP, CUSTOMER % '"created_at": "2026-01-05T09:00:00Z"')))
    first, again = run("import", "native", str(file)), run("import", "native", str(file))
    assert (0, 0) == (first.exit_code, again.exit_code)
    assert ["customer", "1", "new", "0", "changed", "0", "unchanged"] == first.stdout.splitlines()[0].split()
    assert ["customer", "0", "new", "0", "changed", "1", "unchanged"] == again.stdout.splitlines()[0].split()


def test_import_lists_bad_lines_and_loads_nothing(run: Run, tmp_path: Path) -> None:
    """Unless told to load the rest."""
    file = tmp_path / "shop.jsonl"
    file.write_text("\n".join((SHOP, "nonsense", CUSTOMER % '"created_at": "2026-01-05T09:00:00Z"')))
    result = run("import", "native", str(file))
    assert (1, "") == (result.exit_code, result.stdout)
    assert "line 2: " in result.stderr
    rest = run("import", "native", "--skip-rejected", str(file))
    assert (0, True, True) == (rest.exit_code, "line 2: " in rest.stderr, "customer" in rest.stdout)


def test_import_notes_another_shop_in_the_directory(run: Run, stocked: Any, tmp_path: Path) -> None:
    """And how to keep them apart; the file is damaged, so nothing is mixed here."""
    file = tmp_path / "db.json"
    file.write_text("{}")
    result = run("import", "tau2-retail", str(file))
    assert "holds the shop 'Fell & Harbour' (native) already" in result.stderr
    assert "RAPPORT_DATA" in result.stderr


def test_eval_run_ends_with_the_suites_exit_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it reports goes to stdout."""

    def suite(*_: Any, say: Callable[[str], None], **given: Any) -> int:
        say(f"{given['suite']}: 1 failed")
        return 1

    monkeypatch.setattr("evals.commands.run", suite)
    result = run("eval", "run", "--suite", "mine")
    assert (1, "mine: 1 failed\n") == (result.exit_code, result.stdout)

"""Privacy's commands: export to a file, erase with a yes, receipts, compaction, retention, backup."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import click.testing

from kit.clock import SetClock

Run = Callable[..., click.testing.Result]


def test_exports_to_a_file_for_its_owner_alone(run: Run, stocked: Any, tmp_path: Path) -> None:
    """Whole or not at all; to stdout without a file."""
    target = tmp_path / "ada.json"
    result = run("customer", "export", "ada@example.com", "-o", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    export = json.loads(target.read_text("utf-8"))
    assert export["customer"][0]["first_name"] == "Ada"
    assert target.stat().st_mode & 0o777 == 0o600
    assert json.loads(run("customer", "export", "C1").stdout)["customer"] == export["customer"]
    assert run("customer", "export", "nobody@example.com", "-o", str(tmp_path / "no.json")).exit_code == 1
    assert [path.name for path in tmp_path.iterdir() if "json" in path.name] == ["ada.json", "tombstones.jsonl"][:1]


def test_erases_after_a_yes_and_shows_the_receipt(run: Run, stocked: Any) -> None:
    """A no erases nothing; afterwards the customer is told to be gone, and compaction completes the receipt."""
    assert run("customer", "erase", "ada@example.com", input="n\n").exit_code == 1
    assert run("customer", "show", "ada@example.com").exit_code == 0
    receipt = json.loads(run("customer", "erase", "ada@example.com", "--yes", "--json").stdout)
    assert (receipt["state"], receipt["counts"]["customer"]) == ("compacting", 1)
    assert run("customer", "show", "ada@example.com").exit_code == 1
    assert receipt["receipt"] in run("customer", "erasures").stdout


def test_compact_waits_for_whoever_holds_the_index(run: Run, stocked: Any, clock: SetClock, monkeypatch: Any) -> None:
    """It never opens what another process has; when that one does not come round, it says so."""
    run("customer", "erase", "ada@example.com", "--yes")
    monkeypatch.setattr("api.cli.privacy._SERVICE_WITHIN_S", 0.2)
    late = run("index", "compact")
    assert (late.exit_code, "has not compacted yet" in late.stderr) == (1, True)
    stocked.privacy.compaction.run()
    assert run("index", "compact").stdout == "compacted; 0 erasures are out of the files\n"
    (listed,) = json.loads(run("customer", "erasures", "--json").stdout)["erasures"]
    assert listed["state"] == "complete"
    assert run("customer", "erasures", "confirm", listed["receipt"]).exit_code == 0
    assert run("customer", "erasures", "confirm", "ers_unknown").exit_code == 1


def test_retention_counts_and_removes(run: Run, stocked: Any, clock: SetClock) -> None:
    """With --dry-run it only counts."""
    clock.advance(timedelta(days=800))
    dry = json.loads(run("retention", "--dry-run", "--json").stdout)
    assert dry["overdue"] == {"turns": 1}
    assert run("customer", "show", "ada@example.com").stdout.count("Chicago") > 0
    assert json.loads(run("retention", "--json").stdout)["removed"]["turn"] == 1
    assert "Chicago" not in run("customer", "show", "ada@example.com").stdout
    assert "nothing is overdue" in run("retention").stdout


def test_backs_up_while_others_have_it_open(run: Run, stocked: Any, tmp_path: Path) -> None:
    """Into one file."""
    result = run("backup", str(tmp_path / "shop.backup"))
    assert result.exit_code == 0, result.output
    assert (tmp_path / "shop.backup").stat().st_size > 10_000

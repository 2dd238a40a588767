"""``test`` and ``eval``: for those who build with Rapport."""

import subprocess
import sys
import time
from pathlib import Path

import click

from api.cli.opening import settings
from kit.settings import ROOT


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--full", is_flag=True, help="The long tests too: kills, mutations, load.")
@click.argument("pytest_args", nargs=-1, type=click.UNPROCESSED)
def test(full: bool, pytest_args: tuple[str, ...]) -> None:
    """Run the linters, the type checker, the layer contracts and the tests. Other arguments go to pytest."""
    bin_ = Path(sys.executable).parent
    marks = [] if full else ["-m", "not full"]
    steps = {
        "ruff check": [sys.executable, "-m", "ruff", "check", "."],
        "ruff format": [sys.executable, "-m", "ruff", "format", "--check", "."],
        "mypy": [sys.executable, "-m", "mypy"],
        "layers": [str(bin_ / "lint-imports")],
        "pytest": [sys.executable, "-P", "-m", "pytest", "-n", "2", "--dist", "loadfile", *marks, *pytest_args],
    }
    failed = [name for name, command in steps.items() if not _passes(name, command)]
    if failed:
        click.echo(f"failed: {', '.join(failed)}", err=True)
        sys.exit(1)
    click.echo("all passed")


def _passes(name: str, command: list[str]) -> bool:
    click.secho(f"── {name}", bold=True)
    started = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - our own commands
    said = "passed" if code == 0 else f"failed with exit code {code}"
    click.secho(f"── {name} {said} in {time.monotonic() - started:.1f} s\n", bold=True)
    return code == 0


@click.group(name="eval")
def evaluate() -> None:
    """Suites that measure the agents on transcripts."""


@evaluate.command()
@click.option("--suite", default="support_basics", show_default=True, help="A suite's name, or a path to its .toml.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def run(suite: str, as_json: bool) -> None:
    """Play a suite's cases against the live agent; exit code 1 if any fails."""
    from evals import commands

    sys.exit(commands.run(settings(), suite=suite, as_json=as_json, say=click.echo))

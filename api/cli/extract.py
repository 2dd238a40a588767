"""``extract``: what an extractor reads in a message, or how well it reads a gold file."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from api.cli.opening import settings
from kit.errors import InvalidInput
from memory.extraction.port import Extraction, Extractor


@click.command()
@click.option("--text", help="A message; prints what it says of its writer.")
@click.option(
    "--file", "file", type=click.Path(path_type=Path), help="A gold file (JSONL); prints how well it is read."
)
@click.option("--at", "at", help="When the message was written (ISO 8601); now without it.")
@click.option("--llm", is_flag=True, help="By the configured model (OPENAI_API_KEY) instead of the rules.")
@click.option("--errors", is_flag=True, help="With --file: each line that was read otherwise.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def extract(text: str | None, file: Path | None, at: str | None, llm: bool, errors: bool, as_json: bool) -> None:
    """Read facts and wishes out of a message, or score a gold file, without a data directory."""
    if (text is None) == (file is None):
        raise click.UsageError("give either --text or --file")
    extractor = _extractor(llm)
    if file is not None:
        _score(extractor, file, errors=errors, as_json=as_json)
        return
    found = extractor.extract(text or "", _moment(at))
    if as_json:
        click.echo(json.dumps({"extractor": extractor.name, **_json(found)}, ensure_ascii=False, indent=1))
        return
    for line in _lines(found):
        click.echo(line)


def _extractor(llm: bool) -> Extractor:
    if llm:
        from agents.extraction.llm import LLMExtractor
        from agents.models import reader_for
        from memory.attributes import Registry

        known = settings()
        model = reader_for(known)
        if model is None:
            raise InvalidInput("--llm needs a model; set OPENAI_API_KEY, or leave it out for the rules")
        return LLMExtractor(model, known.model, Registry())
    from memory.extraction.deterministic import DeterministicExtractor

    return DeterministicExtractor()


def _score(extractor: Extractor, file: Path, *, errors: bool, as_json: bool) -> None:
    from evals.extraction import load, score

    result = score(extractor, load(file))
    if as_json:
        click.echo(json.dumps(result.to_json(), indent=1))
        return
    if errors:
        for error in result.errors:
            click.echo(error)
    click.echo(f"{'':24}{'precision':>10}{'recall':>8}{'F1':>8}{'right':>7}{'wrong':>7}{'missed':>7}")
    for row, tally in (*sorted(result.rows.items()), ("all", result.overall)):
        shares = f"{tally.precision:>10.3f}{tally.recall:>8.3f}{tally.f1:>8.3f}"
        click.echo(f"{row:24}{shares}{tally.right:>7}{tally.wrong:>7}{tally.missed:>7}")
    click.echo(f"{result.lines} lines, read by {result.extractor}")


def _moment(at: str | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise InvalidInput(f"--at {at!r} is not a time; write it like 2026-03-02T23:00:00+00:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _json(found: Extraction) -> dict[str, Any]:
    return {
        "facts": [
            {"attribute": fact.attribute, "value": fact.value, "quote": fact.quote, "confidence": fact.confidence,
             "retracts": fact.retracts}
            for fact in found.facts
        ],
        "wishes": [
            {"item": wish.item, "requirements": [f"{one.attribute}={one.value}" for one in wish.requirements],
             "quote": wish.quote, "until": wish.until.isoformat() if wish.until else None}
            for wish in found.wishes
        ],
        "closings": [
            {"item": closing.item, "met": closing.met, "quote": closing.quote} for closing in found.closings
        ],
    }  # fmt: skip


def _lines(found: Extraction) -> Iterator[str]:
    for fact in found.facts:
        yield f"{'no longer ' * fact.retracts}{fact.attribute} = {fact.value}    “{fact.quote}”"
    for wish in found.wishes:
        asked = ", ".join(f"{one.attribute}={one.value}" for one in wish.requirements)
        until = f", until {wish.until}" if wish.until else ""
        yield f"wish: {wish.item}{f' ({asked})' if asked else ''}{until}    “{wish.quote}”"
    for closing in found.closings:
        over = "met" if closing.met else "withdrawn"
        yield f"wish over: {closing.item or 'the newest'} ({over})    “{closing.quote}”"
    if not (found.facts or found.wishes or found.closings):
        yield "It says nothing of its writer."

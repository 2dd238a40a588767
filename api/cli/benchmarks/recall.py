"""``bench recall``."""

import sys
from pathlib import Path

import click

from api.cli.opening import clean_stdout, print_json, settings


@click.command(name="recall")
@click.option("--locomo", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
              help="LoCoMo's conversations, as JSON.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(locomo: Path, as_json: bool) -> None:
    """Recall of evidence turns in long conversations, beside dense, BM25 and their sum."""
    from evals.benchmarks import recall
    from kit.vectors.choosing import embedder_for

    with clean_stdout():
        found = recall.measure(locomo, embedder_for(settings()), say=lambda text: click.echo(text, err=True))
    if as_json:
        print_json(found)
    else:
        click.echo(recall.in_words(found), file=sys.stdout)

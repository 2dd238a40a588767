"""``bench context``."""

import sys
from pathlib import Path

import click

from api.cli.opening import clean_stdout, print_json, settings


@click.command(name="context")
@click.option("--locomo", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
              help="LoCoMo's conversations, as JSON.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(locomo: Path, as_json: bool) -> None:
    """What of the evidence survives the context budget, in long conversations."""
    from evals.benchmarks import context
    from kit.vectors.choosing import embedder_for

    with clean_stdout():
        found = context.measure(locomo, embedder_for(settings()), say=lambda text: click.echo(text, err=True))
    if as_json:
        print_json(found)
    else:
        click.echo(context.in_words(found), file=sys.stdout)

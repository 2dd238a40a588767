"""``bench embed``."""

import sys

import click

from api.cli.opening import clean_stdout, print_json, settings


@click.command(name="embed")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    """The quick embedder beside sentence-transformers: start, speed, agreement, recall."""
    from evals.benchmarks import embed

    with clean_stdout():
        figures = embed.measure(settings(), say=lambda text: click.echo(text, err=True))
    if as_json:
        print_json(figures)
    else:
        click.echo(embed.in_words(figures), file=sys.stdout)

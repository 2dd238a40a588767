"""``bench scale``."""

import click

from api.cli.opening import clean_stdout, print_json, settings


@click.command(name="scale")
@click.option("--memories", type=click.IntRange(10_000), default=1_000_000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(memories: int, as_json: bool) -> None:
    """A customer's recall among very many memories, beside Chroma filtered by customer."""
    from evals.benchmarks import scale

    with clean_stdout():
        figures = scale.measure(settings(), memories, say=lambda text: click.echo(text, err=True))
    print_json(figures) if as_json else click.echo(scale.in_words(figures))

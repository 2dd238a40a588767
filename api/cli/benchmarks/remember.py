"""``bench remember``."""

import click

from api.cli.opening import clean_stdout, print_json, settings


@click.command(name="remember")
@click.option("--turns", type=click.IntRange(100, 1_000_000), default=2_000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(turns: int, as_json: bool) -> None:
    """The write path: extraction, profile, outbox and commit of one message, without and with embedding."""
    from evals.benchmarks import remember

    with clean_stdout():
        figures = remember.measure(settings(), turns, say=lambda text: click.echo(text, err=True))
    print_json(figures) if as_json else click.echo(remember.in_words(figures))

"""``bench``: the benchmarks."""

from importlib import import_module

import click

# A benchmark's command is ``command`` in ``api/cli/benchmarks/NAME.py``, imported when it is asked for.
_NAMES = ("context", "embed", "recall")


class _Benchmarks(click.Group):
    """Finds its commands by their names."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _NAMES:
            return None
        found: click.Command = import_module(f"api.cli.benchmarks.{cmd_name}").command
        return found


@click.group(name="bench", cls=_Benchmarks)
def bench() -> None:
    """Benchmarks: how quick and how good the parts are, beside the alternatives, in one run."""

"""The commands put together, and the one place where errors become a line on stderr and an exit code."""

from typing import Any

import click

from api.cli import develop, extract, operate, privacy, shop, talk
from api.cli.bench import bench
from api.cli.keys import keys
from api.cli.opening import be_quiet
from kit.errors import RapportError


class Refused(click.ClickException):
    """An error as people read it in a terminal."""

    exit_code = 1

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        click.echo(f"rapport: {self.message}", err=True)


class Commands(click.Group):
    """A group whose commands never show a traceback for an error that was foreseen."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RapportError as error:
            raise Refused(error.message) from None
        except OSError as error:
            if error.filename is None and error.strerror is None:
                raise
            where = f"{error.filename}: " if error.filename else ""
            raise Refused(f"{where}{error.strerror or error}") from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.option("--verbose", is_flag=True, help="Show the log on stderr.")
@click.version_option("0.1.0", prog_name="rapport")
def rapport(verbose: bool) -> None:
    """Rapport: support and marketing agents on one lasting memory per customer.

    Begin with `./rapport demo`. Settings are environment variables: RAPPORT_DATA, RAPPORT_PORT, OPENAI_API_KEY …
    """
    be_quiet(verbose)


for _command in (
    operate.demo, operate.serve, talk.chat, talk.ask, shop.import_, shop.customer, keys,
    develop.evaluate, bench, develop.test, extract.extract, operate.db, operate.index, operate.doctor,
    privacy.retention, privacy.backup, privacy.restore,
):  # fmt: skip
    rapport.add_command(_command)
for _command in (privacy.export, privacy.erase, privacy.erasures):
    shop.customer.add_command(_command)
operate.index.add_command(privacy.compact)

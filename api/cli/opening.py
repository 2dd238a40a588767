"""What commands share: quiet libraries, the runtime opened and closed, JSON on a clean stdout."""

import asyncio
import contextlib
import json
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from kit.errors import RapportError

if TYPE_CHECKING:
    from agents.runtime import Runtime
    from kit.database import Database
    from kit.settings import Settings

_QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
}

_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class NoShop(RapportError):
    """No shop is loaded here yet: `./rapport demo` loads the demo shop, `./rapport import native FILE` yours."""

    code = "no_shop"


class _OneLine(logging.Formatter):
    """An error in one line; where it came from is for those who ask."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        kind, error, _ = ei
        return f"  {kind.__name__ if kind else 'error'}: {error} (./rapport --verbose … shows where)"


def be_quiet(verbose: bool) -> None:
    """Logs go to stderr, errors only and in short unless asked for; libraries print nothing of their own."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    log_to_stderr(logging.INFO if verbose else logging.ERROR, in_full=verbose)
    if not verbose and not sys.warnoptions:
        warnings.simplefilter("ignore")


def log_to_stderr(level: int, *, in_full: bool = True) -> None:
    """Sets what is logged; a service does so in full, with where errors came from."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter((logging.Formatter if in_full else _OneLine)(_LOG_FORMAT))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for talkative in ("alembic", "chromadb", "httpx", "sentence_transformers"):
        logging.getLogger(talkative).setLevel(max(level, logging.WARNING))


def settings(**given: Any) -> "Settings":
    """The settings in force, with what an option of the command says instead."""
    from kit.settings import load_settings

    return load_settings().model_copy(update={name: value for name, value in given.items() if value is not None})


@contextlib.contextmanager
def database() -> Iterator["Database"]:
    """The database alone, for a command that needs no agents; its schema is brought up to date."""
    from kit.database import Database

    chosen = settings()
    chosen.data.mkdir(parents=True, exist_ok=True)
    opened = Database(chosen.sql_url)
    try:
        opened.upgrade()
        yield opened
    finally:
        opened.close()


@contextlib.contextmanager
def runtime(chosen: "Settings | None" = None) -> Iterator["Runtime"]:
    """The runtime, for a command that needs no event loop of its own."""
    from agents.runtime import Runtime

    opened = Runtime.open(chosen or settings())
    try:
        yield opened
    finally:
        asyncio.run(opened.aclose())


def require_shop(opened: "Runtime") -> None:
    """Raises ``NoShop`` unless something was imported."""
    from sqlmodel import select

    from tools.shop.tables import ShopProfile

    with opened.database.read() as session:
        if session.exec(select(ShopProfile)).first() is None:
            raise NoShop


@contextlib.contextmanager
def clean_stdout() -> Iterator[None]:
    """What libraries print within goes to stderr, so that stdout carries the answer alone."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


def print_json(answer: Mapping[str, Any]) -> None:
    """One JSON object on stdout."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))

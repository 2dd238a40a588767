"""``serve``, ``demo``, ``db``, ``index``, ``doctor``: running Rapport."""

import logging
import sys

import click

from api.cli.opening import database, log_to_stderr, print_json, runtime, settings
from kit.errors import Unavailable

_MARKS = {"ok": ("ok", "green"), "note": ("note", "yellow"), "fails": ("FAILS", "red")}

_port = click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (RAPPORT_PORT, else 8080).")
_host = click.option("--host", help="Address to listen on (RAPPORT_HOST, else 127.0.0.1).")


@click.command()
@_host
@_port
@click.option("--no-serve", is_flag=True, help="Load the demo shop and end.")
@click.option("--deliver", is_flag=True, help="Bring the demo shop six new products, those some are waiting for.")
def demo(host: str | None, port: int | None, no_serve: bool, deliver: bool) -> None:
    """Load the demo shop where it is not loaded yet, and serve it."""
    from api import demo as demo_shop
    from api.app import create_app, make_door
    from api.serving import bound, run, url_of

    log_to_stderr(logging.ERROR)
    chosen = settings(host=host, port=port)
    if deliver or no_serve:
        with runtime(chosen) as opened:
            demo_shop.deliver(opened) if deliver else demo_shop.load(opened)
        return
    with bound(chosen.host, chosen.port) as listening:
        from agents.runtime import Runtime

        opened = Runtime.open(chosen)
        demo_shop.load(opened, wait=False)
        code = make_door(opened).sign_in_code()
        url = url_of(chosen.host, chosen.port)
        app = create_app(opened, demo_shop=True)
        run(app, listening, lambda: click.echo(demo_shop.welcome(url, code)))


@click.command()
@_host
@_port
def serve(host: str | None, port: int | None) -> None:
    """Serve the shop page, the console and the HTTP API."""
    from agents.runtime import Runtime
    from api.app import create_app
    from api.serving import bound, run, url_of

    log_to_stderr(logging.INFO)
    chosen = settings(host=host, port=port)
    url = url_of(chosen.host, chosen.port)
    with bound(chosen.host, chosen.port) as listening:
        app = create_app(Runtime.open(chosen))
        run(app, listening, lambda: click.echo(f"Rapport serves at {url} (console: {url}/console); Ctrl-C stops it"))


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the schema to the newest version."""
    from api.schema import schema_state
    from kit.database import Database

    chosen = settings()
    before = None
    if chosen.database_url is not None or (chosen.data / "rapport.db").exists():
        present = Database(chosen.sql_url)
        with present.read() as session:  # says in words what is wrong with a database that cannot be read
            session.connection().exec_driver_sql("SELECT 1 FROM sqlite_master" if present.is_sqlite else "SELECT 1")
        before, _ = schema_state(present)
        present.close()
    with database() as opened:
        after, _ = schema_state(opened)
        click.echo(f"{opened.name}: schema {after}" + ("" if before == after else f" (was {before or 'empty'})"))


@click.group()
def index() -> None:
    """The index that finds by meaning."""


@index.command()
def rebuild() -> None:
    """Make the index anew from the database."""
    from sqlalchemy import func
    from sqlmodel import select

    from api.progress import counting
    from kit.vectors.tables import IndexItem

    with runtime() as opened:
        if not opened.store.remembers:
            raise Unavailable("the index is held by a running service; stop it, then rebuild")
        with opened.database.read() as session:
            total = session.exec(select(func.count()).select_from(IndexItem)).one()
        with counting("indexing", total) as count:
            done = opened.index.rebuild(count)
    click.echo(f"{done:,} texts indexed")


@index.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(as_json: bool) -> None:
    """How much is indexed, and how much is waiting."""
    from sqlalchemy import func
    from sqlmodel import select

    from kit.vectors.tables import IndexItem

    with runtime() as opened:
        with opened.database.read() as session:
            counted = session.exec(
                select(IndexItem.collection, func.count()).group_by(IndexItem.collection).order_by(IndexItem.collection)
            ).all()
        held = "this process" if opened.store.remembers else "a running service"
        answer = {"collections": dict(counted), "pending": opened.index.pending(), "held_by": held}
    if as_json:
        print_json(answer)
        return
    for collection, count in counted:
        click.echo(f"{collection:<12} {count:>9,}")
    click.echo(f"{'waiting':<12} {answer['pending']:>9,}")
    if held != "this process":
        click.echo("the index is open in a running service", err=True)


@click.command()
def doctor() -> None:
    """Say what works here, what does not, and what to do."""
    from api.diagnosis import examine

    failed = False
    for finding in examine(settings()):
        mark, color = _MARKS[finding.state]
        failed = failed or finding.state == "fails"
        click.echo(f"{click.style(f'{mark:<6}', fg=color)} {finding.name + ':':<15} {finding.says}")
    sys.exit(1 if failed else 0)

"""``customer export/erase/erasures``, ``index compact``, ``retention``, ``backup``, ``restore``."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.opening import print_json, runtime, settings
from kit.errors import Unavailable

if TYPE_CHECKING:
    from memory.privacy.tables import Erasure

_SERVICE_WITHIN_S = 600.0

_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command()
@click.argument("id_or_email")
@click.option("-o", "target", type=click.Path(dir_okay=False, path_type=Path), help="File to write (else stdout).")
def export(id_or_email: str, target: Path | None) -> None:
    """Write everything kept about a customer as one JSON file."""
    from api.memory_view import find_one
    from kit.files import written_whole

    with runtime() as opened:
        with opened.database.read() as session:
            customer_id = find_one(opened.memory, session, id_or_email)
        if target is None:
            opened.privacy.export(customer_id, sys.stdout.buffer)
            return
        with written_whole(target) as out:
            rows = opened.privacy.export(customer_id, out)
    click.echo(f"{rows:,} rows written to {target}", err=True)


@click.command()
@click.argument("id_or_email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_json
def erase(id_or_email: str, yes: bool, as_json: bool) -> None:
    """Erase everything about a customer. This cannot be undone."""
    from api.memory_view import find_one

    with runtime() as opened:
        with opened.database.read() as session:
            customer_id = find_one(opened.memory, session, id_or_email)
            name = opened.memory.of(session, customer_id).profile().headline()
        if not yes:
            click.confirm(f"{name}\nErase everything about this customer ({customer_id})?", abort=True, err=True)
        receipt = opened.privacy.erase(customer_id)
        serving = not opened.store.remembers
    _show(receipt, as_json)
    if not as_json:
        clears = "the running service clears" if serving else "`./rapport index compact` clears"
        click.echo(f"gone from every answer; {clears} the files", err=True)


@click.group(invoke_without_command=True)
@_json
@click.pass_context
def erasures(context: click.Context, as_json: bool) -> None:
    """The receipts of erasures."""
    if context.invoked_subcommand is None:
        with runtime() as opened:
            receipts = opened.privacy.receipts()
        if as_json:
            print_json({"erasures": [receipt.to_json() for receipt in receipts]})
        for receipt in [] if as_json else receipts:
            click.echo(f"{receipt.id}  {receipt.erased_at:%Y-%m-%d %H:%M}  {receipt.state}")


@erasures.command()
@click.argument("receipt_id")
@_json
def confirm(receipt_id: str, as_json: bool) -> None:
    """Say that what remained with the database's operator (its log, its backups) is gone."""
    with runtime() as opened:
        _show(opened.privacy.compaction.confirm(receipt_id), as_json)


@click.command()
@_json
def compact(as_json: bool) -> None:
    """Clear the bytes of erased customers out of every file; waits for a running service to do it."""
    with runtime() as opened:
        waiting = [receipt.id for receipt in opened.privacy.compaction.waiting()]
        if opened.store.remembers:
            opened.privacy.compaction.run()
        else:
            until = time.monotonic() + _SERVICE_WITHIN_S
            while any(receipt.id in waiting for receipt in opened.privacy.compaction.waiting()):
                if time.monotonic() > until:
                    raise Unavailable("the running service has not compacted yet; its log may say why")
                time.sleep(0.5)
        receipts = [opened.privacy.receipt(one) for one in waiting]
    if as_json:
        print_json({"erasures": [receipt.to_json() for receipt in receipts]})
    else:
        click.echo(f"compacted; {len(receipts)} erasures are out of the files")


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count what is overdue.")
@_json
def retention(dry_run: bool, as_json: bool) -> None:
    """Remove what is older than RAPPORT_RETENTION says."""
    with runtime() as opened:
        policy = opened.privacy.retention
        counts = policy.overdue() if dry_run else policy.run()
    if as_json:
        print_json({"policy": str(policy.policy), "overdue" if dry_run else "removed": counts})
        return
    click.echo(f"policy: {policy.policy}")
    for name, count in sorted(counts.items()):
        click.echo(f"{name:<16} {count:>9,} {'overdue' if dry_run else 'removed'}")
    if not counts:
        click.echo("nothing is overdue")


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Write the database, the secret and the tombstones into one file; the service may run."""
    from memory.privacy.backup import back_up

    with runtime() as opened:
        size = back_up(opened.database, opened.settings.data, target)
    click.echo(f"{size:,} bytes written to {target}")


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask before replacing a database that is there.")
def restore(source: Path, yes: bool) -> None:
    """Restore a backup; whoever was erased since it was made is erased again."""
    from kit.vectors.chroma import held
    from memory.privacy import backup as backups

    chosen = settings()
    if chosen.database_url is not None:
        raise Unavailable("RAPPORT_DATABASE_URL is set: restore that database with its own tools")
    if not yes and (chosen.data / backups.DATABASE).exists():
        click.confirm(f"Replace the database in {chosen.data}?", abort=True, err=True)
    with held(chosen.data / "chroma") as index:
        backups.restore(source, chosen.data)
        index.remove()
    with runtime() as opened:
        again = opened.privacy.compaction.waiting()
        if again:
            opened.privacy.compaction.run()
    click.echo(f"restored into {chosen.data}; {len(again)} customers erased since then were erased again")


def _show(receipt: "Erasure", as_json: bool) -> None:
    if as_json:
        print_json(receipt.to_json())
        return
    click.echo(f"receipt {receipt.id}: {receipt.state}, erased {receipt.erased_at:%Y-%m-%d %H:%M} UTC")
    for name, count in sorted(receipt.counts.items()):
        click.echo(f"  {name:<16} {count:>9,}")
    for left in receipt.remaining:
        click.echo(f"  remains with its operator: {left}")

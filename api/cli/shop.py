"""``import`` and ``customer``: a shop's data in, a customer's memory out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.cli.opening import print_json, require_shop, runtime
from api.progress import drain_with_progress, progress

if TYPE_CHECKING:
    from agents.runtime import Runtime
    from tools.shop.importing import ImportReport

_REJECTED_SHOWN = 20


@click.command(name="import")
@click.argument("kind", type=click.Choice(["native", "tau2-retail"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--skip-rejected", is_flag=True, help="Load the good lines of a file that has bad ones.")
def import_(kind: str, file: Path, skip_rejected: bool) -> None:
    """Load a shop's data. KIND is native (docs/native-format.md) or tau2-retail (its db.json)."""
    with runtime() as opened:
        _note_other_shop(opened, kind)
        report = _load(opened, kind, file, skip_rejected)
        _print_report(report)
        _drain(opened)


@click.group()
def customer() -> None:
    """One customer's memory."""


@customer.command()
@click.argument("id_or_email")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(id_or_email: str, as_json: bool) -> None:
    """Show what is known of a customer, with the words that say it. ID_OR_EMAIL may be the shop's own id too."""
    from api.memory_view import find_one, whole_memory

    with runtime() as opened:
        require_shop(opened)
        with opened.database.read() as session:
            memory = whole_memory(opened.memory, session, find_one(opened.memory, session, id_or_email))
    if as_json:
        print_json(memory)
    else:
        _print_memory(memory)


@customer.command()
@click.argument("query")
def find(query: str) -> None:
    """Search customers by name, e-mail, phone or id."""
    from api.memory_view import find_customers

    with runtime() as opened:
        require_shop(opened)
        with opened.database.read() as session:
            found = find_customers(session, query)
    for one in found:
        click.echo(f"{one['customer_id']}  {one['name'] or '(no name)'}  {', '.join(one['emails'])}")
    if not found:
        click.echo(f"rapport: no customer matches {query!r}", err=True)


@customer.command()
@click.argument("one")
@click.argument("other")
@click.option("--yes", is_flag=True, help="Do not ask.")
def merge(one: str, other: str, yes: bool) -> None:
    """Make one customer of two. ONE and OTHER are ids, e-mails or the shop's own ids; `unmerge` undoes it."""
    from api.memory_view import find_one, whole_memory

    with runtime() as opened:
        require_shop(opened)
        with opened.database.read() as session:
            ids = [find_one(opened.memory, session, given) for given in (one, other)]
            plan = opened.memory.plan_merge(session, *ids)
            sides = [whole_memory(opened.memory, session, side) for side in (plan.survivor_id, plan.absorbed_id)]
        _print_plan(sides, plan.rows)
        if not yes:
            click.confirm("Make one customer of them?", abort=True, err=True)
        with opened.database.begin() as session:
            done = opened.memory.merge(session, *ids, reason="by command")
        click.echo(f"{done.absorbed_id} is {done.survivor_id} now; `./rapport customer unmerge {done.id}` undoes it")


@customer.command()
@click.argument("merge_id")
def unmerge(merge_id: str) -> None:
    """Make two customers of one again. `customer show` lists a customer's merges."""
    with runtime() as opened:
        require_shop(opened)
        with opened.database.begin() as session:
            undone = opened.memory.unmerge(session, merge_id)
        click.echo(f"{undone.absorbed_id} and {undone.survivor_id} are two customers again")


def _print_plan(sides: Sequence[Mapping[str, Any]], rows: Mapping[str, int]) -> None:
    """Both sides, and what would move."""
    for role, side in zip(("stays", "goes into it"), sides, strict=True):
        click.secho(f"{side['name'] or '(no name)'}  {side['customer_id']}  {role}", bold=True)
        for kind, values in side["identities"].items():
            click.echo(f"  {kind}: {', '.join(values)}")
    moving = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in rows.items())
    click.echo(f"Would move: {moving or 'nothing'}")


def _load(opened: "Runtime", kind: str, file: Path, skip_rejected: bool) -> "ImportReport":
    from tools.shop.importing import import_native, import_tau2_retail, read_lines

    context = opened.tool_context()
    with progress("loading") as shown:
        if kind == "tau2-retail":
            return import_tau2_retail(file, context, progress=shown)
        return import_native(read_lines(file), context, skip_rejected=skip_rejected, progress=shown)


def _drain(opened: "Runtime") -> None:
    """Makes the new texts findable by meaning."""
    if opened.store.remembers:  # else the running service does it within a second
        drain_with_progress(opened.index)


def _note_other_shop(opened: "Runtime", kind: str) -> None:
    from sqlmodel import select

    from tools.shop.tables import ShopProfile

    with opened.database.read() as session:
        others = [shop for shop in session.exec(select(ShopProfile)).all() if shop.source != kind]
    for other in others:
        click.echo(
            f"note: {opened.settings.data} holds the shop {other.name!r} ({other.source}) already; "
            "set RAPPORT_DATA to another directory to keep shops apart",
            err=True,
        )


def _print_report(report: "ImportReport") -> None:
    kinds = sorted({*report.counts_new, *report.counts_changed, *report.counts_same})
    for kind in kinds:
        new, changed = report.counts_new.get(kind, 0), report.counts_changed.get(kind, 0)
        same = report.counts_same.get(kind, 0)
        click.echo(f"{kind:<12} {new:>8,} new {changed:>8,} changed {same:>8,} unchanged")
    for rejected in report.rejected[:_REJECTED_SHOWN]:
        click.echo(f"line {rejected.line}: {rejected.reason}", err=True)
    if len(report.rejected) > _REJECTED_SHOWN:
        click.echo(f"… and {len(report.rejected) - _REJECTED_SHOWN:,} more bad lines", err=True)


def _print_memory(memory: Mapping[str, Any]) -> None:
    click.secho(f"{memory['name'] or '(no name)'}  {memory['customer_id']}", bold=True)
    for kind, values in memory["identities"].items():
        click.echo(f"  {kind}: {', '.join(values)}")
    consents = ", ".join(f"{channel} {'yes' if yes else 'no'}" for channel, yes in memory["consents"].items())
    click.echo(f"  consents: {consents or 'none given'}")
    _print_section("Facts", [f'{fact["sentence"]}  — "{fact["quote"]}" ({_day(fact)})' for fact in memory["facts"]])
    _print_section("Wishes", [f'{_wish(wish)}  — "{wish["quote"]}" ({_day(wish)})' for wish in memory["wishes"]])
    _print_section("Open", [f"{one['kind']}: {one['about']} ({_day(one)})" for one in memory["open_matters"]])
    _print_section("Orders", [_order(order) for order in memory["orders"][:10]])
    if memory["merges"]:
        _print_section("Merges", [_merge(merge) for merge in memory["merges"]])


def _print_section(title: str, lines: list[str]) -> None:
    click.secho(f"{title}", bold=True)
    for line in lines or ["none"]:
        click.echo(f"  {line}")


def _merge(merge: Mapping[str, Any]) -> str:
    undone = f", undone {merge['undone_at'][:10]}" if merge["undone_at"] else ""
    joined = f"{merge['absorbed_id']} into {merge['survivor_id']}"
    return f"{merge['merge_id']}  {joined}  {merge['at'][:10]}, {merge['reason']}{undone}"


def _wish(wish: Mapping[str, Any]) -> str:
    asked = ", ".join(f"{one['attribute']}: {one['value']}" for one in wish["requirements"])
    return f"{wish['item']} ({asked})" if asked else str(wish["item"])


def _order(order: Mapping[str, Any]) -> str:
    placed = str(order["placed_at"] or "unknown date")[:10]
    return f"{order['order_id']}  {placed}  {order['status']}  {order['total']}  {', '.join(order['items'])}"


def _day(thing: Mapping[str, Any]) -> str:
    return str(thing["since"])[:10]

"""``keys``: API keys made, listed, ended."""

from collections.abc import Sequence

import click

from api.cli.opening import database, print_json
from kit.clock import SystemClock

_SCOPES = ("marketer", "desk", "ingest", "operator")


@click.group()
def keys() -> None:
    """API keys for colleagues and programs."""


@keys.command(name="create")
@click.option("--scope", "scopes", type=click.Choice(_SCOPES), multiple=True, required=True, help="What it opens.")
@click.option("--name", required=True, help="Whose it is.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def create_key(scopes: Sequence[str], name: str, as_json: bool) -> None:
    """Make a key. It is printed this once; only its hash is kept."""
    from api.access import keys as access

    with database() as opened, opened.begin() as session:
        key, text = access.create_key(session, SystemClock(), name, [access.Scope(scope) for scope in scopes])
    if as_json:
        print_json({"id": key.id, "name": key.name, "scopes": key.scopes, "key": text})
    else:
        click.echo(f"{key.id}  {key.name}  {', '.join(key.scopes)}", err=True)
        click.echo(text)


@keys.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_keys(as_json: bool) -> None:
    """List all keys, without their texts."""
    from api.access import keys as access

    with database() as opened, opened.read() as session:
        found = access.list_keys(session)
    shown = [
        {
            "id": key.id,
            "name": key.name,
            "scopes": key.scopes,
            "created_at": key.created_at.isoformat(),
            "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
        }
        for key in found
    ]
    if as_json:
        print_json({"keys": shown})
        return
    for one, key in zip(shown, found, strict=True):
        state = f"revoked {one['revoked_at']}" if key.revoked_at else "in force"
        click.echo(f"{key.id}  {key.name}  {', '.join(key.scopes)}  made {one['created_at']}  {state}")
    if not found:
        click.echo("no keys yet; `./rapport keys create --scope marketer --name NAME` makes one", err=True)


@keys.command(name="revoke")
@click.argument("id_or_name")
def revoke_key(id_or_name: str) -> None:
    """End a key, and the console sessions it opened."""
    from api.access import keys as access

    with database() as opened, opened.begin() as session:
        key = access.revoke_key(session, SystemClock(), id_or_name)
    click.echo(f"revoked {key.id} ({key.name})")

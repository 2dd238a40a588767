"""``chat`` and ``ask``: both agents in the terminal."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import click

from api.cli.opening import clean_stdout, print_json, require_shop, settings
from kit.errors import NotFound, RapportError

if TYPE_CHECKING:
    from agents.runtime import Runtime, Shopper
    from agents.stream import StreamEvent

_DOING = {
    "find_orders": "looking at the orders",
    "get_order": "looking at the order",
    "search_products": "searching the shop",
    "get_product": "looking at the product",
    "recommend_products": "choosing products",
    "find_for_wishes": "matching wishes",
    "search_knowledge": "reading the shop's policies",
    "show_memory": "looking at the memory",
    "recall_memory": "remembering",
    "hand_to_person": "passing it to a colleague",
    "list_opportunities": "looking for opportunities",
    "find_customers": "searching what customers said",
    "show_customer": "reading the customer's memory",
}


class TurnFailed(RapportError):
    """The turn ended without an answer."""

    code = "turn_failed"


@click.command()
@click.option("--as", "email", metavar="EMAIL", help="Chat as this customer, signed in; a guest without it.")
@click.option("--once", metavar="TEXT", help="Send one message, print the reply and end.")
@click.option("--json", "as_json", is_flag=True, help="With --once: print one JSON object.")
@click.option("--conversation", "conversation_id", metavar="ID", help="Go on with an earlier conversation.")
def chat(email: str | None, once: str | None, as_json: bool, conversation_id: str | None) -> None:
    """Chat with the support agent."""
    if as_json and once is None:
        raise click.UsageError("--json goes with --once TEXT")
    from agents.runtime import Runtime

    with asyncio.Runner() as runner:
        with clean_stdout():
            opened = Runtime.open(settings())
        try:
            require_shop(opened)
            shopper = _shopper(opened, email, conversation_id)
            if once is None:
                _converse(runner, opened, shopper, conversation_id)
            else:
                done = runner.run(_turn(opened, shopper, once, conversation_id, show=not as_json))
                if as_json:
                    keys = ("reply", "conversation_id", "tools", "proposal", "handoff")
                    print_json({key: done.get(key) for key in keys})
        finally:
            runner.run(opened.aclose())


@click.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: reply, opportunities, tools.")
def ask(text: str, as_json: bool) -> None:
    """Ask the marketing agent: what to send, to whom, and why."""
    done = asyncio.run(_ask(text, show=not as_json))
    if as_json:
        print_json({"reply": done["reply"], "opportunities": done.get("opportunities", []), "tools": done["tools"]})


async def _ask(text: str, *, show: bool) -> dict[str, Any]:
    from agents.runtime import Runtime

    with clean_stdout():
        opened = Runtime.open(settings())
    try:
        require_shop(opened)
        return await _follow(opened.ask(text, marketer="terminal", conversation_id=None), show=show)
    finally:
        await opened.aclose()


def _shopper(opened: "Runtime", email: str | None, conversation_id: str | None) -> "Shopper":
    """Who chats: a customer by e-mail, the guest of the conversation, or a new guest."""
    from agents.runtime import Shopper
    from memory.tables import Conversation

    if email is not None:
        with opened.database.read() as session:
            customer_id = opened.memory.find(session, "email", email)
        if customer_id is None:
            raise click.UsageError(
                f"no customer has the e-mail {email!r}; `./rapport customer find NAME` searches, and without --as you "
                "chat as a guest"
            )
        return Shopper(customer_id, verified=True)
    with opened.database.begin() as session:
        if conversation_id is None:
            return Shopper(opened.memory.enter(session, {"anonymous": f"cli-{secrets.token_hex(8)}"}), verified=False)
        conversation = session.get(Conversation, conversation_id)
        if conversation is None:
            raise NotFound(f"there is no conversation {conversation_id!r}; leave --conversation out to begin one")
        return Shopper(opened.memory.of(session, conversation.customer_id).customer_id, verified=False)


def _converse(runner: asyncio.Runner, opened: "Runtime", shopper: "Shopper", conversation_id: str | None) -> None:
    """Lines in, replies out, until the input ends."""
    import readline  # noqa: F401 - gives input() its history and editing

    click.echo("Write to the shop; Ctrl-D ends.", err=True)
    while True:
        try:
            line = input("you> ")
        except (EOFError, KeyboardInterrupt):
            click.echo("", err=True)
            return
        if not line.strip():
            continue
        try:
            done = runner.run(_turn(opened, shopper, line, conversation_id, show=True))
        except RapportError as error:
            click.echo(f"rapport: {error.message}", err=True)
        else:
            conversation_id = done["conversation_id"]


async def _turn(
    opened: "Runtime", shopper: "Shopper", text: str, conversation_id: str | None, *, show: bool
) -> dict[str, Any]:
    message_id = f"cli-{secrets.token_hex(8)}"
    events = opened.chat(shopper, text, conversation_id=conversation_id, message_id=message_id, channel="terminal")
    return await _follow(events, show=show)


async def _follow(events: "AsyncIterator[StreamEvent]", *, show: bool) -> dict[str, Any]:
    """Takes a turn in and gives its ``done``; shows the reply, as it comes where somebody watches."""
    live = show and sys.stdout.isatty()
    streamed = ""
    done: dict[str, Any] | None = None
    out = sys.stdout
    with clean_stdout():
        async with aclosing(events):  # type: ignore[type-var]
            async for event in events:
                if event.kind == "error":
                    raise TurnFailed(event.data["message"])
                if event.kind == "tool" and event.data.get("state") == "started" and live:
                    click.secho(f"({_DOING.get(event.data['name'], event.data['name'])} …)", dim=True, err=True)
                elif event.kind == "token" and live:
                    streamed += event.data["text"]
                    click.echo(event.data["text"], nl=False, file=out)
                elif event.kind == "message" and show:
                    click.echo(_end(streamed, event.data["text"]), file=out)
                elif event.kind == "done":
                    done = event.data
    if done is None:
        raise TurnFailed
    return done


def _end(streamed: str, whole: str) -> str:
    """What is left to print once the whole reply is known, which supersedes what was streamed."""
    if streamed.strip() == whole.strip():
        return ""
    return f"\n{whole}" if streamed else whole

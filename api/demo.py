"""The demo shop: loaded once into the data directory, going on where an earlier try was interrupted."""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
from sqlmodel import Session, select

from api.progress import drain_with_progress, progress
from api.tables import Milestone
from kit.errors import Conflict
from tools.shop.tables import ShopProfile

if TYPE_CHECKING:
    from agents.runtime import Runtime

_SHOP = "demo shop"
_DELIVERY = "demo delivery"
_SHOPS_OWN = ("product", "passage")

_WELCOME = """
Fell & Harbour is open.

  Shop page   {url}/
  Console     {url}/console#sign-in={code}
              (the link signs in once, within a day)

Three things to try
  1. On the shop page, choose somebody under "Shopping as", open the chat and ask: Where is my order?
  2. Tell the chat: I'm looking for a red winter coat, waterproof, with fur lining.
     Then ask: What do you know about me?
  3. Run ./rapport demo --deliver in another terminal: six new products arrive.
     Then ask in the console: What should we send this week, to whom, and why?

Ctrl-C ends it; ./rapport demo goes on with everything remembered.
"""


def welcome(url: str, code: str) -> str:
    """What to open and what to try."""
    return _WELCOME.format(url=url, code=code)


def load(runtime: "Runtime", *, wait: bool = True) -> None:
    """Loads the demo shop with its policies, and indexes it; does nothing where that was done.

    Without ``wait`` only products and policies are indexed before it ends: the service indexes customers' words beside
    its work, and whoever searches those by meaning waits for the rest.
    """
    from tools.demo_shop import POLICIES, generate
    from tools.knowledge import load_knowledge

    begun_at, finished = _begin(runtime, _SHOP)
    if finished:
        click.echo("The demo shop is loaded already.", err=True)
        return
    click.echo(f"Loading the demo shop into {runtime.settings.data} (once; about a minute)", err=True)
    with _embedding_meanwhile(runtime):
        _import(runtime, generate(until=begun_at))
    with runtime.database.begin() as session:
        load_knowledge(session, runtime.index, POLICIES)
    if wait:
        drain_with_progress(runtime.index)
    else:
        for collection in _SHOPS_OWN:
            runtime.index.drain(collection=collection)
        click.echo(f"  {runtime.index.pending():,} of customers' texts are being indexed meanwhile", err=True)
    _finish(runtime, _SHOP)


def deliver(runtime: "Runtime") -> None:
    """Brings the demo shop its delivery of new products, once. Raises ``Conflict`` before the shop is loaded."""
    from tools.demo_shop import new_arrivals

    with runtime.database.read() as session:
        shop = session.get(Milestone, _SHOP)
    if shop is None or shop.finished_at is None:
        raise Conflict("the demo shop is not loaded here; run ./rapport demo first")
    begun_at, finished = _begin(runtime, _DELIVERY)
    if finished:
        click.echo("The delivery has arrived already.", err=True)
        return
    _import(runtime, new_arrivals(at=begun_at))
    if runtime.store.remembers:  # otherwise the running service indexes them within a second
        drain_with_progress(runtime.index)
    _finish(runtime, _DELIVERY)
    click.echo("Six new products are in the shop.")


def _begin(runtime: "Runtime", name: str) -> tuple[datetime, bool]:
    """When this was begun (kept, so that going on makes the same data) and whether it was finished."""
    with runtime.database.begin() as session:
        milestone = session.get(Milestone, name)
        if milestone is None:
            if name == _SHOP:
                _mention_other_shop(runtime, session)
            milestone = Milestone(name=name, begun_at=runtime.clock.now())
            session.add(milestone)
        return milestone.begun_at, milestone.finished_at is not None


def _mention_other_shop(runtime: "Runtime", session: Session) -> None:
    other = session.exec(select(ShopProfile)).first()
    if other is not None:
        click.echo(
            f"Note: {runtime.settings.data} holds the shop {other.name!r} already; the demo shop comes beside it. "
            "One data directory is meant for one shop: RAPPORT_DATA chooses another.",
            err=True,
        )


@contextmanager
def _embedding_meanwhile(runtime: "Runtime") -> Iterator[None]:
    """Loads the embedder and embeds what is imported on a thread of its own, so that both cores work."""
    over = threading.Event()

    def embed() -> None:
        while not over.is_set():
            if runtime.index.drain(until=over.is_set) == 0:
                over.wait(1)

    thread = threading.Thread(target=embed, name="embedding")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _finish(runtime: "Runtime", name: str) -> None:
    with runtime.database.begin() as session:
        milestone = session.get(Milestone, name)
        assert milestone is not None
        milestone.finished_at = runtime.clock.now()
        session.add(milestone)


def _import(runtime: "Runtime", things: Iterable[Mapping[str, Any]]) -> None:
    from tools.shop.importing import import_native

    lines = [json.dumps(thing) for thing in things]
    with progress("loading") as shown:
        import_native(lines, runtime.tool_context(), progress=shown)

"""A small shop to talk with, and agents whose model plays a script."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.loop import Models
from agents.runtime import Runtime, Shopper
from agents.scripted import ScriptedModel
from evals.case import SUITES
from kit.clock import SetClock
from kit.settings import load_settings
from kit.vectors.embedder import Embedder
from tools.knowledge import load_knowledge
from tools.shop.importing import import_native

Open = Callable[..., Runtime]


def playing(*lines: Any, local: tuple[Any, ...] = ("The local model answers.",)) -> Models:
    """Models that play a script; ``local`` is the script of the one that stands in."""
    return Models("scripted", ScriptedModel(lines=list(lines)), "local", ScriptedModel(lines=list(local)), 5.0)


@pytest.fixture
def open_shop(clock: SetClock, embedder: Embedder, tmp_path: Path) -> Iterator[Open]:
    """``open_shop(models)``: the suite's small shop in a fresh data directory; again gives the same directory."""

    def open_shop(models: Models | None = None, **environment: str) -> Runtime:
        settings = load_settings({"RAPPORT_DATA": str(tmp_path / "data"), **environment})
        both = (models, models) if models else None
        runtime = Runtime.open(settings, clock=clock, embedder=embedder, models=both)
        with (SUITES / "support_basics.shop.jsonl").open(encoding="utf-8") as lines:
            import_native(lines, runtime.tool_context())
        with runtime.database.begin() as session:
            load_knowledge(session, runtime.index, SUITES / "knowledge")
        return runtime

    return open_shop


def signed_in(runtime: Runtime, email: str) -> Shopper:
    """A customer of the small shop."""
    with runtime.database.read() as session:
        customer_id = runtime.memory.find(session, "email", email)
    assert customer_id is not None
    return Shopper(customer_id, verified=True)


def guest(runtime: Runtime) -> Shopper:
    """Somebody nobody knows."""
    with runtime.database.begin() as session:
        return Shopper(runtime.memory.enter(session, {"anonymous": "guest-1"}), verified=False)

"""A service around a fake runtime: real database, memory and index, and an agent that says what a test wants."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click.testing
import numpy as np
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlmodel import Session
from starlette.testclient import TestClient

from agents.runtime import Runtime, Shopper
from agents.stream import StreamEvent
from api.access.keys import Scope, create_key
from api.app import create_app
from api.cli.main import rapport
from kit.clock import SetClock
from kit.database import Database
from kit.settings import Settings
from kit.tokens import TokenCounter
from kit.vectors.embedder import Vectors
from kit.vectors.index import SemanticIndex
from kit.vectors.store import ExactStore
from memory.door import Memory
from memory.extraction.deterministic import DeterministicExtractor
from memory.privacy.desk import PrivacyDesk
from memory.privacy.tombstones import Tombstones
from tools.registry import ToolContext
from tools.shop.tables import Order, OrderLine, Product, ShopProfile, Variant

SECRET = "a-secret-of-more-than-thirty-two-bytes!"
BASE = "http://testserver"


class WordHashes:
    """An embedder that costs nothing: a text's words hashed into a few dimensions."""

    name = "word-hashes"
    dimensions = 16

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.full((len(texts), self.dimensions), 1e-6, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                rows[row, hashlib.sha256(word.encode()).digest()[0] % self.dimensions] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class FakeRuntime:
    """What the edge needs of a runtime. ``turns`` are the messages its agents were given."""

    model_name = "fake"

    def __init__(self, settings: Settings, database: Database, clock: SetClock) -> None:
        embedder = WordHashes()
        self.settings = settings
        self.database = database
        self.clock = clock
        self.store = ExactStore(database, embedder.name)
        self.index = SemanticIndex(database, embedder, self.store)
        tombstones = Tombstones(settings.data)
        self.memory = Memory(
            database, self.index, clock, DeterministicExtractor(), TokenCounter(None), tombstones=tombstones
        )
        self.rereading = None  # no model reads again
        self.privacy = PrivacyDesk(self.memory, tombstones)
        self.turns: list[dict[str, Any]] = []
        self.gate: asyncio.Event | None = None  # a turn waits for it before its reply
        self.trouble: Exception | None = None  # raised in the middle of a turn
        self.closed = False

    async def chat(
        self, shopper: Shopper, text: str, *, conversation_id: str | None, message_id: str, channel: str = "web"
    ) -> AsyncIterator[StreamEvent]:
        conversation = conversation_id or f"cnv_{message_id}"
        self.turns.append({"shopper": shopper, "text": text, "message_id": message_id, "channel": channel})
        yield StreamEvent("token", {"text": "You said: "})
        if self.gate is not None:
            await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        with self.database.begin() as session:
            heard = self.memory.of(session, shopper.customer_id).hear(
                text, conversation_id=conversation, channel=channel, message_id=message_id
            )
        yield StreamEvent("token", {"text": text})
        reply = f"You said: {text}"
        yield StreamEvent("message", {"text": reply, "turn_id": heard.turn.id, "conversation_id": conversation})
        done = {"turn_id": heard.turn.id, "tools": [], "proposal": None, "handoff": None, "reply": reply}
        yield StreamEvent("done", {"conversation_id": conversation, **done})

    async def ask(self, text: str, *, marketer: str, conversation_id: str | None = None) -> AsyncIterator[StreamEvent]:
        yield StreamEvent("message", {"text": f"{marketer} asked: {text}"})
        done = {"reply": f"{marketer} asked: {text}", "tools": [], "opportunities": []}
        yield StreamEvent("done", {"conversation_id": conversation_id or "cnv_ask", **done})

    def turns_under_way(self) -> frozenset[object]:
        return frozenset()

    def tool_context(self) -> ToolContext:
        return ToolContext(self.database, self.index, self.memory, self.clock)

    def warm_up(self) -> None:
        """Nothing to load."""

    async def aclose(self) -> None:
        self.closed = True


@pytest.fixture
def runtime(database: Database, clock: SetClock, tmp_path: Path) -> FakeRuntime:
    """A fake runtime on a fresh database."""
    settings = Settings(RAPPORT_DATA=tmp_path, RAPPORT_SECRET=SecretStr(SECRET))
    return FakeRuntime(settings, database, clock)


@pytest.fixture
def app(runtime: Runtime) -> FastAPI:
    """The application around it."""
    return create_app(runtime)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Somebody without a sign-in."""
    with TestClient(app, base_url=BASE) as client:
        yield client


@pytest.fixture
def guest(client: TestClient) -> dict[str, str]:
    """A guest's headers."""
    return {"Authorization": f"Bearer {client.post('/v1/session').json()['token']}"}


@pytest.fixture
def key_with(runtime: FakeRuntime) -> Callable[..., str]:
    """Makes API keys: ``key_with(Scope.MARKETER)``."""

    def make(*scopes: Scope) -> str:
        with runtime.database.begin() as session:
            return create_key(session, runtime.clock, f"key for {' '.join(scopes)}", scopes)[1]

    return make


@pytest.fixture
def run(runtime: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., click.testing.Result]:
    """Runs a command on the fake runtime's data directory."""
    monkeypatch.setenv("RAPPORT_DATA", str(tmp_path))
    monkeypatch.setattr("agents.runtime.Runtime.open", lambda *_, **__: runtime)

    def invoke(*arguments: str, **given: Any) -> click.testing.Result:
        return click.testing.CliRunner().invoke(rapport, arguments, prog_name="rapport", **given)

    return invoke


@pytest.fixture
def stocked(runtime: FakeRuntime) -> FakeRuntime:
    """The runtime of a small shop: thirty shirts, a red coat, a sold-out scarf, and a customer with an order."""
    now = runtime.clock.now()
    with runtime.database.begin() as session:
        session.add(ShopProfile(source="native", name="Fell & Harbour", currency="USD", timezone="America/Chicago"))
        for number in range(30):
            _stock(session, f"prd_shirt{number:02}", f"Shirt {number}", "shirt", ["white"], 3, now - timedelta(days=90))
        _stock(session, "prd_coat", "Kinnick Coat", "winter coat", ["red", "navy"], 5, now)
        _stock(session, "prd_scarf", "Tide Scarf", "scarf", ["teal"], 0, now - timedelta(days=1))
        ada = runtime.memory.enter(
            session, {"email": "ada@example.com", "shop": "C1"}, first_name="Ada", last_name="O'Hara", at=now
        )
        memory = runtime.memory.of(session, ada)
        memory.consent("email", True, source="import", at=now)
        memory.hear("I live in Chicago.", conversation_id="cnv_1", channel="web", message_id="m1", at=now)
        memory.record("product_viewed", source="native", source_id="E1", at=now, product_id="prd_coat")
        order = Order(
            id="ord_1", source="native", number="#W1", customer_id=ada, status="shipped", currency="USD",
            placed_at=now, address={},
        )  # fmt: skip
        session.add(order)
        session.flush()
        line = {"product_id": "prd_coat", "variant_id": "var_1", "name": "Kinnick Coat", "options": {"color": "red"}}
        session.add(OrderLine(order_id="ord_1", line=1, quantity=2, unit_minor=24_900, **line))
    return runtime


def _stock(
    session: Session, product_id: str, name: str, category: str, colors: list[str], stock: int, at: datetime
) -> None:
    session.add(
        Product(
            id=product_id, source="native", source_id=product_id, name=name, category=category,
            description=f"{name}.", attributes={}, created_at=at,
        )
    )  # fmt: skip
    session.flush()
    for number, color in enumerate(colors):
        for position, size in enumerate(("S", "M")):
            session.add(
                Variant(
                    id=f"var_{product_id}{number}{size}", product_id=product_id, sku=f"{product_id}-{color}-{size}",
                    options={"color": color, "size": size}, price_minor=24_900 + 100 * number, currency="USD",
                    stock=stock, available=stock > 0, position=2 * number + position,
                )
            )  # fmt: skip

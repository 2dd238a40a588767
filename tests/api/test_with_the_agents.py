"""The service around the real runtime: both agents over HTTP, on a small demo shop, with the local model."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from agents.runtime import Runtime
from api.access.keys import Scope, create_key
from api.app import create_app
from kit.clock import SetClock
from kit.settings import load_settings
from kit.vectors.embedder import Embedder
from tools.demo_shop import POLICIES, generate
from tools.knowledge import load_knowledge
from tools.shop.importing import import_native
from tools.shop.tables import Order

NIGHT = datetime(2026, 3, 2, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def runtime(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """The real one, with eighty customers."""
    data: Path = tmp_path_factory.mktemp("shop")
    runtime = Runtime.open(load_settings({"RAPPORT_DATA": str(data)}), clock=SetClock(NIGHT), embedder=embedder)
    import_native([json.dumps(line) for line in generate(until=NIGHT, customers=80)], runtime.tool_context())
    with runtime.database.begin() as session:
        load_knowledge(session, runtime.index, POLICIES)
    return runtime


@pytest.fixture(scope="module")
def client(runtime: Runtime) -> Iterator[TestClient]:
    """The demo served."""
    with TestClient(create_app(runtime, demo_shop=True)) as client:
        yield client


@pytest.fixture(scope="module")
def order(runtime: Runtime) -> Order:
    """An order that is on its way."""
    with runtime.database.read() as session:
        return session.exec(select(Order).where(Order.status == "shipped")).first() or pytest.fail("nothing is shipped")


def said(client: TestClient, path: str, headers: dict[str, str], **message: Any) -> dict[str, Any]:
    """The ``done`` of a turn; its reply is what the ``message`` event said."""
    body = client.post(path, json=message, headers=headers).text
    found = {kind: json.loads(data) for kind, data in re.findall(r"event: (\w+)\ndata: (.*)\n", body)}
    assert found["done"]["reply"] == found["message"]["text"]
    return dict(found["done"])


def test_a_customer_learns_where_their_order_is(client: TestClient, order: Order) -> None:
    """Signed in as its owner: the agent looks it up and names it."""
    token = client.post("/v1/demo/session", json={"customer_id": order.customer_id}).json()["token"]
    done = said(client, "/v1/chat", {"Authorization": f"Bearer {token}"}, text=f"Where is my order {order.number}?")
    assert order.number in done["reply"]
    assert done["tools"]


def test_a_guest_does_not(client: TestClient, order: Order) -> None:
    """Nothing of the order is told to somebody who is not signed in."""
    token = client.post("/v1/session").json()["token"]
    done = said(client, "/v1/chat", {"Authorization": f"Bearer {token}"}, text=f"Where is my order {order.number}?")
    assert "tracking" not in json.dumps(done["tools"])
    assert order.address.get("line1", "no address") not in done["reply"]


def test_what_a_guest_says_is_remembered(client: TestClient) -> None:
    """In the next conversation too, with the words that say it."""
    headers = {"Authorization": f"Bearer {client.post('/v1/session').json()['token']}"}
    said(client, "/v1/chat", headers, text="I live in Chicago and I'm looking for a red waterproof winter coat.")
    memory = client.get("/v1/me/memory", headers=headers).json()
    assert "Chicago" in [fact["value"] for fact in memory["facts"]] or "chicago" in [
        f["value"] for f in memory["facts"]
    ]
    assert ["coat"] == [wish["item"] for wish in memory["wishes"]]
    assert "chicago" in said(client, "/v1/chat", headers, text="What do you know about me?")["reply"].casefold()


def test_a_retry_after_the_answer_is_given_the_same_answer(client: TestClient, runtime: Runtime) -> None:
    """Also when the process that answered has forgotten the turn."""
    headers = {"Authorization": f"Bearer {client.post('/v1/session').json()['token']}"}
    first = said(client, "/v1/chat", headers, text="How do returns work?", message_id="m1")
    client.app.state.service.turns._turns.clear()  # type: ignore[attr-defined]
    again = said(client, "/v1/chat", headers, text="How do returns work?", message_id="m1")
    assert (first["turn_id"], first["conversation_id"]) == (again["turn_id"], again["conversation_id"])


def test_a_marketer_is_told_what_to_send(client: TestClient, runtime: Runtime) -> None:
    """The opportunities of the answer are those of the list."""
    with runtime.database.begin() as session:
        _, key = create_key(session, runtime.clock, "Mia", [Scope.MARKETER])
    headers = {"Authorization": f"Bearer {key}"}
    listed = client.get("/v1/opportunities", headers=headers).json()["opportunities"]
    assert listed
    done = said(client, "/v1/ask", headers, text="What should we send this week, to whom, and why?")
    assert {one["id"] for one in done["opportunities"]} <= {one["id"] for one in listed}
    assert done["opportunities"]
    member = listed[0]["audience"]["members"][0]
    assert member == client.get(f"/v1/customers/{member}", headers=headers).json()["customer_id"]

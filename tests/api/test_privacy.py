"""Export, erasure and forgetting over HTTP, and how a conversation ends whose customer was erased."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.access.keys import Scope
from api.housekeeping import Housekeeper
from api.service import Service
from kit.clock import SetClock
from tests.api.test_chat import chat, events, refusal

Headers = dict[str, str]


@pytest.fixture
def ada(app: FastAPI, stocked: Any) -> Headers:
    """A signed-in customer's headers."""
    service: Service = app.state.service
    return {"Authorization": f"Bearer {service.door.token_for({'email': 'ada@example.com'})}"}


def customer_of(client: TestClient, headers: Headers) -> str:
    return str(client.get("/v1/me/export", headers=headers).json()["rapport_export"]["customer_id"])


def erase(client: TestClient, headers: Headers) -> dict[str, Any]:
    answer = client.post("/v1/me/erase", headers=headers, json={"confirm": "erase"})
    assert answer.status_code == 200
    return dict(answer.json())


def test_a_shopper_gets_everything_as_one_file(client: TestClient, ada: Headers) -> None:
    """Identities, consent, words, facts with quotes, orders with lines; no vectors, nobody else's."""
    answer = client.get("/v1/me/export", headers=ada)
    export = answer.json()
    assert answer.headers["content-disposition"].startswith('attachment; filename="cus_')
    assert {row["value"] for row in export["identity"]} == {"ada@example.com", "C1"}
    assert [(row["channel"], row["granted"]) for row in export["consent"]] == [("email", True)]
    assert [row["text"] for row in export["turn"]] == ["I live in Chicago."]
    assert export["fact_source"][0]["quote"] in "I live in Chicago."
    assert export["order_line"][0]["name"] == "Kinnick Coat"
    assert "index_item" not in export


def test_erasing_needs_the_word_for_it(client: TestClient, ada: Headers) -> None:
    """Without it nothing happens."""
    for body in ({}, {"confirm": True}, {"confirm": "yes"}):
        assert refusal(client.post("/v1/me/erase", headers=ada, json=body)) == (400, "invalid_input")
    assert client.get("/v1/me/memory", headers=ada).json()["facts"]


def test_after_an_erasure_the_session_is_over_and_says_so_politely(
    client: TestClient, ada: Headers, runtime: Any
) -> None:
    """The next message gets a last answer with the receipt, writes nothing, and reaches no agent."""
    receipt = erase(client, ada)
    sent = chat(client, ada, text="Where is my order?", message_id="m9")
    assert sent.status_code == 200
    (_, said), (kind, done) = events(sent.text)
    assert kind == "done"
    assert receipt["receipt"] in said["text"]
    assert done["erased"] == receipt["receipt"]
    assert runtime.turns == []
    assert refusal(client.get("/v1/me/memory", headers=ada)) == (410, "erased")
    assert client.get(f"/v1/erasures/{receipt['receipt']}").json()["counts"]["order_line"] == 1


def test_a_guest_can_be_erased_too(client: TestClient, guest: Headers) -> None:
    """And is told so afterwards rather than that their session is not valid."""
    chat(client, guest, text="I live in Boston.", message_id="m1")
    erase(client, guest)
    assert refusal(client.get("/v1/me/memory", headers=guest)) == (410, "erased")


def test_who_signs_in_again_later_is_somebody_new(
    app: FastAPI, client: TestClient, ada: Headers, clock: SetClock
) -> None:
    """A token from after the erasure opens a new, empty memory; the old token stays void."""
    erased = customer_of(client, ada)
    erase(client, ada)
    clock.advance(timedelta(minutes=1))
    service: Service = app.state.service
    again = {"Authorization": f"Bearer {service.door.token_for({'email': 'ada@example.com'})}"}
    assert client.get("/v1/me/memory", headers=again).json()["facts"] == []
    assert customer_of(client, again) != erased
    assert refusal(client.get("/v1/me/memory", headers=ada)) == (410, "erased")


def test_colleagues_export_and_erase_with_a_key(client: TestClient, ada: Headers, key_with: Any) -> None:
    """A shopper's token opens neither; a second time is answered with the receipt."""
    customer_id = customer_of(client, ada)
    staff = {"Authorization": f"Bearer {key_with(Scope.DESK)}"}
    path = f"/v1/customers/{customer_id}"
    assert client.get(f"{path}/export", headers=ada).status_code == 403
    assert client.get(f"{path}/export", headers=staff).json()["customer"][0]["first_name"] == "Ada"
    assert client.post(f"{path}/erase", headers=staff, json={"confirm": "erase"}).json()["state"] == "compacting"
    assert refusal(client.post(f"{path}/erase", headers=staff, json={"confirm": "erase"})) == (410, "erased")
    assert refusal(client.get(path, headers=staff)) == (410, "erased")


def test_a_shopper_forgets_one_thing(client: TestClient, ada: Headers) -> None:
    """The turn goes with the fact that only it said."""
    turn = client.get("/v1/me/export", headers=ada).json()["turn"][0]["id"]
    forgotten = client.delete(f"/v1/me/memory/{turn}", headers=ada).json()["forgotten"]
    assert forgotten == {"conversation": 1, "fact": 1, "turn": 1}
    assert client.get("/v1/me/memory", headers=ada).json()["facts"] == []
    assert client.delete(f"/v1/me/memory/{turn}", headers=ada).status_code == 404


def test_remembered_streams_are_dropped(app: FastAPI, client: TestClient, guest: Headers) -> None:
    """A finished turn is not shown again once somebody was erased."""
    chat(client, guest, text="hello", message_id="m1")
    service: Service = app.state.service
    assert service.turns._turns
    erase(client, guest)
    assert not service.turns._turns


def test_the_service_compacts_by_itself(client: TestClient, ada: Headers, runtime: Any, clock: SetClock) -> None:
    """Not at once, for more may come; then the receipt is dated. A round with nothing to do changes nothing."""
    receipt = erase(client, ada)["receipt"]
    housekeeper = Housekeeper(runtime.privacy, clock, runtime.turns_under_way)
    housekeeper.round()
    assert runtime.privacy.receipt(receipt).state == "compacting"
    clock.advance(timedelta(seconds=5))
    housekeeper.round()
    assert runtime.privacy.receipt(receipt).compacted_at == clock.now()
    housekeeper.round()
    assert client.get(f"/v1/erasures/{receipt}").json()["state"] == "complete"

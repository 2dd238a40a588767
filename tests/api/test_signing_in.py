"""A guest signs in: what they said comes along, the conversation goes on, and nobody's memory is opened to another."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.access.keys import Scope
from tests.api.test_access import MakeKey, shop_token


def chat(client: TestClient, token: str, text: str, message_id: str, conversation: str | None = None) -> Any:
    body = {"text": text, "message_id": message_id, "conversation_id": conversation}
    return client.post("/v1/chat", json=body, headers=bearer(token))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def sentences(client: TestClient, token: str) -> list[str]:
    return [fact["sentence"] for fact in client.get("/v1/me/memory", headers=bearer(token)).json()["facts"]]


def sign_in(client: TestClient, token: str, guest: str) -> Any:
    return client.post("/v1/session/continue", json={"guest": guest}, headers=bearer(token))


@pytest.fixture
def guest(client: TestClient) -> str:
    """The session of a guest who has said where they live, in conversation ``cnv_g1``."""
    token: str = client.post("/v1/session").json()["token"]
    assert 200 == chat(client, token, "I live in Chicago.", "g1").status_code
    return token


def test_a_guests_memory_and_conversation_come_along(client: TestClient, clock: Any, guest: str, runtime: Any) -> None:
    """The chat goes on under the same id, and the fact is the known customer's."""
    ada = shop_token(clock)
    assert [] == sentences(client, ada)
    assert 200 == sign_in(client, ada, guest).status_code
    assert ["lives in Chicago"] == sentences(client, ada)
    assert 200 == chat(client, ada, "And I wear shoe size 43.", "a1", "cnv_g1").status_code
    with runtime.database.read() as session:
        customer = runtime.memory.find(session, "shop", "S1")
        turns = runtime.memory.of(session, customer).turns("cnv_g1")
        assert ["I live in Chicago.", "And I wear shoe size 43."] == [turn.text for turn in turns]


def test_a_sign_in_sent_twice_changes_nothing_more(client: TestClient, clock: Any, guest: str) -> None:
    """The page may retry."""
    first, again = (sign_in(client, shop_token(clock), guest) for _ in range(2))
    assert (200, first.json()) == (again.status_code, again.json())


def test_the_guests_session_opens_nothing_afterwards(client: TestClient, clock: Any, guest: str) -> None:
    """Whoever finds it on the device later does not read the shopper's memory with it."""
    sign_in(client, shop_token(clock), guest)
    assert 401 == client.get("/v1/me/memory", headers=bearer(guest)).status_code
    assert 401 == chat(client, guest, "who am I?", "g2", "cnv_g1").status_code


def test_a_shared_device_makes_no_one_of_two(client: TestClient, clock: Any, guest: str) -> None:
    """The second who signs in with the same guest's session gets nothing of the first."""
    first, second = shop_token(clock), shop_token(clock, sub="S2")
    one, other = sign_in(client, first, guest).json(), sign_in(client, second, guest).json()
    assert one["customer_id"] != other["customer_id"]
    assert (["lives in Chicago"], []) == (sentences(client, first), sentences(client, second))
    assert 404 == chat(client, second, "hello", "b1", "cnv_g1").status_code


def test_only_a_guests_session_comes_along(client: TestClient, clock: Any, guest: str) -> None:
    """Not another shopper's token, nor with a guest's."""
    assert 401 == sign_in(client, shop_token(clock), shop_token(clock, sub="S2")).status_code
    assert 403 == sign_in(client, client.post("/v1/session").json()["token"], guest).status_code


def test_a_contradicting_token_still_lets_the_shopper_in(client: TestClient, clock: Any, runtime: Any) -> None:
    """The shop's id decides; the e-mail stays whose it was, and both customers go on."""
    mine = shop_token(clock, sub="S1", email="ada@example.com")
    assert 200 == chat(client, mine, "I live in Chicago.", "m1").status_code
    clock.advance(timedelta(minutes=1))
    theirs = shop_token(clock, sub="S2", email="ada@example.com")
    assert [] == sentences(client, theirs)
    assert ["lives in Chicago"] == sentences(client, mine)
    with runtime.database.read() as session:
        assert runtime.memory.find(session, "email", "ada@example.com") == runtime.memory.find(session, "shop", "S1")


def test_a_marketer_merges_and_parts_customers(
    client: TestClient, clock: Any, guest: str, key_with: MakeKey, runtime: Any
) -> None:
    """The answer names the survivor; the customer's page lists the merge; undoing it is one call."""
    key = bearer(key_with(Scope.MARKETER))
    ids = [sign_in(client, shop_token(clock), guest).json()["customer_id"]]
    ids.append(sign_in(client, shop_token(clock, sub="S2"), guest).json()["customer_id"])
    done = client.post(f"/v1/customers/{ids[1]}/merge", json={"with": ids[0]}, headers=key).json()
    assert set(ids) == {done["survivor_id"], done["absorbed_id"]}
    shown = client.get(f"/v1/customers/{done['absorbed_id']}", headers=key).json()
    assert (done["survivor_id"], ["S1", "S2"]) == (shown["customer_id"], shown["identities"]["shop"])
    assert done["merge_id"] in [merge["merge_id"] for merge in shown["merges"]]
    assert 200 == client.post(f"/v1/merges/{done['merge_id']}/undo", headers=key).status_code
    assert 409 == client.post(f"/v1/merges/{done['merge_id']}/undo", headers=key).status_code
    shown = client.get(f"/v1/customers/{done['absorbed_id']}", headers=key).json()
    assert done["absorbed_id"] == shown["customer_id"]

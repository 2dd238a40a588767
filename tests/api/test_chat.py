"""``POST /v1/chat``: framing, refusals, retries, and turns that outlive their connection."""

import asyncio
import json
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.access.limits import RateLimit
from api.service import Service
from kit.errors import Unavailable

Headers = dict[str, str]


def events(body: str) -> list[tuple[str, Any]]:
    """The (kind, data) pairs of a stream of server-sent events."""
    found = []
    for block in body.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def chat(client: TestClient, headers: Headers, **message: Any) -> Any:
    return client.post("/v1/chat", headers=headers, json=message)


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def test_streams_a_turn_as_events_that_end_with_done(client: TestClient, guest: Headers) -> None:
    """Tokens come first, the whole message supersedes them, ``done`` is last."""
    response = chat(client, guest, text="héllo\nthere", message_id="m1")
    assert response.headers["content-type"].startswith("text/event-stream")
    assert ["token", "token", "message", "done"] == [kind for kind, _ in events(response.text)]
    assert "You said: héllo\nthere" == events(response.text)[-1][1]["reply"]


def test_hands_the_agent_the_signed_in_shopper_and_the_message(
    client: TestClient, guest: Headers, runtime: Any
) -> None:
    """A guest is not verified; the channel defaults to the web."""
    chat(client, guest, text="hello", message_id="m1")
    turn = runtime.turns[0]
    assert (
        False,
        "hello",
        "m1",
        "web",
    ) == (turn["shopper"].verified, turn["text"], turn["message_id"], turn["channel"])


@pytest.mark.parametrize("text", ["", "   ", "\n\t "])
def test_refuses_an_empty_message(client: TestClient, guest: Headers, text: str) -> None:
    """400, before any agent is asked."""
    assert (400, "invalid_input") == refusal(chat(client, guest, text=text))


def test_refuses_a_message_over_the_limit_with_both_numbers(client: TestClient, guest: Headers) -> None:
    """413 says how long it is and how long it may be; one at the limit is taken."""
    response = chat(client, guest, text="x" * 16_001)
    assert (413, "too_large") == refusal(response)
    assert "16,001" in response.json()["error"]["message"]
    assert "16,000" in response.json()["error"]["message"]
    assert 200 == chat(client, guest, text="x" * 16_000).status_code


@pytest.mark.parametrize("escaped", [r"a\u0000b", r"a\ud800b", r"\udfff"])
def test_refuses_what_no_database_can_keep(client: TestClient, guest: Headers, escaped: str) -> None:
    """NUL and lone surrogates are a 400 whose own body is valid UTF-8."""
    body = f'{{"text": "{escaped}"}}'.encode()
    response = client.post("/v1/chat", headers={**guest, "Content-Type": "application/json"}, content=body)
    assert (400, "invalid_input") == refusal(response)


def test_takes_any_other_text(client: TestClient, guest: Headers) -> None:
    """Emoji, right-to-left text and markup come through as they are."""
    text = "👩‍👩‍👧 שלום <b>“x”</b> \u2028 data: x"
    assert f"You said: {text}" == events(chat(client, guest, text=text).text)[-1][1]["reply"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("message_id", "a b"),
        ("message_id", ""),
        ("conversation_id", "x" * 129),
        ("channel", "W"),
        ("text", 7),
        ("to", "x"),
    ],
)
def test_names_the_field_and_the_value_that_do_not_fit(
    client: TestClient, guest: Headers, field: str, value: Any
) -> None:
    """Validation errors are 400 in the shape of every other error."""
    response = chat(client, guest, **{"text": "hello", field: value})
    assert (400, "invalid_input") == refusal(response)
    assert field in response.json()["error"]["message"]
    assert repr(value)[:80] in response.json()["error"]["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b'{"text": "a"'])
def test_refuses_a_body_that_is_no_message(client: TestClient, guest: Headers, body: bytes) -> None:
    """Broken JSON and JSON of another shape are 400 too."""
    response = client.post("/v1/chat", headers={**guest, "Content-Type": "application/json"}, content=body)
    assert (400, "invalid_input") == refusal(response)


def test_refuses_somebody_elses_conversation_as_if_it_were_not_there(client: TestClient, guest: Headers) -> None:
    """An unknown conversation and another customer's give the same 404."""
    conversation = events(chat(client, guest, text="hello").text)[-1][1]["conversation_id"]
    other = {"Authorization": f"Bearer {client.post('/v1/session').json()['token']}"}
    theirs = chat(client, other, text="hello", conversation_id=conversation)
    unknown = chat(client, other, text="hello", conversation_id="cnv_unknown")
    assert refusal(theirs) == refusal(unknown) == (404, "not_found")
    assert 200 == chat(client, guest, text="again", conversation_id=conversation).status_code


def test_the_same_message_again_is_shown_the_same_turn(client: TestClient, guest: Headers, runtime: Any) -> None:
    """The agent is asked once."""
    first = chat(client, guest, text="hello", message_id="m1")
    again = chat(client, guest, text="hello", message_id="m1")
    assert (events(first.text), 1) == (events(again.text), len(runtime.turns))


def test_other_words_or_another_shopper_are_another_turn(client: TestClient, guest: Headers, runtime: Any) -> None:
    """Only the same shopper's same words under the same id are a retry."""
    other = {"Authorization": f"Bearer {client.post('/v1/session').json()['token']}"}
    chat(client, guest, text="hello", message_id="m1", conversation_id=None)
    chat(client, guest, text="goodbye", message_id="m2")
    chat(client, other, text="hello", message_id="m1b")
    assert 3 == len(runtime.turns)


def test_a_foreseen_error_in_a_turn_is_an_error_event(client: TestClient, guest: Headers, runtime: Any) -> None:
    """The stream has begun, so the status is 200 and the error comes as an event."""
    runtime.trouble = Unavailable("the shop is closed; come back at nine")
    response = chat(client, guest, text="hello", message_id="m1")
    assert (
        "error",
        {"code": "unavailable", "message": "the shop is closed; come back at nine"},
    ) == events(response.text)[-1]


def test_an_unforeseen_error_in_a_turn_shows_no_internals(client: TestClient, guest: Headers, runtime: Any) -> None:
    """It names an incident that the log knows; asked again, the message is answered anew."""
    runtime.trouble = ZeroDivisionError("secret detail")
    kind, data = events(chat(client, guest, text="hello", message_id="m1").text)[-1]
    assert ("error", "internal") == (kind, data["code"])
    assert "secret detail" not in json.dumps(data)
    runtime.trouble = None
    assert "done" == events(chat(client, guest, text="hello", message_id="m1").text)[-1][0]


def test_too_many_messages_are_told_to_wait(client: TestClient, guest: Headers, app: FastAPI) -> None:
    """429 with ``Retry-After``; another session is not held up."""
    service: Service = app.state.service
    object.__setattr__(service, "messages", RateLimit("messages", burst=2, per_minute=1))
    assert [200, 200, 429] == [chat(client, guest, text="hi").status_code for _ in range(3)]
    assert "retry-after" in chat(client, guest, text="hi").headers
    other = {"Authorization": f"Bearer {client.post('/v1/session').json()['token']}"}
    assert 200 == chat(client, other, text="hi").status_code


async def _lose_the_connection_and_retry(app: FastAPI, runtime: Any) -> tuple[int, list[tuple[str, Any]]]:
    runtime.gate = asyncio.Event()
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://shop") as client,
    ):
        token = (await client.post("/v1/session")).json()["token"]
        request = {"headers": {"Authorization": f"Bearer {token}"}, "json": {"text": "hello", "message_id": "m1"}}
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.post("/v1/chat", **request), 0.5)
        retried = asyncio.create_task(client.post("/v1/chat", **request))
        await asyncio.sleep(0.1)
        runtime.gate.set()
        return len(runtime.turns), events((await retried).text)


def test_a_lost_connection_does_not_lose_the_turn(app: FastAPI, runtime: Any) -> None:
    """The turn goes on without its listener, and the retry is shown all of it."""
    turns, shown = asyncio.run(_lose_the_connection_and_retry(app, runtime))
    assert (1, ["token", "token", "message", "done"]) == (turns, [kind for kind, _ in shown])

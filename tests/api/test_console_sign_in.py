"""The console's sign-in: by key, by one-time link, and what a browser may do with its cookie."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.access.keys import InvalidLink, Scope
from api.service import Service
from kit.clock import SetClock

MakeKey = Callable[..., str]
HERE = {"Origin": "http://testserver"}


@pytest.fixture
def signed_in(client: TestClient, key_with: MakeKey) -> TestClient:
    """A browser that is signed in."""
    assert 200 == client.post("/v1/console/session", json={"key": key_with(Scope.MARKETER)}, headers=HERE).status_code
    return client


def test_a_key_of_scope_marketer_signs_in(client: TestClient, key_with: MakeKey) -> None:
    """The cookie is out of scripts' reach and of other sites', and lasts 12 hours."""
    response = client.post("/v1/console/session", json={"key": key_with(Scope.MARKETER)})
    cookie = response.headers["set-cookie"].lower()
    assert [True] * 4 == [part in cookie for part in ("httponly", "samesite=strict", "max-age=43200", "path=/")]
    assert "secure" not in cookie
    assert "key for marketer" == client.get("/v1/console/session").json()["name"]


def test_the_cookie_of_an_encrypted_connection_is_for_encrypted_ones_alone(app: FastAPI, key_with: MakeKey) -> None:
    """``Secure`` where the request came by https."""
    with TestClient(app, base_url="https://testserver") as client:
        response = client.post("/v1/console/session", json={"key": key_with(Scope.MARKETER)})
    assert "secure" in response.headers["set-cookie"].lower()


def test_a_key_of_another_scope_does_not(client: TestClient, key_with: MakeKey) -> None:
    """403 that names the scope."""
    response = client.post("/v1/console/session", json={"key": key_with(Scope.DESK)})
    assert (403, True) == (response.status_code, "marketer" in response.json()["error"]["message"])
    assert "set-cookie" not in response.headers


def test_the_session_ends_after_12_hours(signed_in: TestClient, clock: SetClock) -> None:
    """A cookie kept longer opens nothing."""
    clock.advance(timedelta(hours=12))
    assert 401 == signed_in.get("/v1/opportunities").status_code


def test_signing_out_forgets_the_cookie(signed_in: TestClient) -> None:
    """The browser is a stranger again."""
    assert 204 == signed_in.delete("/v1/console/session", headers=HERE).status_code
    assert 401 == signed_in.get("/v1/console/session").status_code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://testserver"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://testserver.evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
    ],
)
def test_what_changes_something_must_come_from_the_console_itself(
    signed_in: TestClient, headers: dict[str, str], status: int
) -> None:
    """A cookie alone is not enough for a POST: another site's page could send it."""
    response = signed_in.post("/v1/ask", json={"text": "what to send?"}, headers=headers)
    assert status == response.status_code


def test_another_site_cannot_sign_a_browser_in_or_out(client: TestClient, key_with: MakeKey) -> None:
    """Signing in as somebody else's account would be an attack as well."""
    evil = {"Origin": "https://evil.example"}
    assert 403 == client.post("/v1/console/session", json={"key": key_with(Scope.MARKETER)}, headers=evil).status_code
    assert 403 == client.delete("/v1/console/session", headers=evil).status_code


def test_a_link_signs_in_once(client: TestClient, app: FastAPI) -> None:
    """The second who comes with it is refused and told what to do."""
    service: Service = app.state.service
    code = service.door.sign_in_code()
    assert 200 == client.post("/v1/console/session", json={"code": code}).status_code
    assert 200 == client.get("/v1/opportunities").status_code
    again = client.post("/v1/console/session", json={"code": code})
    assert (401, True) == (again.status_code, "new link" in again.json()["error"]["message"])


def test_of_many_who_come_at_once_one_gets_in(app: FastAPI) -> None:
    """A link is used up in one step."""
    service: Service = app.state.service
    code = service.door.sign_in_code()

    def tries(_: int) -> bool:
        try:
            return bool(service.door.console_session_by_link(code))
        except InvalidLink:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert 1 == sum(pool.map(tries, range(8)))


def test_a_link_is_for_a_day(client: TestClient, app: FastAPI, clock: SetClock) -> None:
    """Afterwards it is like none."""
    service: Service = app.state.service
    code = service.door.sign_in_code()
    clock.advance(timedelta(days=1))
    assert 401 == client.post("/v1/console/session", json={"code": code}).status_code


@pytest.mark.parametrize("body", [{}, {"key": "rk_x", "code": "y"}, {"key": ""}, {"password": "x"}])
def test_refuses_what_is_no_sign_in(client: TestClient, body: dict[str, Any]) -> None:
    """Either a key or a code."""
    assert 400 == client.post("/v1/console/session", json=body).status_code


def test_tries_to_sign_in_are_few(client: TestClient) -> None:
    """Ten at once; then 429, for the right key too."""
    statuses = [client.post("/v1/console/session", json={"key": f"rk_{n}"}).status_code for n in range(12)]
    assert [401] * 10 + [429] * 2 == statuses

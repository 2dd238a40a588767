"""Who may do what: every route with no sign-in, a wrong one, one of the wrong kind, and the right one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient

from api.access.keys import Scope, list_keys, revoke_key
from api.access.secret import load_secret
from api.access.tokens import InvalidToken, Purpose, Signer
from kit.clock import SetClock
from kit.errors import BrokenData
from kit.settings import Settings

SECRET = "a-secret-of-more-than-thirty-two-bytes!"
MakeKey = Callable[..., str]

# What opens each route, and what it answers then.
ROUTES: list[tuple[str, str, Any, str, int]] = [
    ("POST", "/v1/chat", {"text": "hello"}, "shopper", 200),
    ("GET", "/v1/me/memory", None, "shopper", 200),
    ("PATCH", "/v1/me/memory/fct_unknown", {"value": "43"}, "shopper", 404),
    ("POST", "/v1/ask", {"text": "what to send?"}, "marketer", 200),
    ("GET", "/v1/opportunities", None, "marketer", 200),
    ("GET", "/v1/customers?query=nobody", None, "marketer desk", 200),
    ("GET", "/v1/customers/cus_unknown", None, "marketer desk", 404),
    ("GET", "/v1/console/session", None, "marketer", 200),
    ("POST", "/v1/customers/cus_unknown/merge", {"with": "cus_other"}, "marketer", 404),
    ("POST", "/v1/merges/mrg_unknown/undo", None, "marketer", 404),
    ("POST", "/v1/session", None, "anybody", 201),
    ("GET", "/v1/shop", None, "anybody", 200),
    ("GET", "/v1/catalog", None, "anybody", 200),
    ("GET", "/healthz", None, "anybody", 200),
    ("GET", "/readyz", None, "anybody", 200),
    ("GET", "/openapi.json", None, "anybody", 200),
    ("GET", "/", None, "anybody", 200),
    ("GET", "/console", None, "anybody", 200),
]
IDS = [f"{method} {path}" for method, path, *_ in ROUTES]


def shop_token(clock: SetClock, **claims: Any) -> str:
    """A token as the shop signs it; a claim of ``None`` is left out."""
    now = int(clock.now().timestamp())
    whole = {"sub": "S1", "aud": "rapport", "exp": now + 3600, **claims}
    return jwt.encode({name: value for name, value in whole.items() if value is not None}, SECRET, algorithm="HS256")


def call(client: TestClient, route: tuple[Any, ...], token: str | None) -> Any:
    method, path, body, *_ = route
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.request(method, path, json=body, headers=headers)


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_without_a_sign_in(client: TestClient, route: tuple[Any, ...]) -> None:
    """401 that says how to sign in, except where anybody may come."""
    response = call(client, route, None)
    if route[3] == "anybody":
        assert route[4] == response.status_code
    else:
        assert 401 == response.status_code
        assert "Bearer" == response.headers["www-authenticate"]
        assert "Authorization: Bearer" in response.json()["error"]["message"]


@pytest.mark.parametrize("wrong", ["rk_" + "a" * 43, "nonsense", "a.b.c", "é"])
@pytest.mark.parametrize("route", [route for route in ROUTES if route[3] != "anybody"])
def test_with_a_wrong_sign_in(client: TestClient, route: tuple[Any, ...], wrong: str) -> None:
    """401, whatever was wrong with it."""
    method, path, body, *_ = route
    response = client.request(method, path, json=body, headers={b"Authorization": f"Bearer {wrong}".encode()})
    assert (401, "unauthenticated") == (response.status_code, response.json()["error"]["code"])


@pytest.mark.parametrize("who", ["guest", "shopper", "marketer", "desk", "ingest", "operator"])
@pytest.mark.parametrize("route", [route for route in ROUTES if route[3] != "anybody"])
def test_with_each_kind_of_sign_in(
    client: TestClient, clock: SetClock, key_with: MakeKey, route: tuple[Any, ...], who: str
) -> None:
    """The right kinds come in; the others get a 403 that says what is needed."""
    if who == "guest":
        token = client.post("/v1/session").json()["token"]
    else:
        token = shop_token(clock) if who == "shopper" else key_with(Scope(who))
    allowed = route[3].split() + (["guest"] if route[3] == "shopper" else [])
    response = call(client, route, token)
    if who in allowed:
        assert route[4] == response.status_code
    else:
        assert (403, "forbidden") == (response.status_code, response.json()["error"]["code"])


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody-else"},
        {"aud": None},
        {"exp": None},
        {"exp": 1},
        {"exp": "tomorrow"},
        {"exp": 4_102_444_800},
        {"nbf": 4_102_444_800},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 400},
        {"sub": "a\0b"},
    ],
    ids=repr,
)
def test_a_shop_token_that_is_not_right_opens_nothing(client: TestClient, clock: SetClock, claims: Any) -> None:
    """Audience, expiry within 24 hours and a customer are required; the answer never says which was missing."""
    headers = {"Authorization": f"Bearer {shop_token(clock, **claims)}"}
    response = client.get("/v1/me/memory", headers=headers)
    wrong = client.get("/v1/me/memory", headers={"Authorization": "Bearer nonsense"})
    assert (401, wrong.json()) == (response.status_code, response.json())


@pytest.mark.parametrize("forged", ["other secret", "no algorithm", "changed claims"])
def test_a_forged_shop_token_opens_nothing(client: TestClient, clock: SetClock, forged: str) -> None:
    """Signed by another, not signed at all, or changed after signing."""
    claims = {"sub": "S1", "aud": "rapport", "exp": int(clock.now().timestamp()) + 3600}
    if forged == "other secret":
        token = jwt.encode(claims, "another-secret-of-more-than-32-bytes!!!", algorithm="HS256")
    elif forged == "no algorithm":
        token = jwt.encode(claims, None, algorithm="none")
    else:
        head, _, signature = shop_token(clock).split(".")
        token = f"{head}.{shop_token(clock, sub='S2').split('.')[1]}.{signature}"
    assert 401 == client.get("/v1/me/memory", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_shop_token_expires(client: TestClient, clock: SetClock) -> None:
    """After its time, and a minute for clocks that differ, it opens nothing."""
    headers = {"Authorization": f"Bearer {shop_token(clock)}"}
    assert 200 == client.get("/v1/me/memory", headers=headers).status_code
    clock.advance(timedelta(hours=1, seconds=59))
    assert 200 == client.get("/v1/me/memory", headers=headers).status_code
    clock.advance(timedelta(seconds=2))
    assert 401 == client.get("/v1/me/memory", headers=headers).status_code


def test_a_shopper_is_the_same_customer_by_id_and_by_email(client: TestClient, clock: SetClock, runtime: Any) -> None:
    """A token with both links them; the shopper is verified."""
    for claims in ({}, {"email": "Ada@Example.com"}, {"sub": None, "email": "ada@example.com"}):
        headers = {"Authorization": f"Bearer {shop_token(clock, **claims)}"}
        client.post("/v1/chat", headers=headers, json={"text": "hello"})
    shoppers = {turn["shopper"] for turn in runtime.turns}
    assert (1, True) == (len(shoppers), shoppers.pop().verified)


def test_a_guest_session_ends_after_a_week(client: TestClient, clock: SetClock, guest: dict[str, str]) -> None:
    """A guest's token expires too."""
    clock.advance(timedelta(days=7))
    assert 401 == client.get("/v1/me/memory", headers=guest).status_code


def test_a_revoked_key_opens_nothing(client: TestClient, key_with: MakeKey, runtime: Any) -> None:
    """Neither by itself nor through the console session it opened."""
    key = key_with(Scope.MARKETER)
    assert 200 == client.post("/v1/console/session", json={"key": key}).status_code
    assert 200 == client.get("/v1/opportunities").status_code
    with runtime.database.begin() as session:
        revoke_key(session, runtime.clock, list_keys(session)[0].id)
    assert 401 == client.get("/v1/opportunities").status_code
    client.cookies.clear()
    assert 401 == client.get("/v1/opportunities", headers={"Authorization": f"Bearer {key}"}).status_code


def test_a_key_is_stored_as_its_hash(key_with: MakeKey, runtime: Any) -> None:
    """Nothing in the table gives the key away."""
    key = key_with(Scope.MARKETER)
    with runtime.database.read() as session:
        stored = list_keys(session)[0].model_dump_json()
    assert key not in stored
    assert key.removeprefix("rk_") not in stored


def test_a_token_of_one_purpose_passes_for_no_other(clock: SetClock) -> None:
    """A guest's token is no console cookie, nor the other way round, whatever they claim."""
    signer = Signer(SECRET.encode(), clock)
    for made in Purpose:
        token = signer.sign(made, timedelta(minutes=5), {"sub": "x"})
        for asked in Purpose:
            if asked is made:
                assert "x" == signer.verify(asked, token)["sub"]
            else:
                with pytest.raises(InvalidToken):
                    signer.verify(asked, token)


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Any) -> None:
    """Kept in the data directory with mode 0600; the same on every start."""
    settings = Settings(RAPPORT_DATA=tmp_path / "data")
    secret = load_secret(settings)
    assert len(secret) >= 32
    assert secret == load_secret(settings)
    assert 0o600 == (tmp_path / "data" / "secret").stat().st_mode & 0o777
    assert ["secret"] == [path.name for path in (tmp_path / "data").iterdir()]


def test_a_secret_that_is_too_short_is_refused(tmp_path: Any) -> None:
    """A truncated file is not taken for a secret."""
    (tmp_path / "secret").write_text("short\n")
    with pytest.raises(BrokenData, match="remove it for a new one"):
        load_secret(Settings(RAPPORT_DATA=tmp_path))

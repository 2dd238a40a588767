"""What every request passes: ids, headers, limits, and errors in one shape."""

import logging
import time
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from api.access.limits import RateLimit
from kit.errors import BrokenData, RateLimited
from kit.vectors.tables import IndexItem


def test_every_answer_carries_security_headers(client: TestClient) -> None:
    """Pages, files, JSON and errors alike; scripts only from here, none inline."""
    for path in ("/", "/console", "/web/shop/main.js", "/v1/shop", "/nowhere"):
        headers = client.get(path).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "nosniff" == headers["x-content-type-options"]
        assert "DENY" == headers["x-frame-options"]
        assert "no-referrer" == headers["referrer-policy"]


def test_answers_about_people_are_not_kept_by_caches(client: TestClient, guest: dict[str, str]) -> None:
    """``no-store`` on the API."""
    assert "no-store" == client.get("/v1/me/memory", headers=guest).headers["cache-control"]


@pytest.mark.parametrize(("given", "kept"), [("abc-123", True), ("a b", False), ("x" * 65, False), ("", False)])
def test_every_answer_has_a_request_id(client: TestClient, given: str, kept: bool) -> None:
    """A sane one is taken over, others are replaced."""
    answered = client.get("/healthz", headers={"X-Request-Id": given}).headers["x-request-id"]
    assert (answered == given) is kept
    assert answered


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/v1/nowhere", 404, "not_found"),
        ("GET", "/web/../app.py", 404, "not_found"),
        ("GET", "/web/%2e%2e/app.py", 404, "not_found"),
        ("GET", "/docs", 404, "not_found"),
        ("GET", "/v1/demo/shoppers", 404, "not_found"),
        ("POST", "/v1/demo/session", 404, "not_found"),
        ("PUT", "/v1/chat", 405, "method_not_allowed"),
        ("GET", "/v1/catalog?limit=0", 400, "invalid_input"),
        ("GET", "/v1/catalog?offset=-1", 400, "invalid_input"),
        ("GET", "/v1/catalog?offset=99999999999999999999", 400, "invalid_input"),
    ],
)
def test_errors_have_one_shape(client: TestClient, method: str, path: str, status: int, code: str) -> None:
    """``{"error": {"code", "message"}}``, for unknown routes too; the demo's routes are not there outside the demo."""
    response = client.request(method, path)
    assert (status, code) == (response.status_code, response.json()["error"]["code"])
    assert {"code", "message"} == set(response.json()["error"])


def test_a_body_over_the_limit_is_refused_with_the_limit(client: TestClient, guest: dict[str, str]) -> None:
    """413 whether its length was announced or not."""

    def chunks() -> Any:
        for _ in range(12):
            yield b"x" * 100_000

    for content in (b"x" * 1_000_001, chunks()):
        response = client.post("/v1/chat", headers=guest, content=content)
        assert (413, "too_large") == (response.status_code, response.json()["error"]["code"])
        assert "1,000,000" in response.json()["error"]["message"]


def test_a_foreseen_error_of_the_service_keeps_its_words(client: TestClient, runtime: Any) -> None:
    """A damaged database is said in the words of who found it."""

    def broken() -> Any:
        raise BrokenData("the database is damaged; restore it from a backup")

    runtime.database.read = broken
    response = client.get("/v1/shop")
    assert (
        500,
        {"code": "broken_data", "message": "the database is damaged; restore it from a backup"},
    ) == (response.status_code, response.json()["error"])


def test_an_unforeseen_error_shows_no_internals(
    client: TestClient, runtime: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """500 with the request's id, under which the log has the traceback."""

    def broken() -> Any:
        raise ZeroDivisionError("secret detail")

    runtime.database.read = broken
    with caplog.at_level(logging.ERROR):
        response = client.get("/v1/shop", headers={"X-Request-Id": "req-7"})
    assert (500, "internal") == (response.status_code, response.json()["error"]["code"])
    assert "req-7" in response.json()["error"]["message"]
    assert "secret detail" not in response.text
    assert "req-7" in caplog.text
    assert "secret detail" in caplog.text


def test_liveness_and_readiness(client: TestClient) -> None:
    """Ready once the database answers, the schema is current and the embedder is loaded."""
    assert {"status": "ok"} == client.get("/healthz").json()
    while (body := client.get("/readyz").json())["checks"]["embedder"] == "loading":
        time.sleep(0.01)
    assert ("ready", {"database": "ok", "schema": "ok", "embedder": "ok"}) == (body["status"], body["checks"])
    assert (0, "fake") == (body["index_pending"], body["model"])


def test_not_ready_while_the_embedder_loads(app: FastAPI, client: TestClient) -> None:
    """503 that says what is missing; then what went wrong."""
    readiness = app.state.service.readiness
    while not readiness.warm:
        time.sleep(0.01)
    readiness.warm = False
    assert (503, "loading") == (client.get("/readyz").status_code, client.get("/readyz").json()["checks"]["embedder"])
    readiness.problem = "cannot be loaded"
    assert "cannot be loaded" == client.get("/readyz").json()["checks"]["embedder"]


def test_not_ready_on_an_older_schema(client: TestClient, runtime: Any) -> None:
    """503 that names the command that mends it."""
    with runtime.database.begin() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    response = client.get("/readyz")
    assert (503, True) == (response.status_code, "db upgrade" in response.json()["checks"]["schema"])


def test_closing_the_application_closes_the_runtime(app: FastAPI, runtime: Any) -> None:
    """After the last request."""
    with TestClient(app):
        assert not runtime.closed
    assert runtime.closed


def test_the_worker_brings_the_index_up_to_date(client: TestClient, guest: dict[str, str], app: FastAPI) -> None:
    """What a message adds is embedded within the next round."""
    client.post("/v1/chat", headers=guest, json={"text": "hello"})
    service = app.state.service
    service.worker.call()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with service.runtime.database.read() as session:
            models = {item.model for item in session.exec(select(IndexItem)).all()}
        if models == {"word-hashes"}:
            break
        time.sleep(0.02)
    assert {"word-hashes"} == models


def test_a_rate_limit_refills_with_time() -> None:
    """A burst at once, then as many as the rate gives, each key by itself."""
    now = 0.0
    limit = RateLimit("messages", burst=2, per_minute=60, now=lambda: now)
    limit.take("a")
    limit.take("a")
    with pytest.raises(RateLimited, match="try again in 1 s"):
        limit.take("a")
    limit.take("b")
    now = 1.0
    limit.take("a")
    with pytest.raises(RateLimited):
        limit.take("a")


def test_the_api_describes_itself_as_it_answers(client: TestClient) -> None:
    """Every route with our one shape of errors, and none of FastAPI's."""
    described = client.get("/openapi.json").json()
    assert {"/v1/chat", "/v1/ask", "/v1/opportunities", "/v1/customers/{customer_id}"} <= set(described["paths"])
    operation = described["paths"]["/v1/chat"]["post"]
    assert "text/event-stream" in operation["responses"]["200"]["content"]
    assert (False, True) == ("422" in operation["responses"], "default" in operation["responses"])
    assert "HTTPValidationError" not in described["components"]["schemas"]


@pytest.mark.parametrize("path", ["/", "/console", "/healthz", "/readyz", "/web/icon.svg"])
def test_what_watches_may_ask_for_the_head_alone(client: TestClient, path: str) -> None:
    """Monitors and proxies do."""
    response = client.head(path)
    assert (200, b"") == (response.status_code, response.content)

"""What every request passes first: an id, security headers, a limit on its body, and a net for what nobody foresaw."""

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_response

log = logging.getLogger(__name__)

BODY_LIMIT = 1_000_000
_DRAINED = 16 * BODY_LIMIT  # read and dropped, so that a client that sends too much still gets to read the answer
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class RequestEdge:
    """Gives each request an id (or keeps a sane one it came with) and each answer its headers.

    An error that no handler knows is logged under that id and answered without internals.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        began, status = time.monotonic(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _SECURITY.items():
                    headers[name] = value
                if scope["path"].startswith("/v1/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            log.exception("request %s failed: %s %s", request_id, scope["method"], scope["path"])
            if not status:
                text = f"something went wrong here; the log has it as request {request_id}"
                await error_response(500, "internal", text)(scope, receive, send_with_headers)
        took = (time.monotonic() - began) * 1000
        # The path without its query: searches name people.
        log.info("%s %s %s: %d in %.0f ms", request_id, scope["method"], scope["path"], status, took)


class BodyLimit:
    """Takes bodies of at most ``BODY_LIMIT`` bytes; answers larger ones with 413 that says so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        messages, size = await _read(receive)
        if size > BODY_LIMIT:
            text = f"the body is larger than the {BODY_LIMIT:,} bytes that are taken; send less"
            await error_response(413, "too_large", text, {"Connection": "close"})(scope, receive, send)
            return

        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        await self._app(scope, replay, send)


async def _read(receive: Receive) -> tuple[list[Message], int]:
    """The body's messages and its size; of one too large, no more than is needed to tell."""
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        if size <= BODY_LIMIT:
            messages.append(message)
        size += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body") or size > _DRAINED:
            return messages, size

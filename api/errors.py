"""Every error of the HTTP edge in one shape: ``{"error": {"code", "message"}}`` with its status."""

import http.client
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from kit.errors import RapportError

log = logging.getLogger(__name__)

_SHOWN = 100  # characters of a wrong value that its error repeats
_CODES = {404: "not_found", 405: "method_not_allowed"}


def error_response(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer for an error. Text that is no valid Unicode is shown with replacement characters."""
    clean = message.encode("utf-8", "replace").decode("utf-8")
    return JSONResponse({"error": {"code": code, "message": clean}}, status, dict(headers or {}))


def install(app: FastAPI) -> None:
    """Registers the handlers."""
    app.add_exception_handler(RapportError, _on_rapport_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)


async def _on_rapport_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RapportError)
    if error.http_status >= 500:
        log.error("%s %s: %s", request.method, request.url.path, error.message)
    headers = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "5"}}.get(error.http_status)
    return error_response(error.http_status, error.code, error.message, headers)


async def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
    assert isinstance(error, RequestValidationError)
    return error_response(400, "invalid_input", "; ".join(_explained(problem) for problem in error.errors()))


async def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = error.status_code
    if status == 404:
        message = f"there is no {request.url.path} here; /openapi.json lists what there is"
    elif status == 405:
        message = f"{request.url.path} does not take {request.method}; /openapi.json says what it takes"
    else:
        message = str(error.detail)
    code = _CODES.get(status, http.client.responses.get(status, "error").lower().replace(" ", "_"))
    return error_response(status, code, message, error.headers)


def _explained(problem: Mapping[str, Any]) -> str:
    """One slip in words: the field, the value, what it should be."""
    where: Sequence[Any] = problem["loc"]
    field = ".".join(str(part) for part in where[1:]) or str(where[0])
    if problem["type"] == "json_invalid":
        return f"the body is not JSON: {problem['ctx']['error']} at character {where[-1]}"
    if problem["type"] == "missing":
        return f"{field} is missing" if len(where) > 1 else "the body is missing; send JSON"
    if isinstance(problem.get("input"), bytes):
        return "the body was not read as JSON; send it with Content-Type: application/json"
    message = str(problem["msg"])
    shown = repr(problem.get("input"))
    if len(shown) > _SHOWN:
        shown = shown[:_SHOWN] + "…"
    return f"{field}={shown} is not valid: {message[:1].lower()}{message[1:]}"

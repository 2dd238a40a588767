"""Signing in: guests' sessions, and the console's cookie by key or by one-time link."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.access.door import CONSOLE_SESSION, GUEST_SESSION
from api.access.guards import COOKIE, Marketer, SignedInShopper, check_origin
from api.access.keys import Scope
from api.service import Here, Service, address
from kit.errors import Forbidden

router = APIRouter(prefix="/v1", tags=["sign-in"])


class ConsoleSignIn(BaseModel):
    """What opens the console: an API key of scope marketer, or the code of a one-time link."""

    model_config = ConfigDict(extra="forbid")

    key: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    code: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "ConsoleSignIn":
        if (self.key is None) == (self.code is None):
            raise ValueError("give either key or code")
        return self


@router.post("/session", status_code=201)
def greet_guest(request: Request, service: Here) -> dict[str, Any]:
    """A session for somebody unknown: a token to send as ``Authorization: Bearer``."""
    service.guests.take(address(request))
    return {"token": service.door.greet_guest(), "expires_in": int(GUEST_SESSION.total_seconds())}


class GuestSession(BaseModel):
    """The session of the guest that a shopper was before signing in."""

    model_config = ConfigDict(extra="forbid")

    guest: Annotated[str, Field(min_length=1, max_length=4096)]


@router.post("/session/continue")
def bring_guest(wanted: GuestSession, shopper: SignedInShopper, service: Here) -> dict[str, Any]:
    """After signing in: takes along what the shopper did as a guest. The guest's conversation goes on under its id."""
    if not shopper.verified:
        raise Forbidden("a guest's session takes no other along; send the signed-in shopper's token")
    return {"customer_id": service.door.bring_guest(shopper, wanted.guest).customer_id}


@router.post("/console/session")
def sign_in(wanted: ConsoleSignIn, request: Request, response: Response, service: Here) -> dict[str, Any]:
    """Signs a browser in to the console for 12 hours."""
    if "origin" in request.headers:
        check_origin(request)
    service.sign_ins.take(address(request))
    cookie = _cookie_for(wanted, service)
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=int(CONSOLE_SESSION.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )
    return {"name": service.door.console(cookie).name}


@router.get("/console/session")
def who_am_i(staff: Marketer) -> dict[str, Any]:
    """Who is signed in."""
    return {"name": staff.name, "scopes": sorted(staff.scopes)}


@router.delete("/console/session", status_code=204)
def sign_out(request: Request, response: Response) -> None:
    """Signs the browser out."""
    check_origin(request)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


def _cookie_for(wanted: ConsoleSignIn, service: Service) -> str:
    if wanted.code is not None:
        return service.door.console_session_by_link(wanted.code)
    assert wanted.key is not None
    if Scope.MARKETER not in service.door.staff(wanted.key).scopes:
        raise Forbidden("this key does not open the console; it needs the scope marketer")
    return service.door.console_session(wanted.key)

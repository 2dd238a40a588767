"""Dependencies of the routes: who is asking, and whether they may."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from agents.runtime import Shopper
from api.access.door import Staff, is_key
from api.access.keys import Scope
from api.service import Here
from kit.errors import Forbidden, Unauthenticated
from memory.privacy.erased import Erased

COOKIE = "rapport_console"
_READS = ("GET", "HEAD", "OPTIONS")
_bearer = HTTPBearer(auto_error=False, description="a shopper's token, a guest's session token or an API key (rk_…)")

Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def signed_in_shopper(service: Here, bearer: Bearer) -> Shopper:
    """The shopper whose token came with the request. Raises ``Unauthenticated``, for an API key ``Forbidden``."""
    if bearer is None:
        raise Unauthenticated(
            "no sign-in came with the request; send Authorization: Bearer with a token signed by the shop, "
            "or with a guest's from POST /v1/session"
        )
    if is_key(bearer.credentials):
        service.door.staff(bearer.credentials)
        raise Forbidden("an API key speaks for no shopper; use a shopper's token or a guest's from POST /v1/session")
    return service.door.shopper(bearer.credentials)


def shopper_or_erased(service: Here, bearer: Bearer) -> Shopper | Erased:
    """The shopper, or why they are none any more: a conversation has the last word then, not an error."""
    try:
        return signed_in_shopper(service, bearer)
    except Erased as erased:
        return erased


def staff_with(*scopes: Scope) -> Callable[[Request, Here, Bearer], Staff]:
    """A dependency that gives the colleague who asks, if one of these scopes is theirs."""

    def allowed(request: Request, service: Here, bearer: Bearer) -> Staff:
        staff = _staff(request, service, bearer)
        if staff.by_cookie and request.method not in _READS:
            check_origin(request)
        if staff.scopes.isdisjoint(scopes):
            raise _needs(*scopes)
        return staff

    return allowed


def check_origin(request: Request) -> None:
    """Refuses what another site's page makes a browser send. Raises ``Forbidden``."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.casefold() == request.headers.get("host", "").casefold():
        return
    if origin is None and request.headers.get("sec-fetch-site") == "same-origin":
        return
    raise Forbidden("this request does not come from the console's own page; open the console and do it there")


def _staff(request: Request, service: Here, bearer: Bearer) -> Staff:
    if bearer is None:
        cookie = request.cookies.get(COOKIE)
        if cookie is not None:
            return service.door.console(cookie)
        raise Unauthenticated(
            "no sign-in came with the request; send Authorization: Bearer with an API key "
            "(`./rapport keys create` makes one), or sign in at /console"
        )
    if is_key(bearer.credentials):
        return service.door.staff(bearer.credentials)
    service.door.shopper(bearer.credentials)
    raise Forbidden("a shopper's token does not open this; it takes an API key or the console's sign-in")


def _needs(*scopes: Scope) -> Forbidden:
    named = " or ".join(scopes)
    return Forbidden(f"this key does not open this; it needs the scope {named} (`./rapport keys create` makes one)")


ShopperOrErased = Annotated[Shopper | Erased, Depends(shopper_or_erased)]
SignedInShopper = Annotated[Shopper, Depends(signed_in_shopper)]
Marketer = Annotated[Staff, Depends(staff_with(Scope.MARKETER))]
Colleague = Annotated[Staff, Depends(staff_with(Scope.MARKETER, Scope.DESK))]

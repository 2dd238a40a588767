"""Signed tokens (JWT, HS256): the shop's for its shoppers, ours for guests and for the console.

The shop signs with the shared secret itself and audience ``rapport``; ours are signed with keys derived from it,
one per purpose, so that no token passes for one of another kind. Source: RFC 7519; derivation as in RFC 5869's
expand step with one block.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import jwt

from kit.clock import Clock
from kit.errors import Unauthenticated

ALGORITHM = "HS256"
LONGEST_SHOPPER_TOKEN = timedelta(hours=24)
LEEWAY = timedelta(seconds=60)  # between the shop's clock and ours


class Purpose(StrEnum):
    """What a token is for: its audience."""

    SHOPPER = "rapport"
    GUEST = "rapport/guest"
    CONSOLE = "rapport/console"


class InvalidToken(Unauthenticated):
    """This sign-in is not valid or has expired; sign in again (a guest gets a session from POST /v1/session)."""


class Signer:
    """Signs and verifies tokens. What exactly was wrong with one is never said."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def sign(self, purpose: Purpose, lifetime: timedelta, claims: Mapping[str, Any]) -> str:
        """A token with these claims that expires after ``lifetime``."""
        now = self._clock.now()
        payload = {
            **claims,
            "aud": purpose.value,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
        }
        return jwt.encode(payload, self._key(purpose), algorithm=ALGORITHM)

    def verify(self, purpose: Purpose, token: str) -> dict[str, Any]:
        """The claims of a valid token. Raises ``InvalidToken``."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key(purpose),
                algorithms=[ALGORITHM],
                audience=purpose.value,
                # The time is the clock's to tell; PyJWT would ask the machine.
                options={"require": ["aud", "exp"], "verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except (jwt.InvalidTokenError, UnicodeError, ValueError):
            raise InvalidToken from None
        if not self._in_time(purpose, claims):
            raise InvalidToken
        return claims

    def _in_time(self, purpose: Purpose, claims: Mapping[str, Any]) -> bool:
        expires, earliest = claims["exp"], claims.get("nbf", 0)
        if not _is_time(expires) or not _is_time(earliest):
            return False
        now, leeway = self._clock.now().timestamp(), LEEWAY.total_seconds()
        if purpose is not Purpose.SHOPPER:
            leeway = 0.0
        elif expires > now + LONGEST_SHOPPER_TOKEN.total_seconds() + leeway:
            return False
        return bool(expires + leeway > now and earliest - leeway <= now)

    def _key(self, purpose: Purpose) -> bytes:
        if purpose is Purpose.SHOPPER:
            return self._secret
        return hmac.digest(self._secret, purpose.value.encode(), hashlib.sha256)


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

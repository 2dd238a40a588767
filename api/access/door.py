"""From a token, key or cookie to the person behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from agents.runtime import Shopper
from api.access.keys import PREFIX, Scope, create_link, key_in_force, redeem_link, verify_key
from api.access.tokens import LONGEST_SHOPPER_TOKEN, InvalidToken, Purpose, Signer
from api.tables import ApiKey
from kit.clock import Clock
from kit.database import Database
from kit.errors import InvalidInput
from kit.ids import CustomerId, new_id
from memory.door import Memory
from memory.privacy.erased import Erased
from memory.timeline import whole

GUEST_SESSION = timedelta(days=7)
CONSOLE_SESSION = timedelta(hours=12)
SHOPPER_SESSION = timedelta(hours=12)
_LONGEST_CLAIM = 320  # the longest e-mail address there is


@dataclass(frozen=True)
class Staff:
    """A colleague or a program of the shop. ``by_cookie``: a browser sent the sign-in by itself."""

    name: str
    scopes: frozenset[Scope]
    by_cookie: bool = False


class Door:
    """Signs people in and tells who they are."""

    def __init__(self, database: Database, memory: Memory, signer: Signer, clock: Clock) -> None:
        self._database = database
        self._memory = memory
        self._signer = signer
        self._clock = clock

    def greet_guest(self) -> str:
        """A session token for somebody unknown, with an anonymous customer behind it."""
        anonymous = new_id("anon", self._clock.now())
        with self._database.begin() as session:
            self._memory.enter(session, {"anonymous": anonymous})
        return self._signer.sign(Purpose.GUEST, GUEST_SESSION, {"sub": anonymous})

    def token_for(self, identity: Mapping[str, str]) -> str:
        """A shopper's token as the shop would sign it: ``sub`` or ``email``."""
        return self._signer.sign(Purpose.SHOPPER, SHOPPER_SESSION, dict(identity))

    def shopper(self, token: str) -> Shopper:
        """Whose token this is: a shopper the shop vouches for, or a guest.

        Raises ``InvalidToken``, and ``Erased`` for a token from before its customer was erased.
        """
        try:
            return self._signed_in(self._signer.verify(Purpose.SHOPPER, token))
        except InvalidToken:
            return self._guest(self._signer.verify(Purpose.GUEST, token))

    def staff(self, key: str) -> Staff:
        """Whose API key this is. Raises ``InvalidKey``."""
        with self._database.read() as session:
            return _holder(verify_key(session, key))

    def console_session(self, key: str) -> str:
        """A console cookie for the holder of a key. Raises ``InvalidKey``."""
        with self._database.read() as session:
            found = verify_key(session, key)
        return self._signer.sign(Purpose.CONSOLE, CONSOLE_SESSION, {"sub": found.name, "key": found.id})

    def sign_in_code(self) -> str:
        """The code of a new one-time sign-in link."""
        with self._database.begin() as session:
            return create_link(session, self._clock)

    def console_session_by_link(self, code: str) -> str:
        """A console cookie for the first who comes with this code. Raises ``InvalidLink``."""
        with self._database.begin() as session:
            redeem_link(session, self._clock, code)
        return self._signer.sign(Purpose.CONSOLE, CONSOLE_SESSION, {"sub": "sign-in link"})

    def console(self, cookie: str) -> Staff:
        """Whose console cookie this is; it ends with the key that opened it. Raises ``InvalidToken``."""
        claims = self._signer.verify(Purpose.CONSOLE, cookie)
        if "key" not in claims:
            return Staff(str(claims["sub"]), frozenset({Scope.MARKETER}), by_cookie=True)
        with self._database.read() as session:
            key = key_in_force(session, str(claims["key"]))
        if key is None:
            raise InvalidToken
        return Staff(key.name, _holder(key).scopes, by_cookie=True)

    def _signed_in(self, claims: Mapping[str, Any]) -> Shopper:
        identities = {
            kind: _text(claims[name]) for kind, name in (("shop", "sub"), ("email", "email")) if name in claims
        }
        if not identities:
            raise InvalidToken
        try:
            with self._database.read() as session:
                self._refuse_erased(session, claims, identities)
                known = self._memory.recognise(session, identities)
            if known is not None:
                return Shopper(known, verified=True)
            with self._database.begin() as session:
                return Shopper(self._memory.sign_in(session, identities, source="sign-in"), verified=True)
        except InvalidInput:  # no e-mail address, say: what exactly is wrong with a token is never said
            raise InvalidToken from None

    def bring_guest(self, shopper: Shopper, token: str) -> Shopper:
        """Takes along what somebody did as a guest before they signed in; doing it again changes nothing.

        From then on the guest's session opens nothing: it would open the shopper's memory to whoever uses the device
        next. Raises ``InvalidToken``.
        """
        anonymous = _text(self._signer.verify(Purpose.GUEST, token).get("sub"))
        with self._database.begin() as session:
            customer_id = self._memory.bring(session, shopper.customer_id, {"anonymous": anonymous}, source="sign-in")
        return Shopper(customer_id, verified=True)

    def _guest(self, claims: Mapping[str, Any]) -> Shopper:
        anonymous = _text(claims.get("sub"))
        with self._database.read() as session:
            customer_id: CustomerId | None = self._memory.find(session, "anonymous", anonymous)
            receipt = self._memory.erasure(session, "anonymous", anonymous) if customer_id is None else None
            if receipt is not None:
                raise Erased(receipt)
            if customer_id is None or self._memory.is_known(session, customer_id):
                raise InvalidToken
        return Shopper(customer_id, verified=False)

    def _refuse_erased(self, session: Session, claims: Mapping[str, Any], identities: Mapping[str, str]) -> None:
        """Raises ``Erased`` for whoever was erased after this token was signed."""
        for kind, value in identities.items():
            receipt = self._memory.erasure(session, kind, value)
            if receipt is not None and self._signed_before(claims, receipt.erased_at):
                raise Erased(receipt)

    def _signed_before(self, claims: Mapping[str, Any], erased_at: datetime) -> bool:
        """Whether a token is older than an erasure; one that does not say when it was signed counts for its longest."""
        if isinstance(signed := claims.get("iat"), int | float):
            return signed <= erased_at.timestamp()
        return self._clock.now() - erased_at <= LONGEST_SHOPPER_TOKEN


def is_key(token: str) -> bool:
    """Whether a bearer token is an API key rather than a shopper's token."""
    return token.startswith(PREFIX)


def _holder(key: ApiKey) -> Staff:
    return Staff(key.name, frozenset(Scope(scope) for scope in key.scopes))


def _text(value: object) -> str:
    """A claim as text that a database can keep. Raises ``InvalidToken``."""
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_CLAIM:
        raise InvalidToken
    try:
        return whole(value)
    except InvalidInput:
        raise InvalidToken from None

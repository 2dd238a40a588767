"""API keys and one-time sign-in links: made, listed, revoked, verified. Only their SHA-256 is stored."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.tables import ApiKey, SignInLink
from kit.clock import Clock
from kit.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from kit.ids import new_id

PREFIX = "rk_"
LINK_LIFETIME = timedelta(days=1)
_RANDOM_BYTES = 32


class Scope(StrEnum):
    """What an API key opens."""

    MARKETER = "marketer"
    DESK = "desk"
    INGEST = "ingest"
    OPERATOR = "operator"


class InvalidKey(Unauthenticated):
    """This key is not valid; `./rapport keys list` shows those there are, `./rapport keys create` makes one."""


class InvalidLink(Unauthenticated):
    """This sign-in link was used already or has expired; sign in with a key, or get a new link."""


def create_key(session: Session, clock: Clock, name: str, scopes: Iterable[Scope]) -> tuple[ApiKey, str]:
    """A new key and its text, which is shown this once. Names of keys in force are unique."""
    name = name.strip()
    if not name or len(name) > 100:
        raise InvalidInput(f"a key's name has 1 to 100 characters, not {name!r}")
    if any(key.name == name and key.revoked_at is None for key in list_keys(session)):
        raise Conflict(f"there is a key named {name!r} already; revoke it first, or take another name")
    text = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    now = clock.now()
    wanted = sorted({scope.value for scope in scopes})
    key = ApiKey(id=new_id("key", now), digest=_digest(text), name=name, scopes=wanted, created_at=now)
    session.add(key)
    return key, text


def list_keys(session: Session) -> list[ApiKey]:
    """All keys, oldest first, revoked ones too."""
    return list(session.exec(select(ApiKey).order_by(col(ApiKey.id))).all())


def revoke_key(session: Session, clock: Clock, id_or_name: str) -> ApiKey:
    """Ends a key in force. Raises ``NotFound``."""
    for key in list_keys(session):
        if id_or_name in (key.id, key.name) and key.revoked_at is None:
            key.revoked_at = clock.now()
            session.add(key)
            return key
    raise NotFound(f"there is no key in force with the id or name {id_or_name!r}; `./rapport keys list` shows them")


def verify_key(session: Session, text: str) -> ApiKey:
    """The key in force whose text this is. Raises ``InvalidKey``."""
    digest = _digest(text)
    key = session.exec(select(ApiKey).where(ApiKey.digest == digest)).first()
    if key is None or not hmac.compare_digest(key.digest, digest) or key.revoked_at is not None:
        raise InvalidKey
    return key


def key_in_force(session: Session, key_id: str) -> ApiKey | None:
    """The key with this id, unless it was revoked."""
    key = session.get(ApiKey, key_id)
    return key if key is not None and key.revoked_at is None else None


def create_link(session: Session, clock: Clock) -> str:
    """The code of a new one-time sign-in link."""
    code = secrets.token_urlsafe(_RANDOM_BYTES)
    now = clock.now()
    session.add(SignInLink(digest=_digest(code), created_at=now, expires_at=now + LINK_LIFETIME))
    return code


def redeem_link(session: Session, clock: Clock, code: str) -> None:
    """Uses a link up, whoever else tries at the same moment. Raises ``InvalidLink``."""
    now = clock.now()
    used = session.execute(
        update(SignInLink)
        .where(
            col(SignInLink.digest) == _digest(code),
            col(SignInLink.used_at).is_(None),
            col(SignInLink.expires_at) > now,
        )
        .values(used_at=now)
    )
    if getattr(used, "rowcount", 0) != 1:
        raise InvalidLink


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

"""The secret that signs sessions and verifies shopper tokens: a setting, or made once in the data directory."""

import os
import secrets
from pathlib import Path

from kit.errors import BrokenData
from kit.settings import Settings

FILE = "secret"
LEAST_BYTES = 32


def load_secret(settings: Settings) -> bytes:
    """The secret in force; without ``RAPPORT_SECRET`` the one in ``data/secret`` (mode 0600), made when first needed.

    Raises ``BrokenData`` where that file holds too little to be a secret.
    """
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    path = settings.data / FILE
    if not path.exists():
        _make(path)
    secret = path.read_text("utf-8", "replace").strip().encode()
    if len(secret) < LEAST_BYTES:
        raise BrokenData(f"the secret in {path} has {len(secret)} bytes, not {LEAST_BYTES}; remove it for a new one")
    return secret


def _make(path: Path) -> None:
    """Written aside and linked into place, so that two processes that start at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(secrets.token_urlsafe(48) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()

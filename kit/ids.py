"""Typed, prefixed, sortable ids: ``cus_`` and 26 characters of a ULID (48 bits of time, 80 of chance or of a digest).

Source: the ULID specification, https://github.com/ulid/spec (Crockford's base 32, most significant first).
"""

import hashlib
import secrets
from datetime import datetime
from typing import NewType

CustomerId = NewType("CustomerId", str)
ConversationId = NewType("ConversationId", str)
TurnId = NewType("TurnId", str)
EventId = NewType("EventId", str)
FactId = NewType("FactId", str)
WishId = NewType("WishId", str)
OrderId = NewType("OrderId", str)
ProductId = NewType("ProductId", str)
VariantId = NewType("VariantId", str)
TicketId = NewType("TicketId", str)

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHANCE_BITS = 80


def new_id(prefix: str, at: datetime) -> str:
    """A fresh id, such as ``new_id("cus", clock.now())``; later ones sort after earlier ones, to the millisecond."""
    return f"{prefix}_{_encode(_milliseconds(at), secrets.randbits(_CHANCE_BITS))}"


def derived_id(prefix: str, at: datetime, *parts: str) -> str:
    """The same id whenever made from the same parts: what makes a repeated import or request change nothing."""
    digest = hashlib.sha256("\x1f".join((prefix, *parts)).encode("utf-8", "surrogatepass")).digest()
    return f"{prefix}_{_encode(_milliseconds(at), int.from_bytes(digest[: _CHANCE_BITS // 8]))}"


def _milliseconds(at: datetime) -> int:
    return max(0, min(int(at.timestamp() * 1000), (1 << 48) - 1))


def _encode(milliseconds: int, chance: int) -> str:
    number = (milliseconds << _CHANCE_BITS) | chance
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))

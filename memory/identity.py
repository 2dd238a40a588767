"""Who is who: identities lead to customers, and one identity leads to one customer."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from kit.errors import Conflict, InvalidInput, NotFound
from kit.ids import CustomerId, new_id
from memory.tables import Customer, Identity

KINDS = ("email", "phone", "anonymous", "shop")


def normalised(kind: str, value: str) -> str:
    """An identity's value as stored: e-mails in lower case, phones as ``+`` and digits. Raises ``InvalidInput``."""
    if kind not in KINDS:
        raise InvalidInput(f"unknown kind of identity {kind!r}; there are {', '.join(KINDS)}")
    value = value.strip()
    if kind == "email":
        value = value.casefold()
        if value.count("@") != 1 or value.startswith("@") or value.endswith("@"):
            raise InvalidInput(f"{value!r} is not an e-mail address")
    elif kind == "phone":
        digits = "".join(c for c in value if c.isdecimal())
        if len(digits) < 5:
            raise InvalidInput(f"{value!r} is not a phone number; write it as in +1 312 555 0123")
        value = ("+" if value.startswith("+") else "") + digits
    if not value:
        raise InvalidInput(f"an identity of kind {kind!r} is empty")
    return value


def find(session: Session, kind: str, value: str) -> CustomerId | None:
    """The customer an identity leads to."""
    identity = session.get(Identity, (kind, normalised(kind, value)))
    return CustomerId(identity.customer_id) if identity else None


def enter(
    session: Session,
    identities: Mapping[str, str],
    *,
    at: datetime,
    first_name: str = "",
    last_name: str = "",
    timezone: str = "UTC",
) -> CustomerId:
    """Finds or makes the customer that these identities lead to, and links the new ones.

    Raises ``Conflict`` where they lead to different customers: nobody is merged in silence.
    """
    if not identities:
        raise InvalidInput("a customer needs at least one identity: an e-mail, a phone, an anonymous or a shop's id")
    wanted = {kind: normalised(kind, value) for kind, value in identities.items()}
    found = {kind: row for kind, value in wanted.items() if (row := session.get(Identity, (kind, value)))}
    owners = {row.customer_id for row in found.values()}
    if len(owners) > 1:
        named = ", ".join(f"{kind} {row.value!r}" for kind, row in found.items())
        raise Conflict(f"{named} belong to different customers; decide which is right before they are joined")
    customer_id = owners.pop() if owners else new_id("cus", at)
    if not found:
        session.add(
            Customer(id=customer_id, created_at=at, first_name=first_name, last_name=last_name, timezone=timezone)
        )
        session.flush()
    for kind in wanted.keys() - found.keys():
        session.add(Identity(kind=kind, value=wanted[kind], customer_id=customer_id, at=at))
    session.flush()
    return CustomerId(customer_id)


def customer(session: Session, customer_id: str) -> Customer:
    """The customer's row; of those merged into another, the other's. Raises ``NotFound``."""
    seen = session.get(Customer, customer_id)
    while seen is not None and seen.merged_into is not None:
        seen = session.get(Customer, seen.merged_into)
    if seen is None:
        raise NotFound(f"there is no customer {customer_id!r}")
    return seen

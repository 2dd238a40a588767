"""Whether somebody was erased, and what they are told who come back in the middle of it."""

import functools
from collections.abc import Callable
from typing import Any, ClassVar, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col, select

from kit.database import Database
from kit.errors import RapportError
from memory.privacy.tables import Erasure, Tombstone
from memory.privacy.tombstones import Tombstones
from memory.tables import Customer


class Erased(RapportError):
    """What the shop knew of this customer was erased, as asked; the session is over."""

    code: ClassVar[str] = "erased"
    http_status: ClassVar[int] = 410

    def __init__(self, receipt: Erasure) -> None:
        self.receipt_id = receipt.id
        super().__init__(
            "everything this shop remembered of this customer was erased on "
            f"{receipt.erased_at:%Y-%m-%d}, receipt {receipt.id}; this session is over"
        )

    @property
    def farewell(self) -> str:
        """The last words of a conversation."""
        return (
            "Everything this shop remembered about you has been erased, as was asked, so this conversation ends here. "
            f"Your receipt is {self.receipt_id}. You are welcome to begin a new conversation at any time; "
            "it will start from nothing."
        )


def find_erasure(session: Session, tombstones: Tombstones, kind: str, value: str) -> Erasure | None:
    """The newest erasure of the customer with this id (``customer``) or identity (``email`` …)."""
    wanted = (
        select(Erasure)
        .join(Tombstone, col(Tombstone.erasure_id) == col(Erasure.id))
        .where(col(Tombstone.digest).in_(tombstones.candidates(kind, value)))
        .order_by(col(Erasure.erased_at).desc(), col(Erasure.id).desc())
    )
    return session.exec(wanted.limit(1)).first()


class _Kept(Protocol):
    @property
    def database(self) -> Database: ...
    @property
    def tombstones(self) -> Tombstones | None: ...


One = TypeVar("One")
P = ParamSpec("P")
R = TypeVar("R")


def or_erased(method: Callable[Concatenate[One, P], R]) -> Callable[Concatenate[One, P], R]:
    """A method that writes into one customer's memory: it waits for an erasure under way, then raises ``Erased``.

    On PostgreSQL two transactions run at once, so the customer's row is held before anything that refers to it:
    an erasure locks it first too, and neither waits for what the other holds.
    """

    @functools.wraps(method)
    def wrapped(self: One, /, *args: P.args, **kwargs: P.kwargs) -> R:
        of: Any = self
        try:
            _hold(of._session, of.customer_id)  # noqa: SLF001 - the method's own
            return method(self, *args, **kwargs)
        except (IntegrityError, StaleDataError):
            raise_if_erased(of._memory, of.customer_id)  # noqa: SLF001
            raise

    return wrapped


def _hold(session: Session, customer_id: str) -> None:
    if session.get_bind().dialect.name != "sqlite":
        wanted = select(Customer.id).where(Customer.id == customer_id)
        session.exec(wanted.with_for_update(read=True, key_share=True)).all()


def raise_if_erased(memory: _Kept, customer_id: str) -> None:
    """Raises ``Erased`` if that customer was. Reads in a unit of work of its own."""
    if memory.tombstones is None:
        return
    with memory.database.read() as session:
        receipt = find_erasure(session, memory.tombstones, "customer", customer_id)
    if receipt is not None:
        raise Erased(receipt) from None

"""Erasing a customer: out of every answer at once, in one transaction that leaves a receipt and tombstones."""

from collections.abc import Sequence

from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from kit.clock import Clock
from kit.database import Database
from kit.errors import NotFound, RapportError
from kit.ids import new_id
from kit.personal import CUSTOMER
from kit.vectors.index import SemanticIndex
from memory.privacy.erased import Erased, find_erasure
from memory.privacy.removal import everyone_locked, remove_people
from memory.privacy.tables import Erasure, Tombstone
from memory.privacy.tombstones import Buried, Identifier, Tombstones
from memory.tables import Customer, Identity

_DEADLOCK = "40P01"  # PostgreSQL's, where a writer of another kind held a row of theirs
_TRIES = 4


class Erasures:
    """Erases customers of one database, with the tombstones beside it."""

    def __init__(self, database: Database, index: SemanticIndex, clock: Clock, tombstones: Tombstones) -> None:
        self._database = database
        self._index = index
        self._clock = clock
        self._tombstones = tombstones

    def erase(self, customer_id: str) -> Erasure:
        """Erases a customer with all that were merged into them or they into; gives the receipt.

        Raises ``NotFound``, and ``Erased`` for one who was erased before.
        """
        for _ in range(_TRIES):
            try:
                return self._erase(customer_id)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) != _DEADLOCK:
                    raise
        return self._erase(customer_id)

    def _erase(self, customer_id: str) -> Erasure:
        at = self._clock.now()
        with self._database.begin() as session:
            people = everyone_locked(session, customer_id)
            if session.get(Customer, customer_id) is None:
                raise self._missing(session, customer_id)
            digests = self._tombstones.digests(_identifiers(session, people))
            line = Buried(new_id("ers", at), at, digests)
            receipt = bury(session, self._index, people, line)
            # The last thing before the commit. Should that fail, the next start brings the erasure to its end.
            self._tombstones.append(line)
        return receipt

    def _missing(self, session: Session, customer_id: str) -> RapportError:
        receipt = find_erasure(session, self._tombstones, CUSTOMER, customer_id)
        return Erased(receipt) if receipt else NotFound(f"there is no customer {customer_id!r}")


def bury(session: Session, index: SemanticIndex, people: Sequence[str], line: Buried) -> Erasure:
    """Removes every row of these customers, and writes the receipt and the tombstones' rows."""
    counts = remove_people(session, index, people) if people else {}
    receipt = Erasure(id=line.erasure_id, erased_at=line.erased_at, counts=counts, remaining=[])
    session.add(receipt)
    session.flush()
    session.add_all(Tombstone(digest=digest, erasure_id=receipt.id) for digest in sorted(set(line.digests)))
    session.flush()
    return receipt


def _identifiers(session: Session, people: Sequence[str]) -> list[Identifier]:
    known = session.exec(select(Identity.kind, Identity.value).where(col(Identity.customer_id).in_(people))).all()
    return [*((CUSTOMER, one) for one in people), *((kind, value) for kind, value in known)]

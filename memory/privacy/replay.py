"""Tombstones against the database at every opening: whom an older database brings back is erased again.

A database that was restored from a backup lacks the receipts of later erasures, and the file beside it does not.
An erasure that a crash cut short after its tombstone was written is brought to its end here too.
"""

import logging
from collections.abc import Mapping, Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from kit.database import Database
from kit.personal import CUSTOMER
from kit.vectors.index import SemanticIndex
from memory.privacy.erasure import bury
from memory.privacy.removal import everyone_locked
from memory.privacy.tables import Erasure, Tombstone
from memory.privacy.tombstones import Buried, Tombstones
from memory.tables import Customer, Identity

log = logging.getLogger(__name__)


def replay(database: Database, index: SemanticIndex, tombstones: Tombstones) -> list[Erasure]:
    """Erases again whom this database should not have any more; gives those receipts, whose bytes are yet to go.

    Cheap where nothing is new: two counts are compared. To be called before anything is served.
    """
    with database.read() as session:
        receipts = session.exec(select(func.count()).select_from(Erasure)).one()
        if tombstones.count() == receipts:
            return []
        known = set(session.exec(select(Erasure.id)).all())
    _write_lost_lines(database, tombstones)
    missing = {line.erasure_id: line for line in tombstones.lines() if line.erasure_id not in known}
    replayed = []
    for line in sorted(missing.values(), key=lambda line: (line.erased_at, line.erasure_id)):
        with database.begin() as session:
            people = _people(session, _recognised(session, tombstones, line))
            replayed.append(bury(session, index, people, line))
    log.warning("%d erasures were not in this database; their customers are erased again", len(replayed))
    return replayed


def _people(session: Session, recognised: Sequence[str]) -> list[str]:
    return sorted({one for customer_id in recognised for one in everyone_locked(session, customer_id)})


def _recognised(session: Session, tombstones: Tombstones, line: Buried) -> list[str]:
    """Whom the digests mean: by id, or by an identity of somebody who was there before the erasure.

    Who came back later under the same e-mail is somebody new.
    """
    digests = dict.fromkeys(line.digests)
    ids = session.exec(select(Customer.id).execution_options(yield_per=1000))
    found = {one for one in ids if _among(tombstones, CUSTOMER, one, digests)}
    wanted = select(Identity.kind, Identity.value, Identity.customer_id).join(Customer)
    earlier = wanted.where(col(Customer.created_at) < line.erased_at).execution_options(yield_per=1000)
    found |= {of for kind, value, of in session.exec(earlier) if _among(tombstones, kind, value, digests)}
    return sorted(found)


def _among(tombstones: Tombstones, kind: str, value: str, digests: Mapping[str, None]) -> bool:
    return any(digest in digests for digest in tombstones.candidates(kind, value))


def _write_lost_lines(database: Database, tombstones: Tombstones) -> None:
    """The file's lines anew from the tables, where the file was lost."""
    written = {line.erasure_id for line in tombstones.lines()}
    with database.read() as session:
        for receipt in session.exec(select(Erasure).order_by(col(Erasure.erased_at), Erasure.id)).all():
            if receipt.id not in written:
                digests = session.exec(select(Tombstone.digest).where(Tombstone.erasure_id == receipt.id)).all()
                tombstones.append(Buried(receipt.id, receipt.erased_at, sorted(digests)))

"""Two customers become one, and two again.

The known one survives an anonymous one, then the older one, then the smaller id, whichever is named first.
The absorbed one's id and identities lead to the survivor from then on. Merges are transitive: of A merged into B and
B into C, all is C's; and each can be undone at any time, in any order, with what has happened since: see ``ownership``.
Name and timezone are the survivor's, filled from the absorbed one where they are empty.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, or_, select

from kit.errors import Conflict, NotFound
from kit.ids import new_id
from memory.identity import ownership
from memory.identity.normal import DEVICES
from memory.identity.rows import current, hold
from memory.tables import Consent, Customer, Identity, Merge

Settle = Callable[[Session, str], None]
"""Derives a customer's facts and wishes anew from what was said."""

_EMPTY = {"first_name": "", "last_name": "", "timezone": "UTC"}


@dataclass(frozen=True)
class MergePlan:
    """What a merge would do: who survives, and how many rows of each table would move to them, or stand aside."""

    survivor_id: str
    absorbed_id: str
    rows: Mapping[str, int]


def plan(session: Session, one: str, other: str) -> MergePlan:
    """What ``merge`` would do, without doing it. Raises ``NotFound``, and ``Conflict`` where they are one already."""
    rows = [current(session, customer_id) for customer_id in (one, other)]
    if rows[0].id == rows[1].id:
        raise Conflict(f"{one!r} and {other!r} are one customer already, {rows[0].id!r}")
    survivor, absorbed = sorted(rows, key=lambda row: (not is_known(session, row.id), row.created_at, row.id))
    return MergePlan(survivor.id, absorbed.id, ownership.counts(session, absorbed.id))


def merge(
    session: Session,
    settle: Settle,
    one: str,
    other: str,
    *,
    at: datetime,
    reason: str,
    evidence: Sequence[tuple[str, str]] = (),
) -> Merge:
    """Makes one customer of two. Raises ``NotFound``, and ``Conflict`` where they are one already."""
    survivor, absorbed = _held(session, one, other)
    filled = {
        name: getattr(absorbed, name)
        for name, empty in _EMPTY.items()
        if getattr(survivor, name) == empty and getattr(absorbed, name) != empty
    }
    done = Merge(
        id=new_id("mrg", at), survivor_id=survivor.id, absorbed_id=absorbed.id, at=at, reason=reason,
        evidence=[list(key) for key in evidence], filled=filled,
    )  # fmt: skip
    for name, value in filled.items():
        setattr(survivor, name, value)
    absorbed.merged_into = survivor.id
    session.add(done)
    ownership.move(session, done.id, absorbed.id, survivor.id)
    _keep_noes(session, done)
    settle(session, survivor.id)
    return done


def unmerge(session: Session, settle: Settle, merge_id: str, *, at: datetime) -> Merge:
    """Makes two of one again. Raises ``NotFound``, and ``Conflict`` where that was done before."""
    undone = session.get(Merge, merge_id, populate_existing=True, with_for_update=True)
    if undone is None:
        raise NotFound(f"there is no merge {merge_id!r}; `./rapport customer show` lists a customer's")
    if undone.undone_at is not None:
        raise Conflict(f"merge {merge_id!r} was undone on {undone.undone_at:%Y-%m-%d at %H:%M} UTC already")
    chain = _chain(session, undone)
    rows = hold(session, [undone.absorbed_id, *(one.survivor_id for one in chain)])
    while (held := _chain(session, undone)) != chain:  # another merge went on with it while we waited
        chain = held
        rows = hold(session, [undone.absorbed_id, *(one.survivor_id for one in chain)])
    session.exec(delete(Consent).where(col(Consent.source) == _source(undone)))
    holders = [(one.survivor_id, one.id) for one in chain]
    _unfill(chain, rows)
    absorbed, last = rows[undone.absorbed_id], chain[-1].survivor_id
    absorbed.merged_into, undone.undone_at = None, at
    undone.evidence, undone.filled = [], {}
    ownership.give_back(session, undone.id, absorbed.id, holders)
    for parted_from in (absorbed.id, last):
        settle(session, parted_from)
    return undone


def merges(session: Session, customer_id: str) -> list[Merge]:
    """Those that took part in making this customer, and those undone, oldest first."""
    ids = [customer_id]
    for one in ids:
        ids += session.exec(select(Customer.id).where(Customer.merged_into == one)).all()
    wanted = select(Merge).where(or_(col(Merge.survivor_id).in_(ids), col(Merge.absorbed_id).in_(ids)))
    return list(session.exec(wanted.order_by(col(Merge.at), Merge.id)).all())


def parted(session: Session, customer_ids: Sequence[str]) -> set[frozenset[str]]:
    """The pairs among these whose merge was undone: somebody decided that they are two."""
    wanted = select(Merge.survivor_id, Merge.absorbed_id).where(
        col(Merge.undone_at).is_not(None),
        col(Merge.survivor_id).in_(customer_ids),
        col(Merge.absorbed_id).in_(customer_ids),
    )
    return {frozenset(pair) for pair in session.exec(wanted).all()}


def _held(session: Session, one: str, other: str) -> tuple[Customer, Customer]:
    """Survivor and absorbed, for this unit of work alone."""
    while True:
        planned = plan(session, one, other)
        rows = hold(session, [planned.survivor_id, planned.absorbed_id])
        if all(row.merged_into is None for row in rows.values()):  # else another merge came first
            return rows[planned.survivor_id], rows[planned.absorbed_id]


def is_known(session: Session, customer_id: str) -> bool:
    """Whether a customer has an identity of a person, not of devices alone."""
    wanted = select(Identity.kind).where(Identity.customer_id == customer_id, col(Identity.kind).not_in(DEVICES))
    return session.exec(wanted.limit(1)).first() is not None


def _chain(session: Session, first: Merge) -> list[Merge]:
    """The merge, and those that took its survivor on, in order."""
    chain = [first]
    while True:
        wanted = select(Merge).where(Merge.absorbed_id == chain[-1].survivor_id, col(Merge.undone_at).is_(None))
        further = session.exec(wanted).one_or_none()
        if further is None:
            return chain
        chain.append(further)


def _unfill(chain: Sequence[Merge], rows: Mapping[str, Customer]) -> None:
    """Takes back the name and timezone that came from the absorbed customer, wherever they have got to."""
    for name, value in chain[0].filled.items():
        for passed in chain:
            survivor = rows[passed.survivor_id]
            if passed.filled.get(name) != value or getattr(survivor, name) != value:
                break
            setattr(survivor, name, _EMPTY[name])
            passed.filled = {other: filled for other, filled in passed.filled.items() if other != name}


def _keep_noes(session: Session, done: Merge) -> None:
    """Where both spoke of a channel at the same moment and one said no, the no counts, for as long as they are one."""
    yes = aliased(Consent)
    wanted = select(Consent).join(yes, (col(yes.channel) == Consent.channel) & (col(yes.at) == Consent.at))
    for no in session.exec(
        wanted.where(
            Consent.customer_id == done.absorbed_id, col(Consent.granted).is_(False),
            yes.customer_id == done.survivor_id, col(yes.granted).is_(True),
        )
    ).all():  # fmt: skip
        at = no.at + timedelta(microseconds=1)
        session.add(
            Consent(customer_id=done.survivor_id, channel=no.channel, granted=False, at=at, source=_source(done))
        )
    session.flush()


def _source(merge: Merge) -> str:
    return f"merge:{merge.id}"

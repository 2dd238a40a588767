"""What follows from a customer's rows, derived anew once rows have changed hands."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby, pairwise

from sqlmodel import Session, col, select

from memory.attributes import Registry
from memory.tables import Fact


def settle(session: Session, registry: Registry, customer_ids: Sequence[str]) -> None:
    """Derives the facts of these customers, who were one or are now: of one value at a time, the newest counts.

    An end that is another's beginning was set by following on it, so it is set anew.
    """
    wanted = select(Fact).where(col(Fact.customer_id).in_(customer_ids), col(Fact.believed_to).is_(None))
    rows = session.exec(wanted.order_by(Fact.attribute, col(Fact.held_from), Fact.value, Fact.id)).all()
    for attribute, group in groupby(rows, key=lambda fact: fact.attribute):
        if registry.get(attribute).many:
            continue
        facts = list(group)
        beginnings = {fact.held_from for fact in facts}
        for fact in facts:
            fact.held_to = None if fact.held_to in beginnings else fact.held_to
        for customer_id in customer_ids:
            _chain([fact for fact in facts if fact.customer_id == customer_id])
    session.flush()


def _chain(history: Sequence[Fact]) -> None:
    for fact, following in pairwise(history):
        ends: datetime = following.held_from
        fact.held_to = ends if fact.held_to is None else min(fact.held_to, ends)

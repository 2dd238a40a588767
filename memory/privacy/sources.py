"""What goes when the turn or event that said it goes: facts and wishes that stand on nothing else."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from memory.privacy.kept import Kept
from memory.tables import Fact, FactSource, Statement, Wish, WishStatement


def forget_sources(session: Session, memory: Kept, source_ids: Sequence[str]) -> dict[str, int]:
    """Takes the words of these turns and events out of facts and wishes, whoever said them; gives how many went."""
    cited: Any = select(Fact.customer_id, FactSource.source_id).join(FactSource)
    saying = (
        select(Statement.customer_id, Statement.source_id).where(col(Statement.source_id).in_(source_ids)),
        select(WishStatement.customer_id, WishStatement.source_id).where(col(WishStatement.source_id).in_(source_ids)),
        cited.where(col(FactSource.source_id).in_(source_ids)),
    )
    said = {(customer_id, source_id) for wanted in saying for customer_id, source_id in session.exec(wanted).all()}
    people = {customer_id for customer_id, _ in said}
    before = _known(session, people)
    for customer_id, source_id in sorted(said):
        memory.forget_source(session, customer_id, source_id)
    after = _known(session, people)
    return {name: max(0, before[name] - after[name]) for name in before}


def _known(session: Session, people: Collection[str]) -> dict[str, int]:
    counted = {
        "fact": select(func.count()).select_from(Fact).where(col(Fact.customer_id).in_(people)),
        "wish": select(func.count()).select_from(Wish).where(col(Wish.customer_id).in_(people)),
    }
    return {name: session.exec(wanted).one() for name, wanted in counted.items()}

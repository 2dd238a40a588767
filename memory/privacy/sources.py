"""What goes when the turn or event that said it goes: facts and wishes that stand on nothing else."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from memory.privacy.kept import Kept
from memory.tables import Fact, FactSource, Statement, WishStatement


def forget_sources(session: Session, memory: Kept, source_ids: Sequence[str]) -> None:
    """Takes the words of these turns and events out of facts and wishes, whoever said them."""
    cited: Any = select(Fact.customer_id, FactSource.source_id).join(FactSource)
    saying = (
        select(Statement.customer_id, Statement.source_id).where(col(Statement.source_id).in_(source_ids)),
        select(WishStatement.customer_id, WishStatement.source_id).where(col(WishStatement.source_id).in_(source_ids)),
        cited.where(col(FactSource.source_id).in_(source_ids)),
    )
    said = {(customer_id, source_id) for wanted in saying for customer_id, source_id in session.exec(wanted).all()}
    for customer_id, source_id in sorted(said):
        memory.forget_source(session, customer_id, source_id)

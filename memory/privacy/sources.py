"""What goes when the turn or event that said it goes: facts and wishes that stand on nothing else."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from kit.vectors.index import SemanticIndex
from memory import facts, wishes
from memory.tables import Fact, FactSource, Wish


def forget_sources(session: Session, index: SemanticIndex, source_ids: Sequence[str]) -> dict[str, int]:
    """Takes the words of these turns and events out of facts and wishes; gives the rows removed by table."""
    cited = session.exec(select(FactSource.fact_id).where(col(FactSource.source_id).in_(source_ids))).all()
    session.execute(delete(FactSource).where(col(FactSource.source_id).in_(source_ids)))
    still = set(session.exec(select(FactSource.fact_id).where(col(FactSource.fact_id).in_(cited))).all())
    lost = session.exec(select(Fact).where(col(Fact.id).in_(set(cited) - still))).all()
    for fact in lost:
        _reopen_before(session, fact)
        index.remove(session, facts.COLLECTION, fact.id)
        session.delete(fact)
    voiced = session.exec(select(Wish).where(col(Wish.source_id).in_(source_ids))).all()
    for wish in voiced:
        index.remove(session, wishes.COLLECTION, wish.id)
        session.delete(wish)
    for closed in session.exec(select(Wish).where(col(Wish.closed_by).in_(source_ids))).all():
        closed.status, closed.closed_by, closed.closed_at = "open", None, None
        session.add(closed)
    session.flush()
    return {"fact_source": len(cited), "fact": len(lost), "wish": len(voiced)}


def _reopen_before(session: Session, fact: Fact) -> None:
    """The value that this one had ended holds again, until what ended this one."""
    ended = select(Fact).where(
        Fact.customer_id == fact.customer_id,
        Fact.attribute == fact.attribute,
        Fact.id != fact.id,
        col(Fact.held_to) == fact.held_from,
    )
    for earlier in session.exec(ended).all():
        earlier.held_to = fact.held_to
        session.add(earlier)

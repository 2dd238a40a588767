"""What is known of a shopper that bears on what to offer: what they wish for, own, and want to avoid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from memory.extraction.port import Requirement
from memory.tables import Wish
from tools.customer_memory import own_memory
from tools.registry import ToolContext, VerifyFirst
from tools.shop.tables import Order, OrderLine

_UNWANTED = {
    "material.disliked": "not_material",
    "sensitivity": "not_material",
    "allergy": "not_material",
    "color.disliked": "not_color",
}
_NOT_OWNED = ("cancelled", "returned")


@dataclass(frozen=True)
class Taste:
    """``owned`` maps product ids to when they were bought (``None`` where that is not known), newest first."""

    wishes: Sequence[Wish] = ()
    avoided: tuple[Requirement, ...] = ()
    owned: Mapping[str, datetime | None] = field(default_factory=dict)


def read_taste(context: ToolContext, session: Session) -> Taste:
    """Of who is chatting. Of somebody who would have to sign in first nothing is known."""
    try:
        memory = own_memory(context, session)
    except VerifyFirst:
        return Taste()
    avoided = [
        Requirement(_UNWANTED[known.fact.attribute], known.fact.value)
        for known in memory.facts()
        if known.fact.attribute in _UNWANTED
    ]
    return Taste(memory.wishes(), tuple(dict.fromkeys(avoided)), _owned(session, memory.customer_id))


def _owned(session: Session, customer_id: str) -> dict[str, datetime | None]:
    wanted = (
        select(OrderLine.product_id, Order.placed_at)
        .join(Order)
        .where(Order.customer_id == customer_id, col(Order.status).not_in(_NOT_OWNED))
        .order_by(col(Order.placed_at).is_(None), col(Order.placed_at).desc(), Order.id, col(OrderLine.line))
    )
    owned: dict[str, datetime | None] = {}
    for product_id, at in session.exec(wanted).all():
        owned.setdefault(product_id, at)
    return owned

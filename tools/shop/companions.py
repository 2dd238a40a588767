"""What people buy: how many bought a product, and how many of those who bought one bought another.

An order that was cancelled or sent back counts for nothing. Only counts leave here, never who bought.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tools.shop.tables import Order, OrderLine

FEWEST = 2  # buyers in common: with one, a count would tell what somebody bought
_NOT_KEPT = ("cancelled", "returned")


@dataclass(frozen=True)
class Companion:
    """A product that ``buyers`` of those who bought ``beside`` bought too."""

    product_id: str
    beside: str
    buyers: int
    closeness: float  # cosine similarity of the two products' buyers


def buyers(session: Session, customer_id: str | None = None) -> dict[str, int]:
    """How many customers bought each product, this one left out."""
    wanted = (
        select(col(OrderLine.product_id), func.count(func.distinct(col(Order.customer_id))))
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(col(Order.status).not_in(_NOT_KEPT), col(Order.customer_id) != (customer_id or ""))
        .group_by(col(OrderLine.product_id))
    )
    return {row[0]: row[1] for row in session.connection().execute(wanted)}


def companions(session: Session, owned: Collection[str], customer_id: str) -> list[Companion]:
    """What others bought beside what this customer owns, closest first; item-to-item, by the buyers in common."""
    their, line, order, other = aliased(OrderLine), aliased(OrderLine), aliased(Order), aliased(Order)
    wanted = (
        select(col(line.product_id), col(their.product_id), func.count(func.distinct(col(order.customer_id))))
        .join(order, col(order.id) == col(line.order_id))
        .join(other, col(other.customer_id) == col(order.customer_id))
        .join(their, col(their.order_id) == col(other.id))
        .where(
            col(line.product_id).in_(owned),
            col(their.product_id).not_in(owned),
            col(order.customer_id) != customer_id,
            col(order.status).not_in(_NOT_KEPT),
            col(other.status).not_in(_NOT_KEPT),
        )
        .group_by(col(line.product_id), col(their.product_id))
    )
    bought = buyers(session, customer_id)
    found = [
        Companion(product_id, beside, count, count / math.sqrt(bought[beside] * bought[product_id]))
        for beside, product_id, count in session.connection().execute(wanted)
        if count >= FEWEST
    ]
    return sorted(found, key=lambda one: (-one.closeness, -one.buyers, one.product_id, one.beside))

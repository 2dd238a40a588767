"""How often people bought by themselves in such a case, from the shop's own history of the last half year."""

from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from memory.tables import Event, Purchase, Wish
from tools.campaigns.assumptions import Assumptions
from tools.campaigns.back_in_stock import VIEWED
from tools.campaigns.carts import LEFT_AFTER, CartHistory
from tools.campaigns.kinds import Kind
from tools.campaigns.value import Conversion

HISTORY = timedelta(days=180)
WISHED_AND_BOUGHT = timedelta(days=30)
LOOKED_AND_BOUGHT = timedelta(days=14)


def conversions(
    session: Session, carts: CartHistory, now: datetime, assumptions: Assumptions
) -> dict[Kind, Conversion]:
    """One conversion a kind. Only cases whose time to buy is over count, bought or not."""
    cases = {
        Kind.WISH_MET: (*_wishes(session, now), "customers who voiced a wish bought something within 30 days"),
        Kind.CART_LEFT: (*carts.left_and_bought(now), "carts left for 2 hours were ordered within 7 days"),
        Kind.BACK_IN_STOCK: (
            *_looks(session, now),
            "times somebody looked at a product and left without it, they bought it within 14 days",
        ),
    }
    return {
        kind: Conversion(bought, observed, assumptions.priors[kind], f"{of} (the last {HISTORY.days} days)")
        for kind, (bought, observed, of) in cases.items()
    }


def _wishes(session: Session, now: datetime) -> tuple[int, int]:
    """Customers who bought anything within 30 days of a wish, of all with a wish that old."""
    over = (col(Wish.voiced_at) >= now - HISTORY, col(Wish.voiced_at) <= now - WISHED_AND_BOUGHT)
    observed = session.exec(select(func.count(func.distinct(Wish.customer_id))).where(*over)).one()
    pairs = select(Wish.customer_id, Wish.voiced_at, Purchase.at).where(
        *over, Purchase.customer_id == Wish.customer_id, col(Purchase.at) >= col(Wish.voiced_at)
    )
    within = {who for who, voiced, bought in session.exec(pairs).all() if bought - voiced <= WISHED_AND_BOUGHT}
    return len(within), observed


def _looks(session: Session, now: datetime) -> tuple[int, int]:
    """Pairs of a customer and a product, looked at first that long ago: bought within 14 days, of those left first.

    Who buys within two hours of the first look wanted nothing that was out, and is no case.
    """
    first = (
        select(Event.customer_id, Event.product_id, func.min(Event.at).label("at"))
        .where(Event.name == VIEWED, col(Event.product_id).is_not(None))
        .where(col(Event.at) >= now - HISTORY, col(Event.at) <= now - LOOKED_AND_BOUGHT)
        .group_by(Event.customer_id, col(Event.product_id))
        .subquery()
    )
    observed = session.exec(select(func.count()).select_from(first)).one()
    pairs = select(first.c.customer_id, first.c.product_id, first.c.at, Purchase.at).where(
        Purchase.customer_id == first.c.customer_id,
        Purchase.product_id == first.c.product_id,
        col(Purchase.at) >= first.c.at,
    )
    waited: dict[tuple[str, str], timedelta] = {}
    for who, what, at, bought in session.exec(pairs).all():
        waited[who, what] = min(bought - at, waited.get((who, what), timedelta.max))
    at_once = sum(wait < LEFT_AFTER for wait in waited.values())
    within = sum(LEFT_AFTER <= wait <= LOOKED_AND_BOUGHT for wait in waited.values())
    return within, observed - at_once

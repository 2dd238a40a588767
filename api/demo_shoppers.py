"""A handful of demo customers worth being: one for each kind of thing to try in the chat."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from memory.tables import Customer, Event, Identity, Wish
from tools.shop.tables import Order, Ticket

_LOOKED_AT = 50


@dataclass(frozen=True)
class DemoShopper:
    """A customer to shop as; ``about`` says in a few words what is going on with them."""

    customer_id: str
    name: str
    about: str

    def to_json(self) -> dict[str, Any]:
        return {"customer_id": self.customer_id, "name": self.name, "about": self.about}


Part = tuple[str, str]  # customer id, what is going on


def demo_shoppers(session: Session) -> list[DemoShopper]:
    """At most one customer a part, nobody twice, everybody with an e-mail and a name."""
    parts: Sequence[Callable[[Session], Sequence[Part]]] = (
        _parcel_coming, _just_ordered, _wishing, _complaining, _cart_left, _regular,
    )  # fmt: skip
    chosen: dict[str, DemoShopper] = {}
    for part in parts:
        for customer_id, about in part(session):
            name = _name(session, customer_id)
            if name and customer_id not in chosen:
                chosen[customer_id] = DemoShopper(customer_id, name, about)
                break
    return list(chosen.values())


def _parcel_coming(session: Session) -> Sequence[Part]:
    return [(who, "a parcel is on its way") for who in _ordered(session, "shipped")]


def _just_ordered(session: Session) -> Sequence[Part]:
    return [(who, "has just ordered") for who in _ordered(session, "pending", "processed")]


def _wishing(session: Session) -> Sequence[Part]:
    wanted = select(Wish).where(Wish.status == "open").order_by(col(Wish.voiced_at).desc(), Wish.id)
    return [(wish.customer_id, f"is looking for: {wish.item}") for wish in session.exec(wanted.limit(_LOOKED_AT)).all()]


def _complaining(session: Session) -> Sequence[Part]:
    wanted = select(Ticket).where(Ticket.status == "open").order_by(col(Ticket.opened_at).desc(), Ticket.id)
    tickets = session.exec(wanted.limit(_LOOKED_AT)).all()
    return [(ticket.customer_id, f"has an open ticket: {ticket.reason}") for ticket in tickets]


def _cart_left(session: Session) -> Sequence[Part]:
    wanted = select(Event).where(Event.name == "cart_updated").order_by(col(Event.at).desc(), Event.id)
    carts = session.exec(wanted.limit(_LOOKED_AT)).all()
    return [(cart.customer_id, "left something in the cart") for cart in carts if cart.properties.get("items")]


def _regular(session: Session) -> Sequence[Part]:
    count = func.count(col(Order.id))
    wanted = select(Order.customer_id, count).group_by(Order.customer_id).order_by(count.desc(), Order.customer_id)
    return [(who, f"a regular with {orders} orders") for who, orders in session.exec(wanted.limit(_LOOKED_AT)).all()]


def _ordered(session: Session, *statuses: str) -> Sequence[str]:
    wanted = select(Order.customer_id).where(col(Order.status).in_(statuses))
    return session.exec(wanted.order_by(col(Order.placed_at).desc(), Order.id).limit(_LOOKED_AT)).all()


def _name(session: Session, customer_id: str) -> str:
    """The customer's name, empty for whom nobody can sign in."""
    customer = session.get(Customer, customer_id)
    wanted = select(Identity.value).where(Identity.customer_id == customer_id, Identity.kind == "email")
    if customer is None or session.exec(wanted).first() is None:
        return ""
    return f"{customer.first_name} {customer.last_name}".strip()

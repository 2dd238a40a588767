"""A customer's memory as the console, the API and the command line show it: everything with its evidence."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from kit.errors import NotFound
from kit.ids import CustomerId
from kit.money import format_minor
from memory.customer_memory import CustomerMemory
from memory.door import Memory
from memory.tables import Customer, Event, Identity, Merge, Turn
from tools.shop.tables import Order, OrderLine, Product

FOUND = 20
_TIMELINE = 60
_ORDERS = 30


def whole_memory(memory: Memory, session: Session, customer_id: str) -> dict[str, Any]:
    """Everything known of one customer: profile with quotes, orders, timeline. Raises ``NotFound``."""
    customer = memory.of(session, customer_id)
    return {
        **customer.profile().to_json(),
        "merges": [merge_view(merge) for merge in memory.merges(session, customer.customer_id)],
        "orders": _orders(session, customer.customer_id),
        "timeline": _timeline(session, customer),
    }


def merge_view(merge: Merge) -> dict[str, Any]:
    """A merge: whom it made one, when and why, and whether it was undone."""
    return {
        "merge_id": merge.id,
        "survivor_id": merge.survivor_id,
        "absorbed_id": merge.absorbed_id,
        "at": merge.at.isoformat(),
        "reason": merge.reason,
        "evidence": [{"kind": kind, "value": value} for kind, value in merge.evidence],
        "undone_at": merge.undone_at.isoformat() if merge.undone_at else None,
    }


def own_memory(memory: Memory, session: Session, customer_id: str) -> dict[str, Any]:
    """What a shopper is shown of their own memory: facts and wishes with their words, and consents."""
    profile = memory.of(session, customer_id).profile().to_json()
    return {key: profile[key] for key in ("name", "facts", "wishes", "consents")}


def find_one(memory: Memory, session: Session, id_or_email: str) -> CustomerId:
    """The customer with this id, e-mail or shop's own id. Raises ``NotFound``."""
    if "@" in id_or_email:
        found = memory.find(session, "email", id_or_email)
    elif id_or_email.startswith("cus_"):
        return memory.of(session, id_or_email).customer_id
    else:
        found = memory.find(session, "shop", id_or_email)
    if found is None:
        raise NotFound(f"there is no customer {id_or_email!r}; `./rapport customer find NAME` searches")
    return found


def find_customers(session: Session, query: str) -> list[dict[str, Any]]:
    """Customers by name, e-mail, phone or id, at most 20; with an empty query those heard last."""
    words = query.casefold().split()
    wanted = select(Customer).where(col(Customer.merged_into).is_(None))
    if not words:
        ids = session.exec(
            select(Turn.customer_id).group_by(Turn.customer_id).order_by(func.max(Turn.at).desc()).limit(FOUND)
        ).all()
        rows = {row.id: row for row in session.exec(wanted.where(col(Customer.id).in_(ids))).all()}
        return _listed(session, [rows[found] for found in ids if found in rows])
    for word in words:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        known_as = select(Identity.customer_id).where(
            Identity.kind != "anonymous", func.lower(Identity.value).like(pattern, escape="\\")
        )
        wanted = wanted.where(
            func.lower(Customer.first_name).like(pattern, escape="\\")
            | func.lower(Customer.last_name).like(pattern, escape="\\")
            | (func.lower(Customer.id) == word)
            | col(Customer.id).in_(known_as)
        )
    ordered = wanted.order_by(Customer.last_name, Customer.first_name, Customer.id)
    return _listed(session, session.exec(ordered.limit(FOUND)).all())


def _listed(session: Session, customers: Sequence[Customer]) -> list[dict[str, Any]]:
    wanted = select(Identity).where(
        col(Identity.customer_id).in_([customer.id for customer in customers]), Identity.kind == "email"
    )
    emails: dict[str, list[str]] = {}
    for identity in session.exec(wanted.order_by(Identity.value)).all():
        emails.setdefault(identity.customer_id, []).append(identity.value)
    return [
        {
            "customer_id": customer.id,
            "name": f"{customer.first_name} {customer.last_name}".strip(),
            "emails": emails.get(customer.id, []),
        }
        for customer in customers
    ]


def _orders(session: Session, customer_id: str) -> list[dict[str, Any]]:
    """The newest orders; those of unknown date last."""
    wanted = select(Order).where(Order.customer_id == customer_id)
    ordered = wanted.order_by(col(Order.placed_at).is_(None), col(Order.placed_at).desc(), col(Order.position))
    orders = session.exec(ordered.limit(_ORDERS)).all()
    lines: dict[str, list[OrderLine]] = {}
    of_these = select(OrderLine).where(col(OrderLine.order_id).in_([order.id for order in orders]))
    for line in session.exec(of_these.order_by(OrderLine.order_id, col(OrderLine.line))).all():
        lines.setdefault(line.order_id, []).append(line)
    return [_order(order, lines.get(order.id, [])) for order in orders]


def _order(order: Order, lines: Sequence[OrderLine]) -> dict[str, Any]:
    total = sum(line.unit_minor * line.quantity for line in lines)
    return {
        "order_id": order.number,
        "status": order.status,
        "placed_at": order.placed_at.isoformat() if order.placed_at else None,
        "total": format_minor(total, order.currency),
        "items": [f"{line.quantity} × {line.name}" if line.quantity > 1 else line.name for line in lines],
    }


def _timeline(session: Session, customer: CustomerMemory) -> list[dict[str, Any]]:
    newest = customer.timeline(_TIMELINE)
    about = {one.product_id for one in newest if isinstance(one, Event) and one.product_id}
    named = session.exec(select(Product.id, Product.name).where(col(Product.id).in_(about))).all()
    names = dict(named)
    return [_turn(one) if isinstance(one, Turn) else _event(one, names) for one in newest]


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "kind": "turn",
        "id": turn.id,
        "at": turn.at.isoformat(),
        "speaker": turn.speaker,
        "conversation_id": turn.conversation_id,
        "text": turn.text,
    }


def _event(event: Event, products: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": "event",
        "id": event.id,
        "at": event.at.isoformat(),
        "name": event.name,
        "product": products.get(event.product_id or ""),
        "text": event.text,
        "properties": event.properties,
    }

"""Looking orders up: which one is meant, where it is, what is in it, what was refunded."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from agents.local_model.case import Case
from agents.local_model.plans import Outcome, Part, Plan, call
from agents.local_model.questions import ASK_ORDER, OFFER_LIST, OFFER_PERSON, which_order
from agents.local_model.support.pages import page_says
from agents.local_model.wording import orders as say
from agents.local_model.wording.phrases import lines, paragraph
from kit.lexical import terms

Order = Mapping[str, Any]

_MOST_AT_ONCE = 3
_MOST_TO_CHOOSE = 4
_REFUND_TIME = "How long does a refund take to arrive?"
_REFUNDABLE = ("returned", "return requested", "cancelled")
SIGN_IN = "For your orders I need you to sign in first; then ask me again and I'll look at once."


def refusal(outcome: Outcome, number: str = "") -> str:
    """What to say where orders cannot be looked up."""
    match outcome.code:
        case "verify_first":
            return SIGN_IN
        case "not_found" if number:
            return f"I don't find {number} among your orders. Please check the number. {OFFER_LIST}"
        case _:
            return f"I can't look into your orders at the moment. {OFFER_PERSON}"


def track(case: Case) -> Plan:
    """Where the orders named are; without a number the one whose things are named, or the newest open one."""
    if case.matter.slots.orders:
        return (yield from _each(case))
    found = yield call("find_orders")
    orders = found.rows("orders")
    if not found.ok:
        return refusal(found)
    if not orders:
        return "I don't see any order of yours yet. If you ordered as a guest, please send me the order number."
    named = holding(case, orders)
    going = [order for order in named or orders if order.get("status") in say.OPEN]
    chosen = (going or named or orders)[0]
    order = yield call("get_order", order_id=str(chosen.get("order_id", "")))
    if not order.ok:
        return refusal(order)
    more = [other for other in orders if other.get("status") in say.OPEN and other is not chosen] if not named else []
    return tracked(case, order.data, say.others(more))


def tracked(case: Case, order: Order, others: str = "") -> str:
    """Where an order is, what is in it, and a way on if it is late."""
    holds = f"It holds {say.names(order)}." if order.get("items") else ""
    return paragraph(say.state(order, case.today), holds, others, OFFER_PERSON if _is_late(order, case) else "")


def _is_late(order: Order, case: Case) -> bool:
    return order.get("status") in say.OPEN and say.is_late(order.get("shipments") or [], case.today)


def _each(case: Case) -> Plan:
    told = []
    for number in case.matter.slots.orders[:_MOST_AT_ONCE]:
        order = yield call("get_order", order_id=number)
        told.append(tracked(case, order.data) if order.ok else refusal(order, number))
    return lines(*dict.fromkeys(told))


def overview(case: Case) -> Plan:
    """All orders, newest first."""
    found = yield call("find_orders")
    if not found.ok:
        return refusal(found)
    orders = found.rows("orders")
    if not orders:
        return "I don't see any order of yours yet."
    more = "These are the newest; there are more." if len(orders) > say.SHOWN else ""
    return lines("These are your orders, newest first:", say.listed(orders, case.today), more)


def details(case: Case) -> Plan:
    """What is in an order, its total, payments and address."""
    if len(case.matter.slots.orders) > 1:
        return (yield from _each(case))
    order = yield from the_order(case, (), ask=False)
    if isinstance(order, str):
        return order
    paid = say.payments(order, "payment")
    to = say.address(order)
    return paragraph(
        say.state(order, case.today),
        f"It holds {say.items(order)}." if order.get("items") else "",
        f"The total is {order['total']}." if order.get("total") else "",
        f"Paid: {paid}." if paid else "",
        f"It goes to {to}." if to and order.get("status") in say.OPEN else "",
        OFFER_PERSON if _is_late(order, case) else "",
    )


def refund(case: Case) -> Plan:
    """Whether a refund is recorded, and what the shop says about how long it takes."""
    order = yield from the_order(case, _REFUNDABLE, ask=True)
    if isinstance(order, str):
        return order
    number, refunded = order.get("order_id", ""), say.payments(order, "refund")
    if refunded:
        told = f"For order {number} a refund is recorded: {refunded}."
    else:
        told = f"{say.state(order, case.today)} No refund is recorded for it yet."
    pages = yield call("search_knowledge", question=_REFUND_TIME)
    return paragraph(told, page_says(case, _REFUND_TIME, pages), "" if refunded else OFFER_PERSON)


def the_order(case: Case, statuses: Collection[str], *, ask: bool) -> Part[Order | str]:
    """The order meant, in full; or what to say instead.

    Without a number it is the one whose things are named, or the only one with one of ``statuses``. If several are
    left, ``ask`` decides between asking and taking the newest.
    """
    numbers = case.matter.slots.orders
    if not numbers:
        found = yield call("find_orders")
        if not found.ok:
            return refusal(found) if found.code == "verify_first" else ASK_ORDER
        chosen = choose(case, found.rows("orders"), statuses, ask=ask)
        if isinstance(chosen, str):
            return chosen
        numbers = (str(chosen.get("order_id", "")),)
    order = yield call("get_order", order_id=numbers[0])
    return order.data if order.ok else refusal(order, numbers[0])


def choose(case: Case, orders: Sequence[Order], statuses: Collection[str], *, ask: bool) -> Order | str:
    """One of the orders, or the question which one."""
    if not orders:
        return "I don't see any order of yours yet. If it was placed as a guest, please send me its number."
    fitting = [order for order in orders if order.get("status") in statuses] if statuses else list(orders)
    named = holding(case, fitting) or holding(case, orders)
    left = named or fitting or list(orders)
    if len(left) == 1 or not ask:
        return left[0]
    return which_order([(str(order.get("order_id", "")), say.names(order)) for order in left[:_MOST_TO_CHOOSE]])


def holding(case: Case, orders: Sequence[Order]) -> list[Order]:
    """The orders that hold a thing which the message names, best first; none where it names nothing of theirs."""
    said = set(terms(case.matter.words))
    shared = [len(said & set(terms(" ".join(map(str, order.get("items") or []))))) for order in orders]
    best = max(shared, default=0)
    return [order for order, count in zip(orders, shared, strict=True) if best and count == best]

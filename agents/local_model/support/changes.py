"""What no tool can do yet: cancel, change, return, exchange.

The order is looked up, the shop's own words are quoted, and a person is offered. Nothing is claimed to be done.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.local_model.case import Case
from agents.local_model.plans import Plan, call
from agents.local_model.questions import OFFER_PERSON
from agents.local_model.support.orders import the_order
from agents.local_model.support.pages import page_says
from agents.local_model.wording import orders as say
from agents.local_model.wording.phrases import paragraph


@dataclass(frozen=True)
class Change:
    """``question`` is what to ask the shop's pages; ``cannot`` completes "I can't … myself"."""

    question: str
    cannot: str
    statuses: tuple[str, ...]


_RETURNABLE = ("delivered",)
_LIKE = 0.55  # our own question hardly ever meets a page by chance, but it must be about this very change

CHANGES: Mapping[str, Change] = {
    "cancel_order": Change("Can I cancel an order, and until when?", "cancel an order", say.BEFORE_SHIPPING),
    "change_address": Change(
        "Can I change the delivery address of an order?", "change an address", say.BEFORE_SHIPPING
    ),
    "change_payment": Change(
        "Can I change the payment method of an order?", "change how an order is paid", say.BEFORE_SHIPPING
    ),
    "change_items": Change("Can I change the items of an order?", "change an order", say.BEFORE_SHIPPING),
    "return_item": Change("How do I return an item, and until when?", "start a return", _RETURNABLE),
    "exchange_item": Change("Can I exchange an item for another size or colour?", "make an exchange", _RETURNABLE),
}


def change(case: Case) -> Plan:
    """Where the order stands, what the shop says about such a change, and the offer of a person."""
    wanted = CHANGES[case.matter.intent]
    order = yield from the_order(case, wanted.statuses, ask=True)
    asking = isinstance(order, str)
    if asking and not case.matter.slots.orders and str(order).rstrip().endswith("?"):
        return str(order)
    pages = yield call("search_knowledge", question=wanted.question)
    stands = str(order) if isinstance(order, str) else say.state(order, case.today)
    cannot = f"I can't {wanted.cannot} myself yet."
    return paragraph(
        stands, page_says(case, wanted.question, pages, _LIKE), "" if asking else f"{cannot} {OFFER_PERSON}"
    )

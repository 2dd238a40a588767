"""Questions that the shop's own pages answer."""

from agents.local_model.case import Case
from agents.local_model.patterns import phrases
from agents.local_model.plans import Plan, call
from agents.local_model.questions import OFFER_PERSON
from agents.local_model.support.orders import the_order, track
from agents.local_model.support.pages import page_says
from agents.local_model.wording import orders as say
from agents.local_model.wording.phrases import paragraph

# Matters that end with something to be done, which a person can do.
_TO_BE_DONE = frozenset({"invoice", "account", "newsletter"})
_OWN = {
    "balance": "I can't see the balance of gift cards, credit or points from here.",
    "invoice": "I can't make or send documents myself.",
    "account": "I can't change accounts or passwords myself.",
    "newsletter": "I can't change your subscriptions myself.",
    "review": "I can't read or post reviews from here.",
    "discounts": "I have no discounts to give, and I don't know of one.",
}
_DOUBTED = phrases("twice|two times|double|wrong|too much|more than|unknown|don't recogni[sz]e|why")
_PAID_BEFORE = phrases("did i|was i|i paid|i used|charged|i pay for")


def knowledge(case: Case) -> Plan:
    """What the shop's pages say; else plainly that they don't, and the offer of a person."""
    intent, question = case.matter.intent, case.matter.words
    pages = yield call("search_knowledge", question=question)
    said = page_says(case, question, pages)
    if said:
        return paragraph(said, OFFER_PERSON if intent in _TO_BE_DONE else "")
    return paragraph(_OWN.get(intent, "I don't find an answer to that on our pages."), OFFER_PERSON)


def delivery_time(case: Case) -> Plan:
    """In general; about an order that is named, where it is."""
    return track(case) if case.matter.slots.orders else knowledge(case)


def payment(case: Case) -> Plan:
    """How an order was paid, where one is meant; else what the pages say about paying."""
    if not case.matter.slots.orders and not _about_own(case):
        return (yield from knowledge(case))
    order = yield from the_order(case, (), ask=False)
    if isinstance(order, str):
        return order
    paid = say.payments(order, "payment")
    refunded = say.payments(order, "refund")
    told = (
        f"Order {order.get('order_id', '')} was paid like this: {paid}." if paid else "I see no payment on that order."
    )
    return paragraph(
        told,
        f"Refunded: {refunded}." if refunded else "",
        OFFER_PERSON if not paid or _DOUBTED.search(case.matter.words) else "",
    )


def _about_own(case: Case) -> bool:
    return bool(_PAID_BEFORE.search(case.matter.words))

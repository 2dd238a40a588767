"""Which plan serves which matter of a marketer."""

from collections.abc import Callable, Mapping, Sequence

from agents.local_model.case import Case
from agents.local_model.dialogue import choices
from agents.local_model.marketing import customers, opportunities
from agents.local_model.plans import Plan, call
from agents.local_model.questions import clarifies, clarifying
from agents.local_model.understanding import Understander
from agents.local_model.wording import products as products_wording
from agents.local_model.wording.campaigns import APPROVAL
from agents.local_model.wording.phrases import lines

CAN_DO = (
    "I can tell you what is worth sending now, to whom, when and why, who is left out, which customers spoke of "
    "something, and what is known of one customer"
)
_ANSWERS = {
    "greeting": f"Hello. {CAN_DO}.",
    "thanks": "You're welcome.",
    "affirm": "Good. I send nothing myself; it goes out once you approve it.",
    "deny": "All right. Tell me what you would like to know instead.",
    "send_or_draft": f"I can't send, schedule or write messages; I suggest and give the evidence. {APPROVAL}",
    "what_can_you_do": f"I'm the shop's marketing assistant, a program. {CAN_DO}. Figures are the shop's own.",
    "out_of_scope": f"That's nothing I can help with. {CAN_DO}.",
}
_UNSURE = f"I'm not sure I understood. {CAN_DO}; which is it?"


def search(case: Case) -> Plan:
    """Products that come closest to the description."""
    found = yield call("search_products", query=case.matter.words)
    products = found.rows("products")
    if not found.ok:
        return "I can't look into the catalog at the moment."
    if not products:
        return "I find nothing like that in the catalog."
    return products_wording.found(products, described=bool(found.data.get("sought")))


def knowledge(case: Case) -> Plan:
    """What the shop's pages say."""
    pages = yield call("search_knowledge", question=case.matter.words)
    quote = case.quoting.from_passages(case.matter.words, pages.rows("passages")) if pages.ok else None
    if quote is None or not pages.data.get("answered"):
        return "Our pages don't answer that."
    return f"Our page on {quote.title} says: “{quote.text}”"


PLANS: Mapping[str, Callable[[Case], Plan]] = {
    "suggest_campaigns": opportunities.suggest,
    "opportunities_by_kind": opportunities.of_kind,
    "explain_opportunity": opportunities.explain,
    "explain_exclusions": opportunities.exclusions,
    "who_wants": customers.who_wants,
    "about_customer": customers.about,
    "product_question": search,
    "knowledge": knowledge,
}


def marketing_plan(cases: Sequence[Case], minds: Understander) -> Plan:
    """The plan for a question's matters, one after the other."""
    answers = dict[str, None]()
    for case in cases:
        answers[(yield from _plan(case, minds))] = None
    return lines(*answers)


def _plan(case: Case, minds: Understander) -> Plan:
    matter = case.matter
    if not matter.sure:
        return _unsure(case, minds)
    if matter.intent in PLANS:
        return (yield from PLANS[matter.intent](case))
    return _ANSWERS.get(matter.intent, _UNSURE)


def _unsure(case: Case, minds: Understander) -> str:
    asks = choices(case.matter, minds)
    return clarifying(asks) if asks and not clarifies(case.talk.asked) else _UNSURE

"""Which plan serves which matter."""

from collections.abc import Callable, Mapping, Sequence

from agents.local_model.case import Case
from agents.local_model.dialogue import choices
from agents.local_model.patterns import phrases
from agents.local_model.plans import Plan
from agents.local_model.questions import clarifies, clarifying
from agents.local_model.support import changes, knowledge, memory, orders, people, products
from agents.local_model.understanding import Understander
from agents.local_model.wording import talk as say
from agents.local_model.wording.phrases import lines

_BOT = phrases(
    """
    bot|robot|human|person|machine|ai|computer|program|real|chatgpt|alive|model|made you|built you|programmed
    """
)
_SKILLS = phrases("what (?:can|do|kind|things|else|topics)|help with|able to|good at|skills|capable of|how does this")
_OTHERS = phrases("customers?|somebody else|someone else|neighbou?r|wife|husband|he|she|his|her|who else|people")

PLANS: Mapping[str, Callable[[Case], Plan]] = {
    "track_order": orders.track,
    "list_orders": orders.overview,
    "order_details": orders.details,
    "refund_status": orders.refund,
    **dict.fromkeys(changes.CHANGES, changes.change),
    "delivery_time": knowledge.delivery_time,
    "payment_question": knowledge.payment,
    **dict.fromkeys(
        ("return_policy", "shipping_options", "discounts", "invoice", "account", "newsletter", "review", "balance",
         "shop_question"),
        knowledge.knowledge,
    ),
    "complaint": people.complaint,
    "human": people.person,
    "agreed_to_person": people.person,
    "product_search": products.search,
    "state_wish": products.search,
    "product_question": products.question,
    "size_help": products.size_help,
    "recommend": products.recommend,
    "whats_new": products.whats_new,
    "memory_show": memory.show,
    "memory_correct": memory.correct,
    "memory_forget": memory.forget,
}  # fmt: skip


def support_plan(cases: Sequence[Case], minds: Understander) -> Plan:
    """The plan for a message's matters, one after the other."""
    answers = dict[str, None]()
    for case in cases:
        answers[(yield from _plan(case, minds))] = None
    return lines(*answers)


def _plan(case: Case, minds: Understander) -> Plan:
    matter = case.matter
    if not matter.sure and people.is_urgent(matter.words):
        return (yield from people.complaint(case))
    if not matter.sure:
        return unsure(case, minds)
    if matter.intent in PLANS:
        return (yield from PLANS[matter.intent](case))
    return _said(case)


def _said(case: Case) -> str:
    """Answers that need no look-up."""
    low = case.matter.words.casefold()
    match case.matter.intent:
        case "greeting":
            return say.greeting(case.talk.name)
        case "tells_about_self":
            return memory.told(case)
        case "small_talk" if _SKILLS.search(low):
            return say.CAPABLE
        case "small_talk" if _BOT.search(low):
            return say.A_PROGRAM
        case "out_of_scope" if _OTHERS.search(low):
            return say.SOMEBODY_ELSE
        case intent:
            return say.ANSWERS.get(intent, say.NOT_CERTAIN)


def unsure(case: Case, minds: Understander) -> str:
    """One question back; after one already, a person."""
    if clarifies(case.talk.asked) or say.NOT_UNDERSTOOD_FIRST in case.talk.asked:
        return say.NOT_UNDERSTOOD
    if case.matter.weak:
        return say.NOT_UNDERSTOOD_FIRST
    asks = choices(case.matter, minds)
    return clarifying(asks) if asks else say.NOT_UNDERSTOOD_FIRST

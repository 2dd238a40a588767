"""Handing over to a person: on request, after a yes, and with every complaint."""

from collections.abc import Mapping
from typing import Any

from agents.local_model.case import Case
from agents.local_model.patterns import phrases
from agents.local_model.plans import Outcome, Plan, call
from agents.local_model.reading import ORDER_NUMBER
from agents.local_model.support.orders import SIGN_IN
from agents.local_model.wording import orders as say
from agents.local_model.wording.phrases import paragraph, spoken_day

_REASONS = {
    "safety": phrases(
        r"""
        burn(?:ed|t|s)?|fire|flames?|smok(?:e|ing)|spark(?:s|ed)?|electric shock|exploded?|dangerous|unsafe
        injur\w+|hurt|bleed\w*|poison\w*|rash|allergic reaction|choking|cut (?:my|her|his|our)
        """
    ),
    "legal": phrases(r"lawyer|attorney|sue|suing|court|legal action|solicitor|consumer protection|police"),
    "damaged": phrases(
        r"""
        damag\w+|broke\w*|crack\w*|torn|tore|ripp?ed|shatter\w*|smash\w*|defect\w*|faulty|scratch\w*|chipped|pieces
        leak\w*|stain\w*|dead|stopped work\w*|doesn't work|does not work|won't turn on|fell (?:off|apart)
        """
    ),
    "late delivery": phrases(
        r"""
        late|delayed?|never (?:arrived|came|received|got)|not (?:arrived|received|here)|still waiting
        marked as delivered|says delivered
        """
    ),
    "payment": phrases(
        r"charged twice|double charge|charged (?:me )?(?:too much|two times)|overcharged|unknown charge"
    ),
}
_MOST_CHARS = 1_200
_LAST = 6  # messages in which an order spoken of is looked for
_NOBODY = "I couldn't reach a colleague from here just now. Please try again in a little while."
_SORRY = "I'm sorry about that, and thank you for telling me."


def reason_of(words: str, intent: str) -> str:
    """The desk's name for what it is about."""
    found = next((reason for reason, said in _REASONS.items() if said.search(words)), "")
    urgent = found in ("safety", "legal", "payment")
    return found if found and (urgent or intent == "complaint") else "complaint" if intent == "complaint" else "request"


def is_urgent(words: str) -> bool:
    """Whether somebody may be in danger, or a lawyer is spoken of."""
    return reason_of(words, "") in ("safety", "legal")


def person(case: Case) -> Plan:
    """They asked for a person, or said yes to one."""
    about = case.matter.about or case.matter.intent
    handed = yield call("hand_to_person", reason=reason_of(case.matter.words, about), summary=summary(case, None))
    return passed_on(handed, "")


def complaint(case: Case) -> Plan:
    """Acknowledged, with the order looked up if one is named, and handed over."""
    order: Mapping[str, Any] | None = None
    seen = ""
    if case.matter.slots.orders:
        found = yield call("get_order", order_id=case.matter.slots.orders[0])
        order = found.data if found.ok else None
        seen = _seen(order, case) if order else SIGN_IN if found.code == "verify_first" else ""
    handed = yield call(
        "hand_to_person", reason=reason_of(case.matter.words, "complaint"), summary=summary(case, order)
    )
    return paragraph(_SORRY, seen, passed_on(handed, "" if case.matter.slots.orders else _WHICH))


_WHICH = "If it's about an order, write its number here too, so that they have it at hand."


def passed_on(handed: Outcome, more: str) -> str:
    """That a person has it, with the ticket and what may be promised; or that it did not work."""
    if not handed.ok:
        return _NOBODY
    ticket = handed.text("ticket_id")
    under = f" (ticket {ticket})" if ticket else ""
    return paragraph(f"I've passed this to a colleague{under}.", handed.text("promise"), more)


def summary(case: Case, order: Mapping[str, Any] | None) -> str:
    """What spares them saying it again: their words, newest last, the orders spoken of, and the order as it stands."""
    said = [one.text for one in case.talk.earlier if one.speaker == "person"][-3:]
    words = " / ".join(dict.fromkeys([*said, case.talk.now]))
    spoken = " ".join([*(one.text for one in case.talk.earlier[-_LAST:]), case.talk.now])
    numbers = dict.fromkeys(number.upper() for number in ORDER_NUMBER.findall(spoken))
    return paragraph(
        f"The customer wrote: {words[:_MOST_CHARS]}",
        f"| Orders spoken of: {', '.join(numbers)}." if numbers else "",
        f"| Order {order.get('order_id')}: {order.get('status')}, {say.names(order)}." if order else "",
    )


def _seen(order: Mapping[str, Any], case: Case) -> str:
    delivered = [
        shipment.get("delivered_at") for shipment in order.get("shipments") or [] if shipment.get("delivered_at")
    ]
    when = f" on {spoken_day(delivered[0], case.today)}" if delivered else ""
    status = f"delivered{when}" if order.get("status") == "delivered" else str(order.get("status", ""))
    return f"I see your order {order.get('order_id', '')} here ({say.names(order)}; {status})."

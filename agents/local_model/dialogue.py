"""What a message is about, given what was said before: answers to our questions, follow-ups, two matters in one."""

import re
from dataclasses import dataclass, replace
from functools import reduce

from agents.local_model.conversation import Talk
from agents.local_model.patterns import phrases
from agents.local_model.questions import (
    asks_order,
    asks_product,
    clarifies,
    offers_list,
    offers_person,
    orders_listed,
)
from agents.local_model.reading import ORDER_NUMBER
from agents.local_model.refining import refined, refines
from agents.local_model.slots import Slots, bare_number
from agents.local_model.understanding import SOCIAL, Understander, Understanding
from kit.lexical import terms

AGREED, DECLINED = "agreed_to_person", "declined_person"

# Matters that an order number alone goes on with.
_ABOUT_ORDERS = frozenset(
    {"track_order", "order_details", "cancel_order", "change_address", "change_payment", "change_items", "return_item",
     "exchange_item", "refund_status", "complaint", "invoice", "payment_question"}
)  # fmt: skip
_SEARCHES = frozenset({"product_search", "state_wish", "recommend"})
_LOOKED_BACK = 5
_SHORT = 8
_VERY_SURE = 0.8
_WEAK = 0.2

_NEXT_MATTER = re.compile(
    r"(?<=\?)\s+(?:and |also,? )*|[,;.!]?\s+(?:and )?(?:also|another thing|one more thing|besides|secondly),?\s+",
    re.IGNORECASE,
)
_DOES_NOT_KNOW = phrases("(?:don'?t|do not|can'?t|cannot) (?:know|have|remember|find|recall)|lost|no idea")


@dataclass(frozen=True)
class Matter:
    """What to act upon. ``words`` are the message and those before it that it goes on with.

    ``about`` is, for a yes or no to a person, the intent that it is about. ``weak``: hardly like anything known.
    """

    intent: str
    words: str
    slots: Slots
    sure: bool = True
    runner_up: str = ""
    about: str = ""
    weak: bool = False


def matters(talk: Talk, minds: Understander) -> list[Matter]:
    """One matter, or two where a message clearly has two."""
    answer = _answering(talk, minds)
    if answer is not None:
        return [answer]
    found = [_matter(part, minds.understand(part)) for part in _parts(talk.now, minds)]
    if len(found) == 1:
        return [_going_on(found[0], talk, minds)]
    orders = tuple(dict.fromkeys(order for matter in found for order in matter.slots.orders))
    return [one if one.slots.orders else replace(one, slots=replace(one.slots, orders=orders)) for one in found]


def choices(matter: Matter, minds: Understander) -> list[str]:
    """What to let a person choose from where ``matter`` is not clear: what the two likeliest intents are about."""
    named = (matter.intent, matter.runner_up)
    return [minds.intents[name].ask for name in named if name not in SOCIAL and name != "out_of_scope"]


def _matter(text: str, understood: Understanding) -> Matter:
    return Matter(
        understood.intent,
        text,
        understood.slots,
        understood.sure,
        understood.runner_up,
        weak=understood.strength < _WEAK,
    )


def _parts(text: str, minds: Understander) -> list[str]:
    """The message, or its two parts, where each is clearly about something of its own."""
    parts = [part for part in _NEXT_MATTER.split(text) if part and len(part.split()) > 1]
    if len(parts) != 2:
        return [text]
    first, second = (minds.understand(part) for part in parts)
    clear = all(u.confidence >= _VERY_SURE and u.intent not in SOCIAL for u in (first, second))
    return parts if clear and not minds.alike(first.intent, second.intent) else [text]


def _answering(talk: Talk, minds: Understander) -> Matter | None:
    """The matter that our question was about, where this message answers it."""
    understood = minds.understand(talk.now)
    yes = understood.slots.yes
    leaving = understood.sure and understood.intent in ("thanks", "goodbye")
    if offers_person(talk.asked) and yes is not None and not leaving:
        offered = _before(talk, minds) or Matter("", "", Slots())
        return replace(offered, intent=AGREED if yes else DECLINED, about=offered.intent)
    if offers_list(talk.asked) and yes:
        return Matter("list_orders", talk.now, Slots())
    if asks_order(talk.asked):
        return _order_named(talk, understood, minds)
    if asks_product(talk.asked) and _names_product(talk, understood.slots):
        before = _before(talk, minds)
        return _with(before, talk.now, understood.slots) if before else None
    if clarifies(talk.asked):
        return _clarified(talk, understood, minds)
    return None


def _order_named(talk: Talk, understood: Understanding, minds: Understander) -> Matter | None:
    """The matter for which we asked which order, with the order."""
    if _DOES_NOT_KNOW.search(talk.now) and not understood.slots.orders:
        return Matter("list_orders", talk.now, Slots())
    before, number = _before(talk, minds), _chosen(talk, understood.slots)
    if before is None or number is None or (understood.slots.orders and _speaks_for_itself(talk.now, understood)):
        return None
    return _with(before, talk.now, replace(understood.slots, orders=(number,)))


def _chosen(talk: Talk, slots: Slots) -> str | None:
    """The order number that a message gives: as such, by its place in our list, or by what is in the order."""
    bare = bare_number(talk.now)
    if slots.orders or bare:
        return slots.orders[0] if slots.orders else bare
    listed = orders_listed(talk.asked)
    if slots.ordinal is not None and -len(listed) <= slots.ordinal < len(listed):
        return listed[slots.ordinal][0]
    said = set(terms(talk.now))
    holding = [number for number, items in listed if said & set(terms(items))]
    return holding[0] if len(holding) == 1 else None


def _names_product(talk: Talk, slots: Slots) -> bool:
    """Whether a message chooses one of the products that we asked about, and says little else."""
    named = set(terms(talk.now)) & set(terms(talk.asked))
    return len(talk.now.split()) <= _SHORT and (slots.ordinal is not None or bool(named))


def _clarified(talk: Talk, understood: Understanding, minds: Understander) -> Matter | None:
    """Which of the matters that we gave to choose from it is."""
    given = [intent for intent in minds.intents.values() if intent.ask in talk.asked]
    given.sort(key=lambda intent: talk.asked.index(intent.ask))
    said, ordinal, yes = set(terms(talk.now)), understood.slots.ordinal, understood.slots.yes
    chosen = [intent for intent in given if said & set(terms(intent.ask))]
    if ordinal is not None and -len(given) <= ordinal < len(given):
        chosen = [given[ordinal]]
    elif yes and len(given) == 1:
        chosen = given
    named = {one.name for one in given}
    something_else = understood.sure and understood.intent not in SOCIAL and understood.intent not in named
    if len(chosen) != 1 or something_else:
        return None
    asked = next(iter(_said_before(talk)), "")
    return Matter(chosen[0].name, asked, minds.understand(asked).slots)


def _going_on(matter: Matter, talk: Talk, minds: Understander) -> Matter:
    """A number alone, or a further wish about what was sought, goes on with the matter before."""
    rest = ORDER_NUMBER.sub("", matter.words)
    if matter.slots.orders and not matter.sure and len(rest.split()) <= _SHORT:
        before = _before(talk, minds)
        intent = before.intent if before and before.intent in _ABOUT_ORDERS else "order_details"
        return replace(matter, intent=intent, sure=True) if intent in minds.intents else matter
    if refines(matter.words) and (matter.intent in _SEARCHES or not matter.sure):
        before = _search_before(talk, minds)
        if before is not None:
            return replace(before, words=refined(before.words, matter.words), slots=matter.slots)
    return matter


def _search_before(talk: Talk, minds: Understander) -> Matter | None:
    """What was sought last, with the further wishes about it since."""
    further: list[str] = []
    for text in _said_before(talk):
        understood = minds.understand(text)
        if refines(text) and (understood.intent in _SEARCHES or not understood.sure):
            further.insert(0, text)
        elif understood.sure and understood.intent in _SEARCHES:
            return Matter(understood.intent, reduce(refined, further, text), understood.slots)
    return None


def _said_before(talk: Talk) -> list[str]:
    """What the person said before, newest first."""
    return [one.text for one in reversed(talk.earlier) if one.speaker == "person"][:_LOOKED_BACK]


def _before(talk: Talk, minds: Understander) -> Matter | None:
    """The matter that the person spoke of last, with what they added to it since."""
    added: list[str] = []
    orders: tuple[str, ...] = ()
    for text in _said_before(talk):
        understood = minds.understand(text)
        orders = orders or understood.slots.orders
        if understood.sure and understood.intent not in SOCIAL and bare_number(text) is None:
            return Matter(understood.intent, " ".join([text, *added]), replace(understood.slots, orders=orders))
        added.insert(0, text)
    return None


def _with(before: Matter, now: str, slots: Slots) -> Matter:
    return replace(before, words=f"{before.words} {now}", slots=slots)


def _speaks_for_itself(text: str, understood: Understanding) -> bool:
    """Whether a message is clear whatever was asked before it."""
    return understood.confidence >= _VERY_SURE and len(text.split()) > _SHORT and understood.intent not in SOCIAL

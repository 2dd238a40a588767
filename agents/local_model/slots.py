"""What a message names: order numbers, e-mail addresses, money, a place in a list, a bare yes or no."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from agents.local_model.patterns import only
from agents.local_model.reading import EMAIL, ORDER_NUMBER, plain

_MONEY = re.compile(
    r"[$€£]\s?(\d[\d,]*(?:\.\d{1,2})?)|\b(\d[\d,]*(?:\.\d{1,2})?)\s?(?:dollars|bucks|euros?|pounds|usd|eur|gbp)\b"
)
_SIZE = re.compile(r"\bsize (\d{1,2}(?:\.5)?|x{0,3}[sl]|m)\b|\b(xs|xl|xxl|xxxl)\b")
_ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "other one": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "last": -1,
}  # fmt: skip
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)})\b(?! (?:order|time|week|month|year|night|day|purchase|name))")
_CUSTOMER = re.compile(r"\bcus_\w+\b")
_YES = only(
    """
    yes|yeah|yep|yup|jep|aye|y|sure|ok|okay|fine|alright|all right|right|correct|exactly|absolutely|definitely|certainly
    of course|go ahead|go for it|do it|do that|do so|please do|please|pass it on|mhm|sounds good|that works
    i'd like that|i would like that|that would be (?:great|lovely|nice)|thanks|thank you
    """
)
_YES_FIRST = re.compile(r"^\W*(?:yes|yeah|yep|yup|sure|ok|okay|of course|please do|go ahead|absolutely)\b")
_NO = only(
    """
    no|nope|nah|n|not now|not yet|not really|not necessary|that's not necessary|never mind|rather not|no need|leave it
    forget it|don't|please don't|thanks|thank you
    """
)
_NO_FIRST = re.compile(r"^\W*(?:no|nope|not now|never mind|please don't|rather not)\b")
_BARE_NUMBER = re.compile(
    r"^\W*(?:it'?s|its|order|number|no|id|is|the|my|for|that|sure|yes|i think|of course|[\s,:#!.])*(\d{3,})\W*$",
    re.IGNORECASE,
)
_FEW_WORDS = 7


@dataclass(frozen=True)
class Slots:
    """What a message names. ``ordinal`` counts from 0, -1 being the last; ``yes`` is ``None`` where neither is said."""

    orders: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    money: tuple[Decimal, ...] = ()
    sizes: tuple[str, ...] = ()
    ordinal: int | None = None
    yes: bool | None = None


def slots_of(text: str) -> Slots:
    """Reads the slots of one message; never raises."""
    said = plain(text)
    low = text.replace("’", "'").casefold()
    ordinal = _ORDINAL.search(low)
    return Slots(
        orders=_orders(text),
        emails=tuple(dict.fromkeys(EMAIL.findall(text))),
        customers=tuple(dict.fromkeys(_CUSTOMER.findall(text))),
        money=tuple(Decimal((a or b).replace(",", "")) for a, b in _MONEY.findall(low)),
        sizes=tuple(dict.fromkeys((a or b).upper() for a, b in _SIZE.findall(low))),
        ordinal=_ORDINALS[ordinal[1]] if ordinal else None,
        yes=_yes(said),
    )


def bare_number(text: str) -> str | None:
    """The number, where a message is nothing but a number: an order's, if one was asked for."""
    found = _BARE_NUMBER.match(text.strip())
    return found[1] if found else None


def _orders(text: str) -> tuple[str, ...]:
    found = [re.sub(r"\s", "", number).upper() for number in ORDER_NUMBER.findall(text)]
    return tuple(dict.fromkeys(found))


def _yes(said: str) -> Literal[True, False] | None:
    short = len(said.split()) <= _FEW_WORDS
    if _NO.match(said) or (short and _NO_FIRST.match(said)):
        return False
    if _YES.match(said) or (short and _YES_FIRST.match(said)):
        return True
    return None

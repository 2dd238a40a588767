"""What the model asks back, and how it knows next turn that it asked: no state is kept, only what was said."""

import re

OFFER_PERSON = "Shall I pass this to a colleague?"
OFFER_LIST = "Shall I list your orders?"
ASK_ORDER = "Which order is it? Please send me its number."
ASK_PRODUCT = "Which product do you mean?"

_OFFERS_PERSON = re.compile(
    r"\b(?:shall|should|can|may) i (?:pass|hand|connect|forward)\b[^?]*\bcolleague[^?]*\?", re.IGNORECASE
)
_OFFERS_LIST = re.compile(r"\bshall i list your orders\?", re.IGNORECASE)
_ASKS_ORDER = re.compile(
    r"\b(?:which order|order number|number of (?:the|your) order|order id)\b[^?]*\?", re.IGNORECASE
)
_ASKS_PRODUCT = re.compile(r"\bwhich (?:product|one)(?: of them)? do you mean\b[^?]*\?", re.IGNORECASE)
_CLARIFIES = re.compile(r"\bdo you want (?:me )?to\b[^?]*\?", re.IGNORECASE)
_LISTED = re.compile(r"(#?[A-Za-z]{0,4}-?\d[\w-]*) \(([^()]*)\)")


def offers_person(text: str) -> bool:
    """Whether ``text`` offers to hand over, so that a yes means: do."""
    return bool(_OFFERS_PERSON.search(text))


def offers_list(text: str) -> bool:
    """Whether ``text`` offers to list the orders."""
    return bool(_OFFERS_LIST.search(text))


def asks_order(text: str) -> bool:
    """Whether ``text`` asks which order is meant."""
    return bool(_ASKS_ORDER.search(text))


def asks_product(text: str) -> bool:
    """Whether ``text`` asks which product is meant."""
    return bool(_ASKS_PRODUCT.search(text))


def clarifies(text: str) -> bool:
    """Whether ``text`` asks what is meant at all."""
    return bool(_CLARIFIES.search(text))


def orders_listed(text: str) -> list[tuple[str, str]]:
    """The orders that ``text`` gives to choose from: number and items, as ``which_order`` words them."""
    return [(number, items) for number, items in _LISTED.findall(text)]


def which_order(orders: list[tuple[str, str]]) -> str:
    """Asks which of these orders (number, items) is meant."""
    listed = [f"{number} ({items})" for number, items in orders]
    chosen = ", ".join(listed[:-1]) + f" or {listed[-1]}"
    return f"Which order do you mean: {chosen}?"


def clarifying(asks: list[str]) -> str:
    """Asks what is meant, given what the likeliest matters' ``ask`` say."""
    return f"I'm not sure I understood. Do you want to {', or to '.join(asks)}?"

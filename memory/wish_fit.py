"""Whether something bought is what was wished for: the thing itself, and nothing about it speaks against the wish.

A wish for a red coat is met by a coat of which no colour is known, and not by one that is stated to be blue.
What the shop does not state is not held against it: the customer chose it, with the wish in mind.
"""

from collections.abc import Sequence

from memory.extraction.lexicon import lexicon
from memory.phrases import is_truly, last_stem, says
from memory.tables import Purchase
from memory.things import is_such

# What a purchase is held against: what a thing is, not what it may cost, nor what it is for.
_STATED = ("color", "material", "lining", "size", "gender", "season", "fit")


def satisfies(purchase: Purchase, item: str, requirements: Sequence[Sequence[str]]) -> bool:
    """Whether the purchase is an ``item``, and none of its traits contradicts a requirement."""
    categories = _values(purchase, "category")
    if not item or not any(is_such(category, purchase.product_name, item) for category in categories or [""]):
        return False
    return not any(_contradicts(purchase, attribute, value) for attribute, value in requirements)


def _contradicts(purchase: Purchase, attribute: str, value: str) -> bool:
    if attribute.startswith("not_"):
        kind = attribute.removeprefix("not_")
        return any(_same(kind, given, value) for given in _values(purchase, kind))
    stated = _values(purchase, attribute) if attribute in _STATED else []
    return bool(stated) and not any(_same(attribute, given, value) for given in stated)


def _same(kind: str, given: str, wanted: str) -> bool:
    if says(given, wanted) if kind != "material" else is_truly(given, wanted):
        return True
    known = lexicon()
    one, other = known.canonical(kind, given), known.canonical(kind, wanted)
    if one is None or other is None:
        return False
    shade = kind == "color" and known.is_shade_of(one, other)
    return one == other or shade or (kind == "material" and known.is_made_of(one, other))


def _values(purchase: Purchase, name: str) -> list[str]:
    return [value for given, value in purchase.traits if last_stem(given) == last_stem(name)]

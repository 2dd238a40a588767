"""What kind of thing a product is: a parka is a coat, boot socks are no boots, a coat hanger is no coat."""

from functools import lru_cache

from memory.extraction.lexicon import Lexicon, lexicon
from memory.phrases import last_stem, stems

# Things for other things: a phone case is no phone.
_FOR_OTHERS = (
    "case", "cover", "hanger", "rack", "strap", "holder", "stand", "hook", "box", "polish", "spray", "charger",
    "cable", "liner", "insole", "lace",
)  # fmt: skip


@lru_cache(maxsize=20_000)
def is_such(category: str, name: str, item: str) -> bool:
    """Whether a product of this category and name is an ``item`` ("coat"), or a kind of it.

    The name may say more exactly what the category says ("Trail Hiking Boots" among boots), and nothing else.
    """
    known = lexicon()
    if _is(known, category, item):
        return True
    by_category, by_name = known.item_in(category), known.item_in(name)
    says_more = by_category is None or by_name is None or known.is_kind_of(by_name, by_category)
    return says_more and _is(known, name, item)


def is_category_of(category: str, item: str) -> bool:
    """Whether the products of a category are such things, or may be: of a wider category their names decide."""
    known = lexicon()
    if _is(known, category, item):
        return True
    wider, wanted = known.item_in(category), known.canonical("item", item)
    return wider is not None and wanted is not None and known.is_kind_of(wanted, wider)


def _is(known: Lexicon, title: str, item: str) -> bool:
    """By the lexicon where it knows both, and otherwise by what the words say."""
    if _is_for_others(title) and not _is_for_others(item):
        return False
    thing, wanted = known.item_in(title), known.canonical("item", item) or item
    if thing is not None and known.is_kind_of(thing, wanted):
        return True
    if thing is not None and known.canonical("item", item) is not None:
        return False
    needed = stems(item)
    return bool(needed) and needed <= stems(title)


def _is_for_others(title: str) -> bool:
    return any(last_stem(title) == last_stem(word) for word in _FOR_OTHERS)

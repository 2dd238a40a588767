"""Whether one phrase of the shop says another: case, accents and word endings do not count, the order of words neither.

``says("light blue", "blue")``, ``says("Hiking Boots", "boot")``; but not ``says("wool-free", "wool")``.
"""

import re
from functools import lru_cache

from kit.lexical import fold, terms

_SPELLINGS = {"grey": "gray", "colour": "color"}
_TAKEN_BACK = re.compile(r"\b[\w']+[- ]free\b|\b(?:non|no|not|without|un)[- ]+\w+")
_IMITATED = re.compile(r"\b(?:faux|fake|vegan|imitation|artificial|mock)[- ]+\w+|\b\w+[- ](?:look|style|effect)\b")
_APART = re.compile(r"[\W_]+")


def says(text: str, wanted: str) -> bool:
    """Whether ``text`` holds every word of ``wanted`` and does not take it back ("wool-free", "without a hood")."""
    text, wanted = fold(text), fold(wanted)
    if _squashed(text) == _squashed(wanted):
        return True
    if not _TAKEN_BACK.search(wanted):
        text = _TAKEN_BACK.sub(" ", text)
    needed = stems(wanted)
    return bool(needed) and needed <= stems(text)


def is_truly(text: str, wanted: str) -> bool:
    """As ``says``, of what a thing is made of: faux leather and a shearling look are neither leather nor shearling."""
    if not _IMITATED.search(fold(wanted)):
        text = _IMITATED.sub(" ", fold(text))
    return says(text, wanted)


@lru_cache(maxsize=20_000)
def stems(text: str) -> frozenset[str]:
    """The stems of the words in ``text``."""
    return frozenset(_SPELLINGS.get(term, term) for term in terms(text) if term.isalnum())


@lru_cache(maxsize=20_000)
def last_stem(text: str) -> str:
    """The stem of the last word: what a noun phrase is about."""
    found = [term for term in terms(text) if term.isalnum()]
    return _SPELLINGS.get(found[-1], found[-1]) if found else ""


def _squashed(text: str) -> str:
    return _APART.sub("", text)

"""What in a message is its writer's own: lines quoted back from somebody else ("> You live in Chicago") are not."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from memory.extraction.port import Extraction, FoundClosing, FoundFact, FoundWish

_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_Found = TypeVar("_Found", FoundFact, FoundWish, FoundClosing)


def own_words(text: str) -> str:
    """``text`` without its quoted lines."""
    return _QUOTED_LINE.sub("", text) if ">" in text else text


def quoting(found: Extraction, text: str) -> Extraction:
    """What of ``found`` quotes words that stand in ``text``."""
    return replace(
        found,
        facts=_standing(found.facts, text),
        wishes=_standing(found.wishes, text),
        closings=_standing(found.closings, text),
    )


def _standing(found: Iterable[_Found], text: str) -> tuple[_Found, ...]:
    return tuple(one for one in found if one.quote.strip() and one.quote in text)

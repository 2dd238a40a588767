"""Cutting a text that is too long: after a sentence where one fits, else after a word, marked with an ellipsis."""

import re
from bisect import bisect_left
from collections.abc import Callable

ELLIPSIS = " …"
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_LEAST = 16  # characters: less says nothing


def cut(text: str, fits: Callable[[str], bool]) -> str:
    """The whole text if it ``fits``, else as much of its beginning as does; empty where that says nothing.

    ``fits`` must hold for every shorter beginning of a text that it holds for.
    """
    if not text or fits(text):
        return text
    ends = [found.start() for found in _SENTENCE.finditer(text)]
    words = [found.start() for found in re.finditer(r"\s", text)]
    for places in (ends, words):
        number = bisect_left(places, True, key=lambda place: not fits(text[:place] + ELLIPSIS))
        if number and places[number - 1] >= _LEAST:
            return text[: places[number - 1]] + ELLIPSIS
    return ""

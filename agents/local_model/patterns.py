"""Expressions made of lists of phrases, for what is told by its very words."""

import re


def phrases(listed: str) -> re.Pattern[str]:
    """Any of the phrases, one a line, as whole words and without regard to case. A phrase may be an expression."""
    parts = [part.strip() for part in listed.strip().splitlines()]
    return re.compile(rf"\b(?:{'|'.join(part for part in parts if part)})\b", re.IGNORECASE)


def only(listed: str) -> re.Pattern[str]:
    """Matches a text that consists of nothing but such phrases."""
    parts = [part.strip() for part in listed.strip().splitlines()]
    return re.compile(rf"^\W*(?:(?:{'|'.join(part for part in parts if part)})\b\W*)+$", re.IGNORECASE)

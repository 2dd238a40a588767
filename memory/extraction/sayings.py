"""The patterns and word lists of ``sayings/*.toml``, read when first needed.

``<name>`` in a pattern stands for the macro of that name in the same file.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

_MACRO = re.compile(r"<(\w+)>")


class Sayings:
    """One file: ``[macros]``, ``[words]`` and ``[pairs]`` (lists of them by name) and ``[patterns]`` (by name)."""

    def __init__(self, table: Mapping[str, Mapping[str, Any]]) -> None:
        self._macros = {name: str(meant) for name, meant in table.get("macros", {}).items()}
        self._words = {name: frozenset(str(words).split()) for name, words in table.get("words", {}).items()}
        self._pairs = {name: frozenset(_pair(pair) for pair in pairs) for name, pairs in _lists(table, "pairs")}
        self._patterns = dict(_lists(table, "patterns"))

    def words(self, name: str) -> frozenset[str]:
        """A list of words."""
        return self._words[name]

    def pairs(self, name: str) -> frozenset[tuple[str, str]]:
        """A list of pairs of words that follow each other."""
        return self._pairs[name]

    def patterns(self, name: str) -> Iterator[str]:
        """The patterns under a name, macros filled in."""
        return (self._filled(pattern) for pattern in self._patterns[name])

    def _filled(self, pattern: str) -> str:
        while _MACRO.search(pattern):
            pattern = _MACRO.sub(lambda found: self._macros[found.group(1)], pattern)
        return pattern


def _lists(table: Mapping[str, Mapping[str, Any]], name: str) -> Iterable[tuple[str, list[str]]]:
    return table.get(name, {}).items()


def _pair(words: str) -> tuple[str, str]:
    first, second = words.split()
    return first, second


@cache
def sayings(name: str) -> Sayings:
    """The sayings of ``sayings/<name>.toml``."""
    path = Path(__file__).parent / "sayings" / f"{name}.toml"
    return Sayings(tomllib.loads(path.read_text(encoding="utf-8")))

"""A small language for what people say: ``i live in (the) {city}``.

``a|b`` is either word, ``(a|b)`` may be missing, ``{color}`` is a mention of that kind, ``{city|country}`` of either.
``^`` is the start of the clause, ``$`` its end, ``_`` any word that changes nothing of what is said (no negation, no
other subject); an optional ``(_)`` takes as little as it can.
Words are in the plain form of ``tokens`` (``i am``, not ``I'm``).
Patterns that begin alike share their beginning in a tree, so that a clause meets only the few that can match.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kit.errors import BrokenData
from memory.extraction.lexicon import Mention
from memory.extraction.tokens import Token

Meant = TypeVar("Meant")
_NEVER_FILLS = frozenset(
    """not never no nor neither hardly rarely barely used stopped you he she they it i if when who which that would did
    do does was were could should might may will and or but to my your his her their want hope wish than because of for
    with from about""".split()
)


@dataclass(frozen=True, slots=True)
class Row:
    """What a pattern is held against: the words of a clause, and the mentions that begin at each."""

    tokens: Sequence[Token]
    words: Sequence[str]
    mentions: Mapping[int, Sequence[Mention]]

    def word(self, at: int) -> str:
        """The word at a place; empty beyond the ends."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def at(self, place: int, *kinds: str) -> Mention | None:
        """The first mention of one of ``kinds`` that begins at a place."""
        for mention in self.mentions.get(place, ()):
            if mention.kind in kinds:
                return mention
        return None


@dataclass(frozen=True, slots=True)
class Match(Generic[Meant]):
    """Where a pattern holds: the words from ``first`` up to, not including, ``after``, and what filled its slots."""

    meant: Meant
    first: int
    after: int
    slots: tuple[Mention, ...]


class _Node(Generic[Meant]):
    """What may follow: the nodes behind each word, kind of mention, wildcard, left-out part and the clause's end."""

    __slots__ = ("children", "ends", "kinds", "meant", "skips", "wild", "words")

    def __init__(self) -> None:
        self.children: dict[str, _Node[Meant]] = {}
        self.words: dict[str, list[_Node[Meant]]] = {}
        self.kinds: dict[str, list[_Node[Meant]]] = {}
        self.wild: list[tuple[_Node[Meant], bool]] = []  # and whether it may be left out
        self.skips: list[_Node[Meant]] = []
        self.ends: list[_Node[Meant]] = []
        self.meant: list[Meant] = []

    def follow(self, part: str) -> "_Node[Meant]":
        """The node behind a part of a pattern, made when first needed."""
        if part in self.children:
            return self.children[part]
        node = self.children[part] = _Node()
        optional = part.startswith("(")
        if optional != part.endswith(")"):
            raise BrokenData(f"pattern part {part!r}: a bracket holds one word or several alternatives; write (a) (b)")
        choices = part.strip("()")
        if choices == "_":
            self.wild.append((node, optional))
            return node
        if choices == "$":
            self.ends.append(node)
        elif choices.startswith("{"):
            for kind in choices.strip("{}").split("|"):
                self.kinds.setdefault(kind, []).append(node)
        else:
            for word in choices.split("|"):
                self.words.setdefault(word, []).append(node)
        if optional:
            self.skips.append(node)
        return node


class Patterns(Generic[Meant]):
    """A set of patterns, each with what it means."""

    def __init__(self, meanings: Iterable[tuple[Meant, str]]) -> None:
        self._root: _Node[Meant] = _Node()
        for meant, written in meanings:
            for parts in _openings(written.split()):
                node = self._root
                for part in parts:
                    node = node.follow(part)
                node.meant.append(meant)

    def matches(self, row: Row) -> Iterator[Match[Meant]]:
        """Every place where a pattern holds; a pattern at most once at each place.

        Of several readings the one that takes most counts, except that a wildcard takes as little as it can.
        """
        words, kinds = self._root.words, self._root.kinds
        for node in words.get("^", ()):
            yield from _Search[Meant](row, 0).from_node(node)
        for at, word in enumerate(row.words):
            if word in words or any(mention.kind in kinds for mention in row.mentions.get(at, ())):
                yield from _Search[Meant](row, at).from_node(self._root)


def _openings(parts: Sequence[str]) -> Iterator[Sequence[str]]:
    """A pattern as it begins with each part that may be left out, or without: the tree's root then has no choice."""
    while parts[0].startswith("(") and parts[0] != "(_)":
        yield [f"{parts[0].strip('()')}", *parts[1:]]
        parts = parts[1:]
    yield parts


class _Search(Generic[Meant]):
    """All patterns that hold from one place on."""

    def __init__(self, row: Row, first: int) -> None:
        self._row = row
        self._first = first
        self._seen = set[tuple[int, int]]()
        self._done = set[int]()
        self._found: list[Match[Meant]] = []

    def from_node(self, node: _Node[Meant]) -> list[Match[Meant]]:
        self._go(node, self._first, ())
        return self._found

    def _go(self, node: _Node[Meant], at: int, slots: tuple[Mention, ...]) -> None:
        state = (id(node), at)
        if state in self._seen:  # whatever could be found from here was found by a reading that counts more
            return
        self._seen.add(state)
        words = self._row.words
        word = words[at] if at < len(words) else None
        for behind, optional in node.wild:
            if optional:
                self._go(behind, at, slots)
            if word is not None and word not in _NEVER_FILLS:
                self._go(behind, at + 1, slots)
        if node.kinds:
            for mention in self._row.mentions.get(at, ()):
                for behind in node.kinds.get(mention.kind, ()):
                    self._go(behind, mention.after, (*slots, mention))
        for behind in node.words.get(word, ()) if word is not None else node.ends:
            self._go(behind, at + (word is not None), slots)
        for behind in node.skips:
            self._go(behind, at, slots)
        if node.meant and state[0] not in self._done:
            self._done.add(state[0])
            self._found.extend(Match(meant, self._first, at, slots) for meant in node.meant)

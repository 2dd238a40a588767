"""The writer's word that a wish is over: they found one elsewhere, or no longer want it."""

from collections.abc import Iterator, Sequence
from functools import cache

from memory.extraction.clauses import Clause
from memory.extraction.describing import describe
from memory.extraction.lexicon import Lexicon, Mention
from memory.extraction.patterns import Match, Patterns, Row
from memory.extraction.port import FoundClosing
from memory.extraction.sayings import sayings
from memory.extraction.unlisted import unlisted
from memory.extraction.wanting import head_at

_SURE = frozenset(
    """never nevermind forget scratch drop scrap skip changed decided no stop stopped quit gave given without
    bother""".split()
)
_ITS_LIST = frozenset("list wishlist off out".split())
_LATER = frozenset("elsewhere already thanks thank somewhere".split())


def closings(text: str, clauses: Sequence[Clause], lexicon: Lexicon) -> Iterator[FoundClosing]:
    """The wishes that a message ends."""
    said = words_of(clauses)
    for clause in clauses:
        yield from of_clause(text, clause, said, lexicon)


def words_of(clauses: Sequence[Clause]) -> frozenset[str]:
    """All words of a message."""
    return frozenset(word for clause in clauses for word in clause.row.words)


def of_clause(text: str, clause: Clause, said: frozenset[str], lexicon: Lexicon) -> Iterator[FoundClosing]:
    """The wishes that one clause ends, each item once; ``said`` are the words of the whole message."""
    stance, row = clause.stance, clause.row
    if stance.reported or stance.imagined or stance.question:
        return
    quote, found = text[clause.start : clause.end], set[str]()
    for match in _cues().matches(row):
        item = _named(row, match, lexicon)
        if match.meant == "found_one":
            others = _cues().matches(row)
            if _points_back(row, match, said) and not any(_named(row, other, lexicon) for other in others):
                yield FoundClosing("", quote, met=True)
                return
            continue
        if item is None or item.value in found or not _is_over(row, match, item, said):
            continue
        found.add(item.value)
        asked = describe(row, match.after, item.first, lexicon).requirements
        yield FoundClosing(item.value, quote, match.meant == "met", asked)


def _named(row: Row, match: Match[str], lexicon: Lexicon) -> Mention | None:
    item = head_at(row, match.after, lexicon)
    return item or (unlisted(row, match.after) if match.meant == "withdrawn" else None)


def _is_over(row: Row, match: Match[str], item: Mention, whole: frozenset[str]) -> bool:
    words, begun = frozenset(row.words), frozenset(row.words[match.first : match.after])
    if not _words("not_over").isdisjoint(words):
        return False
    if match.meant == "met":
        elsewhere = bool(words & _words("over")) or bool(whole & {"thanks", "elsewhere", "thank"})
        return elsewhere and "my" not in row.words[match.after : item.first]
    if begun & {"take", "remove", "cross", "strike"}:
        return bool(words & _ITS_LIST)
    if begun >= {"do", "not"} and row.word(item.after - 1).endswith("s") and not _definite(row, match, item):
        return False  # "in Phoenix I don't need heavy coats any more"
    if begun & _SURE:
        return True
    any_more = "more" in words or "now" in words or ("after" in words and "all" in words) or "over" in begun
    return any_more or "longer" in words


def _definite(row: Row, match: Match[str], item: Mention) -> bool:
    return item.first == match.after or not {"the", "those", "these"}.isdisjoint(row.words[match.after : item.first])


def _points_back(row: Row, match: Match[str], whole: frozenset[str]) -> bool:
    return bool(_LATER & whole) and _words("not_over").isdisjoint(row.words) and match.after >= 0


@cache
def _cues() -> Patterns[str]:
    names = "met", "withdrawn", "found_one"
    return Patterns((name, pattern) for name in names for pattern in sayings("closing").patterns(name))


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("closing").words(name)

"""What "it" and "a new one" mean in a wish: something that the message named before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from memory.extraction.clauses import Clause
from memory.extraction.describing import Description, describe
from memory.extraction.lexicon import Lexicon
from memory.extraction.patterns import Match, Row
from memory.extraction.sayings import sayings
from memory.extraction.wanting import Cue

_CHOOSES = frozenset({"size", "color"})
_REACH = 2  # clauses back


@dataclass(frozen=True)
class Earlier:
    """An item of an earlier clause, and what is asked of it."""

    clause: Clause
    item: str
    described: Description


def meant_before(clauses: Sequence[Clause], index: int, match: Match[Cue], lexicon: Lexicon) -> Earlier | None:
    """``the green parka is sold out, tell me when it's back``; ``my backpack broke, I need a new one``."""
    row = clauses[index].row
    if row.word(match.after) not in _words("points") and row.word(match.after) not in {"a", "another", "new"}:
        return None
    asked = describe(row, match.after, len(row.tokens), lexicon)
    points = row.word(match.after) in _words("points") and (match.meant.back or _chooses(row, asked))
    another = not _words("one").isdisjoint(row.words[match.after : match.after + 4])
    if not points and (match.meant.back or not another):
        return None
    for clause in reversed(clauses[max(0, index - _REACH) : index + 1]):
        before = match.first if clause is clauses[index] else len(clause.row.tokens)
        for at in range(before - 1, -1, -1):
            item = clause.row.at(at, "item")
            if item and not clause.stance.about_order and _can_be_meant(clause.row, at, points=points):
                whole = describe(clause.row, 0, len(clause.row.tokens), lexicon) if points else Description(())
                return Earlier(clause, item.value, _restated(whole, asked))
    return None


def _chooses(row: Row, asked: Description) -> bool:
    """``I want it in M``: a choice, and of nothing that is here already."""
    return _words("had").isdisjoint(row.words) and any(
        requirement.attribute in _CHOOSES for requirement in asked.requirements
    )


def _can_be_meant(row: Row, at: int, *, points: bool) -> bool:
    """``my old backpack broke`` needs replacing; "it" is anything but what the writer has."""
    mine = "my" in row.words[max(0, at - 2) : at]
    if points:
        return not mine and _words("had").isdisjoint(row.words)
    return mine and not _words("worn_out").isdisjoint(row.words)


def _restated(before: Description, now: Description) -> Description:
    """In "I saw a red one; do you have it in blue?" blue is asked for."""
    said_now = {requirement.attribute for requirement in now.requirements}
    kept = tuple(requirement for requirement in before.requirements if requirement.attribute not in said_now)
    return Description(kept, before.budget) + now


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("wish").words(name)

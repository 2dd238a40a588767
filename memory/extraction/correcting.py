"""A slip put right in the same message: ``I'm a 43, sorry, I meant 42``."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from memory.extraction.clauses import Clause
from memory.extraction.patterns import Patterns
from memory.extraction.port import FoundFact

_KINDS = {
    "city": ("city", "place"), "country": ("country",), "language": ("language",), "budget": ("money", "number"),
    "color.liked": ("color",), "color.disliked": ("color",), "material.liked": ("material",), "fit": ("fit",),
    "material.disliked": ("material",), "channel": ("channel",),
}  # fmt: skip

_REACH = 20  # facts back


def corrected(facts: Iterable[FoundFact], text: str, clauses: Sequence[Clause]) -> list[FoundFact]:
    """The facts with the words of a correction in the place of what they correct: the last said before it."""
    found = list(facts)
    for index, clause in enumerate(clauses):
        match = next(iter(_cues().matches(clause.row)), None)
        if match is None or index == 0 or clause.stance.imagined or clause.stance.reported:
            continue
        before = {text[earlier.start : earlier.end] for earlier in clauses[max(0, index - 2) : index]}
        for place in range(len(found) - 1, max(-1, len(found) - _REACH), -1):
            fact = found[place]
            kinds = ("size",) if fact.attribute.startswith("size.") else _KINDS.get(fact.attribute, ())
            mention = clause.row.at(match.after, *kinds) if kinds else None
            if mention and fact.quote in before:
                found[place] = replace(fact, value=mention.value, quote=text[clause.start : clause.end])
                break
    return found


@cache
def _cues() -> Patterns[None]:
    said = (
        "i meant|mean (to) (say) (a|an|the|in|size)",
        "make that|it (a|an|the|size)",
        "no|wait it is (a|an)",
        "^ scratch that (a|an)",
        "^ or rather (a|an)",
        "^ correction (a|an)",
    )
    return Patterns((None, pattern) for pattern in said)

"""What the clauses after a wish add to it: ``I want a coat. It must be warm, nothing with fur. Under 200.``"""

from collections.abc import Sequence
from functools import cache

from memory.extraction.clauses import Clause
from memory.extraction.describing import Description, describe
from memory.extraction.lexicon import Lexicon
from memory.extraction.port import Requirement
from memory.extraction.sayings import sayings

MOST_CONTINUED = 4  # clauses


def continued(clauses: Sequence[Clause], index: int, lexicon: Lexicon) -> tuple[Description, int]:
    """What follows the wish in ``clauses[index]``, and where in the text the wish's words end."""
    described, end = Description(()), clauses[index].end
    sentence = clauses[index].sentence
    for clause in clauses[index + 1 : index + 1 + MOST_CONTINUED]:
        if clause.row.word(0) == "if" and len(clause.row.tokens) <= 3:
            continue
        theirs = _their_size(clause)
        if clause.sentence > sentence + 1 or not (theirs or _continues(clause, asked=clauses[index].stance.question)):
            break
        more = theirs or describe(clause.row, 0, len(clause.row.tokens), lexicon)
        if not more.requirements and clause.sentence > sentence:
            break
        described, sentence = described + more, clause.sentence
        end = clause.end if more.requirements else end
    return described, end


def _their_size(clause: Clause) -> Description | None:
    """``a coat for my dad, he's a size L``: his size is asked for."""
    row = clause.row
    if clause.stance.states and row.word(0) in {"he", "she"}:
        for at in range(2, len(row.tokens)):
            size = row.at(at, "size")
            if size and row.word(at - 1) in _words("before_size") and row.word(size.after) not in _words("ages"):
                return Description((Requirement("size", size.value),))
    return None


def _continues(clause: Clause, *, asked: bool) -> bool:
    stance, row = clause.stance, clause.row
    if stance.about_order or stance.reported or stance.imagined or (stance.question and not asked):
        return False
    if any(row.at(at, "item") for at in row.mentions):
        return False
    start = sum(token.start == token.end for token in row.tokens[:2])  # a subject that the words leave out
    if start and row.word(start) not in _words("also"):
        return row.word(start) in _words("continues")
    first, second = row.word(0), row.word(1)
    if first == "i":  # "I prefer it in red", "I need an XL"
        sized = any(row.at(at, "size") for at in range(2, 5))
        return second in _words("also") and (sized or not _words("about_it").isdisjoint(row.words[1:5]))
    if (first, second) == ("my", "budget"):
        return True
    return first in _words("continues") or bool(
        row.at(0, "color", "feature", "material", "lining", "size", "money", "fit")
    )


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("wish").words(name)

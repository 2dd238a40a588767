"""Who wants it: the writer, or somebody the writer speaks of."""

from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cache

from memory.extraction.clauses import Clause
from memory.extraction.lexicon import Mention
from memory.extraction.patterns import Row
from memory.extraction.sayings import sayings

_REACH = 9  # words between a subject and its verb


class Subject(Enum):
    """Of a verb of wanting."""

    WRITER = "writer"
    OTHER = "other"


def subject_of(row: Row, verb: int) -> Subject | None:
    """The subject of the verb at ``verb``; ``None`` where it is refused ("never"), past, or nobody's we know."""
    for at in range(verb - 1, max(-1, verb - _REACH), -1):
        word = row.word(at)
        if word in _words("no_want"):
            return None
        if word == "i":
            return Subject.WRITER
        person = _person_ending_at(row, at)
        if person and person.kind == "other_person":
            return None
        if word in {"he", "she", "they"} or (person and "my" in row.words[max(0, person.first - 3) : person.first]):
            return Subject.OTHER
        if person or word in _words("no_subject"):
            return None
    before = row.words[max(0, verb - _REACH) : verb]
    return Subject.WRITER if verb < _REACH and all(word in _words("adverbs") for word in before) else None


def meant_for(row: Row, at: int) -> Mention | None:
    """The person at ``at``, if something is meant for them: ``for my dad``, ``my wife wants``."""
    person = row.at(at, "person", "other_person")
    if not person or row.word(person.after) == "'s":
        return None
    before = row.words[max(0, at - 4) : at]
    wants = not _words("wants").isdisjoint(row.words[person.after : person.after + 3])
    given = not _words("gives").isdisjoint(before)
    return person if "for" in before or ("my" in before and (wants or given)) else None


def for_somebody_else(clauses: Iterable[Clause]) -> bool:
    """Whether a message speaks of buying for another person."""
    return any(
        "gift" in clause.row.words
        or "present" in clause.row.words
        or any(meant_for(clause.row, at) for at in clause.row.mentions)
        for clause in clauses
    )


def own_person(clauses: Sequence[Clause], index: int) -> str | None:
    """Whom "she" means in a clause: the ``my daughter`` of this one or the one before."""
    for clause in clauses[index : index - 2 if index > 1 else None : -1]:
        row = clause.row
        for at in row.mentions:
            person = row.at(at, "person")
            if person and "my" in row.words[max(0, at - 4) : at]:
                return person.value
    return None


def _person_ending_at(row: Row, at: int) -> Mention | None:
    for first in range(at, max(-1, at - 3), -1):
        person = row.at(first, "person", "other_person")
        if person and person.after == at + 1:
            return person
    return None


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("wish").words(name)

"""How a clause is meant: stated, asked, imagined or reported; and whether it is about an order.

Only what is stated by its writer makes facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from memory.extraction.sayings import sayings


@dataclass(frozen=True, slots=True)
class Stance:
    """``of_writer``: nobody else is its subject. ``about_order``: its sentence is about something already bought."""

    question: bool
    imagined: bool
    reported: bool
    of_writer: bool
    about_order: bool

    @property
    def states(self) -> bool:
        """Whether the writer says that it is so."""
        return not (self.question or self.imagined or self.reported)


def stance_of(clauses: Sequence[Sequence[str]], *, asks: bool) -> list[Stance]:
    """The stance of each clause (its words) of one sentence; ``asks`` where the sentence ends with a question mark."""
    every = [word for clause in clauses for word in clause]
    about_order = bool(_words("order").intersection(every).difference(_cancelling_noise(every))) or any(
        pair in _pairs("about_order") for pair in pairwise(every)
    )
    imagined_whole = _imagines(every)
    found: list[Stance] = []
    reported = False
    for k, clause in enumerate(clauses):
        reported = reported or _reports(clause)
        question = _asks(clause, marked=asks and k == len(clauses) - 1)
        imagined = imagined_whole or clause[0] == "if"
        found.append(Stance(question, imagined, reported, not _of_other(clause), about_order))
    return found


def _cancelling_noise(words: Sequence[str]) -> set[str]:
    """Headphones do that too."""
    return {"cancelling", "canceling"} if "noise" in words else set()


def _asks(clause: Sequence[str], *, marked: bool) -> bool:
    if marked or _words("unsure").intersection(clause) or ("not", "sure") in pairwise(clause):
        return True
    start = 0
    while start < len(clause) - 1 and clause[start] in _words("greetings"):
        start += 1
    first, second = clause[start], clause[start + 1] if start + 1 < len(clause) else ""
    if first in _words("auxiliaries") and second != "not":
        return first in _words("always_asks") or second in _words("subjects")
    if first in _words("wh"):
        return second in _words("auxiliaries")
    return (first, second) in {("any", "chance"), ("any", "idea"), ("any", "tips"), ("got", "any")}


def _reports(clause: Sequence[str]) -> bool:
    """``she said``, ``i was told``; not ``i said``, ``i told you``."""
    for k, word in enumerate(clause):
        if word in _words("saying"):
            said_by = clause[max(0, k - 2) : k]
            if "i" not in said_by or "was" in said_by:
                return True
    return False


def _imagines(words: Sequence[str]) -> bool:
    if _words("imagines").intersection(words[:3]) or ("let", "us", "say") == tuple(words[:3]):
        return True
    for k, word in enumerate(words):
        if (
            word == "if"
            and k + 2 < len(words)
            and words[k + 1] in _words("if_subjects")
            and (words[k + 2] in _words("past") or words[k + 2] == "would")
        ):
            return True
        if word == "what" and k + 1 < len(words) and words[k + 1] == "if":
            return True
    return False


def _of_other(clause: Sequence[str]) -> bool:
    if "i" in clause[:4]:
        return False
    start = 0
    while start < len(clause) - 1 and clause[start] in _words("greetings"):
        start += 1
    second = clause[start + 1] if start + 1 < len(clause) else ""
    return clause[start] in _words("others") or (clause[start] == "my" and second.endswith("s"))


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("clause").words(name)


@cache
def _pairs(name: str) -> frozenset[tuple[str, str]]:
    return sayings("clause").pairs(name)

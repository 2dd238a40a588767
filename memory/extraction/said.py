"""What a fact rule is handed: one clause in its message, and how to read on from where a pattern ended."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from memory.extraction.clauses import Clause
from memory.extraction.lexicon import Lexicon, Mention
from memory.extraction.patterns import Match, Row
from memory.extraction.port import FoundFact
from memory.extraction.sayings import sayings

_ME = frozenset({"i", "me", "my", "mine", "us", "myself"})
_JOINS = frozenset({"and", "or", "nor"})


@dataclass(frozen=True)
class Said:
    """A clause, the whole message around it and the words to read them by."""

    text: str
    clause: Clause
    before: Row | None  # the clause before it
    words: frozenset[str]  # of the whole message
    lexicon: Lexicon
    today: date  # when it was written

    @property
    def row(self) -> Row:
        return self.clause.row

    @property
    def quote(self) -> str:
        """The clause as it stands in the message."""
        return self.text[self.clause.start : self.clause.end]

    def has(self, *words: str) -> bool:
        """Whether the clause has one of these words."""
        return not frozenset(words).isdisjoint(self.row.words)

    def speaks_of_self(self, signs: frozenset[str], against: frozenset[str]) -> bool:
        """Whether the clause names its writer, has one of ``signs`` and nothing ``against``."""
        words = set(self.row.words)
        if ("these", "days") in pairwise(self.row.words):
            words -= {"these"}
        return bool(words & _ME and words & signs) and not words & against

    def fact(self, attribute: str, value: str, confidence: float = 0.9, *, retracts: bool = False) -> FoundFact:
        """A fact that this clause says."""
        return FoundFact(attribute, value, self.quote, confidence, retracts)

    def closes(self, at: int) -> bool:
        """Whether a noun phrase can end before ``at``: "green" in "I love green", not in "I love green tea"."""
        if at >= len(self.row.tokens):
            return True
        token = self.row.tokens[at]
        return (
            token.word in _words("closing")
            or token.word in _words("verbs")
            or token.word in _words("goods")
            or token.gap not in {"", " "}
            or bool(self.row.at(at, "item"))
        )

    def listed(self, first: Mention, *kinds: str) -> Iterator[Mention]:
        """``first`` and its companions: green, blue and rust."""
        found, next_sentence = [first], 1
        while mention := self._next_listed(found[-1].after, kinds):
            if self.row.word(found[-1].after) not in _JOINS:
                next_sentence = len(found)
            found.append(mention)
        ends = found[-1].after
        if self.row.word(ends) in _words("verbs") and found[0].after != ends:  # "I avoid wool, cotton is fine"
            del found[next_sentence:]
        yield from found

    def _next_listed(self, at: int, kinds: Sequence[str]) -> Mention | None:
        gap = self.row.tokens[at].gap if at < len(self.row.tokens) else ""
        joined = "," in gap and "so" not in gap.split()
        while self.row.word(at) in _JOINS:
            at, joined = at + 1, True
        while joined and self.row.word(at) in _words("counting"):
            at += 1
        return self.row.at(at, *kinds) if joined else None


@dataclass(frozen=True)
class Rule:
    """``read`` makes facts of a match. ``asked``: also where the clause is a question ("in Spanish, please?").

    ``own``: not where the message is about buying for somebody else.
    """

    read: "Read"
    asked: bool = False
    own: bool = False


Read = Callable[[Said, Match[Rule]], Iterable[FoundFact]]


def always(attribute: str, value: str, confidence: float = 0.85) -> Read:
    """A rule whose patterns say one thing, whatever their slots."""

    def read(said: Said, _: Match[Rule]) -> Iterable[FoundFact]:
        return (said.fact(attribute, value, confidence),)

    return read


def rules_of(file: str, reads: Mapping[str, Rule]) -> Iterator[tuple[Rule, str]]:
    """The rules of ``sayings/<file>.toml``, by the names of their patterns there."""
    for name, rule in reads.items():
        yield from ((rule, pattern) for pattern in sayings(file).patterns(name))


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("phrase").words(name)

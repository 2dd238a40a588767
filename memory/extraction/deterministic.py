"""The extractor that runs inside every turn: rules and a lexicon, no model, a few milliseconds.

English only; precision before recall: what it does not understand it leaves alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache

from memory.attributes import ATTRIBUTES
from memory.extraction import (
    facts_of_activity,
    facts_of_contact,
    facts_of_household,
    facts_of_look,
    facts_of_need,
    facts_of_place,
    facts_of_plans,
    facts_of_self,
    facts_of_service,
    facts_of_size,
    facts_of_taste,
)
from memory.extraction.clauses import Clause, clauses, whole
from memory.extraction.closing import closings
from memory.extraction.correcting import corrected
from memory.extraction.describing import describe
from memory.extraction.lexicon import Lexicon, Mention, lexicon
from memory.extraction.patterns import Patterns, Row
from memory.extraction.port import Extraction, FoundFact, FoundWish
from memory.extraction.said import Rule, Said
from memory.extraction.subjects import for_somebody_else
from memory.extraction.wishes import for_person, voiced, with_what_is_said_beside

_ONE_VALUED = frozenset(attribute.name for attribute in ATTRIBUTES if not attribute.many)
_NOT_YET = frozenset("when once until unless whether before after".split())


class DeterministicExtractor:
    """Facts and wishes by rule. The same message at the same time always says the same.

    ``extra_items`` are nouns of a shop's own catalog, for things that no lexicon has.
    """

    def __init__(self, extra_items: Iterable[str] = ()) -> None:
        self._own = tuple(sorted(set(extra_items)))

    @property
    def name(self) -> str:
        return "deterministic/2"

    @property
    def _lexicon(self) -> Lexicon:
        return lexicon(self._own)

    def extract(self, text: str, at: datetime) -> Extraction:
        """What ``text``, written at ``at``, says of its writer."""
        words = self._lexicon
        parts = clauses(text, words)
        wishes = list(voiced(text, parts, words, at.date()))
        facts = [
            *corrected(_facts(text, parts, words, at.date()), text, parts),
            *(fact for voice in wishes for fact in voice.facts),
        ]
        settled = tuple(_settled(facts))
        wanted = list(dict.fromkeys(voice.wish for voice in wishes))
        if len(wanted) == 1 and wishes[0].own:
            wanted = [with_what_is_said_beside(wanted[0], settled)]
        return Extraction(settled, tuple(wanted), tuple(dict.fromkeys(closings(text, parts, words))))

    def sought(self, text: str) -> FoundWish | None:
        """What product ``text`` describes. ``item`` is empty where only its properties are named."""
        words = self._lexicon
        wishes = list(voiced(text, clauses(text, words), words, None))
        if wishes:
            return wishes[0].wish
        row = whole(text, words)
        item = _named(row)
        described = describe(row, 0, len(row.tokens), words) + for_person(row, words)
        if not item and not described.requirements:
            return None
        return FoundWish(item.value if item else "", described.requirements, text.strip())


def _named(row: Row) -> Mention | None:
    """The first item of a description: in "coat with jacket pockets" it is the coat, in "shirt dress" the dress."""
    for at in range(len(row.tokens)):
        item = row.at(at, "item")
        while item and (following := row.at(item.after, "item")):
            item = following
        if item:
            return item
    return None


def _facts(text: str, parts: Sequence[Clause], words: Lexicon, today: date) -> Iterator[FoundFact]:
    said_words = frozenset(token.word for part in parts for token in part.row.tokens)
    for_other = for_somebody_else(parts)
    read = set[tuple[str, bool]]()
    for k, part in enumerate(parts):
        stance = part.stance
        here = text[part.start : part.end], stance.question
        if stance.imagined or stance.reported or here in read:  # the same words again say the same
            continue
        read.add(here)
        said = Said(text, part, parts[k - 1].row if k else None, said_words, words, today)
        for match in _rules().matches(part.row):
            rule = match.meant
            open_to = (rule.asked or not stance.question) and not (rule.own and for_other)
            if open_to and not _not_yet(part.row, match.first):
                yield from rule.read(said, match)


def _not_yet(row: Row, at: int) -> bool:
    """``when I have kids``."""
    return row.word(at - 1) in _NOT_YET and row.tokens[at].gap in {"", " "}


@cache
def _rules() -> Patterns[Rule]:
    modules = (
        facts_of_place,
        facts_of_size,
        facts_of_taste,
        facts_of_need,
        facts_of_plans,
        facts_of_activity,
        facts_of_household,
        facts_of_contact,
        facts_of_self,
        facts_of_look,
        facts_of_service,
    )
    return Patterns(rule for module in modules for rule in module.rules())


def _settled(facts: Iterable[FoundFact]) -> Iterator[FoundFact]:
    """Each fact once, most certain reading; what is taken back or refused is not liked as well."""
    best: dict[tuple[str, str, bool], FoundFact] = {}
    for fact in facts:
        key = (fact.attribute, fact.value, fact.retracts)
        if key not in best or best[key].confidence < fact.confidence:
            best[key] = fact
    asserted = {attribute: value for attribute, value, retracts in best if not retracts}  # the last one said
    for (attribute, value, retracts), fact in best.items():
        if attribute in _ONE_VALUED and asserted.get(attribute, value) != value:
            continue
        refused = (attribute.replace(".liked", ".disliked"), value, False)
        if not retracts and ((attribute, value, True) in best or (attribute != refused[0] and refused in best)):
            continue
        yield fact

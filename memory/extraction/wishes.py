"""What a person wants and has not got: the wishes in a message, and what they say of their writer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from memory.extraction.antecedents import meant_before
from memory.extraction.clauses import Clause
from memory.extraction.closing import of_clause as closings_of
from memory.extraction.closing import words_of
from memory.extraction.continuing import MOST_CONTINUED, continued
from memory.extraction.dates import day_in
from memory.extraction.describing import ONLY_SAID, Description, describe
from memory.extraction.lexicon import Lexicon, Mention
from memory.extraction.patterns import Match, Row
from memory.extraction.port import FoundFact, FoundWish, Requirement
from memory.extraction.sayings import sayings
from memory.extraction.subjects import Subject, for_somebody_else, meant_for, own_person, subject_of
from memory.extraction.wanting import Cue, cues, heads, is_definite

_CHOOSES = frozenset({"size", "color", "lining", "material", "fit", "gender"})
_FACT_OF = {
    "color": "color.liked", "not_color": "color.disliked", "not_material": "material.disliked",
    "brand": "brand.liked", "not_brand": "brand.disliked",
}  # fmt: skip


@dataclass(frozen=True)
class Voiced:
    """A wish and what it says of the person who voiced it."""

    wish: FoundWish
    facts: tuple[FoundFact, ...]
    of_others: tuple[FoundFact, ...] = ()
    own: bool = False  # stated, and for the writer


def voiced(text: str, clauses: Sequence[Clause], lexicon: Lexicon, today: date | None) -> Iterator[Voiced]:
    """The wishes of a message written on ``today``."""
    for_other = for_somebody_else(clauses)
    quotes = [text[clause.start : clause.end] for clause in clauses]
    said, read = words_of(clauses), set[tuple[str, ...]]()
    for index, clause in enumerate(clauses):
        stance, here = clause.stance, tuple(quotes[index : index + 1 + MOST_CONTINUED])
        if here in read:  # the same words again say the same
            continue
        read.add(here)
        if stance.reported or stance.about_order or (stance.imagined and not _offers(clause)):
            continue
        if any(True for _ in closings_of(text, clause, said, lexicon)):
            continue
        for voice in _of_clause(text, clauses, index, lexicon, today):
            facts = voice.of_others if for_other else (*voice.facts, *voice.of_others)
            yield Voiced(voice.wish, facts, own=voice.own and not for_other)


def with_what_is_said_beside(wish: FoundWish, facts: Iterable[FoundFact]) -> FoundWish:
    """The only wish of a message, with the budget and the event that other words of it name."""
    asked = {requirement.attribute for requirement in wish.requirements}
    more = []
    for fact in facts:
        if fact.attribute == "budget" and not fact.retracts and "max_price" not in asked:
            more.append(Requirement("max_price", fact.value.split(" ")[0]))
        elif fact.attribute == "occasion" and not fact.retracts and "occasion" not in asked:
            more.append(Requirement("occasion", fact.value.split(" on ")[0]))
    return replace(wish, requirements=tuple(dict.fromkeys((*wish.requirements, *more))))


def _offers(clause: Clause) -> bool:
    """``if you ever get a red one in, tell me`` is no mere thought."""
    return clause.row.words[:2] == ["if", "you"]


def _of_clause(
    text: str, clauses: Sequence[Clause], index: int, lexicon: Lexicon, today: date | None
) -> Iterator[Voiced]:
    """The wishes of one clause: of the first cue in it that leads to an item."""
    clause = clauses[index]
    row = clause.row
    for match in cues().matches(row):
        subject = _subject(clause, match)
        if subject is None or not _applies(clause, match):
            continue
        found = list(_named(row, match, lexicon))
        earlier = None if found else meant_before(clauses, index, match, lexicon)
        if earlier:
            found = [(earlier.item, earlier.described)]
        if not found:
            continue
        more, end = continued(clauses, index, lexicon)
        more += for_person(row, lexicon)
        own = subject is Subject.WRITER and not (clause.stance.question or match.meant.asks)
        person = own_person(clauses, index) if subject is Subject.OTHER else None
        start = earlier.clause.start if earlier else clause.start
        for item, described in found:
            all_of_it = described + more
            asked = tuple(one for one in all_of_it.requirements if one.attribute not in ONLY_SAID)
            wish = FoundWish(item, asked, text[start:end], _until(row, today))
            facts = tuple(_facts(wish, all_of_it, lexicon, row, today)) if own else ()
            yield Voiced(wish, facts, _bought_for(wish, person), own)
        return


def _subject(clause: Clause, match: Match[Cue]) -> Subject | None:
    if not match.meant.subject:
        return Subject.WRITER
    asks_about_self = clause.stance.question and clause.row.words[1:2] == ["i"]  # "would I need a coat in Lisbon?"
    return None if asks_about_self else subject_of(clause.row, match.first)


def _applies(clause: Clause, match: Match[Cue]) -> bool:
    row, cue = clause.row, match.meant
    if cue.back and _words("returns").isdisjoint(row.words[match.first :]):
        return False
    if cue.hopes and not clause.stance.question and _words("hopes").isdisjoint(row.words):
        return False
    return not cue.marked or (clause.stance.question and row.word(match.first - 1) != "did")


def _bought_for(wish: FoundWish, person: str | None) -> tuple[FoundFact, ...]:
    return (FoundFact("recipient", person, wish.quote, 0.85),) if person else ()


def _named(row: Row, match: Match[Cue], lexicon: Lexicon) -> Iterator[tuple[str, Description]]:
    """The items that the clause itself names, each with what is asked of it."""
    items = list(heads(row, match, lexicon))
    start = match.after if items and items[0].first >= match.after else max(0, match.first - 3)  # "the red coat I want"
    for item in items:
        described = describe(row, start, item.first, lexicon)
        described += describe(row, items[-1].after, len(row.tokens), lexicon)
        start = item.after
        if _is_wish(row, match, items[0], described):
            yield item.value, described


def _is_wish(row: Row, match: Match[Cue], item: Mention, described: Description) -> bool:
    """ "I need the coat" may be one already ordered; "I want the coat in M" is a wish."""
    if "replacement" in row.words[match.after : item.first]:  # of something ordered, unless they are looking around
        return not {"shopping", "looking", "searching", "hunting"}.isdisjoint(row.words)
    if match.meant.definite or not is_definite(row, match, item):
        return True
    chosen = any(requirement.attribute in _CHOOSES for requirement in described.requirements)
    return chosen and _words("exchanging").isdisjoint(row.words)


def for_person(row: Row, lexicon: Lexicon) -> Description:
    """``for my dad`` asks for men's things."""
    for at in row.mentions:
        person = meant_for(row, at)
        gender = lexicon.gender_of(person.value) if person else None
        if gender:
            return Description((Requirement("gender", gender),))
    return Description(())


def _until(row: Row, today: date | None) -> date | None:
    """``by Friday``: the last day on which the thing is still of use."""
    found = day_in(row.words, today) if today else None
    if found is None or today is None or found.on < today:
        return None
    before = row.words[max(0, found.first - 4) : found.first]
    return found.on if {"by", "before", "until"} & set(before) or (row.mentions and _for_event(row)) else None


def _for_event(row: Row) -> bool:
    return any(row.at(at, "occasion") for at in row.mentions)


def _facts(
    wish: FoundWish, described: Description, lexicon: Lexicon, row: Row, today: date | None
) -> Iterator[FoundFact]:
    """What wanting this says of the person: ``red`` is liked (for this at least), ``waterproof`` is needed."""
    for requirement in described.requirements:
        attribute, value = requirement.attribute, requirement.value
        if attribute in _FACT_OF:
            yield FoundFact(_FACT_OF[attribute], value, wish.quote, 0.6 if attribute == "color" else 0.7)
        elif attribute == "feature":
            yield FoundFact("need", value, wish.quote, 0.8)
        elif attribute == "lining":
            yield FoundFact("need", f"{value} lining", wish.quote, 0.8)
        elif attribute == "occasion" and lexicon.is_event(value):
            yield FoundFact("occasion", _dated(value, row, today), wish.quote, 0.7)
        elif attribute == "activity":
            yield FoundFact("activity", value, wish.quote, 0.6)
    if described.budget:
        yield FoundFact("budget", described.budget, wish.quote, 0.7)


def _dated(occasion: str, row: Row, today: date | None) -> str:
    found = day_in(row.words, today) if today else None
    return f"{occasion} on {found.on.isoformat()}" if found and today and found.on >= today else occasion


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("wish").words(name)

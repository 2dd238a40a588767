"""What a person's things must be able to do, and what they may cost."""

from collections.abc import Iterator
from functools import cache

from memory.extraction.patterns import Match
from memory.extraction.port import FoundFact
from memory.extraction.said import Rule, Said, rules_of
from memory.extraction.sayings import sayings


def _needed(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    for first in match.slots:
        for mention in said.listed(first, "feature", "lining"):
            if mention.kind == "lining":
                yield said.fact("need", f"{mention.value} lining", 0.8)
            elif mention.kind == "feature" and not (said.row.at(mention.first, "ethic") and said.has("only", "care")):
                yield said.fact("need", mention.value, 0.8)


def _budget(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    amount = match.slots[-1]
    if said.row.word(amount.after) not in _words("no_money_after"):
        yield said.fact("budget", amount.value, 0.85)


def _spending(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """An amount and a word of spending in one clause that is about nothing already paid."""
    if said.has(*_words("spending")) and not said.has(*_words("spent")) and not said.clause.stance.about_order:
        yield from _budget(said, match)


def _fragment(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``money is tight, so under £30 please``."""
    gap = said.row.tokens[match.first].gap
    if "," in gap or "so" in gap.split():
        yield from _budget(said, match)


def _no_more_than(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    if said.has("not", "never", "rather", "avoid", "no"):
        yield from _budget(said, match)


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    reads = {
        "needed": Rule(_needed, own=True),
        "budget": Rule(_budget, own=True),
        "spending": Rule(_spending, own=True),
        "fragment": Rule(_fragment, own=True),
        "no_more_than": Rule(_no_more_than, own=True),
    }
    return rules_of("need", reads)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("need").words(name)

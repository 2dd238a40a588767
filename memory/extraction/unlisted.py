"""Things to buy that no lexicon has: ``a zafu``, ``a new butter churn``. The noun phrase itself has to show it."""

from functools import cache

from memory.extraction.lexicon import Mention
from memory.extraction.patterns import Row
from memory.extraction.sayings import sayings

_SAID_OF_THINGS = (
    "color", "material", "feature", "lining", "season", "gender", "fit", "style", "ethic", "brand", "size", "number",
    "money", "ignored",
)  # fmt: skip
_NEVER_THINGS = (
    "person", "other_person", "city", "country", "region", "language", "climate", "channel", "occasion", "activity",
    "activity_verb", "activity_doer", "pet", "part", "place",
)  # fmt: skip
_LONGEST = 7  # words
_ADJECTIVE = ("able", "ible", "ful", "less", "ive", "ous", "ic", "ish", "ed", "est", "proof", "free", "y", "al")


def unlisted(row: Row, at: int) -> Mention | None:
    """The thing that a noun phrase at ``at`` names: an article, what is said of it, and a noun that ends the phrase."""
    if at >= len(row.tokens):
        return None
    begun = row.word(at) in _words("begins")
    described = False
    nouns: list[int] = []
    place = at
    while place < min(len(row.tokens), at + _LONGEST):
        token = row.tokens[place]
        if place > at and token.gap not in {" ", "-", ""}:
            break
        if token.word in _words("ends") and place > at:
            break
        said = row.at(place, *_SAID_OF_THINGS)
        if said:
            place, nouns, described = said.after, [], described or said.kind in {"feature", "material", "ethic"}
            continue
        if token.word not in _words("begins") and token.word not in _words("modifiers"):
            nouns.append(place)
        place += 1
    if not nouns or nouns[-1] != place - 1:
        return None
    head = nouns[-1]
    several = row.word(head).endswith("s") and not row.word(head).endswith("ss")
    if not _is_thing(row, head) or not (begun or (described and several)):
        return None
    first = head - 1 if head - 1 in nouns and _is_noun(row, head - 1) else head
    name = " ".join([*row.words[first:head], singular(row.word(head))])
    return Mention("item", name, first, head + 1)


def singular(noun: str) -> str:
    """``churns`` → ``churn``; what may be singular stays (``glass``, ``tennis``)."""
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    if noun.endswith(("ches", "shes", "xes", "sses")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 3 else noun


def _is_thing(row: Row, at: int) -> bool:
    word = row.word(at)
    plain = word.isalpha() and word.isascii() and len(word) > 2
    known = row.at(at, *_NEVER_THINGS)
    return (
        plain
        and not known
        and singular(word) not in _words("no_thing")
        and word not in _words("no_thing")
        and not (word.endswith(tuple(_words("no_thing_ends"))))
    )


def _is_noun(row: Row, at: int) -> bool:
    word = row.word(at)
    return word.isalpha() and not word.endswith(_ADJECTIVE) and word not in _words("no_thing") and len(word) > 2


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("unlisted").words(name)

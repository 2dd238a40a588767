"""How people say that they want something, and what it is that they want."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from memory.extraction.lexicon import Lexicon, Mention
from memory.extraction.patterns import Match, Patterns, Row
from memory.extraction.sayings import sayings
from memory.extraction.unlisted import unlisted


@dataclass(frozen=True)
class Cue:
    """``asks``: a question to the shop. ``definite``: "the coat" counts as well as "a coat".

    ``marked``: only in a clause that is a question. ``which``: only where the shop is asked what it has or recommends.
    ``subject``: only where its subject is the writer, or somebody the writer speaks of.
    ``hopes``: only in a question or where the writer hopes or regrets ("sad that it is sold out").
    ``back``: only where the clause speaks of its return ("when the boots are back").
    """

    asks: bool = False
    definite: bool = False
    back: bool = False
    which: bool = False
    marked: bool = False
    subject: bool = False
    hopes: bool = False


_UNKNOWN = 3  # adjectives that no lexicon has: "a proper, grown-up, going-out coat"
_PART_OF_NAME = tuple(
    "color material feature lining season gender fit occasion activity size money number climate ignored style "
    "ethic brand".split()
)


@cache
def cues() -> Patterns[Cue]:
    """Every way to say it, as patterns."""
    groups = {
        "wants_the": Cue(definite=True, subject=True),
        "wants": Cue(subject=True),
        "wanted_openly": Cue(),
        "asks_the": Cue(asks=True, definite=True, marked=True),
        "asks": Cue(asks=True),
        "asks_openly": Cue(asks=True, marked=True),
        "returning": Cue(definite=True, hopes=True),
        "back": Cue(definite=True, back=True),
        "which": Cue(asks=True, which=True),
    }
    return Patterns((cue, pattern) for name, cue in groups.items() for pattern in sayings("wish").patterns(name))


def heads(row: Row, match: Match[Cue], lexicon: Lexicon) -> Iterator[Mention]:
    """The items that a cue is about: "a hat and some gloves" is two."""
    named = [mention for mention in match.slots if mention.kind == "item"]
    if named and not {"my", "your"}.isdisjoint(row.words[max(0, named[0].first - 3) : named[0].first]):
        return
    first = named[0] if named else _head(row, match.after, lexicon, _UNKNOWN)
    if first is None and not match.meant.which:
        first = unlisted(row, match.after)
    if not first or (match.meant.which and not _asks_which(row, first.after)):
        return
    yield first
    at = first.after
    while row.word(at) in _words("joins") or (at < len(row.tokens) and "," in row.tokens[at].gap):
        more = _head(row, at + (row.word(at) in _words("joins")), lexicon, 1, listed=True)
        if not more:
            return
        yield more
        at = more.after


def head_at(row: Row, at: int, lexicon: Lexicon) -> Mention | None:
    """The item that the noun phrase at a place names."""
    return _head(row, at, lexicon, _UNKNOWN)


def is_definite(row: Row, match: Match[Cue], head: Mention) -> bool:
    """Whether the words are about one known thing: "the coat", "these boots"; not "anything like the coat"."""
    between = {row.word(at) for at in range(match.after, head.first)}
    return bool(between & _words("definite")) and not between & _words("open")


def _head(row: Row, at: int, lexicon: Lexicon, unknown: int, *, listed: bool = False) -> Mention | None:
    """The item that a noun phrase at ``at`` names, if it names one."""
    start = at
    while at < len(row.tokens):
        item = row.at(at, "item")
        if item:
            return _last_of_run(row, item, lexicon)
        word = row.word(at)
        modifier = row.at(at, *_PART_OF_NAME)
        if word in _words("open") and not listed:
            return _open_head(row, at + 1, lexicon)
        if modifier:
            at = modifier.after
            continue
        if word in _words("stops") and not (word == "size" and row.at(at + 1, "size")):
            return None
        if (
            word not in _words("determiners")
            and word not in _words("definite")
            and word not in _words("joins")
            and word not in {"'s", "size", "like"}
        ):
            unknown -= 1
        if unknown < 0 or at - start > 12:
            return None
        at += 1
    return None


def _last_of_run(row: Row, item: Mention, lexicon: Lexicon) -> Mention | None:
    """In "shirt dress" it is the dress; a "coat hanger" is nothing of ours."""
    while (following := row.at(item.after, "item")) and row.tokens[item.after].gap in {" ", "-", "", "/"}:
        item = following
    return None if row.word(item.after) in lexicon.not_after_item else item


def _open_head(row: Row, at: int, lexicon: Lexicon) -> Mention | None:
    """``something … like a coat``, ``a present for my boyfriend, a beanie``."""
    for place in range(at, len(row.tokens)):
        if row.word(place) in _words("before_open_head"):
            return None
        item = row.at(place, "item")
        if item and not {row.word(place - 1), row.word(place - 2)} & {"my", "your", "'s"}:
            return _last_of_run(row, item, lexicon)
    return None


def _asks_which(row: Row, at: int) -> bool:
    after = [token.word for token in row.tokens[at:]]
    return "you" in after and not {"have", "recommend", "suggest", "sell", "carry", "stock", "got"}.isdisjoint(after)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("wish").words(name)

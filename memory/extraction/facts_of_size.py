"""What sizes a person wears."""

from collections.abc import Iterator
from functools import cache

from memory.extraction.lexicon import Mention
from memory.extraction.patterns import Match
from memory.extraction.port import FoundFact
from memory.extraction.said import Rule, Said, rules_of
from memory.extraction.sayings import sayings

_SYSTEMS = ("UK ", "US ", "EU ")
_SHOES_BY_NUMBER = (35.0, 49.0)


def _sized(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """A size, and further ones of the same breath: a large on top and a 34 in trousers."""
    if "used" in said.row.words[max(0, match.first - 3) : match.after]:
        return
    size = next(mention for mention in reversed(match.slots) if mention.kind == "size")
    given = next((_area(said, mention) for mention in match.slots if mention.kind in {"part", "item"}), None)
    told = set[str]()
    while size:
        after, area = _area_after(said, size.after)
        after_size = said.row.word(size.after)
        measured = after_size in {"cm", "inch", "inches"} and given in {"size.hat", "size.gloves"}
        if after_size in _words("no_size_before") and not measured:
            return
        after += measured
        if after == size.after and not _ends_size(said, after):
            return
        attribute = area or given or _by_itself(size.value) or _of_thing_named(said)
        if attribute and attribute not in told and _fits(attribute, size.value):
            told.add(attribute)
            yield said.fact(attribute, size.value, 0.9 if area or given else 0.8)
        found = _next_size(said, after)
        if not found:
            return
        size = found


def _sized_in(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``I need a large in most tops``, ``XXL on top``."""
    if said.row.tokens[match.first].gap == "/":  # the second half of 34/32
        return
    on_part = said.row.word(match.slots[1].first) == "on" or match.slots[1].first > match.slots[0].after
    names_self = not {"i", "me", "my"}.isdisjoint(said.row.words)
    if on_part and names_self and not said.clause.stance.about_order and not said.has(*_words("bought")):
        yield from _sized(said, Match(match.meant, match.first, match.after, match.slots[:1]))


def _listed(said: Said, match: Match[Rule]) -> Iterator[FoundFact]:
    """``shoes: 10.5``."""
    size = match.slots[-1]
    if ":" in said.row.tokens[size.first].gap:
        yield from _sized(said, match)


def _next_size(said: Said, at: int) -> Mention | None:
    if said.row.word(at) not in {"and", "but"} and not (at < len(said.row.tokens) and "," in said.row.tokens[at].gap):
        return None
    while said.row.word(at) in {"and", "but", "a", "an", "size", "then"}:
        at += 1
    size = said.row.at(at, "size")
    return size if size and _area_after(said, size.after)[1] else None


def _area_after(said: Said, at: int) -> tuple[int, str | None]:
    """Which size is meant by the words after a size, and where they end."""
    if at < len(said.row.tokens) and "," in said.row.tokens[at].gap:
        return at, None
    place = at + (said.row.word(at) in {"wide", "narrow", "regular", "tall", "petite"})
    place += said.row.word(place) in _words("between") and not said.row.at(place, "part")  # "on top" is a part
    while said.row.word(place) in {"my", "the", "most", "your", "all", "mens", "womens", "any"}:
        place += 1
    mention = said.row.at(place, "item", "part")
    area = _area(said, mention) if mention else None
    return (mention.after, area) if mention and area else (at, None)


def _ends_size(said: Said, at: int) -> bool:
    return (said.closes(at) and not said.row.at(at, "item")) or said.row.word(at) in {"wide", "narrow", "fits"}


def _area(said: Said, mention: Mention) -> str | None:
    if mention.kind == "part":
        return mention.value
    return said.lexicon.size_attribute(mention.value)


def _by_itself(size: str) -> str | None:
    """What a size is of where no garment is named: a 43 is a shoe, an M a top, a 34C a bra, an 8 may be anything."""
    if size[0].isalpha() and not size.startswith(_SYSTEMS):
        return "size.tops"
    if "x" in size:
        return "size.bottoms"
    if size[-1].isalpha():
        return "size.bra"
    number = float(size[3:] if size.startswith(_SYSTEMS) else size)
    low, high = _SHOES_BY_NUMBER
    return "size.shoes" if low <= number <= high or number % 1 == 0.5 else None


def _of_thing_named(said: Said) -> str | None:
    """``I need a dress, I'm a UK 12``: the size is of the only thing that is named."""
    rows = [said.row, *([said.before] if said.before else [])]
    items = [item for row in rows for at in row.mentions if (item := row.at(at, "item"))]
    areas = {said.lexicon.size_attribute(item.value) for item in items}
    return areas.pop() if len(areas) == 1 else None


def _fits(attribute: str, size: str) -> bool:
    """Whether there is such a size: nobody wears an M shoe."""
    if attribute == "size.shoes":
        return size[-1].isdigit() and "x" not in size
    if attribute == "size.bra":
        return size[-1].isalpha() or not size.isdigit()
    if attribute in {"size.ring", "size.hat", "size.gloves"}:
        return "x" not in size
    return True


def rules() -> Iterator[tuple[Rule, str]]:
    """Every rule of this file with each pattern that it reads."""
    reads = {
        "sized": Rule(_sized),
        "sized_in": Rule(_sized_in),
        "sized_after": Rule(_sized),
        "sized_at_start": Rule(_sized),
        "listed": Rule(_listed),
    }
    return rules_of("size", reads)


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("size").words(name)

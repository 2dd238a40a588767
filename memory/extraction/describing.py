"""What is asked of a product: the requirements in a row of words."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from memory.extraction.lexicon import Lexicon, Mention
from memory.extraction.patterns import Row
from memory.extraction.port import Requirement
from memory.extraction.sayings import sayings

_PLAIN = (
    "color", "material", "feature", "lining", "season", "gender", "fit", "occasion", "activity", "style", "ethic",
    "brand",
)  # fmt: skip
_NEGATABLE = frozenset({"color", "material", "feature", "brand", "ethic"})
ONLY_SAID = frozenset({"activity", "not_brand"})  # what says something of the writer, and asks nothing of a product


@dataclass(frozen=True)
class Description:
    """Requirements in order, and the highest price with its currency as a fact's value ("150 USD")."""

    requirements: tuple[Requirement, ...]
    budget: str | None = None

    def __add__(self, other: "Description") -> "Description":
        return Description(tuple(dict.fromkeys((*self.requirements, *other.requirements))), self.budget or other.budget)


def describe(row: Row, first: int, after: int, lexicon: Lexicon) -> Description:
    """What the words from ``first`` up to, not including, ``after`` ask of a product."""
    found: dict[Requirement, None] = {}
    budget = None
    reading = _Reading(row, lexicon)
    at = first
    while at < min(after, len(row.tokens)) and (row.word(at), row.word(at + 1)) not in _pairs("ends"):
        reading.heed(at)
        price = _price(row, at)
        size = None if price else _size(row, at)
        taken = price or size
        if price:
            budget = price.value
            found[Requirement("max_price", price.value.split(" ")[0])] = None
        elif size:
            found[Requirement("size", size.value)] = None
        else:
            taken = next(reading.wanted(at), None)
            found.update((requirement, None) for requirement in reading.requirements(at))
        at = taken.after if taken else at + 1
    return Description(tuple(found), budget)


class _Reading:
    """Goes along a row and knows whether what comes next is refused: "not wool", "no down, no fur"."""

    def __init__(self, row: Row, lexicon: Lexicon) -> None:
        self._row = row
        self._lexicon = lexicon
        self._refused = False
        self._refused_kind = ""

    def heed(self, at: int) -> None:
        """Takes in the word at ``at``: it may begin or end a refusal."""
        word, before = self._row.word(at), self._row.word(at - 1)
        if (word in _words("negates") and not self._row.at(at, *_PLAIN)) or (before, word) in {
            ("anything", "but"),
            ("color", "but"),
            ("colors", "but"),
            ("rather", "than"),
            ("instead", "of"),
            ("everything", "but"),
        }:
            self._refused, self._refused_kind = True, ""
        elif word in {"but", "that", "which", "must", "only"} or "," in self._row.tokens[at].gap:
            self._refused = False
        elif word == "and":
            self._refused = bool(self._refused_kind) and bool(self._row.at(at + 1, self._refused_kind))

    def wanted(self, at: int) -> Iterator[Mention]:
        """The mentions at ``at`` that say something of a product."""
        for mention in self._row.mentions.get(at, ()):
            if mention.kind in _PLAIN and self._counts(mention):
                yield mention

    def requirements(self, at: int) -> Iterator[Requirement]:
        for mention in self.wanted(at):
            attribute = "feature" if mention.kind == "ethic" else mention.kind
            if mention.value in {"gold", "silver"} and self._is_jewelry(mention.after):
                attribute = "material"
            free = self._row.word(mention.after) == "free"  # "wool-free"
            if (self._refused or free) and mention.kind in _NEGATABLE:
                self._refused_kind = mention.kind
                yield Requirement(f"not_{attribute}", mention.value)
            elif not self._refused:
                yield Requirement(attribute, mention.value)

    def _is_jewelry(self, at: int) -> bool:
        """A gold ring is of gold, a gold dress is of that colour."""
        item = self._row.at(at, "item")
        return item is not None and self._lexicon.is_kind_of(item.value, "jewelry")

    def _counts(self, mention: Mention) -> bool:
        row, before, after = self._row, self._row.word(mention.first - 1), self._row.word(mention.after)
        item_next = row.at(mention.after, "item") is not None
        if mention.kind == "color":
            return after not in _words("trimmings")
        if mention.kind == "material" and self._lexicon.unsure("material", mention.value):
            return (
                item_next
                or before in _words("down_before")
                or row.at(mention.after, "color", "feature", "material") is not None
            )
        if mention.kind == "activity":
            return before in {"for", "go"} and not item_next
        if mention.kind == "ethic":
            return row.at(mention.first, "feature") is None
        if mention.kind == "occasion":
            near = {row.word(k) for k in range(mention.first - 5, mention.first)}
            return item_next or after in _words("occasion_goods") or not near.isdisjoint(_words("ways_to_occasion"))
        if mention.kind == "season" and mention.value in {"autumn", "spring"}:
            return item_next or before in _words("season_before")
        return True


def _price(row: Row, at: int) -> Mention | None:
    """The highest price that the words at ``at`` set: ``under $200``, ``not more than 90``, ``$50 tops``."""
    money = row.at(at, "money")
    if money:
        one, two = row.word(money.after), row.word(money.after + 1)
        return money if one in _words("price_after") or (one, two) in {("or", "less"), ("or", "under")} else None
    pair = (row.word(at), row.word(at + 1))
    if pair == ("more", "than") and {"no", "not"}.isdisjoint(row.words[max(0, at - 4) : at]):
        return None
    after = at + 2 if pair in _pairs("price_pairs") else at + 1 if row.word(at) in _words("price_before") else None
    if after is None:
        return None
    while row.word(after) in _words("price_skips"):
        after += 1
    amount = row.at(after, "money") or row.at(after, "number")
    return amount if amount and row.word(amount.after) not in _words("no_price_after") else None


def _size(row: Row, at: int) -> Mention | None:
    """The size asked for at ``at``: ``size 8``, ``in a medium``, ``XL``; a "large tote" asks for none."""
    size = row.at(at, "size")
    if not size or row.word(size.after) in _words("size_next_blocks") or row.at(at, "money"):
        return None
    word, before, after = row.word(at), row.word(at - 1), row.word(size.after)
    if before in {"size", "sizes"} or after == "size" or _is_letter(word, size) or _names_system(word, size):
        return size
    led = row.word(at - 2) if before in {"a", "an", "my", "the", "us", "uk", "eu"} else before
    if led in {"in", "or", "size", "sizes"} and not row.at(size.after, "item"):
        return size
    fenced = "," in row.tokens[at].gap and (size.after == len(row.tokens) or "," in row.tokens[size.after].gap)
    return size if fenced else None


def _is_letter(word: str, size: Mention) -> bool:
    return word.upper() == size.value and size.value[-1].isalpha()


def _names_system(word: str, size: Mention) -> bool:
    return word in {"eu", "uk"} or "x" in size.value


@cache
def _words(name: str) -> frozenset[str]:
    return sayings("describe").words(name)


@cache
def _pairs(name: str) -> frozenset[tuple[str, str]]:
    return sayings("describe").pairs(name)

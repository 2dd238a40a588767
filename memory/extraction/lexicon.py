"""What shoppers' words mean: items and their kinds, colours and their shades, materials, features, places.

The words themselves stand in ``lexicon.toml``, ``goods.toml`` (what shops sell beside clothing) and
``geography.toml``. Items and people keep the word they were named by (a ``jumper``, a ``mum``); ``canonical`` and
``is_kind_of`` know what it stands for (a ``sweater``).
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from memory.extraction.tokens import Token, tokenize, words

_PLAIN_KINDS = (
    "material", "substance", "feature", "season", "gender", "fit", "occasion", "activity", "activity_verb",
    "activity_doer", "person", "other_person", "pet", "channel", "climate", "language", "part", "style", "ethic",
    "foot_shape",
)  # fmt: skip
_COUNTED = ("item", "pet", "activity_doer", "person", "other_person")
_AS_NAMED = ("person", "other_person")
_WORN = {
    "shoe": "size.shoes", "upper body": "size.tops", "lower body": "size.bottoms", "bra": "size.bra",
    "ring": "size.ring", "hat": "size.hat", "helmet": "size.hat", "glove": "size.gloves",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing a phrase can mean: ``Meaning("color", "red")``."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase of the lexicon in a row of tokens: the tokens from ``first`` up to, not including, ``after``."""

    kind: str
    value: str
    first: int
    after: int


class Lexicon:
    """Looks phrases up. Values are canonical (``gray`` for "grey") except for items and people.

    ``extra_items`` are nouns that a shop's own catalog adds.
    """

    def __init__(
        self,
        table: Mapping[str, Any],
        places: Mapping[str, Any],
        goods: Mapping[str, Any],
        extra_items: Iterable[str] = (),
    ) -> None:
        self._table = table
        self._parents: Mapping[str, Sequence[str]] = {**goods["kinds"], **table["kinds"]}
        self._bases: dict[tuple[str, str], str] = {}
        self._own_words = {kind: frozenset(named) for kind, named in table["own_words"].items()}
        self._shades = {shade: base for base, shades in table["color"].items() for shade in shades}
        self._unsure = {
            "color": frozenset(table["color_unsure"]["words"]),
            "material": frozenset(table["material_unsure"]["words"]),
        }
        self._exact = {words(name): name for name in places["exact"]["words"]}
        self.not_after_item = frozenset(table["not_after_item"]["words"])
        self._phrases: dict[tuple[str, ...], list[Meaning]] = {}
        for kind, value, phrase, base in (*_goods(table), *_goods(goods), *_shop_s_own(extra_items)):
            self._name(kind, value, phrase, base)
        self._capital_only = frozenset((*places["capital_only"], *goods["brand_capital"]["words"]))
        for kind, value, phrase in (*_colors(table), *_plain(table), *_places(places), *_brands(goods)):
            if kind in _AS_NAMED or phrase in self._own_words.get(kind, ()):
                self._name(kind, phrase, phrase, value)
            else:
                self._add(Meaning(kind, value), words(phrase))
        self._longest: dict[str, int] = {}
        for split in self._phrases:
            self._longest[split[0]] = max(self._longest.get(split[0], 0), len(split))

    def mentions(self, tokens: Sequence[Token]) -> Iterator[Mention]:
        """Every phrase of the lexicon in ``tokens``, the longest at each place, with all that it can mean."""
        row, at = [token.word for token in tokens], 0
        while at < len(row):
            after = at + 1
            for length in range(min(self._longest.get(row[at], 0), len(row) - at), 0, -1):
                meant = self._phrases.get(tuple(row[at : at + length]))
                if meant:
                    after = at + length
                    yield from (Mention(meaning.kind, meaning.value, at, after) for meaning in meant)
                    break
            at = after

    def canonical(self, kind: str, phrase: str) -> str | None:
        """The value of ``kind`` that ``phrase`` as a whole means, or ``None``: ``("color", "Grey")`` is ``gray``.

        A lining may be named with or without the word: "faux fur" and "faux fur lining" are ``fur``.
        """
        split = words(phrase)
        meant = self._phrases.get(split, [])
        if kind == "lining":
            meant = [*meant, *self._phrases.get((*split, "lining"), [])]
        value = next((meaning.value for meaning in meant if meaning.kind == kind), None)
        return value and self.base(kind, value)

    def base(self, kind: str, value: str) -> str:
        """What a noun as it was named stands for: ``sweater`` for a ``jumper``; the noun itself where for nothing."""
        return self._bases.get((kind, value), value)

    def item_in(self, phrase: str) -> str | None:
        """The last item a phrase names: ``winter coat`` is a ``coat``; ``None`` where it names none."""
        found = [mention.value for mention in self.mentions(tokenize(phrase)) if mention.kind == "item"]
        return self.base("item", found[-1]) if found else None

    def is_kind_of(self, item: str, other: str) -> bool:
        """Whether ``item`` is ``other`` or one of its kinds: a ``parka`` is a kind of ``coat``."""
        item, other = self.base("item", item), self.base("item", other)
        return item == other or any(self.is_kind_of(parent, other) for parent in self._parents.get(item, ()))

    def is_shade_of(self, color: str, other: str) -> bool:
        """Whether ``color`` is ``other`` or one of its shades: ``burgundy`` and ``dark red`` are shades of ``red``."""
        while color != other:
            if color in self._shades:
                color = self._shades[color]
            elif " " in color:
                color = color.split(" ", 1)[1]
            else:
                return False
        return True

    def is_made_of(self, material: str, other: str) -> bool:
        """Whether ``material`` is ``other`` or one of its kinds: ``merino`` is ``wool``."""
        return material == other or self._table["material_kind"].get(material) == other

    def size_attribute(self, item: str) -> str | None:
        """Which size of a person an item goes by: ``size.shoes``, ``size.tops`` …"""
        return next((attribute for root, attribute in _WORN.items() if self.is_kind_of(item, root)), None)

    def unsure(self, kind: str, value: str) -> bool:
        """Whether the word means something else as often (``olive``, ``down``, ``warm``)."""
        return value in self._unsure.get(kind, ())

    def is_event(self, occasion: str) -> bool:
        """Whether an occasion is one that a person can have coming up (a wedding; not ``work``)."""
        return occasion in self._table["occasion_event"]["words"]

    def gender_of(self, person: str) -> str | None:
        """``men``, ``women``, ``boys`` or ``girls`` for a relation that says it (``dad``), ``None`` for others."""
        named = self.base("person", person)
        return next((gender for gender, people in self._table["person_gender"].items() if named in people), None)

    def may_be_name(self, name: str, written: str) -> bool:
        """Whether what is ``written`` can name a town or brand: ``Nice`` and ``LA`` can, "nice" and "la" cannot."""
        exact = self._exact.get(words(written))
        return written == exact if exact else name not in self._capital_only or written[:1].isupper()

    def _name(self, kind: str, value: str, phrase: str, base: str) -> None:
        self._add(Meaning(kind, value), words(phrase))
        if value != base:
            self._bases.setdefault((kind, value), base)

    def _add(self, meaning: Meaning, split: tuple[str, ...]) -> None:
        known = self._phrases.setdefault(split, [])
        if split and meaning not in known:
            known.append(meaning)


@cache
def lexicon(extra_items: tuple[str, ...] = ()) -> Lexicon:
    """The lexicon of this folder, read once; with a shop's own nouns, where it has some."""
    folder = Path(__file__).parent
    table, places, goods = (
        tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
        for name in ("lexicon", "geography", "goods")
    )
    return Lexicon(table, places, goods, extra_items)


def _goods(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for item, also in table["items"].items():
        for name in (item, *also):
            for form in (name, *_plural(name), *table["plurals"].get(name, ())):
                yield "item", name, form, item


def _shop_s_own(items: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    for item in items:
        name = " ".join(words(item))
        if name:
            yield from (("item", name, form, name) for form in (name, *_plural(name)))


def _colors(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    names = [(name, name) for base, shades in table["color"].items() for name in (base, *shades)]
    names += [(color, name) for color, also in table["color_synonym"].items() for name in also]
    for color, name in names:
        for form in (name, *_plural(name)):
            yield "color", color, form
            for modifier in table["color_modifier"]["words"]:
                yield "color", f"{modifier} {color}", f"{modifier} {form}"


def _plain(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for kind in _PLAIN_KINDS:
        for value, also in table[kind].items():
            for name in (value, *also):
                yield from ((kind, value, form) for form in (name, *(_plural(name) if kind in _COUNTED else ())))
    for lining, also in table["lining"].items():
        for name in (lining, *also):
            forms = f"{name} lining", f"{name} lined", f"lined with {name}", f"lined in {name}", f"lining of {name}"
            yield from (("lining", lining, form) for form in (*forms, f"{name} inside", f"{name} on the inside"))
    yield from (("ignored", "", phrase) for phrase in table["ignored"]["phrases"])


def _places(places: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield from (("city", city, city) for city in places["cities"])
    for kind, table in (("city", places["aliases"]), ("country", places["countries"])):
        yield from ((kind, place, name) for place, also in table.items() for name in (place, *also))
    yield from (("region", region, region) for region in places["regions"]["names"])


def _brands(goods: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for brand, also in goods["brand"].items():
        yield from (("brand", brand, name) for name in (brand, *also))


def _plural(name: str) -> Iterable[str]:
    last = name.rsplit(" ", 1)[-1]
    if last.endswith(("s", "x", "ch", "sh")):
        return (f"{name}es",) if not last.endswith("s") or last.endswith("ss") else ()
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        return (f"{name[:-1]}ies",)
    return (f"{name}s",)

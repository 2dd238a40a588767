"""The registry of facts: every attribute that memory knows, in one place.

A shop adds its own by ``Registry.with_attributes``. An attribute with one value replaces the old value by the new;
one with many values adds.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from kit.errors import InvalidInput


class Kind(StrEnum):
    """What an attribute's value is."""

    WORD = "word"  # lower case, singular where it is a thing: ``wool``, ``dog``
    NAME = "name"  # as it is spelled: ``Chicago``, ``German``
    SIZE = "size"  # upper case: ``M``, ``43``, ``UK 8``, ``32x34``
    MONEY = "money"  # an amount, with its currency where it is said: ``200 USD``
    DATE = "date"  # ``1990-06-12``, or ``06-12`` without a year
    OCCASION = "occasion"  # ``wedding``, or ``wedding on 2026-06-12``
    LENGTH = "length"  # whole centimetres: ``180 cm``


_DAY = re.compile(r"(?<!\d)(?:(?P<year>\d{4})-)?(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)$")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True)
class Attribute:
    """``name`` is stored; ``says`` is how people read it, with ``{}`` for the value; ``about`` tells when it is one.

    ``excludes`` names the attribute that cannot hold the same value at the same time (liked and disliked).
    """

    name: str
    says: str
    about: str
    kind: Kind = Kind.WORD
    many: bool = False
    excludes: str | None = None


ATTRIBUTES = (
    Attribute("called", "likes to be called {}", "the name they want to be addressed by", Kind.NAME),
    Attribute("language", "prefers {}", "the language they want to be answered in", Kind.NAME),
    Attribute("city", "lives in {}", "the town they live in", Kind.NAME),
    Attribute("country", "lives in {} (country)", "the country they live in", Kind.NAME),
    Attribute("climate", "where it is {}", "the weather where they live: cold, rainy, hot"),
    Attribute("birthday", "has their birthday on {}", "the day they were born", Kind.DATE),
    Attribute("height", "is {} tall", "how tall they are", Kind.LENGTH),
    Attribute("size.shoes", "wears shoe size {}", "their shoe size", Kind.SIZE),
    Attribute("size.tops", "wears {} in tops and coats", "their size in tops, dresses and coats", Kind.SIZE),
    Attribute("size.bottoms", "wears {} in trousers and skirts", "their size in trousers and skirts", Kind.SIZE),
    Attribute("size.bra", "wears bra size {}", "their bra size", Kind.SIZE),
    Attribute("size.ring", "wears ring size {}", "their ring size", Kind.SIZE),
    Attribute("size.hat", "wears hat size {}", "their size in hats and helmets", Kind.SIZE),
    Attribute("size.gloves", "wears glove size {}", "their size in gloves", Kind.SIZE),
    Attribute("feet", "has {} feet", "the shape of their feet: wide, narrow, flat"),
    Attribute("fit", "likes a {} fit", "how they like clothes to sit: loose, slim"),
    Attribute("style", "dresses {}", "their style: casual, minimalist, vintage", many=True),
    Attribute("color.liked", "likes {}", "a colour they like or want", many=True, excludes="color.disliked"),
    Attribute("color.disliked", "does not want {}", "a colour they refuse", many=True, excludes="color.liked"),
    Attribute("material.liked", "likes {}", "a material they like", many=True, excludes="material.disliked"),
    Attribute("material.disliked", "does not want {}", "a material they refuse", many=True, excludes="material.liked"),
    Attribute(
        "brand.liked", "likes the brand {}", "a brand they like", Kind.NAME, many=True, excludes="brand.disliked"
    ),
    Attribute(
        "brand.disliked", "avoids the brand {}", "a brand they refuse", Kind.NAME, many=True, excludes="brand.liked"
    ),
    Attribute("allergy", "is allergic to {}", "what they say they are allergic to", many=True),
    Attribute("sensitivity", "is sensitive to {}", "what irritates them: it itches, gives a rash", many=True),
    Attribute("need", "needs {}", "a property that what they buy must have: waterproof, hooded, vegan", many=True),
    Attribute("ethic", "cares that things are {}", "what they care about: vegan, organic, fair trade", many=True),
    Attribute("budget", "wants to spend at most {}", "the most they want to spend", Kind.MONEY),
    Attribute("occasion", "has an occasion ahead: {}", "an event ahead they shop for", Kind.OCCASION, many=True),
    Attribute("activity", "is into {}", "a sport or hobby of theirs", many=True),
    Attribute("household", "lives with {}", "who belongs to their household: kids, husband, baby", many=True),
    Attribute("recipient", "buys for {}", "somebody else they look for something for: dad, niece", many=True),
    Attribute("pet", "has a {}", "an animal they keep", many=True),
    Attribute("channel", "prefers to be reached by {}", "how they want to be reached: email, sms, phone, whatsapp"),
    Attribute("contact_time", "prefers to be reached {}", "when they want to be reached: in the evening, after 5"),
    Attribute("contact_often", "wants to hear from us {}", "how often they want to be written to: once a month"),
    Attribute("delivery", "wants parcels {}", "how or where they want deliveries: to the office, to a locker"),
    Attribute("ai_comfort", "{} talking with an AI", "whether they like it: is comfortable, is not comfortable"),
)


class Registry:
    """The attributes in force. Raises ``InvalidInput`` for two of a name, or an ``excludes`` without its other."""

    def __init__(self, attributes: Iterable[Attribute] = ATTRIBUTES) -> None:
        self._by_name: dict[str, Attribute] = {}
        for attribute in attributes:
            if attribute.name in self._by_name:
                raise InvalidInput(f"attribute {attribute.name!r} is there twice; give each its own name")
            self._by_name[attribute.name] = attribute
        self._opposites: dict[str, set[str]] = {name: set() for name in self._by_name}
        for attribute in self._by_name.values():
            if attribute.excludes is not None:
                self._set_apart(attribute.name, attribute.excludes)

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self._by_name.values())

    def with_attributes(self, *more: Attribute) -> "Registry":
        """These and the shop's own."""
        return Registry((*self._by_name.values(), *more))

    def has(self, name: str) -> bool:
        """Whether somebody registered it."""
        return name in self._by_name

    def get(self, name: str) -> Attribute:
        """Raises ``InvalidInput`` for an attribute that nobody registered."""
        if name not in self._by_name:
            raise InvalidInput(f"unknown attribute {name!r}; register it, or use one of {', '.join(self._by_name)}")
        return self._by_name[name]

    def opposites(self, name: str) -> frozenset[str]:
        """The attributes that cannot hold the same value at the same time, whichever of the two says so."""
        return frozenset(self._opposites[self.get(name).name])

    def together(self, name: str) -> frozenset[str]:
        """``name``, and all whose history hangs together with its own through ``excludes``."""
        found, ahead = {self.get(name).name}, [name]
        while ahead:
            more = self._opposites[ahead.pop()] - found
            found |= more
            ahead.extend(more)
        return frozenset(found)

    def sentence(self, name: str, value: str) -> str:
        """A fact as people read it: ``wears shoe size 43``. Of one no longer registered: name and value."""
        known = self._by_name.get(name)
        return known.says.format(_DAY.sub(_spoken, value)) if known else f"{name}: {value}"

    def _set_apart(self, name: str, excluded: str) -> None:
        if excluded not in self._by_name or excluded == name:
            raise InvalidInput(f"attribute {name!r} excludes {excluded!r}, which is no other attribute; register both")
        self._opposites[name].add(excluded)
        self._opposites[excluded].add(name)


def _spoken(day: re.Match[str]) -> str:
    """``2026-06-12`` as ``12 June 2026``, ``06-12`` as ``12 June``."""
    year = f" {day['year']}" if day["year"] else ""
    return f"{int(day['day'])} {_MONTHS[int(day['month']) - 1]}{year}"

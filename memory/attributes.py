"""The registry of facts: every attribute that memory knows, in one place.

A shop adds its own by ``Registry.with_attributes``. An attribute with one value replaces the old value by the new;
one with many values adds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kit.errors import InvalidInput


@dataclass(frozen=True)
class Attribute:
    """``name`` is stored; ``says`` is how people read it, with ``{}`` for the value.

    ``excludes`` names the attribute that cannot hold the same value at the same time (liked and disliked).
    """

    name: str
    says: str
    many: bool = False
    excludes: str | None = None


ATTRIBUTES = (
    Attribute("city", "lives in {}"),
    Attribute("country", "lives in {} (country)"),
    Attribute("climate", "where it is {}"),
    Attribute("size.shoes", "wears shoe size {}"),
    Attribute("size.tops", "wears {} in tops and coats"),
    Attribute("size.bottoms", "wears {} in trousers and skirts"),
    Attribute("fit", "likes a {} fit"),
    Attribute("color.liked", "likes {}", many=True, excludes="color.disliked"),
    Attribute("color.disliked", "does not want {}", many=True, excludes="color.liked"),
    Attribute("material.liked", "likes {}", many=True, excludes="material.disliked"),
    Attribute("material.disliked", "does not want {}", many=True, excludes="material.liked"),
    Attribute("sensitivity", "is sensitive to {}", many=True),
    Attribute("need", "needs {}", many=True),
    Attribute("budget", "wants to spend at most {}"),
    Attribute("occasion", "has {} coming up", many=True),
    Attribute("activity", "is into {}", many=True),
    Attribute("household", "buys for {}", many=True),
    Attribute("pet", "has a {}", many=True),
    Attribute("channel", "prefers to be reached by {}"),
    Attribute("contact_time", "prefers to be reached {}"),
    Attribute("ai_comfort", "{} talking with an AI"),
    Attribute("language", "prefers {}"),
)


class Registry:
    """The attributes in force."""

    def __init__(self, attributes: Iterable[Attribute] = ATTRIBUTES) -> None:
        self._by_name = {attribute.name: attribute for attribute in attributes}

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self._by_name.values())

    def with_attributes(self, *more: Attribute) -> "Registry":
        """These and the shop's own."""
        return Registry((*self._by_name.values(), *more))

    def get(self, name: str) -> Attribute:
        """Raises ``InvalidInput`` for an attribute that nobody registered."""
        if name not in self._by_name:
            raise InvalidInput(f"unknown attribute {name!r}; register it, or use one of {', '.join(self._by_name)}")
        return self._by_name[name]

    def sentence(self, name: str, value: str) -> str:
        """A fact as people read it: ``wears shoe size 43``."""
        return self.get(name).says.format(value)

"""Holds a model's answer against the message and the registry: what does not stand in it, or does not fit, is dropped.

Nothing here trusts the model: an answer is any JSON at all.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from agents.extraction.schema import REQUIREMENTS
from memory.attributes import Kind, Registry
from memory.extraction.port import Extraction, FoundClosing, FoundFact, FoundWish, Requirement

Found = TypeVar("Found")
CONFIDENCE = 0.6  # below what the rules are sure of
_LONGEST = 80  # characters of a value
_MOST = 40  # items of a kind in one message
_SHAPES = {
    Kind.WORD: re.compile(r"[^\W_][^\n<>{}]*"),
    Kind.NAME: re.compile(r"[^\W_][^\n<>{}]*"),
    Kind.SIZE: re.compile(r"X{0,3}S|M|X{0,4}L|[2-6]XL|(?:UK |US |EU )?\d{1,2}(?:\.\d+)?(?:[A-H]{1,2})?|\d\dx\d\d"),
    Kind.MONEY: re.compile(r"\d+(?:\.\d{1,2})?(?: [A-Z]{3})?"),
    Kind.DATE: re.compile(r"(?:(?:19|20)\d\d-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    Kind.OCCASION: re.compile(r"[^\W\d_][^\n<>{}\d]*(?: on \d{4}-\d\d-\d\d)?"),
    Kind.LENGTH: re.compile(r"\d{2,3} cm"),
}


@dataclass(frozen=True)
class Checked:
    """What stands, and how many items were dropped, by reason."""

    extraction: Extraction
    dropped: Mapping[str, int] = field(default_factory=dict)


def checked(answer: object, text: str, registry: Registry) -> Checked:
    """What of a model's ``answer`` about ``text`` can be kept. Raises ``ValueError`` where it is no object at all."""
    if not isinstance(answer, Mapping):
        raise ValueError(f"the answer is no JSON object but {type(answer).__name__}")
    check = _Check(text, registry)
    extraction = Extraction(
        tuple(check.each(answer.get("facts"), check.fact)),
        tuple(check.each(answer.get("wishes"), check.wish)),
        tuple(check.each(answer.get("closings"), check.closing)),
    )
    return Checked(extraction, dict(check.dropped))


class _Check:
    def __init__(self, text: str, registry: Registry) -> None:
        self._text = text
        self._attributes = {attribute.name: attribute for attribute in registry}
        self.dropped: Counter[str] = Counter()

    def each(self, items: object, read: Callable[[Mapping[str, Any]], Found | str]) -> Iterator[Found]:
        """The items that can be kept; a ``str`` from ``read`` is the reason why one cannot."""
        listed = items if isinstance(items, list) else []
        if len(listed) > _MOST:
            self.dropped["too many"] += len(listed) - _MOST
        for item in listed[:_MOST]:
            found = read(item) if isinstance(item, Mapping) else "not an object"
            if isinstance(found, str):
                self.dropped[found] += 1
            else:
                yield found

    def fact(self, item: Mapping[str, Any]) -> FoundFact | str:
        attribute = self._attributes.get(str(item.get("attribute")))
        if attribute is None:
            return "unknown attribute"
        value, retracts = _plain(item.get("value")), item.get("retracts") is True
        value = {Kind.WORD: value.lower(), Kind.SIZE: _size(value)}.get(attribute.kind, value)
        if not _SHAPES[attribute.kind].fullmatch(value) or len(value) > _LONGEST:
            return "value does not fit"
        quote = self._quoted(item)
        return FoundFact(attribute.name, value, quote, CONFIDENCE, retracts) if quote else "quote not in the message"

    def wish(self, item: Mapping[str, Any]) -> FoundWish | str:
        thing, quote = _plain(item.get("item")).lower(), self._quoted(item)
        if not _SHAPES[Kind.WORD].fullmatch(thing) or len(thing) > _LONGEST:
            return "value does not fit"
        if not quote:
            return "quote not in the message"
        asked = tuple(self.each(item.get("requirements"), self.requirement))
        return FoundWish(thing, tuple(dict.fromkeys(asked)), quote, _date(item.get("until")))

    def requirement(self, item: Mapping[str, Any]) -> Requirement | str:
        name, value = item.get("attribute"), _plain(item.get("value"))
        if name not in REQUIREMENTS:
            return "unknown requirement"
        kind = {"size": Kind.SIZE, "max_price": Kind.MONEY}.get(name, Kind.WORD)
        value = {Kind.SIZE: _size(value), Kind.MONEY: value.split(" ")[0]}.get(kind, value.lower())
        fits = bool(_SHAPES[kind].fullmatch(value)) and len(value) <= _LONGEST
        return Requirement(name, value) if fits else "value does not fit"

    def closing(self, item: Mapping[str, Any]) -> FoundClosing | str:
        thing, quote = _plain(item.get("item")).lower(), self._quoted(item)
        if not quote:
            return "quote not in the message"
        return FoundClosing(thing[:_LONGEST], quote, item.get("met") is True)

    def _quoted(self, item: Mapping[str, Any]) -> str | None:
        """The quote as it stands in the message, whatever its white space."""
        words = str(item.get("quote") or "").split()
        if not words:
            return None
        found = re.search(r"\s+".join(re.escape(word) for word in words), self._text)
        return found.group() if found else None


def _plain(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _size(value: str) -> str:
    return value if re.fullmatch(r"\d\dx\d\d", value) else value.upper()


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None

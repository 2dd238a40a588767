"""What an extractor is asked and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class FoundFact:
    """``attribute`` is a name of the registry; ``quote`` stands verbatim in the message; ``confidence`` is 0 to 1.

    ``retracts`` is true where the words say that it is no longer so ("I don't live in Chicago any more"); its ``value``
    is empty where they do not say which ("I don't live there any more"): then whatever the attribute holds is over.
    """

    attribute: str
    value: str
    quote: str
    confidence: float = 0.9
    retracts: bool = False


@dataclass(frozen=True)
class Requirement:
    """One thing asked of a product: ``color`` = ``red``, ``feature`` = ``waterproof``, ``lining`` = ``fur``.

    Attributes: ``color``, ``material``, ``feature``, ``lining``, ``season``, ``size``, ``gender``, ``fit``,
    ``occasion``, ``max_price`` (decimal string), ``not_material``, ``not_color``, ``not_feature``. Values are lower
    case (sizes upper case) and singular.
    """

    attribute: str
    value: str


@dataclass(frozen=True)
class FoundWish:
    """``item`` is the thing's noun in the singular (``coat``, ``hiking boot``); ``quote`` stands in the message.

    ``until`` is the last day on which the thing is still of use, where the words give one ("for the wedding on June
    12", "I need it by Friday"): the wish expires after it.
    """

    item: str
    requirements: tuple[Requirement, ...]
    quote: str
    until: date | None = None


@dataclass(frozen=True)
class FoundClosing:
    """The writer's word that a wish is over; ``quote`` stands in the message.

    ``met``: they have it now ("I found one, thanks"); otherwise they no longer want it ("no longer looking for a
    coat"). ``item`` as in ``FoundWish``; empty where the words only point back ("found one"): the newest wish then open
    is meant. ``requirements`` narrow it: of two coats the one that asks for all of these ("not the red one any more").
    """

    item: str
    quote: str
    met: bool = False
    requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True)
class Extraction:
    """All that one message says of its writer."""

    facts: Sequence[FoundFact] = field(default_factory=tuple)
    wishes: Sequence[FoundWish] = field(default_factory=tuple)
    closings: Sequence[FoundClosing] = field(default_factory=tuple)


class Extractor(Protocol):
    """Reads facts and wishes out of a customer's message."""

    @property
    def name(self) -> str:
        """With its version; stored with every fact and wish it makes."""

    def extract(self, text: str, at: datetime) -> Extraction:
        """What ``text``, written at ``at``, says of its writer. Never raises for any text."""

    def sought(self, text: str) -> FoundWish | None:
        """What product a text describes, whoever wants it ("red waterproof coats?"), or ``None``."""

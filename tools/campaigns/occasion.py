"""What one message could be about and everybody it fits, before anybody is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from kit.ids import CustomerId, derived_id
from tools.campaigns.kinds import Kind
from tools.campaigns.opportunity import ProductCard

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Candidate:
    """Somebody whom the message fits. An order of ``product_ids`` from ``since`` on makes it needless.

    ``ends`` is when it stops to fit; ``source_id``, ``at`` and ``quote`` or ``event`` are the evidence.
    """

    customer_id: CustomerId
    because: str
    price_minor: int
    product_ids: frozenset[str]
    since: datetime
    ends: datetime
    source_id: str
    at: datetime
    quote: str | None = None
    event: str | None = None


@dataclass(frozen=True)
class Occasion:
    """``about`` is the product's id, or the currency of carts with nothing in common; ``stock`` counts its units."""

    kind: Kind
    about: str
    product: ProductCard | None
    currency: str
    stock: int | None
    news: str  # what makes it an occasion, as a clause: "in stock since 1 March 2026"
    candidates: Sequence[Candidate]

    @cached_property
    def id(self) -> str:
        return derived_id("opp", _EPOCH, self.kind.value, self.about)

"""What an opportunity is made of, and how it reads as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kit.ids import CustomerId
from kit.money import Money
from tools.campaigns.kinds import Kind, Reason
from tools.campaigns.value import Value

SHOWN = 5  # how many people a sample, an exclusion and the evidence name


@dataclass(frozen=True)
class ProductCard:
    """The product an opportunity is about, at its lowest price in stock."""

    product_id: str
    name: str
    price: Money

    def to_json(self) -> dict[str, Any]:
        return {"product_id": self.product_id, "name": self.name, "price": str(self.price)}


@dataclass(frozen=True)
class Evidence:
    """A customer's own words (``quote``) or what they did (``event``), and the turn, event or wish that says so."""

    customer_id: CustomerId
    name: str
    source_id: str
    at: datetime
    quote: str | None = None
    event: str | None = None

    def to_json(self) -> dict[str, Any]:
        shown = {"quote": self.quote} if self.quote is not None else {"event": self.event}
        return {
            "customer_id": self.customer_id,
            "name": self.name,
            **shown,
            "source_id": self.source_id,
            "at": self.at.isoformat(),
        }


@dataclass(frozen=True)
class Member:
    """Somebody to write to, with the reason in one clause and the evidence for it."""

    customer_id: CustomerId
    name: str
    because: str
    evidence: Evidence

    def to_json(self) -> dict[str, Any]:
        return {"customer_id": self.customer_id, "name": self.name, "because": self.because}


@dataclass(frozen=True)
class Excluded:
    """Somebody who fits and is not written to. ``source_id`` is what says so: an event, a consent, an order, the
    better opportunity; ``None`` where the reason is that something is not there.
    """

    customer_id: CustomerId
    name: str
    source_id: str | None

    def to_json(self) -> dict[str, Any]:
        return {"customer_id": self.customer_id, "name": self.name, "source_id": self.source_id}


@dataclass(frozen=True)
class Exclusion:
    """Everybody left out for one reason."""

    reason: Reason
    customers: Sequence[Excluded]

    def to_json(self) -> dict[str, Any]:
        shown = [customer.to_json() for customer in self.customers[:SHOWN]]
        return {"reason": self.reason.value, "count": len(self.customers), "customers": shown}


@dataclass(frozen=True)
class Audience:
    """Whom to write to, most promising first, and whom not."""

    members: Sequence[Member]
    exclusions: Sequence[Exclusion]

    def to_json(self) -> dict[str, Any]:
        return {
            "count": len(self.members),
            "sample": [member.to_json() for member in self.members[:SHOWN]],
            "members": [member.customer_id for member in self.members],
            "exclusions": [exclusion.to_json() for exclusion in self.exclusions],
        }


@dataclass(frozen=True)
class Timing:
    """When to send, until when it makes sense, and why."""

    send: datetime
    until: datetime
    because: str

    def to_json(self) -> dict[str, Any]:
        return {"send": self.send.isoformat(), "until": self.until.isoformat(), "because": self.because}


@dataclass(frozen=True)
class Opportunity:
    """A message worth sending now: why, to whom, when, and what it is worth. ``id`` stays for kind and product."""

    id: str
    kind: Kind
    title: str
    why: str
    product: ProductCard | None
    audience: Audience
    timing: Timing
    value: Value

    @property
    def evidence(self) -> Sequence[Evidence]:
        """What the audience said or did, of the most promising few."""
        return [member.evidence for member in self.audience.members[:SHOWN]]

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind.value,
            "title": self.title,
            "why": self.why,
            "product": self.product.to_json() if self.product else None,
            "audience": self.audience.to_json(),
            "evidence": [evidence.to_json() for evidence in self.evidence],
            "timing": self.timing.to_json(),
            "value": self.value.to_json(),
        }


@dataclass(frozen=True)
class LeftOut:
    """What would be an opportunity, were there anybody whom it may be sent to."""

    id: str
    kind: Kind
    product: ProductCard | None
    exclusions: Sequence[Exclusion]

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind.value,
            "product": self.product.to_json() if self.product else None,
            "exclusions": [exclusion.to_json() for exclusion in self.exclusions],
        }

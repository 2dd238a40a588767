"""The live profile: what is known of one customer, as of now. Nothing is cached; it is read when asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from memory.facts import Known
from memory.signals import OpenMatter
from memory.tables import Wish
from memory.wishes import strength


@dataclass(frozen=True)
class PurchaseSummary:
    """Orders and what was spent on what was kept, in minor units by currency."""

    orders: int
    spent_minor: Mapping[str, int]
    last_at: datetime | None
    products: Sequence[str]  # names, newest first, at most ten


@dataclass(frozen=True)
class Profile:
    """One customer, now."""

    customer_id: str
    name: str
    timezone: str
    created_at: datetime
    as_of: datetime
    identities: Mapping[str, Sequence[str]]
    consents: Mapping[str, bool]
    facts: Sequence[Known]
    wishes: Sequence[Wish]
    purchases: PurchaseSummary
    open_matters: Sequence[OpenMatter]

    def headline(self) -> str:
        """One line: who this is and what they have bought."""
        last = f", the last on {self.purchases.last_at:%Y-%m-%d}" if self.purchases.last_at else ""
        bought = f", {self.purchases.orders} dated orders{last}" if self.purchases.orders else ""
        return f"{self.name or 'An anonymous shopper'}, known since {self.created_at:%Y-%m-%d}{bought}."

    def to_json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "customer_id": self.customer_id,
            "name": self.name,
            "timezone": self.timezone,
            "created_at": self.created_at.isoformat(),
            "as_of": self.as_of.isoformat(),
            "identities": {kind: list(values) for kind, values in self.identities.items()},
            "consents": dict(self.consents),
            "facts": [known.to_json() for known in self.facts],
            "wishes": [self._wish(wish) for wish in self.wishes],
            "purchases": {
                "orders": self.purchases.orders,
                "spent_minor": dict(self.purchases.spent_minor),
                "last_at": self.purchases.last_at.isoformat() if self.purchases.last_at else None,
                "products": list(self.purchases.products),
            },
            "open_matters": [
                {"kind": m.kind, "about": m.about, "since": m.since.isoformat(), "source_id": m.source_id}
                for m in self.open_matters
            ],
        }

    def _wish(self, wish: Wish) -> dict[str, Any]:
        return {
            "id": wish.id,
            "item": wish.item,
            "requirements": [{"attribute": a, "value": v} for a, v in wish.requirements],
            "quote": wish.quote,
            "source_id": wish.source_id,
            "since": wish.voiced_at.isoformat(),
            "until": wish.expires_at.isoformat(),
            "strength": round(strength(wish, self.as_of), 3),
        }

"""A town of shoppers, built from rows directly, whose opportunities can be asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlmodel import SQLModel

from kit.clock import SetClock
from kit.database import Database
from kit.ids import derived_id
from memory.tables import Consent, Conversation, Customer, Event, Fact, Identity, Purchase, Turn, Wish
from memory.wishes import LIFETIME
from tools.campaigns.kinds import Kind
from tools.campaigns.opportunities import Survey, opportunities, survey
from tools.campaigns.opportunity import Opportunity
from tools.registry import ToolContext
from tools.shop.tables import Product, ShopProfile, Variant

CREATED = timedelta(days=400)
DAY = timedelta(days=1)


class Town:
    """Rows of people, products and what happened. ``ago`` counts back from the clock's now."""

    def __init__(self, database: Database, clock: SetClock) -> None:
        self.database = database
        self.clock = clock
        self.context = ToolContext(database, cast(Any, None), cast(Any, None), clock)
        self._first: list[SQLModel] = []  # what others refer to
        self._talks: list[SQLModel] = []
        self._rows: list[SQLModel] = []
        self._count = 0

    def _id(self, prefix: str) -> str:
        self._count += 1
        return derived_id(prefix, self.clock.now(), str(self._count))

    def _at(self, ago: timedelta) -> datetime:
        return self.clock.now() - ago

    def shop(self, timezone: str) -> None:
        self._rows.append(ShopProfile(source="native", name="Town", currency="USD", timezone=timezone))

    def person(self, first: str, *, email: bool = True, consent: bool | None = True, merged: str | None = None) -> str:
        who = self._id("cus")
        self._first.append(
            Customer(id=who, created_at=self._at(CREATED), first_name=first, last_name="Doe", merged_into=merged)
        )
        if email:
            self._rows.append(
                Identity(kind="email", value=f"{first}{who}@x.test".lower(), customer_id=who, at=self._at(CREATED))
            )
        if consent is not None:
            self.consent(who, consent, CREATED)
        return who

    def phone(self, who: str, number: str) -> None:
        self._rows.append(Identity(kind="phone", value=number, customer_id=who, at=self._at(CREATED)))

    def consent(self, who: str, granted: bool, ago: timedelta, channel: str = "email") -> None:
        self._rows.append(Consent(customer_id=who, channel=channel, granted=granted, at=self._at(ago), source="test"))

    def product(
        self,
        name: str,
        category: str = "coat",
        *,
        created: timedelta = CREATED,
        attributes: Mapping[str, list[str]] | None = None,
        variants: Sequence[Mapping[str, Any]] = ({},),
    ) -> list[str]:
        """Adds a product; gives its id and those of its variants."""
        product_id = self._id("prd")
        self._first.append(
            Product(
                id=product_id, source="native", source_id=product_id, name=name, category=category, description=name,
                attributes={"features": ["lined"], **(attributes or {})}, created_at=self._at(created),
            )
        )  # fmt: skip
        ids = [product_id]
        for position, given in enumerate(variants):
            variant_id = self._id("var")
            restocked = given.get("restocked")
            self._rows.append(
                Variant(
                    id=variant_id, product_id=product_id, sku=variant_id, options=given.get("options", {}),
                    price_minor=given.get("price", 10_000), currency="USD", stock=given.get("stock", 10),
                    available=given.get("available", True), position=position,
                    restocked_at=None if restocked is None else self._at(restocked),
                    former_price_minor=given.get("former"),
                    price_changed_at=self._at(given["changed"]) if "changed" in given else None,
                )
            )  # fmt: skip
            ids.append(variant_id)
        return ids

    def wish(
        self,
        who: str,
        item: str,
        ago: timedelta,
        *requirements: tuple[str, str],
        status: str = "open",
        quote: str = "",
        bare: bool = False,
    ) -> str:
        """Adds a wish with the turn that voices it; gives the turn's id. It asks for a lining unless ``bare``."""
        if not requirements and not bare:
            requirements = (("feature", "lined"),)
        quote = quote or f"a {item} please"
        source = self._turn(who, quote, ago)
        self._rows.append(
            Wish(
                id=self._id("wsh"), customer_id=who, item=item, requirements=[list(pair) for pair in requirements],
                quote=quote, source_id=source, sources=[source], extractor="test", status=status,
                voiced_at=self._at(ago), expires_at=self._at(ago) + LIFETIME,
            )
        )  # fmt: skip
        return source

    def fact(self, who: str, attribute: str, value: str) -> None:
        self._rows.append(
            Fact(
                id=self._id("fct"), customer_id=who, attribute=attribute, value=value, confidence=0.9, extractor="test",
                held_from=self._at(DAY), believed_from=self._at(DAY),
            )
        )  # fmt: skip

    def _turn(self, who: str, text: str, ago: timedelta) -> str:
        turn, conversation = self._id("trn"), self._id("cnv")
        self._talks.append(Conversation(id=conversation, customer_id=who, channel="web", started_at=self._at(ago)))
        self._rows.append(
            Turn(
                id=turn, customer_id=who, conversation_id=conversation, message_id="1", position=0, speaker="customer",
                text=text, at=self._at(ago), tool_calls=[], made_by={},
            )
        )  # fmt: skip
        return turn

    def event(
        self, who: str, name: str, ago: timedelta, product: str | None = None, variant: str | None = None, **more: Any
    ) -> str:
        event_id = self._id("evt")
        self._rows.append(
            Event(
                id=event_id, customer_id=who, source="test", source_id=event_id, name=name, at=self._at(ago),
                received_at=self._at(ago), product_id=product, variant_id=variant, properties=more,
            )
        )  # fmt: skip
        return event_id

    def cart(self, who: str, ago: timedelta, *variants: str, quantity: int = 1) -> str:
        items = [{"variant": variant, "quantity": quantity} for variant in variants]
        return self.event(who, "cart_updated", ago, items=items)

    def bought(self, who: str, product_id: str, ago: timedelta, *, kept: bool = True) -> str:
        order_id = self._id("ord")
        self._rows.append(
            Purchase(
                order_id=order_id, line=0, customer_id=who, product_id=product_id, variant_id="", product_name="",
                quantity=1, unit_minor=100, currency="USD", at=self._at(ago), kept=kept, traits=[],
            )
        )  # fmt: skip
        return order_id

    def save(self) -> None:
        with self.database.begin() as session:
            for rows in (self._first, self._talks, self._rows):
                session.add_all(rows)
                session.flush()
                rows.clear()

    def empty(self) -> None:
        """Everybody and everything leaves."""
        with self.database.begin() as session:
            for table in reversed(SQLModel.metadata.sorted_tables):
                session.connection().execute(table.delete())

    def survey(self, kind: Kind | None = None, **more: Any) -> Survey:
        self.save()
        return survey(self.context, kind, **more)

    def opportunities(self, kind: Kind | None = None) -> list[Opportunity]:
        self.save()
        return opportunities(self.context, kind)

    def only(self) -> Opportunity:
        """The one opportunity there is."""
        (one,) = self.opportunities()
        return one


@pytest.fixture
def town(database: Database, clock: SetClock) -> Town:
    """An empty town."""
    return Town(database, clock)

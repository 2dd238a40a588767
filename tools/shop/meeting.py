"""Which open wishes a set of products meets entirely, since when, and what made it so: the one place that says it.

The rule: one variant that can be bought alone meets every requirement. It does since the product is new, since the
variant came back, or since its price fell into what the customer wants to spend, whichever came last. Nothing is
written for it: wishes are read when they are asked for, grouped by what they ask, so that what many ask for is looked
at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from memory.extraction.port import Requirement
from memory.tables import Fact, Wish
from memory.wishes import is_open, requirements_of
from tools.shop.fit import Fit, can_be_bought, fit
from tools.shop.offers import Offer
from tools.shop.requirements import Described, meets
from tools.shop.tables import Product, Variant

MAX_PRICE = "max_price"


class Change(StrEnum):
    """What made it possible to meet a wish."""

    NEW = "new"
    BACK = "back in stock"
    CHEAPER = "price drop"


@dataclass(frozen=True)
class Possible:
    """That a variant can meet what is asked: since ``at``, through ``change``; it cost ``former_minor`` before."""

    variant: Variant
    at: datetime
    change: Change
    former_minor: int | None = None


@dataclass(frozen=True)
class Meeting:
    """An open wish that a product meets: every variant that does, longest possible first, and what they meet.

    ``since`` is when both were there, the wish and the first such variant.
    """

    wish: Wish
    product: Product
    possible: Sequence[Possible]
    met: Sequence[str]

    @property
    def since(self) -> datetime:
        return max(self.wish.voiced_at, self.possible[0].at)


@dataclass(frozen=True)
class Asked:
    """Open wishes by item and requirements, oldest first. What somebody wants to spend at most is a requirement too."""

    by_item: Mapping[str, Mapping[tuple[Requirement, ...], Sequence[Wish]]]

    def met_by(self, offer: Offer, since: datetime) -> list[Meeting]:
        """The wishes that the product meets, but for those that can have come to be met before ``since`` only."""
        matcher = Matcher(offer)
        found: list[Meeting] = []
        for item, by_requirements in self.by_item.items():
            if not matcher.variants or fit(offer.product, matcher.variants[:1], item, ()).unmet:
                continue
            for requirements, wishes in by_requirements.items():
                recent = [wish for wish in wishes if matcher.changed_at >= since or wish.voiced_at >= since]
                possible = matcher.possible(requirements) if recent else []
                met = matcher.met(requirements, possible[0].variant) if possible else []
                meetings = [Meeting(wish, offer.product, possible, met) for wish in recent if possible]
                found.extend(meeting for meeting in meetings if meeting.since >= since)
        return found


def meetings(session: Session, changed: Iterable[Offer], now: datetime, since: datetime) -> list[Meeting]:
    """Of a set of changed products: whose open wishes they meet, and why; none that could be met before ``since``."""
    asked = read_asked(session, now)
    return [meeting for offer in changed for meeting in asked.met_by(offer, since)]


def read_asked(session: Session, now: datetime) -> Asked:
    """Every open wish that asks for something. One that names only the thing ("any coats?") asks for nothing."""
    wanted = select(Wish).where(is_open(now), Wish.item != "", col(Wish.voiced_at) <= now)
    budgets = _budgets(session, now)
    asked: dict[str, dict[tuple[Requirement, ...], list[Wish]]] = {}
    for wish in session.exec(wanted.order_by(col(Wish.voiced_at), Wish.id)).all():
        requirements = requirements_of(wish)
        if requirements:
            limit = budgets.get(wish.customer_id)
            limited = limit is None or any(one.attribute == MAX_PRICE for one in requirements)
            whole = requirements if limited or limit is None else (*requirements, limit)
            asked.setdefault(wish.item, {}).setdefault(whole, []).append(wish)
    return Asked(asked)


def _budgets(session: Session, now: datetime) -> dict[str, Requirement]:
    """What customers want to spend at most."""
    held = (col(Fact.held_from) <= now, col(Fact.held_to).is_(None) | (col(Fact.held_to) > now))
    wanted = select(Fact.customer_id, Fact.value).where(
        Fact.attribute == "budget", col(Fact.believed_to).is_(None), *held
    )
    return {who: Requirement(MAX_PRICE, value.split(" ")[0]) for who, value in session.exec(wanted).all()}


class Matcher:
    """One product against many wishes. What a variant says to one requirement is worked out once."""

    def __init__(self, offer: Offer) -> None:
        self.variants = [variant for variant in offer.variants if can_be_bought(variant)]
        self._product = offer.product
        self._fits: dict[tuple[str, Requirement], Fit] = {}

    @property
    def changed_at(self) -> datetime:
        """When any of it last changed in a way that can meet a wish."""
        times = [moment for v in self.variants for moment in (v.restocked_at, v.price_changed_at) if moment]
        return max([self._product.created_at, *times])

    def possible(self, requirements: Sequence[Requirement]) -> list[Possible]:
        """The variants that each meet all of it, and since when; a variant meets all if it meets each."""
        variants = self.variants
        for requirement in requirements:
            variants = [variant for variant in variants if not self._fit(variant, requirement).unmet]
        found = [self._since(variant, requirements) for variant in variants]
        return sorted(found, key=lambda one: (one.at, one.variant.position, one.variant.id))

    def met(self, requirements: Sequence[Requirement], variant: Variant) -> list[str]:
        """What the variant meets, as ``color: red``."""
        return [said for requirement in requirements for said in self._fit(variant, requirement).met]

    def _since(self, variant: Variant, requirements: Sequence[Requirement]) -> Possible:
        there = variant.restocked_at or self._product.created_at
        stocked = Possible(variant, there, Change.BACK if variant.restocked_at else Change.NEW)
        changed = variant.price_changed_at
        if changed is None or changed <= there or variant.former_price_minor is None:
            return stocked
        before = Variant(**{**variant.model_dump(), "price_minor": variant.former_price_minor})
        limits = [requirement for requirement in requirements if requirement.attribute == MAX_PRICE]
        if all(meets(Described(self._product, before), one.attribute, one.value) for one in limits):
            return stocked
        return Possible(variant, changed, Change.CHEAPER, variant.former_price_minor)

    def _fit(self, variant: Variant, requirement: Requirement) -> Fit:
        key = (variant.id, requirement)
        if key not in self._fits:
            self._fits[key] = fit(self._product, [variant], "", [requirement])
        return self._fits[key]

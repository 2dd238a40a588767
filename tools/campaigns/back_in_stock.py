"""Variants that came back within 14 days, and those who looked at them while they were out or asked to be told.

Who counts: a ``product_viewed`` in the 60 days before the restock, of that variant, or of the product where the event
names no variant; or a ``back_in_stock_requested`` from then until now. When a variant sold out is not recorded, so
"while it was out" is taken as "before it came back".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlmodel import Session, col

from kit.ids import CustomerId
from memory.tables import Event
from tools.campaigns.kinds import Kind
from tools.campaigns.occasion import Candidate, Occasion
from tools.campaigns.shelf import Shelf, Shelved
from tools.shop.tables import Variant

FADES_AFTER = timedelta(days=14)
LOOKED_WITHIN = timedelta(days=60)
VIEWED, REQUESTED = "product_viewed", "back_in_stock_requested"


@dataclass(frozen=True)
class _Look:
    """An event that shows interest in a product, and the restocked variants that it may mean."""

    customer_id: str
    event_id: str
    name: str
    at: datetime
    variants: Sequence[Variant]


def back_in_stock(session: Session, shelf: Shelf) -> list[Occasion]:
    """One occasion a product, with everybody who waited for what of it came back."""
    back = {shelved.product.id: found for shelved in shelf.products.values() if (found := _restocked(shelved, shelf))}
    looks: dict[str, dict[str, list[_Look]]] = {}
    for product_id, look in _looks(session, back, shelf):
        looks.setdefault(product_id, {}).setdefault(look.customer_id, []).append(look)
    return [_occasion(shelf.products[product_id], back[product_id], looks[product_id], shelf) for product_id in looks]


def _restocked(shelved: Shelved, shelf: Shelf) -> list[Variant]:
    """The product's variants in stock that came back lately."""
    return [v for v in shelved.variants if v.restocked_at and timedelta(0) <= shelf.now - v.restocked_at <= FADES_AFTER]


def _looks(session: Session, back: Mapping[str, Sequence[Variant]], shelf: Shelf) -> Iterable[tuple[str, _Look]]:
    """Product ids with the looks that count, oldest first."""
    earliest = shelf.now - FADES_AFTER - LOOKED_WITHIN
    recent = (col(Variant.stock) > 0, col(Variant.restocked_at) >= shelf.now - FADES_AFTER)
    wanted = (
        select(
            col(Event.customer_id), col(Event.id), col(Event.name), col(Event.at), col(Event.product_id),
            col(Event.variant_id),
        )
        .where(col(Event.name).in_((VIEWED, REQUESTED)), col(Event.at) >= earliest, col(Event.at) <= shelf.now)
        .where(
            or_(
                col(Event.product_id).in_(select(col(Variant.product_id)).where(*recent)),
                col(Event.variant_id).in_(select(col(Variant.id)).where(*recent)),
            )
        )
        .order_by(col(Event.at), col(Event.id))
    )  # fmt: skip
    for customer_id, event_id, name, at, product_id, variant_id in session.connection().execute(wanted).all():
        variant = shelf.variants.get(variant_id or "")
        product = variant.product_id if variant else product_id or ""
        meant = [v for v in back.get(product, ()) if variant_id in (None, v.id) and _counts(name, at, v)]
        if meant:
            yield product, _Look(customer_id, event_id, name, at, meant)


def _counts(name: str, at: datetime, variant: Variant) -> bool:
    """Whether the event falls where interest in the variant is looked for."""
    assert variant.restocked_at is not None
    return variant.restocked_at - LOOKED_WITHIN <= at and (name == REQUESTED or at < variant.restocked_at)


def _occasion(shelved: Shelved, back: Sequence[Variant], by_customer: dict[str, list[_Look]], shelf: Shelf) -> Occasion:
    last = max(variant.restocked_at for variant in back if variant.restocked_at)
    return Occasion(
        kind=Kind.BACK_IN_STOCK,
        about=shelved.product.id,
        product=shelved.card,
        currency=shelved.card.price.currency,
        stock=sum(variant.stock for variant in back),
        news=f"back since {shelf.day(last)}",
        candidates=tuple(_candidate(shelved, looks, shelf) for looks in by_customer.values()),
    )


def _candidate(shelved: Shelved, looks: Sequence[_Look], shelf: Shelf) -> Candidate:
    """The newest request speaks for a customer, or else the newest view."""
    chosen = max(looks, key=lambda look: (look.name == REQUESTED, look.at, look.event_id))
    cheapest = min(chosen.variants, key=lambda variant: (variant.price_minor, variant.position, variant.id))
    ends = max(variant.restocked_at for variant in chosen.variants if variant.restocked_at) + FADES_AFTER
    named = _named(shelved, chosen.variants)
    if chosen.name == REQUESTED:
        because = f"asked on {shelf.day(chosen.at)} to be told when {named} is back"
    else:
        views = sum(look.name == VIEWED for look in looks)
        times = f", {views} times in all" if views > 1 else ""
        because = f"looked at {named} on {shelf.day(chosen.at)}, before it came back{times}"
    return Candidate(
        customer_id=CustomerId(chosen.customer_id),
        because=because,
        price_minor=cheapest.price_minor,
        product_ids=frozenset({shelved.product.id}),
        since=min(look.at for look in looks),
        ends=ends,
        source_id=chosen.event_id,
        at=chosen.at,
        event=chosen.name,
    )


def _named(shelved: Shelved, variants: Sequence[Variant]) -> str:
    """The product, with its options where one variant is meant: ``Storm Coat (red, M)``."""
    options = ", ".join(variants[0].options.values()) if len(variants) == 1 else ""
    return f"{shelved.product.name} ({options})" if options else shelved.product.name

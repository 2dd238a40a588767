"""A product with its variants, as tools and people are shown it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from kit.money import format_minor
from memory.phrases import last_stem
from tools.shop.fit import Fit, can_be_bought
from tools.shop.tables import Product, Variant

NEW = timedelta(days=14)
_PIECE = 500
_SUMMARY_CHARS = 160


@dataclass(frozen=True)
class Offer:
    """A product and all its variants, as the shop lists them."""

    product: Product
    variants: Sequence[Variant]

    @property
    def in_stock(self) -> bool:
        return any(can_be_bought(variant) for variant in self.variants)

    def options(self, name: str) -> list[str]:
        """The values of an option (``color``), each once: of what can be bought, or of all where nothing can."""
        shown = [variant for variant in self.variants if can_be_bought(variant)] or self.variants
        values = (
            value for variant in shown for key, value in variant.options.items() if last_stem(key) == last_stem(name)
        )
        return list(dict.fromkeys(values))

    def card(self, fit: Fit, now: datetime) -> dict[str, Any]:
        """As search results and recommendations show it; the price is that of the variant that fits best."""
        return {
            "product_id": self.product.id,
            "name": self.product.name,
            "category": self.product.category,
            "price": price_of(fit.variant),
            "price_minor": fit.variant.price_minor if fit.variant else None,
            "colors": self.options("color"),
            "sizes": self.options("size"),
            "in_stock": self.in_stock,
            "met": list(fit.met),
            "unmet": list(fit.unmet),
            "new": now - NEW <= self.product.created_at <= now,
            "summary": _summary(self),
        }


def price_of(variant: Variant | None) -> str | None:
    """As people read it: ``$129.00``."""
    return format_minor(variant.price_minor, variant.currency) if variant else None


def read_offers(session: Session, product_ids: Collection[str] | None = None) -> list[Offer]:
    """These products, or all, in the shop's order."""
    products: list[Product] = []
    variants: dict[str, list[Variant]] = {}
    for ids in _pieces(product_ids):
        wanted, theirs = select(Product), select(Variant)
        if ids is not None:
            wanted, theirs = wanted.where(col(Product.id).in_(ids)), theirs.where(col(Variant.product_id).in_(ids))
        products += session.exec(wanted).all()
        for variant in session.exec(theirs.order_by(col(Variant.position), Variant.id)).all():
            variants.setdefault(variant.product_id, []).append(variant)
    products.sort(key=lambda product: (product.source, product.position, product.id))
    return [Offer(product, tuple(variants.get(product.id, ()))) for product in products]


def _pieces(ids: Collection[str] | None) -> list[list[str] | None]:
    if ids is None:
        return [None]
    listed = sorted(set(ids))
    return [listed[start : start + _PIECE] for start in range(0, len(listed), _PIECE)]


def _summary(offer: Offer) -> str:
    """The description's first sentence; of a product without one, what it can be had in."""
    described = offer.product.description.strip()
    if described:
        first = described.split(". ")[0].rstrip(".") + "."
        return first if len(first) <= _SUMMARY_CHARS else first[:_SUMMARY_CHARS].rsplit(" ", 1)[0] + "…"
    names = dict.fromkeys(name for variant in offer.variants for name in variant.options)
    return "; ".join(f"{name}: {', '.join(offer.options(name))}" for name in names)

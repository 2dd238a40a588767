"""What can be bought at this moment, read once for all opportunities of one asking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from kit.money import Money
from tools.campaigns.opportunity import ProductCard
from tools.shop.tables import Product, ShopProfile, Variant


@dataclass(frozen=True)
class Shelved:
    """A product with those of its variants that are in stock and may be sold; there is at least one."""

    product: Product
    variants: Sequence[Variant]

    def since(self, variant: Variant) -> datetime:
        """Since when the variant can be bought."""
        return variant.restocked_at or self.product.created_at

    @property
    def card(self) -> ProductCard:
        cheapest = min(self.variants, key=lambda variant: variant.price_minor)
        return ProductCard(self.product.id, self.product.name, Money(cheapest.price_minor, cheapest.currency))


@dataclass(frozen=True)
class Shelf:
    """The moment, the shop's time zone, and the products in stock by id."""

    now: datetime
    zone: ZoneInfo
    products: Mapping[str, Shelved]

    @cached_property
    def variants(self) -> Mapping[str, Variant]:
        """The variants in stock by id."""
        return {variant.id: variant for shelved in self.products.values() for variant in shelved.variants}

    def day(self, at: datetime) -> str:
        """The date in the shop's time zone, as people read it: ``2 March 2026``."""
        local = at.astimezone(self.zone)
        return f"{local.day} {local:%B %Y}"


def read_shelf(session: Session, now: datetime) -> Shelf:
    """What can be bought at ``now``. A shop without a profile is taken to be in UTC."""
    stocked = select(Variant).where(Variant.stock > 0, col(Variant.available).is_(True))
    by_product: dict[str, list[Variant]] = {}
    for variant in session.exec(stocked.order_by(col(Variant.position), Variant.id)).all():
        by_product.setdefault(variant.product_id, []).append(variant)
    products = session.exec(select(Product).order_by(Product.source, col(Product.position), Product.id)).all()
    shelved = {p.id: Shelved(p, tuple(by_product[p.id])) for p in products if p.id in by_product}
    zone = session.exec(select(ShopProfile.timezone).order_by(ShopProfile.source)).first()
    return Shelf(now, ZoneInfo(zone or "UTC"), shelved)

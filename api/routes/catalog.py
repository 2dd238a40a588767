"""The shop and its products, for the shop page: public."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import func
from sqlmodel import Session, col, select

from api.routes.fields import NO_NUL
from api.service import Here
from kit.clock import Clock
from kit.money import format_minor
from tools.shop.tables import Product, ShopProfile, Variant

router = APIRouter(prefix="/v1", tags=["catalog"])

_NEW = timedelta(days=30)


@router.get("/shop")
def show_shop(service: Here) -> dict[str, Any]:
    """The shop's name and currency, and whether it is the demo."""
    with service.runtime.database.read() as session:
        profile = session.exec(select(ShopProfile).order_by(ShopProfile.source)).first()
    return {
        "name": profile.name if profile else None,
        "currency": profile.currency if profile else None,
        "demo": service.demo,
    }


@router.get("/catalog")
def list_products(
    service: Here,
    category: Annotated[str | None, Query(max_length=200, pattern=NO_NUL)] = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 24,
) -> dict[str, Any]:
    """A page of products, newest first, and the categories there are. ``next_offset`` is null on the last page."""
    with service.runtime.database.read() as session:
        counted = session.exec(
            select(Product.category, func.count()).group_by(Product.category).order_by(Product.category)
        ).all()
        products = _page(session, category, offset, limit)
        variants = _variants(session, [product.id for product in products])
    total = sum(count for name, count in counted if category in (None, name))
    return {
        "categories": [{"name": name, "count": count} for name, count in counted],
        "products": [_card(product, variants.get(product.id, []), service.runtime.clock) for product in products],
        "total": total,
        "next_offset": offset + limit if offset + limit < total else None,
    }


def _page(session: Session, category: str | None, offset: int, limit: int) -> Sequence[Product]:
    wanted = select(Product)
    if category is not None:
        wanted = wanted.where(Product.category == category)
    ordered = wanted.order_by(col(Product.created_at).desc(), col(Product.position), Product.id)
    return session.exec(ordered.offset(offset).limit(limit)).all()


def _variants(session: Session, product_ids: Iterable[str]) -> dict[str, list[Variant]]:
    found: dict[str, list[Variant]] = {}
    wanted = select(Variant).where(col(Variant.product_id).in_(list(product_ids)))
    for variant in session.exec(wanted.order_by(col(Variant.position), Variant.id)).all():
        found.setdefault(variant.product_id, []).append(variant)
    return found


def _card(product: Product, variants: Sequence[Variant], clock: Clock) -> dict[str, Any]:
    buyable = [variant for variant in variants if variant.available and variant.stock > 0]
    cheapest = min(buyable or variants, key=lambda variant: variant.price_minor, default=None)
    return {
        "product_id": product.id,
        "name": product.name,
        "category": product.category,
        "description": product.description,
        "price": format_minor(cheapest.price_minor, cheapest.currency) if cheapest else None,
        "price_minor": cheapest.price_minor if cheapest else None,
        "currency": cheapest.currency if cheapest else None,
        "colors": _options(variants, "color"),
        "sizes": _options(buyable or variants, "size"),
        "in_stock": bool(buyable),
        "new": clock.now() - product.created_at <= _NEW,
    }


def _options(variants: Iterable[Variant], name: str) -> list[str]:
    """The values of one option, in the shop's order."""
    return list(dict.fromkeys(variant.options[name] for variant in variants if name in variant.options))

"""The catalog: making products findable by meaning, and showing one."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import Session, select

from kit.errors import NotFound
from kit.vectors.index import SemanticIndex
from tools.registry import Arguments, Effect, ToolContext, tool
from tools.shop.fit import can_be_bought, fit
from tools.shop.offers import Offer, price_of, read_offers
from tools.shop.tables import Product, Variant

COLLECTION = "product"


def stage_product(session: Session, index: SemanticIndex, product: Product, variants: Sequence[Variant]) -> None:
    """Puts a product into the semantic index, in the caller's unit of work; the same again changes nothing."""
    index.put(
        session, COLLECTION, product.id, describe(product, variants), at=product.created_at,
        details={"name": product.name, "category": product.category},
    )  # fmt: skip


def describe(product: Product, variants: Sequence[Variant]) -> str:
    """A product as text: name, category, description, then its attributes and the options it comes in."""
    stated: dict[str, list[str]] = {name: list(values) for name, values in product.attributes.items()}
    for variant in variants:
        for name, value in variant.options.items():
            stated.setdefault(name, []).append(value)
    lines = [f"{name}: {', '.join(dict.fromkeys(values))}" for name, values in stated.items() if values]
    title = (
        product.name
        if product.category.casefold() == product.name.casefold()
        else f"{product.name} ({product.category})"
    )
    return "\n".join(part for part in (title, product.description, *lines) if part)


class GetProduct(Arguments):
    """Which product."""

    product_id: Annotated[str, Field(description="from a search, such as prd_01JNA3V9Q8ZK5T2M7R4C6D8E9F; or an SKU")]


@tool(Effect.READ)
def get_product(context: ToolContext, arguments: GetProduct) -> Mapping[str, Any]:
    """One product in full: description, attributes, and every variant with its SKU, options, price and stock.

    Use it after search_products, when somebody asks about details, or about one size or color of one product.
    ``colors`` and ``sizes`` are those in stock; whether one color is there in one size stands in ``variants``.
    Example: product_id "prd_01JNA3V9Q8ZK5T2M7R4C6D8E9F".
    """
    with context.database.read() as session:
        offer = _offer(session, arguments.product_id.strip())
    product = offer.product
    return {
        **offer.card(fit(product, offer.variants, "", ()), context.clock.now()),
        "description": product.description,
        "attributes": product.attributes,
        "variants": [
            {
                "sku": variant.sku,
                "options": variant.options,
                "price": price_of(variant),
                "in_stock": can_be_bought(variant),
            }
            for variant in offer.variants
        ],
    }


def _offer(session: Session, product_id: str) -> Offer:
    by_sku = select(Variant.product_id).where(Variant.sku == product_id)
    by_source = select(Product.id).where(Product.source_id == product_id)
    for candidate in (product_id, session.exec(by_sku).first(), session.exec(by_source).first()):
        if candidate and (offers := read_offers(session, [candidate])):
            return offers[0]
    raise NotFound(f"there is no product {product_id!r}; search for it with search_products")

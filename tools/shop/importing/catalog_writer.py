"""Writes the shop, its products and counts of their stock."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from kit.ids import derived_id
from tools.shop.catalog import stage_product
from tools.shop.importing.known import Known
from tools.shop.importing.records import ProductRecord, ShopRecord, StockRecord, VariantRecord
from tools.shop.importing.report import Parts
from tools.shop.tables import UNDATED, Product, ShopProfile, StockCount, Variant

_PIECE = 500


class CatalogWriter:
    """Writes in one unit of work; counts of stock are gathered and written together."""

    def __init__(self, session: Session, parts: Parts, known: Known) -> None:
        self._session = session
        self._parts = parts
        self._known = known
        self._counts: list[StockRecord] = []

    def shop(self, record: ShopRecord) -> None:
        self._session.merge(
            ShopProfile(source=self._known.source, name=record.name, currency=record.currency, timezone=record.timezone)
        )
        self._session.flush()
        self._known.forget_currency()

    def product(self, record: ProductRecord) -> None:
        """Adds or updates a product. A variant that its line no longer has can no longer be bought."""
        self.flush()
        product, variants = self._product(record)
        product.name, product.category, product.description = record.name, record.category, record.description
        product.attributes = {name: list(values) for name, values in record.attributes.items()}
        product.created_at = record.created_at or UNDATED
        self._session.add(product)
        self._session.flush()
        there = {variant.sku: variant for variant in variants}
        told = [self._variant(product, there.pop(v.sku, None), v, place) for place, v in enumerate(record.variants)]
        for gone in there.values():
            gone.stock, gone.available = 0, False
        self._session.add_all([*told, *there.values()])
        self._session.flush()
        self._known.add_product(product, told)
        stage_product(self._session, self._parts.index, product, told)

    def stock(self, record: StockRecord) -> None:
        """Takes a count in."""
        self._counts.append(record)

    def flush(self) -> None:
        """Writes the counts in their order; one from before the newest that is known says nothing."""
        counts, self._counts = self._counts, []
        ids = list(dict.fromkeys(self._known.variants[count.sku].id for count in counts))
        variants: dict[str, Variant] = {}
        newest: dict[str, StockCount] = {}
        for start in range(0, len(ids), _PIECE):
            piece = ids[start : start + _PIECE]
            found = self._session.exec(select(Variant).where(col(Variant.id).in_(piece))).all()
            variants.update({variant.id: variant for variant in found})
            before = self._session.exec(select(StockCount).where(col(StockCount.variant_id).in_(piece))).all()
            newest.update({count.variant_id: count for count in before})
        for count in counts:
            variant = variants[self._known.variants[count.sku].id]
            known = newest.setdefault(variant.id, StockCount(variant_id=variant.id, at=count.at))
            if known.at <= count.at:
                known.at = count.at
                _take(variant, count.stock, count.at)
        self._session.add_all([*variants.values(), *newest.values()])
        self._session.flush()

    def _product(self, record: ProductRecord) -> tuple[Product, Sequence[Variant]]:
        """The product and its variants, or a new one."""
        source = self._known.source
        if record.key in self._known.products:
            product = self._session.get_one(Product, self._known.products[record.key])
            return product, self._session.exec(select(Variant).where(Variant.product_id == product.id)).all()
        created_at = record.created_at or UNDATED
        product = Product(
            id=derived_id("prd", created_at, source, "product", record.key), source=source, source_id=record.key,
            name="", category="", description="", attributes={}, created_at=created_at,
            position=len(self._known.products),
        )  # fmt: skip
        return product, ()

    def _variant(self, product: Product, variant: Variant | None, told: VariantRecord, position: int) -> Variant:
        if variant is None:
            variant = Variant(
                id=derived_id("var", product.created_at, self._known.source, "variant", told.sku),
                product_id=product.id, sku=told.sku, options={}, price_minor=0, currency="", stock=told.stock,
                available=told.available,
            )  # fmt: skip
            variant.price_minor, variant.currency = told.price_minor, self._known.currency(self._session)
        _take(variant, told.stock, self._parts.clock.now())
        _price(variant, told.price_minor, self._known.currency(self._session), self._parts.clock.now())
        variant.options, variant.available = dict(told.options), told.available
        variant.position = position
        return variant


def _take(variant: Variant, stock: int, at: datetime) -> None:
    if variant.stock == 0 and stock > 0:
        variant.restocked_at = at
    variant.stock = stock


def _price(variant: Variant, price_minor: int, currency: str, at: datetime) -> None:
    """Keeps the former price; one in another currency says nothing of the new one."""
    if (variant.price_minor, variant.currency) != (price_minor, currency):
        variant.former_price_minor = variant.price_minor if variant.currency == currency else None
        variant.price_changed_at = at
    variant.price_minor, variant.currency = price_minor, currency

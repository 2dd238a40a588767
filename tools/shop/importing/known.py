"""What the writers look up again and again, kept for one import."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from memory.tables import Identity
from tools.shop.tables import Product, ShopProfile, Variant

_PIECE = 500


@dataclass(frozen=True, slots=True)
class KnownVariant:
    """A variant and the product it belongs to."""

    id: str
    product_id: str
    name: str
    options: dict[str, str]
    price_minor: int
    stated: list[list[str]]  # category and attributes of the product, as ``[name, value]``


class Known:
    """Ids by the source's ids. What is written is added, so that each thing is looked up once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.variants: dict[str, KnownVariant] = {}
        self.products: dict[str, str] = {}
        self.customers: dict[str, str] = {}
        self._currency: str | None = None
        self._loaded = False

    def load(self, session: Session) -> None:
        """Reads the catalog, once."""
        if self._loaded:
            return
        self._loaded = True
        variants: dict[str, list[Variant]] = {}
        for variant in session.exec(select(Variant).join(Product).where(Product.source == self.source)).all():
            variants.setdefault(variant.product_id, []).append(variant)
        for product in session.exec(select(Product).where(Product.source == self.source)).all():
            self.add_product(product, variants.get(product.id, ()))

    def add_product(self, product: Product, variants: Iterable[Variant]) -> None:
        """After it was written."""
        self.products[product.source_id] = product.id
        stated = [["category", product.category]]
        stated += [[name, value] for name, values in product.attributes.items() for value in values]
        for variant in variants:
            self.variants[variant.sku] = KnownVariant(
                variant.id, product.id, product.name, variant.options, variant.price_minor, stated
            )

    def find_customers(self, session: Session, keys: Collection[str]) -> None:
        """Reads the ids of those customers that are not known yet."""
        missing = sorted(set(keys) - self.customers.keys())
        for start in range(0, len(missing), _PIECE):
            wanted = select(Identity.value, Identity.customer_id).where(
                Identity.kind == "shop", col(Identity.value).in_(missing[start : start + _PIECE])
            )
            self.customers.update(session.exec(wanted).all())

    def currency(self, session: Session) -> str:
        """The shop's currency; empty where neither the file nor the shop has said it."""
        if self._currency is None:
            profile = session.get(ShopProfile, self.source)
            self._currency = profile.currency if profile else ""
        return self._currency

    def forget_currency(self) -> None:
        """After the shop's line."""
        self._currency = None

"""Products and their variants, read from `data/catalog/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from tools.demo_shop.lines import Line, instant, money
from tools.demo_shop.tables import table, table_names

_NOT_ATTRIBUTES = ("id", "name", "category", "price", "colors", "description")

_ALPHA = ("XS", "S", "M", "L", "XL", "XXL")
_KIDS = ("4Y", "6Y", "8Y", "10Y", "12Y")
_SHOES = {
    "women": tuple(str(size) for size in range(36, 42)),
    "men": tuple(str(size) for size in range(40, 47)),
    "kids": tuple(str(size) for size in range(28, 36)),
}
_ONE = ("one size",)
_SMALL_SIZES = {"gloves": ("S", "M", "L"), "socks": ("S", "M", "L")}


@dataclass(frozen=True)
class Variant:
    """One thing that can be bought; `cents` is its list price."""

    sku: str
    product: str
    color: str
    size: str
    cents: int


@dataclass(frozen=True, eq=False)
class Product:
    """A product with its variants; `attributes` are those of the native format."""

    id: str
    name: str
    description: str
    category: str
    attributes: Mapping[str, str | list[str]]
    variants: tuple[Variant, ...]

    @property
    def gender(self) -> str:
        """For whom it is cut: women, men, unisex or kids."""
        return str(self.attributes["gender"])

    @property
    def kind(self) -> str:
        """The group of categories it belongs to, such as `outerwear`."""
        return kind_of(self.category)

    @property
    def plural(self) -> bool:
        """Whether one speaks of it in the plural, as of boots."""
        return self.category in table("kinds")["plural"]

    @property
    def spoken(self) -> str:
        """Its name as a shopper says it, without `Men`, `Kids'` or a number of pairs."""
        name = self.name.split(",")[0].removeprefix("Kids' ")
        return name.removesuffix(" Men").removesuffix(" Women")

    def made_of(self, materials: tuple[str, ...]) -> bool:
        """Whether any of the materials is in it."""
        return any(material in self.attributes["material"] for material in materials)


def kind_of(category: str) -> str:
    """Name the group of categories that a category belongs to."""
    kinds: dict[str, list[str]] = table("kinds")["kind"]
    return next(kind for kind, categories in kinds.items() if category in categories)


def sizes_of(category: str, gender: str) -> tuple[str, ...]:
    """List the sizes in which a category is made for a gender."""
    kind = kind_of(category)
    if kind == "shoe":
        return _SHOES[gender]
    if kind == "bag" or category in ("hat", "beanie", "scarf"):
        return _ONE
    if category in _SMALL_SIZES:
        return _SMALL_SIZES[category]
    return _KIDS if gender == "kids" else _ALPHA


@cache
def load_catalog() -> tuple[Product, ...]:
    """Read all products that the shop has at first."""
    return tuple(product(row) for name in table_names("catalog") for row in table(name)["product"])


def product(row: Mapping[str, Any]) -> Product:
    """Make a product of one table row, with a variant for each color and size."""
    cents = round(float(row["price"]) * 100)
    variants = tuple(
        Variant(_sku(row["id"], color, size), row["id"], color, size, cents)
        for color in row["colors"]
        for size in sizes_of(row["category"], row["gender"])
    )
    attributes = {key: value for key, value in row.items() if key not in _NOT_ATTRIBUTES}
    return Product(row["id"], row["name"], row["description"], row["category"], attributes, variants)


def product_line(item: Product, created_at: datetime, stock: Mapping[str, int]) -> Line:
    """Write a product; `stock` gives the units on hand by SKU."""
    return {
        "type": "product",
        "id": item.id,
        "name": item.name,
        "description": item.description,
        "category": item.category,
        "attributes": dict(item.attributes),
        "created_at": instant(created_at),
        "variants": [
            {
                "id": variant.sku,
                "options": {"color": variant.color, "size": variant.size},
                "price": money(variant.cents),
                "stock": stock[variant.sku],
            }
            for variant in item.variants
        ],
    }


def _sku(product_id: str, color: str, size: str) -> str:
    return f"{product_id}-{color}-{size}".upper().replace(" ", "-")

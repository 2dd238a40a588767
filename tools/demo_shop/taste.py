"""What a shopper looks at and in which color and size."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from random import Random

from tools.demo_shop.cast import Cast
from tools.demo_shop.catalog import Product, Variant
from tools.demo_shop.people import Shopper
from tools.demo_shop.season import demand
from tools.demo_shop.shelf import Shelf

_TRIES = 12


class Taste:
    """Draws products by season, climate, persona and gender, and variants by the shopper's size and colors."""

    def __init__(self, rng: Random, catalog: Sequence[Product], shelf: Shelf, cast: Cast) -> None:
        """Draw from a catalog; some products are better liked than others by everybody."""
        self._rng = rng
        self._catalog = catalog
        self._shelf = shelf
        self._cast = cast
        self._appeal = {item.id: rng.choice((0.4, 0.7, 1.0, 1.0, 1.5, 2.4)) for item in catalog}
        self._drawing: dict[tuple[str, str, str, int], list[float]] = {}

    def look(self, shopper: Shopper, at: datetime, categories: Sequence[str] = ()) -> Product | None:
        """Draw a product to look at, of certain categories if given; None if nothing suits."""
        gender = shopper.gender
        if self._rng.random() < shopper.persona.get("gifts", 0.06):
            gender = "men" if gender == "women" else "women"
        weights = self._weights(shopper, gender, at.month)
        for _ in range(_TRIES if not categories else 1):
            if categories:
                suited = [item for item in self._catalog if item.category in categories]
                suited = [item for item in suited if item.gender in (shopper.gender, "unisex")] or suited
                item = self._rng.choice(suited)
            else:
                item = self._rng.choices(self._catalog, cum_weights=weights)[0]
            if self._shelf.launched[item.id] < at and self._cast.looks_at(shopper, item):
                return item
        return None

    def try_on(self, shopper: Shopper, item: Product) -> Variant:
        """Draw a variant to look at, in stock or not."""
        return self._rng.choice(self._suited(shopper, item))

    def buy(self, shopper: Shopper, item: Product, at: datetime) -> Variant | None:
        """Draw a variant to put into the cart; None if none is in stock or the shopper wouldn't buy it."""
        if not self._cast.buys(shopper, item, at):
            return None
        in_stock = [variant for variant in self._suited(shopper, item) if self._shelf.units(variant.sku, at)]
        return self._rng.choice(in_stock) if in_stock else None

    def _weights(self, shopper: Shopper, gender: str, month: int) -> list[float]:
        climate = str(shopper.city["climate"])
        key = (str(shopper.persona["name"]), climate, gender, month)
        if key not in self._drawing:
            likes = shopper.persona["likes"]
            cut = {gender: 1.0, "unisex": 0.8, "kids": shopper.persona.get("kids", 0.04)}
            self._drawing[key] = list(
                accumulate(
                    self._appeal[item.id]
                    * demand(item.category, climate, month)
                    * likes.get(item.category, 1.0)
                    * cut.get(item.gender, 0.02)
                    for item in self._catalog
                )
            )
        return self._drawing[key]

    def _suited(self, shopper: Shopper, item: Product) -> list[Variant]:
        """List the variants in the shopper's size, narrowed to a favorite color where there is one."""
        own_sizes = (shopper.size, str(shopper.shoe))
        fitting = [variant for variant in item.variants if variant.size in own_sizes] or list(item.variants)
        favorite = [variant for variant in fitting if variant.color in shopper.colors]
        return favorite if favorite and self._rng.random() < 0.6 else fitting

"""A delivery of products that the shop has not got when the demo starts."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from tools.demo_shop.catalog import product, product_line
from tools.demo_shop.lines import Line
from tools.demo_shop.tables import table

_SEED = 11


def new_arrivals(*, at: datetime) -> Iterator[Line]:
    """Give the `product` lines of six new products that enter the catalog at an aware time.

    One of them is a winter coat that comes in red, is waterproof and has a faux-fur lining.
    Raises `ValueError` when `at` has no timezone.
    """
    if at.tzinfo is None:
        raise ValueError(f"at={at!r} has no timezone; pass an aware datetime")
    rng = Random(_SEED)
    return (
        product_line(item, at, {variant.sku: rng.randint(8, 30) for variant in item.variants})
        for item in map(product, table("arrivals")["product"])
    )

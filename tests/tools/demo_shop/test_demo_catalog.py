"""The catalog has what the demo needs, and lacks the one coat that it needs to lack."""

import json
from collections import Counter
from datetime import datetime
from typing import Any

from tools.demo_shop import new_arrivals

REDS = {"red", "burgundy"}
CATEGORIES = {
    *("winter coat", "rain jacket", "parka", "fleece", "sweater", "cardigan", "shirt", "t-shirt", "trousers"),
    *("jeans", "skirt", "dress", "boots", "sneakers", "hiking shoes", "sandals", "backpack", "tote", "hat"),
    *("beanie", "scarf", "gloves", "socks", "base layer", "swimwear"),
}


def products(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pick the product lines."""
    return [line for line in lines if line["type"] == "product"]


def colors(product: dict[str, Any]) -> set[str]:
    """Collect the colors in which a product comes."""
    return {variant["options"]["color"] for variant in product["variants"]}


def is_the_coat(product: dict[str, Any]) -> bool:
    """Whether a product is a red winter coat, waterproof and with fur of any kind."""
    is_coat = product["category"] in ("winter coat", "parka", "rain jacket", "fleece")
    waterproof = "waterproof" in product["attributes"]["features"]
    return is_coat and waterproof and bool(colors(product) & REDS) and "fur" in json.dumps(product)


def test_at_first_no_coat_is_red_waterproof_and_fur_lined(lines: list[dict[str, Any]]) -> None:
    """The coat that customers wish for is not in the shop, not even with fur as a trim or burgundy for red."""
    assert [] == [product["name"] for product in products(lines) if is_the_coat(product)]


def test_there_are_near_misses_for_that_coat(lines: list[dict[str, Any]]) -> None:
    """Coats with any two of red, waterproof and fur-lined are there."""
    coats = [product for product in products(lines) if product["category"] in ("winter coat", "parka")]
    traits = {
        (
            "red" in colors(coat),
            "waterproof" in coat["attributes"]["features"],
            coat["attributes"].get("lining") == "faux fur",
        )
        for coat in coats
    }

    assert {(True, True, False), (True, False, True), (False, True, True), (True, False, False)} <= traits


def test_new_arrivals_bring_the_coat(until: datetime) -> None:
    """Six products enter at the moment given, and exactly one of them is the coat."""
    arrivals: list[dict[str, Any]] = list(new_arrivals(at=until))
    coats = [product for product in arrivals if is_the_coat(product)]

    assert ["product"] * 6 == [product["type"] for product in arrivals]
    assert {"2026-03-02T15:00:00Z"} == {str(product["created_at"]) for product in arrivals}
    assert ["winter coat"] == [coat["category"] for coat in coats]
    assert "faux fur" == coats[0]["attributes"]["lining"]
    assert "winter" == coats[0]["attributes"]["season"]
    assert all(variant["stock"] > 0 for variant in coats[0]["variants"])


def test_new_arrivals_collide_with_nothing_in_the_shop(lines: list[dict[str, Any]], until: datetime) -> None:
    """Ids and names of the new products are new, and a second call gives the same lines."""
    arrivals = list(new_arrivals(at=until))
    old = {product[key] for product in products(lines) for key in ("id", "name")}

    assert set() == {str(product[key]) for product in arrivals for key in ("id", "name")} & old
    assert arrivals == list(new_arrivals(at=until))


def test_the_catalog_covers_every_category(lines: list[dict[str, Any]]) -> None:
    """There are 150 products in 25 categories, each with at least four."""
    counts = Counter(product["category"] for product in products(lines))

    assert CATEGORIES == counts.keys()
    assert 150 == counts.total()
    assert 4 <= min(counts.values())


def test_names_and_descriptions_are_all_different(lines: list[dict[str, Any]]) -> None:
    """No product is described in the words of another, and each is described in two sentences or more."""
    names = {product["name"] for product in products(lines)}
    descriptions = {product["description"] for product in products(lines)}

    assert 150 == len(names) == len(descriptions)
    assert all(text.count(". ") >= 1 and 60 <= len(text) <= 320 for text in descriptions)


def test_sizes_fit_the_garment(lines: list[dict[str, Any]]) -> None:
    """Adults' shoes come in EU 36 to 46, adults' clothes in XS to XXL, bags in one size."""
    for product in products(lines):
        sizes = {variant["options"]["size"] for variant in product["variants"]}
        if product["attributes"]["gender"] == "kids":
            continue
        if product["category"] in ("boots", "sneakers", "hiking shoes", "sandals"):
            assert sizes <= {str(size) for size in range(36, 47)}
        elif product["category"] in ("backpack", "tote", "scarf", "beanie", "hat"):
            assert {"one size"} == sizes
        else:
            assert sizes <= {"XS", "S", "M", "L", "XL", "XXL"}


def test_prices_are_whole_half_or_ninety_five(lines: list[dict[str, Any]]) -> None:
    """List prices end in .00, .50 or .95."""
    endings = {variant["price"][-3:] for product in products(lines) for variant in product["variants"]}

    assert {".00", ".50", ".95"} == endings

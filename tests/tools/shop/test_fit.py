"""How well a product fits what somebody wants."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.extraction.port import Requirement
from tools.shop.fit import can_be_bought, fit
from tools.shop.tables import UNDATED, Product, Variant

Asked = tuple[tuple[str, str], ...]


def made(name: str, category: str, description: str = "", **attributes: list[str]) -> Product:
    """A product."""
    return Product(
        id="prd_1", source="test", source_id="1", name=name, category=category, description=description,
        attributes=attributes, created_at=UNDATED,
    )  # fmt: skip


def variant(price: int = 10_000, stock: int = 1, **options: str) -> Variant:
    """A variant, in dollars."""
    named = {name.replace("_", " "): value for name, value in options.items()}
    return Variant(
        id=f"var_{sorted(options.items())}{price}", product_id="prd_1", sku="1", options=named, price_minor=price,
        currency="USD", stock=stock, available=True,
    )  # fmt: skip


COAT = made(
    "Kinnick Waterproof Winter Coat", "winter coat", "A knee-length coat. Made for weddings in the snow. Not for work.",
    material=["recycled polyester"], features=["waterproof", "removable hood"], lining=["faux fur"], season=["winter"],
    gender=["women"], care=["machine wash cold"], fit=["relaxed"],
)  # fmt: skip
SWEATER = made("Harbor Wool-Free Sweater", "sweater", material=["cotton", "polyester suede"], season=["all year"])
MERINO = made("Pier Roll Neck", "sweater", material=["merino"], gender=["unisex"])
KEYBOARD = made("Mechanical Keyboard", "Mechanical Keyboard")
RED_M = variant(color="burgundy red", size="M")


@pytest.mark.parametrize(
    ("product", "of", "requirement"),
    [
        (COAT, RED_M, ("feature", "waterproof")),
        (COAT, RED_M, ("feature", "hooded")),
        (COAT, RED_M, ("feature", "machine washable")),
        (COAT, RED_M, ("lining", "fur")),
        (COAT, RED_M, ("lining", "faux fur")),
        (COAT, RED_M, ("material", "polyester")),
        (COAT, RED_M, ("season", "winter")),
        (COAT, RED_M, ("gender", "women")),
        (COAT, RED_M, ("fit", "relaxed")),
        (COAT, RED_M, ("color", "red")),
        (COAT, RED_M, ("size", "m")),
        (COAT, variant(color="red", size="S/M"), ("size", "M")),
        (COAT, variant(color="red", size="one size"), ("size", "M")),
        (COAT, variant(color="grey"), ("color", "gray")),
        (COAT, RED_M, ("occasion", "wedding")),
        (COAT, RED_M, ("max_price", "100.00")),
        (COAT, RED_M, ("not_material", "wool")),
        (SWEATER, RED_M, ("not_material", "wool")),
        (SWEATER, RED_M, ("not_material", "leather")),
        (SWEATER, RED_M, ("season", "summer")),
        (MERINO, RED_M, ("material", "wool")),
        (MERINO, RED_M, ("gender", "men")),
        (KEYBOARD, variant(switch_type="clicky"), ("feature", "clicky")),
        (KEYBOARD, variant(waterproof="yes"), ("feature", "waterproof")),
        (KEYBOARD, variant(frame_color="Navy Blue"), ("color", "blue")),
    ],
)
def test_what_the_shop_states_is_met(product: Product, of: Variant, requirement: tuple[str, str]) -> None:
    """By other spellings, endings, options and kinds too."""
    assert (f"{requirement[0]}: {requirement[1]}",) == fit(product, [of], "", [Requirement(*requirement)]).met


@pytest.mark.parametrize(
    ("product", "of", "requirement"),
    [
        (COAT, RED_M, ("feature", "windproof")),
        (COAT, RED_M, ("lining", "fleece")),
        (COAT, RED_M, ("material", "fur")),
        (COAT, RED_M, ("season", "summer")),
        (COAT, RED_M, ("gender", "men")),
        (COAT, RED_M, ("color", "blue")),
        (COAT, variant(color="burgundy"), ("color", "red")),
        (COAT, RED_M, ("size", "L")),
        (COAT, variant(color="red", size="one size"), ("size", "43")),
        (COAT, RED_M, ("occasion", "work")),
        (COAT, RED_M, ("max_price", "99.99")),
        (COAT, RED_M, ("max_price", "a lot")),
        (COAT, RED_M, ("not_feature", "waterproof")),
        (COAT, RED_M, ("not_material", "polyester")),
        (COAT, variant(color="burgundy"), ("not_color", "red")),
        (SWEATER, RED_M, ("material", "leather")),
        (SWEATER, RED_M, ("material", "wool")),
        (MERINO, RED_M, ("not_material", "wool")),
        (MERINO, RED_M, ("gender", "kids")),
        (KEYBOARD, variant(waterproof="no"), ("feature", "waterproof")),
        (made("Rain Shell", "jacket", features=["water-repellent"]), RED_M, ("feature", "waterproof")),
        (made("Wool Sweater", "sweater"), RED_M, ("not_material", "wool")),
    ],
)
def test_what_the_shop_does_not_state_is_unmet(product: Product, of: Variant, requirement: tuple[str, str]) -> None:
    """Nothing is taken for granted: what is not said, refused or only imitated is not met."""
    assert (f"{requirement[0]}: {requirement[1]}",) == fit(product, [of], "", [Requirement(*requirement)]).unmet


@pytest.mark.parametrize(
    ("category", "name", "item", "is_one"),
    [
        ("winter coat", "Kinnick", "coat", True),
        ("parka", "Skerry Parka", "coat", True),
        ("winter coat", "Kinnick Coat", "parka", False),
        ("scarf", "Red Coat-Check Scarf", "coat", False),
        ("socks", "Boot Socks", "boot", False),
        ("closet", "Coat Hanger", "coat", False),
        ("boots", "Trail Hiking Boots", "hiking boot", True),
        ("boots", "Causey Chelsea Boots", "hiking boot", False),
        ("sweater", "Jumper", "sweater", True),
        ("Vacuum Cleaner", "Vacuum Cleaner", "vacuum", True),
        ("Mechanical Keyboard", "Mechanical Keyboard", "keyboard", True),
        ("Phone Case", "Phone Case", "phone", False),
    ],
)
def test_the_thing_itself_is_known_by_category_and_name(category: str, name: str, item: str, is_one: bool) -> None:
    """A kind of it counts; a thing for it, or one that merely shares its word, does not."""
    assert (() if is_one else (f"item: {item}",)) == fit(made(name, category), [RED_M], item, ()).unmet


def test_one_variant_has_to_meet_colour_size_and_price_together() -> None:
    """Red in S and blue in M are no red in M."""
    asked = [Requirement("color", "red"), Requirement("size", "M"), Requirement("max_price", "100")]
    apart = [variant(color="red", size="S"), variant(color="blue", size="M"), variant(20_000, color="red", size="M")]

    assert ("max_price: 100",) == fit(COAT, apart, "coat", asked).unmet
    assert () == fit(COAT, [*apart, variant(color="red", size="M")], "coat", asked).unmet


def test_what_only_a_sold_out_variant_has_is_unmet_and_says_so() -> None:
    """Red that is gone is no red; but the shopper may hear that there was one."""
    left = [variant(color="blue"), variant(color="red", stock=0)]

    assert ("color: red (sold out)",) == fit(COAT, left, "coat", [Requirement("color", "red")]).unmet


def test_a_product_that_is_sold_out_never_fits_entirely() -> None:
    """Nothing unmet means that it can be bought now."""
    gone = fit(COAT, [variant(color="red", stock=0)], "coat", [Requirement("color", "red")])

    assert (("color: red",), ("stock: in stock",)) == (gone.met, gone.unmet)


def test_the_cheapest_of_those_that_meet_the_most_is_chosen() -> None:
    """The price shown is that of the variant meant."""
    asked = [Requirement("color", "red")]
    there = [variant(900, color="blue"), variant(2_000, color="red"), variant(1_500, color="red")]

    chosen = fit(COAT, there, "", asked)

    assert chosen.variant is not None
    assert 1_500 == chosen.variant.price_minor


COLORS, SIZES = ("red", "blue", "green"), ("S", "M", "L")


@settings(max_examples=150, deadline=None)
@given(
    stocked=st.lists(
        st.tuples(st.sampled_from(COLORS), st.sampled_from(SIZES), st.integers(0, 2), st.integers(1, 3)), max_size=6
    ),
    color=st.sampled_from(COLORS),
    size=st.sampled_from(SIZES),
    limit=st.integers(1, 3),
)
def test_everything_is_met_exactly_when_some_variant_in_stock_meets_it_all(
    stocked: list[tuple[str, str, int, int]], color: str, size: str, limit: int
) -> None:
    """Against the definition, for every mix of variants; and every requirement is either met or unmet."""
    variants = [variant(price * 100, stock, color=c, size=s) for c, s, stock, price in stocked]
    asked = [Requirement("color", color), Requirement("size", size), Requirement("max_price", str(limit))]

    held = fit(COAT, variants, "coat", asked)

    possible = any(
        can_be_bought(v) and v.options == {"color": color, "size": size} and v.price_minor <= limit * 100
        for v in variants
    )
    assert possible == (not held.unmet)
    told = {text.removesuffix(" (sold out)") for text in (*held.met, *held.unmet)} - {"stock: in stock"}
    assert {f"{one.attribute}: {one.value}" for one in asked} == told

"""Searching the shop by meaning and by what is required, with the real embedder."""

import pytest

from tests.tools.conftest import Load
from tests.tools.small_shop import CATALOG, SHOP, product
from tools.registry import ToolContext
from tools.toolboxes import support_toolbox

TOOLS = support_toolbox()


@pytest.fixture(autouse=True)
def _stocked(load: Load) -> None:
    load([SHOP, *CATALOG])


def names(context: ToolContext, query: str, **more: object) -> list[str]:
    """What is found, in order."""
    return [found["name"] for found in TOOLS.run(context, "search_products", {"query": query, **more})["products"]]


def test_what_meets_everything_comes_first_and_the_differences_are_named(tool_context: ToolContext) -> None:
    """The coat that is all of it, then coats that lack something; a scarf with every trait is no coat."""
    found = TOOLS.run(tool_context, "search_products", {"query": "red waterproof winter coat with fur lining"})

    assert "coat" == found["sought"]["item"]
    best, *others = found["products"]
    assert ("Lighthouse Fur-Lined Storm Coat", []) == (best["name"], best["unmet"])
    assert {"color: red", "feature: waterproof", "season: winter", "lining: fur"} == set(best["met"])
    coats = {other["name"]: other["unmet"] for other in others[:2]}
    assert {
        "Kinnick Waterproof Winter Coat": ["lining: fur"],
        "Tarn Shearling-Look Coat": ["feature: waterproof"],
    } == coats
    assert ["item: coat"] == next(other for other in others if other["name"] == "Ember Scarf")["unmet"]


def test_a_product_is_shown_as_it_can_be_bought(tool_context: ToolContext) -> None:
    """Price of the matching variant, options in stock, whether it is new, and the description's first sentence."""
    query = {"query": "red fur lined storm coat", "size": "l"}

    found = TOOLS.run(tool_context, "search_products", query)["products"][0]

    assert {
        "name": "Lighthouse Fur-Lined Storm Coat", "category": "winter coat", "price": "$289.00", "price_minor": 28900,
        "colors": ["red", "black"], "sizes": ["M", "L"], "in_stock": True, "new": True,
        "summary": "A waterproof winter coat with thick faux fur lining.",
    } == {key: value for key, value in found.items() if key not in ("product_id", "met", "unmet")}  # fmt: skip
    assert "size: L" in found["met"]


def test_a_limit_and_a_size_given_apart_count_like_words(tool_context: ToolContext) -> None:
    """Currency signs are understood; what is no amount is an error that says so."""
    found = TOOLS.run(tool_context, "search_products", {"query": "winter coat", "max_price": "$230", "size": "M"})

    assert "Tarn Shearling-Look Coat" == found["products"][0]["name"]
    assert {"attribute": "max_price", "value": "230"} in found["sought"]["requirements"]
    assert {
        "error": "max_price 'cheap' is not an amount; write it as in '150.00'",
        "code": "invalid_input",
    } == TOOLS.run(tool_context, "search_products", {"query": "coat", "max_price": "cheap"})


def test_what_is_sold_out_comes_after_what_is_there(tool_context: ToolContext, load: Load) -> None:
    """Of two equal things the one in stock is first."""
    load([product("twin", "Puddle Rain Jacket Two", "rain jacket", colors=("yellow",), features=["waterproof"])])

    assert ["Puddle Rain Jacket Two", "Puddle Rain Jacket"] == names(tool_context, "yellow rain jacket")[:2]


def test_meaning_finds_what_shares_no_word(tool_context: ToolContext) -> None:
    """A description without any of the product's words."""
    assert "Trail Hiking Boots" == names(tool_context, "footwear for trekking in the mountains")[0]


def test_nothing_is_made_up_for_what_the_shop_does_not_have(tool_context: ToolContext) -> None:
    """A thing of another world finds nothing."""
    assert [] == names(tool_context, "quarterly tax declaration")


def test_options_that_the_words_name_choose_the_variant(tool_context: ToolContext, load: Load) -> None:
    """A shop of any kind: "switch type" is an option like another."""
    keyboard = product("keys", "Mechanical Keyboard", "Mechanical Keyboard")
    options = (("linear", "80.00", 2), ("clicky", "95.00", 2), ("tactile", "70.00", 0))
    keyboard["variants"] = [
        {"id": f"keys-{kind}", "options": {"switch type": kind}, "price": price, "stock": stock}
        for kind, price, stock in options
    ]
    load([keyboard])

    def found(query: str) -> tuple[str, list[str], list[str]]:
        first = TOOLS.run(tool_context, "search_products", {"query": query})["products"][0]
        return first["price"], first["met"], first["unmet"]

    assert ("$95.00", ["switch type: clicky"], []) == found("a keyboard with clicky switches")
    assert ("$80.00", [], ["switch type: tactile (sold out)"]) == found("a tactile keyboard")


def test_one_product_is_shown_in_full_by_id_or_sku(tool_context: ToolContext) -> None:
    """Every variant with its stock; an unknown id is an error that says what to do."""
    found = TOOLS.run(tool_context, "search_products", {"query": "yellow rain jacket"})["products"][0]

    by_id = TOOLS.run(tool_context, "get_product", {"product_id": found["product_id"]})
    by_sku = TOOLS.run(tool_context, "get_product", {"product_id": "puddle-yellow-M"})

    assert by_id == by_sku
    assert [
        {"sku": "puddle-yellow-M", "options": {"color": "yellow", "size": "M"}, "price": "$99.00", "in_stock": False}
    ] == by_id["variants"]
    assert {"material": ["nylon"], "features": ["waterproof"]} == by_id["attributes"]
    assert "not_found" == TOOLS.run(tool_context, "get_product", {"product_id": "prd_1"})["code"]

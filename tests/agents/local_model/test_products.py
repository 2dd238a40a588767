"""Products: closest first, plainly what is not met, and nothing claimed to be remembered that isn't."""

from agents.local_model.model import LocalModel
from tests.agents.local_model.shop import COATS, FUR, SYSTEM, WISH, Shop, product, turn

SENTENCE = f"I live in Chicago and {WISH}."


def test_a_description_is_searched_as_it_stands(support: LocalModel) -> None:
    """The nearest are listed with price and fits, and the wish that nothing meets is named."""
    shop = Shop()
    answer = turn(support, shop, SENTENCE)
    assert [("search_products", {"query": SENTENCE})] == shop.calls
    assert answer.startswith("Nothing here meets all of it: none of them has a fur lining. These come closest:")
    assert "- Alba Parka, $189.00. Red, made for winter and waterproof. Sizes S, M, L; colours red, navy." in answer
    assert "- Skadi Coat, $249.00. Red and made for winter; not waterproof." in answer


def test_a_wish_is_said_to_be_kept_only_where_it_is(support: LocalModel) -> None:
    """The memory in the system message quotes it from this very message, or nothing is said."""
    assert "kept your wish in mind" in turn(support, Shop(), SENTENCE)
    assert "kept" not in turn(support, Shop(), SENTENCE, system="Today is Monday, 2 March 2026.")
    assert "kept" not in turn(support, Shop(), "do you have warm boots?", system=SYSTEM)


def test_what_meets_everything_comes_first(support: LocalModel) -> None:
    """And is said to."""
    found = {"sought": {"item": "coat"}, "products": [FUR, COATS[0]]}
    answer = turn(support, Shop({"search_products": found}), "red fur lined coat")
    assert answer.startswith("This is what you describe:\n- Fjord Parka, $229.00.")
    assert "with a fur lining" in answer
    assert "And close to it:\n- Alba Parka" in answer


def test_each_shortfall_is_put_plainly(support: LocalModel) -> None:
    """Kind, size, price, stock, colour, what was to be avoided."""
    unmet = ["item: coat", "size: XL (sold out)", "max_price: 150", "color: red", "not_material: wool", "fit: slim"]
    found = {"sought": {"item": "coat"}, "products": [product("Vale Vest", "$160.00", [], unmet)]}
    answer = turn(support, Shop({"search_products": found}), "slim red coat XL under $150 without wool")
    assert "Not a coat, sold out in size XL, costs more than $150, not red, has wool and not a slim fit." in answer
    sold_out = {"sought": {"item": "coat"}, "products": [product("Vale", "$1.00", [], ["stock: in stock"])]}
    assert "Sold out at the moment." in turn(support, Shop({"search_products": sold_out}), "I want the Vale coat")


def test_a_search_without_an_understanding_promises_no_fit(support: LocalModel) -> None:
    """Where the search did not know what was asked for, nothing is said to be met."""
    found = {"sought": None, "products": [product("Puzzle", "$9.00", [], [])]}
    answer = turn(support, Shop({"search_products": found}), "something for a rainy sunday")
    assert answer.startswith("These come closest to what you describe:")
    nothing = Shop({"search_products": {"sought": None, "products": []}})
    assert "don't find anything like that" in turn(support, nothing, "I need a unicycle")


def test_a_further_wish_goes_on_with_the_search(support: LocalModel) -> None:
    """A colour takes the other's place; a limit is handed on; a new thing is a new search."""
    first = turn(support, Shop(), SENTENCE)
    shop = Shop()
    turn(support, shop, SENTENCE, first, "and in blue instead?")
    assert "want a blue winter coat" in shop.calls[0][1]["query"]
    shop = Shop()
    turn(support, shop, SENTENCE, first, "anything cheaper?")
    assert "188.99" == shop.calls[0][1]["max_price"]
    shop = Shop()
    turn(support, shop, SENTENCE, first, "what about something under $150?")
    assert "150" == shop.calls[0][1]["max_price"]
    shop = Shop()
    turn(support, shop, SENTENCE, first, "what about something under $150?", first, "and in navy?")
    assert "150" == shop.calls[0][1]["max_price"]
    assert "want a navy winter coat" in shop.calls[0][1]["query"]
    shop = Shop()
    turn(support, shop, SENTENCE, first, "do you have gloves?")
    assert {"query": "do you have gloves?"} == shop.calls[0][1]


def test_a_question_about_a_product_shown_before(support: LocalModel) -> None:
    """By its place, its name, or as the only one; from its page."""
    shown = turn(support, Shop(), SENTENCE)
    shop = Shop()
    answer = turn(support, shop, SENTENCE, shown, "does the first one have a hood?")
    assert ["search_products", "get_product"] == shop.called
    assert {"product_id": "prd_Alba"} == shop.calls[1][1]
    assert answer.startswith("Alba Parka, $189.00:")
    assert "Features: hood." in answer
    shop = Shop()
    answer = turn(support, shop, SENTENCE, shown, "is the Skadi waterproof?")
    assert answer.startswith("Skadi Coat, $249.00:\nNot waterproof.")
    assert "Navy is sold out." in turn(support, Shop(), SENTENCE, shown, "does the first one come in navy?")


def test_which_product_is_asked_where_it_is_not_clear(support: LocalModel) -> None:
    """And the choice is understood."""
    shown = turn(support, Shop(), SENTENCE)
    question = turn(support, Shop(), SENTENCE, shown, "can I put it in the washing machine?")
    assert "Which one do you mean: Alba Parka or Skadi Coat?" == question
    shop = Shop()
    said = (SENTENCE, shown, "can I put it in the washing machine?", question, "the Alba")
    assert "“Machine wash it at 30 degrees." in turn(support, shop, *said)
    assert {"product_id": "prd_Alba"} == shop.calls[-1][1]
    nothing = Shop({"search_products": {"sought": None, "products": []}})
    assert "Which product do you mean?" == turn(support, nothing, "is it waterproof?")


def test_anything_new_takes_up_the_open_wish(support: LocalModel) -> None:
    """In the shopper's words, with the new product that meets all of it."""
    shop = Shop()
    answer = turn(support, shop, "anything new for me?")
    assert ["find_for_wishes"] == shop.called
    assert f"On 20 February you told me: “{WISH}”." in answer
    assert "This is new and meets all of it:\n- Fjord Parka, $229.00." in answer


def test_a_wish_not_met_yet_is_not_said_to_be(support: LocalModel) -> None:
    """The closest is shown as what it is."""
    wish = {"wish_id": "wsh_1", "item": "coat", "quote": WISH, "voiced_at": None, "matches": COATS}
    answer = turn(support, Shop({"find_for_wishes": {"wishes": [wish]}}), "anything new for me?")
    assert "Nothing meets all of it yet. This comes closest:" in answer
    assert "no fur lining" in answer


def test_without_a_wish_what_is_new_is_what_could_suit(support: LocalModel) -> None:
    """With the evidence for each."""
    shop = Shop({"find_for_wishes": {"wishes": []}})
    answer = turn(support, shop, "anything new for me?")
    assert ["find_for_wishes", "recommend_products"] == shop.called
    assert "You looked at waterproof coats last week." in answer


def test_recommendations_carry_their_reason(support: LocalModel) -> None:
    """What it is for is handed on, if it is said."""
    shop = Shop()
    assert "You looked at waterproof coats last week." in turn(support, shop, "What would you recommend for me?")
    assert [("recommend_products", {})] == shop.calls
    shop = Shop()
    turn(support, shop, "can you suggest a gift for a runner?")
    assert "runner" in shop.calls[0][1]["about"]


def test_a_size_question_knows_the_size(support: LocalModel) -> None:
    """What the memory has is said, and the pages are asked."""
    shop = Shop({"search_knowledge": {"passages": [], "answered": False}})
    answer = turn(support, shop, "which size should I take?")
    assert "I have noted that you wear shoe size 38." in answer
    assert "colleague" in answer

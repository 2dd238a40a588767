"""Orders: which one is meant, where it is, and what no tool can do yet."""

import pytest

from agents.local_model.model import LocalModel
from tests.agents.local_model.shop import LAMP, LATE, MUG, Shop, order, parcel, turn

VERIFY = {"error": "this is only shown to a customer who is signed in", "code": "verify_first"}


def test_an_order_with_its_number_is_looked_up(support: LocalModel) -> None:
    """True state, carrier, tracking number; and plainly that it is late, with a way on."""
    shop = Shop()
    answer = turn(support, shop, "wheres #W1")
    assert [("get_order", {"order_id": "#W1"})] == shop.calls
    for said in (
        "#W1",
        "on its way",
        "UPS",
        "1Z999AA10123456784",
        "due on 1 March",
        "late",
        "Trail Boot",
        "colleague?",
    ):
        assert said in answer


def test_an_order_on_time_is_not_called_late(support: LocalModel) -> None:
    """Due after today, or today not known."""
    on_time = order("#W1", "shipped", "Trail Boot", "$1.00", shipments=[parcel(expected_at="2026-03-05T10:00:00Z")])
    assert "should arrive on 5 March" in turn(support, Shop(orders=[on_time]), "where is #W1")
    answer = turn(support, Shop(orders=[LATE]), "where is #W1", system="You help.")
    assert "late" not in answer
    assert "1 March 2026" in answer


def test_without_a_number_the_newest_open_order_is_found(support: LocalModel) -> None:
    """And the other open ones are named."""
    shop = Shop()
    answer = turn(support, shop, "When will my order arrive?")
    assert ["find_orders", "get_order"] == shop.called
    assert "#W3" in answer
    assert "not been shipped yet" in answer
    assert "#W1 (shipped)" in answer


def test_the_order_that_holds_what_is_named_is_found(support: LocalModel) -> None:
    """By the thing rather than by its age."""
    shop = Shop()
    answer = turn(support, shop, "where are the boots I ordered?")
    assert ("get_order", {"order_id": "#W1"}) == shop.calls[-1]
    assert "#W1" in answer


def test_several_numbers_are_all_looked_up(support: LocalModel) -> None:
    """Each with its state."""
    shop = Shop()
    answer = turn(support, shop, "where are #W1 and #W2?")
    assert ["get_order", "get_order"] == shop.called
    assert "#W1 is on its way" in answer
    assert "#W2 was delivered on 8 January" in answer


def test_an_unknown_number_gives_nothing_away(support: LocalModel) -> None:
    """It is not among theirs; whether it is somebody else's is not said. A yes lists theirs."""
    answer = turn(support, Shop(), "where is order #W9?")
    assert "don't find #W9 among your orders" in answer
    shop = Shop()
    assert "#W3" in turn(support, shop, "where is order #W9?", answer, "yes please")
    assert ["find_orders"] == shop.called


def test_a_guest_is_asked_to_sign_in(support: LocalModel) -> None:
    """Orders are for who is signed in."""
    shop = Shop({"find_orders": VERIFY, "get_order": VERIFY})
    for text in ("where is my order", "where is #W1", "show me all my orders", "what did I buy in #W1"):
        assert "sign in" in turn(support, shop, text)


def test_the_list_of_orders(support: LocalModel) -> None:
    """Number, date, status, total and things of each."""
    answer = turn(support, Shop(), "show me all my orders")
    for one, item in ((LAMP, "Desk Lamp"), (LATE, "Trail Boot"), (MUG, "Stoneware Mug")):
        assert f"- {one['order_id']}: placed 25 February, {one['status']}, {one['total']}. {item}." in answer


def test_the_details_of_an_order(support: LocalModel) -> None:
    """Things, total, payment and address."""
    answer = turn(support, Shop(), "what is in order #W1?")
    for said in ("Trail Boot (blue) at $119.00", "total is $119.00", "Visa ending in 1234", "1 Oak St, Chicago"):
        assert said in answer


@pytest.mark.parametrize(
    ("text", "cannot"),
    [
        ("please cancel #W3", "can't cancel an order"),
        ("change the delivery address of #W3", "can't change an address"),
        ("I want to return #W2", "can't start a return"),
        ("exchange the item in #W2 for a bigger size", "can't make an exchange"),
    ],
)
def test_what_no_tool_can_do_is_said_and_offered_to_a_person(support: LocalModel, text: str, cannot: str) -> None:
    """The order is looked up; nothing is claimed to be done; nothing is handed over unasked."""
    shop = Shop()
    answer = turn(support, shop, text)
    assert ["get_order", "search_knowledge"] == shop.called
    assert cannot in answer
    assert answer.endswith("Shall I pass this to a colleague?")


def test_the_shops_own_words_on_it_are_quoted(support: LocalModel) -> None:
    """Only where the pages speak of this very thing."""
    assert "“An order can be cancelled until it is packed." in turn(support, Shop(), "please cancel #W3")
    assert "“" not in turn(support, Shop(), "change the delivery address of #W3")


def test_a_yes_hands_the_matter_over(support: LocalModel) -> None:
    """With what was said, so that nobody has to repeat it; a no doesn't."""
    offer = "Order #W3 is placed. I can't cancel an order myself yet. Shall I pass this to a colleague?"
    shop = Shop()
    answer = turn(support, shop, "please cancel the lamp", offer, "yes please")
    (name, arguments) = shop.calls[0]
    assert ("hand_to_person", "request") == (name, arguments["reason"])
    assert "please cancel the lamp" in arguments["summary"]
    assert "#W3" in arguments["summary"]
    assert "tkt_01ABC" in answer
    assert "will answer here or by e-mail" in answer
    refused = Shop()
    assert "leave it" in turn(support, refused, "please cancel #W3", offer, "no thanks")
    assert [] == refused.calls


def test_several_orders_are_asked_about_and_the_answer_is_understood(support: LocalModel) -> None:
    """By number alone, by place, or by what is in it; the matter goes on without being told again."""
    open_ones = [LAMP, order("#W4", "pending", "Wool Hat", "$20.00")]
    question = turn(support, Shop(orders=open_ones), "I want to cancel my order")
    assert "Which order do you mean: #W3 (Desk Lamp) or #W4 (Wool Hat)?" == question
    for said in ("#W4", "the second one", "the hat"):
        shop = Shop(orders=open_ones)
        answer = turn(support, shop, "I want to cancel my order", question, said)
        assert ("get_order", {"order_id": "#W4"}) == shop.calls[0]
        assert "can't cancel" in answer


def test_a_bare_number_answers_the_question_for_one(support: LocalModel) -> None:
    """However our question was worded, by us or by another model."""
    shop = Shop(orders=[order("#9502126", "pending", "Wool Hat", "$20.00")])
    question = "Sure, could you give me the order number?"
    answer = turn(support, shop, "I'd like to cancel my order", question, "The order id is 9502126.")
    assert ("get_order", {"order_id": "9502126"}) == shop.calls[0]
    assert "can't cancel" in answer


def test_not_knowing_the_number_gets_the_list(support: LocalModel) -> None:
    """No dead end."""
    shop = Shop()
    turn(support, shop, "cancel it", "Which order is it? Please send me its number.", "I don't have the number with me")
    assert ["find_orders"] == shop.called


def test_a_number_alone_goes_on_with_the_matter_before(support: LocalModel) -> None:
    """Without one, it shows the order."""
    shop = Shop()
    turn(support, shop, "I want to return something", "Of course.", "#W2")
    assert "search_knowledge" in shop.called
    assert "holds Stoneware Mug" in turn(support, Shop(), "#W2")


def test_a_refund_is_told_as_recorded(support: LocalModel) -> None:
    """Its amount and where it went; or that none is recorded."""
    paid_back = [{"kind": "refund", "amount": "$18.00", "method": "PayPal"}]
    back = order("#W5", "returned", "Stoneware Mug", "$18.00", payments=paid_back)
    assert "a refund is recorded: $18.00 to PayPal" in turn(support, Shop(orders=[back]), "where is my refund?")
    answer = turn(support, Shop(orders=[{**back, "payments": []}]), "where is my refund?")
    assert "No refund is recorded" in answer


def test_how_an_order_was_paid(support: LocalModel) -> None:
    """From the order, not from the pages."""
    shop = Shop()
    assert "$119.00 with Visa ending in 1234" in turn(support, shop, "which card did I pay #W1 with?")
    assert ["get_order"] == shop.called

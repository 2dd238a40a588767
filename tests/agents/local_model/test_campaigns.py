"""The marketing role: suggestions with their evidence, and nothing sent."""

import json
from typing import Any

import pytest

from agents.local_model.model import LocalModel
from tests.agents.local_model.shop import FUR, PAGES, WISH, Shop, turn

FOUND = {
    "id": "opp_1", "kind": "wish_met", "title": "What 4 customers wished for: Fjord Parka",
    "why": "4 customers asked for something that Fjord Parka (in stock since 3 March 2026) can meet entirely.",
    "product": {"product_id": "prd_Fjord", "name": "Fjord Parka", "price": "$229.00"},
    "audience": {
        "count": 4, "members": ["cus_1", "cus_2", "cus_3", "cus_5"],
        "sample": [{"customer_id": "cus_1", "name": "Nora Reed", "because": "asked for a red winter coat"}],
        "exclusions": [{"reason": "open complaint", "count": 1, "customers": [
            {"customer_id": "cus_4", "name": "Una Ek", "source_id": "evt_1"}]}],
    },
    "evidence": [{"customer_id": "cus_1", "name": "Nora Reed", "quote": WISH, "source_id": "trn_1",
                  "at": "2026-03-02T23:00:00+00:00"}],
    "timing": {"send": "2026-03-04T02:00:00+00:00", "until": "2026-04-02T02:00:00+00:00",
               "because": "12 of 30 e-mail opens by this audience fell between 20:00 and 21:00 (America/Chicago)"},
    "value": {
        "expected_minor": 2270, "currency": "USD", "expected": "$22.70",
        "formula": "audience × conversion × price × margin − audience × contact cost",
        "terms": {"audience": 4, "conversion": {"rate": 0.05}, "price_minor": 22900, "margin": "0.5",
                  "contact_cost_minor": 5, "stock": 4, "assumed": ["margin", "contact_cost_minor"]},
        "basis": "2 of 40 wishes were bought; with the prior of 1 of 20 that is 5.0%.",
    },
}  # fmt: skip
CART: dict[str, Any] = {
    **FOUND, "id": "opp_2", "kind": "cart_left", "title": "2 customers left something in the cart", "product": None,
    "evidence": [{"customer_id": "cus_7", "name": "Tom Bly", "event": "cart_updated", "source_id": "evt_7",
                  "at": "2026-03-01T10:00:00+00:00"}],
    "audience": {"count": 2, "members": ["cus_7"], "exclusions": [],
                 "sample": [{"customer_id": "cus_7", "name": "Tom Bly", "because": "left a lamp in the cart"}]},
}  # fmt: skip
SPOKE = {
    "customer_id": "cus_9",
    "name": "Lena Fox",
    "quote": "need waterproof boots",
    "at": "2026-02-20T10:00:00+00:00",
}
PERSON = {
    "customer_id": "cus_1", "name": "Nora Reed", "created_at": "2026-01-02T10:00:00+00:00",
    "facts": [{"sentence": "lives in Chicago", "quote": "I live in Chicago", "since": "2026-03-02T10:00:00+00:00"}],
    "wishes": [{"item": "coat", "quote": WISH, "since": "2026-03-02T10:00:00+00:00"}],
    "orders": [{"order_id": "#W1", "status": "shipped", "placed_at": "2026-02-25T10:00:00+00:00", "total": "$119.00",
                "items": ["Trail Boot"]}],
    "consents": {"email": True, "sms": False}, "purchases": {"orders": 1, "last_at": "2026-02-25T10:00:00+00:00"},
    "open_matters": [{"kind": "complaint_open", "about": "tkt_1", "since": "2026-03-01T10:00:00+00:00"}],
}  # fmt: skip
SYSTEM = "You are the marketing agent of a shop. Today is Tuesday, 3 March 2026."


def office(**results: Any) -> Shop:
    """The marketing tools' results."""
    usual = {
        "list_opportunities": {"opportunities": [FOUND, CART], "left_out": []},
        "find_customers": {"found": [SPOKE]},
        "show_customer": PERSON,
        "search_products": {"sought": {"item": "coat"}, "products": [FUR]},
        "search_knowledge": {"passages": PAGES, "answered": True},
    }
    return Shop({**usual, **results})


def ask(model: LocalModel, shop: Shop, *said: str) -> str:
    """The answer to a marketer."""
    return turn(model, shop, *said, system=SYSTEM)


def test_suggestions_say_what_to_whom_why_when_and_how_much(marketing: LocalModel) -> None:
    """With a customer's words, who is left out and why, and the figures of the formula."""
    shop = office()
    answer = ask(marketing, shop, "What should we send this week?")
    assert [("list_opportunities", {})] == shop.calls
    for said in (
        "1. What 4 customers wished for: Fjord Parka.", "To 4 customers, such as Nora Reed.",
        f"Nora Reed said on 2 March: “{WISH}”.", "Left out: 1 for “open complaint” (Una Ek).",
        "Expected value $22.70 = audience × conversion × price × margin − audience × contact cost: 4 × 5.0% × $229.00",
        " × 0.5 − 4 × 5 cents.",
        "Send 3 March, 20:00 (America/Chicago), at the latest 1 April.",
        "2. 2 customers left something in the cart.", "Tom Bly left a cart on 1 March.",
    ):  # fmt: skip
        assert said in answer
    assert answer.endswith("Nothing is sent without your approval.")


def test_no_suggestion_is_no_suggestion(marketing: LocalModel) -> None:
    """And why, where there would be one."""
    barred = {"id": "x", "kind": "wish_met", "product": FOUND["product"], "exclusions": FOUND["audience"]["exclusions"]}  # type: ignore[index]
    shop = office(list_opportunities={"opportunities": [], "left_out": [barred]})
    answer = ask(marketing, shop, "What should we send this week?")
    assert "nothing worth sending" in answer
    assert "Fjord Parka can go to nobody now: 1 for “open complaint” (Una Ek)." in answer


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Show me abandoned carts", "cart_left"),
        ("What came back in stock that people waited for?", "back_in_stock"),
        ("Which wishes can we meet now?", "wish_met"),
    ],
)
def test_one_kind_is_asked_for_by_kind(marketing: LocalModel, text: str, kind: str) -> None:
    """So that only those come."""
    shop = office()
    ask(marketing, shop, text)
    assert [("list_opportunities", {"kind": kind})] == shop.calls


def test_one_suggestion_in_full(marketing: LocalModel) -> None:
    """The one meant, with basis and assumptions."""
    answer = ask(marketing, office(), "Tell me more about the first one")
    assert "Fjord Parka" in answer
    assert "The conversion rests on 2 of 40 wishes were bought" in answer
    assert "Assumed, not measured: margin and contact cost." in answer
    assert "left a cart" in ask(marketing, office(), "what's the evidence for the second suggestion?")


def test_exclusions_are_explained(marketing: LocalModel) -> None:
    """Of everybody, and of one person by name."""
    assert "Left out: 1 for “open complaint” (Una Ek)." in ask(marketing, office(), "Who is left out and why?")
    answer = ask(marketing, office(), "Why isn't Una in the audience?")
    assert "Una Ek is left out of “What 4 customers wished for: Fjord Parka” for “open complaint”." == answer


def test_who_wants_something_is_found_by_meaning(marketing: LocalModel) -> None:
    """The asking is left away, the words are quoted, and nobody is said to be cleared."""
    shop = office()
    answer = ask(marketing, shop, "Which of our customers are looking for waterproof boots?")
    assert [("find_customers", {"about": "waterproof boots"})] == shop.calls
    assert "- Lena Fox, 20 February: “need waterproof boots”" in answer
    assert "Consents and complaints are not looked at" in answer
    assert "Nobody has spoken of" in ask(marketing, office(find_customers={"found": []}), "who wants a canoe?")


def test_a_customer_by_address_or_by_name(marketing: LocalModel) -> None:
    """A name is looked for among the suggestions; an unknown one is asked for."""
    shop = office()
    answer = ask(marketing, shop, "What do we know about ana@example.com?")
    assert [("show_customer", {"customer": "ana@example.com"})] == shop.calls
    for said in (
        "Nora Reed, known since 2 January: 1 order, the last on 25 February.",
        "- lives in Chicago: “I live in Chicago”",
        f"- coat: “{WISH}”", "- #W1: 25 February, shipped, $119.00. Trail Boot.", "email yes and sms no",
        "complaint open tkt_1 since 1 March",
    ):  # fmt: skip
        assert said in answer
    shop = office()
    ask(marketing, shop, "What do we know about Nora?")
    assert ("show_customer", {"customer": "cus_1"}) == shop.calls[-1]
    shop = office()
    ask(marketing, shop, "who wants waterproof boots?", "1 customer spoke of it.", "What do we know about Lena?")
    assert ("show_customer", {"customer": "cus_9"}) == shop.calls[-1]
    assert "e-mail address or customer id" in ask(marketing, office(), "What do we know about Zeno?")


@pytest.mark.parametrize("text", ["Send it", "Draft the e-mail for this", "yes, send it to all customers now"])
def test_nothing_is_sent_from_here(marketing: LocalModel, text: str) -> None:
    """No tool is called, and that is said."""
    shop = office()
    assert "Nothing is sent without your approval." in ask(marketing, shop, text)
    assert [] == shop.calls


def test_products_pages_and_hello(marketing: LocalModel) -> None:
    """What else a marketer asks."""
    assert "Fjord Parka, $229.00" in ask(marketing, office(), "Do we have a red winter coat?")
    assert "Our page on Returns says" in ask(marketing, office(), "What is our return policy?")
    assert "worth sending now" in ask(marketing, office(), "hello")
    assert "nothing I can help with" in ask(marketing, office(), "Write me a poem about spring")


def test_every_figure_stands_in_the_results(marketing: LocalModel) -> None:
    """Amounts, percentages and ids are those of the tool results."""
    from agents.check import Evidence

    for text in ("What should we send this week?", "Tell me more about the first one", "Who is left out and why?"):
        shop = office()
        answer = ask(marketing, shop, text)
        evidence = Evidence([SYSTEM, text, json.dumps(shop.results["list_opportunities"], ensure_ascii=False)])
        assert [] == evidence.problems(answer)

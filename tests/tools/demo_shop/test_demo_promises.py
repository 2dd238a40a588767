"""The demo shop has enough of everything that the demo shows."""

import string
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from tools.demo_shop.catalog import load_catalog
from tools.demo_shop.generation import Stage, set_stage
from tools.demo_shop.tables import table
from tools.demo_shop.talks import scripts
from tools.demo_shop.words import about_order, about_product, about_shopper


def of_type(lines: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Pick the lines of one type."""
    return [line for line in lines if line["type"] == kind]


def stamp(at: datetime) -> str:
    """Write a time as the lines do."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def open_wishers(stage: Stage, about: str) -> set[str]:
    """Name the customers with an open wish of one kind."""
    return {wish.shopper.id for wish in stage.cast.wishes if wish.about == about and wish.fate == "open"}


def test_there_are_sixty_to_ninety_thousand_lines(lines: list[dict[str, Any]]) -> None:
    """The file is neither thin nor slow to load, and has 2,000 customers."""
    assert 60_000 <= len(lines) <= 90_000
    assert 2000 == len(of_type(lines, "customer"))


def test_about_seven_of_ten_customers_allow_email(lines: list[dict[str, Any]]) -> None:
    """Consent to e-mail is mostly given, sometimes refused and sometimes unknown; some allow text messages."""
    consents = [line.get("consent", {}) for line in of_type(lines, "customer")]
    email = Counter(consent.get("email") for consent in consents)

    assert 0.66 <= email[True] / 2000 <= 0.76
    assert 250 <= email[False]
    assert 50 <= email[None]
    assert 100 <= sum(consent.get("sms", False) for consent in consents)


def test_only_those_who_allow_email_open_it(lines: list[dict[str, Any]]) -> None:
    """Nobody without consent has opened or clicked a newsletter."""
    allowed = {line["id"] for line in of_type(lines, "customer") if line.get("consent", {}).get("email")}
    readers = {line["customer"] for line in of_type(lines, "event") if line["name"].startswith("email_")}

    assert set() == readers - allowed
    assert len(readers) > 800


def test_carts_were_left_in_the_last_days(lines: list[dict[str, Any]], until: datetime) -> None:
    """At least 60 customers have things in a cart from the last four days and have not ordered since."""
    carts: dict[str, bool] = {}
    since = stamp(until - timedelta(days=4))
    for line in lines:
        if line.get("name") == "cart_updated" and line["at"] >= since:
            carts[line["customer"]] = bool(line["properties"]["items"])
        elif line["type"] == "order":
            carts[line["customer"]] = False

    assert 60 <= sum(carts.values())


def test_people_met_empty_shelves_that_have_since_been_filled(lines: list[dict[str, Any]], until: datetime) -> None:
    """At least 40 customers saw a variant while it was out of stock that came back within the last week."""
    on_hand: dict[str, int] = {}
    seen: dict[str, set[str]] = defaultdict(set)
    served: set[str] = set()
    week = stamp(until - timedelta(days=7))
    for line in lines:
        if line["type"] == "product":
            on_hand |= {variant["id"]: variant["stock"] for variant in line["variants"]}
        elif line["type"] == "stock":
            if not on_hand[line["variant"]] and line["stock"] and line["at"] >= week:
                served |= seen[line["variant"]]
            on_hand[line["variant"]] = line["stock"]
        elif line.get("name") in ("product_viewed", "back_in_stock_requested"):
            sku = line["properties"].get("variant")
            if sku and not on_hand[sku]:
                seen[sku].add(line["customer"])

    assert 40 <= len(served)


def test_some_variants_are_out_of_stock_in_the_end(lines: list[dict[str, Any]]) -> None:
    """After the last stock line, 2 to 10 in a hundred variants have no units on hand."""
    on_hand = {variant["id"]: variant["stock"] for line in of_type(lines, "product") for variant in line["variants"]}
    on_hand |= {line["variant"]: line["stock"] for line in of_type(lines, "stock")}
    share = list(on_hand.values()).count(0) / len(on_hand)

    assert 0.02 <= share <= 0.10


def test_complaints_are_open_and_tickets_resolved(lines: list[dict[str, Any]]) -> None:
    """At least 30 tickets are open with reason complaint, and about 150 of all reasons are resolved."""
    tickets = Counter((line["status"], line["reason"] == "complaint") for line in of_type(lines, "ticket"))
    resolved = [line for line in of_type(lines, "ticket") if line["status"] == "resolved"]

    assert 30 <= tickets["open", True]
    assert 130 <= len(resolved) <= 170
    assert all(line["at"] < line["resolved_at"] for line in resolved)


def test_parcels_are_on_their_way_late_and_waiting(lines: list[dict[str, Any]], until: datetime) -> None:
    """Some orders are pending, some in transit, and some of those are overdue."""
    orders = of_type(lines, "order")
    travelling = [order for order in orders if order["status"] == "shipped"]
    overdue = [order for order in travelling if order["shipments"][0]["expected_at"] < stamp(until)]

    assert 10 <= sum(order["status"] == "pending" for order in orders)
    assert 25 <= len(travelling)
    assert 8 <= len(overdue)


def test_about_six_hundred_conversations_of_two_to_six_turns(lines: list[dict[str, Any]]) -> None:
    """Conversations are short, begin with the customer and belong to one customer each."""
    conversations: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in of_type(lines, "turn"):
        conversations[line["conversation"]].append(line)

    assert 550 <= len(conversations) <= 700
    assert {2, 3, 4, 5, 6} == {len(turns) for turns in conversations.values()}
    assert {"customer"} == {turns[0]["speaker"] for turns in conversations.values()}
    assert all(len({turn["customer"] for turn in turns}) == 1 for turns in conversations.values())


def test_texts_are_many_and_not_too_many(lines: list[dict[str, Any]]) -> None:
    """Customers say at least 600 different things; all different texts together stay below 3,500."""
    said = {line["text"] for line in of_type(lines, "turn") if line["speaker"] == "customer"}
    texts = {line["text"] for line in lines if "text" in line}

    assert 600 <= len(said)
    assert len(texts) <= 3500


def test_about_120_customers_wish_for_something(stage: Stage, lines: list[dict[str, Any]]) -> None:
    """Open wishes were voiced in a chat, each by another customer."""
    wishers = open_wishers(stage, "coat") | open_wishers(stage, "other")
    speakers = {line["customer"] for line in of_type(lines, "turn") if line["speaker"] == "customer"}

    assert 110 <= len(wishers) <= 135
    assert wishers <= speakers


def test_twelve_to_fifteen_wish_for_the_red_coat(stage: Stage, lines: list[dict[str, Any]]) -> None:
    """Among them are Chicagoans and others, a couple with an open complaint and a couple without consent."""
    wishes = [wish for wish in stage.cast.wishes if wish.about == "coat" and wish.fate == "open"]
    wishers = {wish.shopper.id: wish.shopper for wish in wishes}
    complaints = {line["customer"] for line in of_type(lines, "ticket") if line["status"] == "open"}

    assert 12 <= len(wishers) <= 15
    assert len(wishes) == len({wish.text for wish in wishes})
    assert 4 <= sum(shopper.city["name"] == "Chicago" for shopper in wishers.values()) <= 8
    assert 2 == len(wishers.keys() & complaints)
    assert 2 == sum(not shopper.allows_email for shopper in wishers.values())


def test_open_wishes_have_not_been_met(stage: Stage) -> None:
    """Nobody has bought what they wish for since they said so."""
    met = [
        (wish.text, order.id)
        for wish in stage.cast.wishes
        for order in stage.orders
        if wish.fate != "met" and order.shopper is wish.shopper and order.placed_at > wish.at
        for item in order.basket.items
        if item.product.category in wish.categories
    ]

    assert [] == met


def test_some_wishes_were_met_or_taken_back(stage: Stage) -> None:
    """A few customers bought what they asked for, and a few said that they no longer want it."""
    fates = Counter(wish.fate for wish in stage.cast.wishes)
    buyers = {
        wish.shopper.id
        for wish in stage.cast.wishes
        for order in stage.orders
        if wish.fate == "met" and order.shopper is wish.shopper and order.placed_at > wish.at
    }

    assert 8 <= fates["taken back"]
    assert 6 <= len(buyers)


def test_nobody_buys_what_they_say_they_cannot_wear(stage: Stage) -> None:
    """Customers who wrote that wool itches have not ordered wool, and so on."""
    worn = [
        (order.id, item.product.id)
        for order in stage.orders
        for item in order.basket.items
        if item.product.made_of(stage.cast.shuns.get(order.shopper.id, ()))
    ]

    assert [] == worn


def test_customers_were_given_at_least_250_sentences_by_hand() -> None:
    """The hand-written sentences of customers are many and all different."""
    sentences = list(customer_templates())

    assert 250 <= len(set(sentences))


def customer_templates() -> Iterator[str]:
    """Give every hand-written sentence that begins or continues a customer's conversation."""
    wishes = table("chat/wishes")
    for script in (*scripts(), *table("chat/complaints")["complaint"]):
        yield from script["openings"]
        yield from script["followups"]
    for group in (*wishes["wish"], *wishes["available"]):
        yield from group["texts"]
    yield from (row["text"] for row in table("chat/coat_wishes")["coat"])


def test_every_slot_in_every_sentence_can_be_filled(stage: Stage, until: datetime) -> None:
    """Whatever the dice choose, no sentence asks for something that its conversation does not know."""
    shopper = about_shopper(Random(1), stage.people[0], until).keys()
    product = about_product(load_catalog()[0]).keys()
    order = about_order(Random(1), stage.orders[0], until).keys()
    unknown = []
    for script in (*scripts(), *table("chat/complaints")["complaint"]):
        known = {*shopper, *({"none": (), "product": product}.get(script["needs"], order))}
        if "resolution" in script:
            known |= {"ticket", "desk"}
        unknown += [slot for slot in slots(script) if slot not in known]
    unknown += [slot for slot in slots(table("chat/wishes")) if slot not in {*shopper, "noun"}]
    unknown += [slot for slot in slots(table("chat/coat_wishes")) if slot not in shopper]
    unknown += [slot for slot in slots(table("chat/courtesy")) if slot not in shopper]

    assert [] == unknown


def slots(value: Any) -> Iterator[str]:
    """Find the slots of all strings in a table."""
    if isinstance(value, str):
        yield from (name for _, name, _, _ in string.Formatter().parse(value) if name is not None)
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from slots(part)


@pytest.mark.parametrize(("seed", "start"), [(1, datetime(2026, 7, 13, 3, tzinfo=UTC))])
def test_the_promises_hold_for_another_seed_and_season(seed: int, start: datetime) -> None:
    """A summer shop from another seed has as many lines, wishes and complaints."""
    stage = set_stage(until=start, seed=seed)
    kinds = Counter(str(line["type"]) for line in stage.lines())

    assert 60_000 <= kinds.total() <= 90_000
    assert 12 <= len(open_wishers(stage, "coat")) <= 15
    assert 180 <= kinds["ticket"]

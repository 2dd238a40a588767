"""The lines can be imported: known types, all fields, references backwards only, the same every time."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tools.demo_shop import generate, new_arrivals

ROOT = Path(__file__).parents[3]
NEEDED = {
    "shop": {"name", "currency", "timezone"},
    "product": {"id", "name", "description", "category", "attributes", "created_at", "variants"},
    "stock": {"variant", "stock", "at"},
    "customer": {"id", "first_name", "last_name", "created_at"},
    "order": {"id", "customer", "placed_at", "status", "items"},
    "event": {"id", "customer", "name", "at", "properties"},
    "turn": {"id", "customer", "conversation", "channel", "speaker", "at", "text"},
    "ticket": {"id", "customer", "reason", "status", "at", "summary"},
}
OPTIONAL = {
    "customer": {"email", "phone", "timezone", "address", "payment_methods", "consent"},
    "order": {"address", "shipments", "payments"},
    "event": {"text"},
    "ticket": {"conversation", "resolved_at"},
}
STATUSES = {"pending", "processed", "shipped", "delivered", "cancelled"}
STATUSES |= {"return requested", "returned", "exchange requested"}
REASONS = {"complaint", "request", "damaged", "late delivery", "payment", "other"}
DATED = {"stock", "order", "event", "turn", "ticket"}
TIMES = ("created_at", "at", "placed_at", "resolved_at")


def fingerprint(lines: Iterable[dict[str, object]]) -> str:
    """Give the hash of lines as they would be written to a file."""
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_same_arguments_give_the_same_lines(until: datetime) -> None:
    """Two runs with the same moment, seed and number of customers agree byte for byte."""
    first, second = (fingerprint(generate(until=until, seed=3, customers=150)) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_gives_the_same_lines(until: datetime, hash_seed: str) -> None:
    """Nothing depends on the hash seed of the Python process."""
    code = (
        "from datetime import datetime; from tools.demo_shop import generate; "
        "from tests.tools.demo_shop.test_demo_lines import fingerprint; "
        f"print(fingerprint(generate(until=datetime.fromisoformat({until.isoformat()!r}), customers=60)))"
    )
    environment = {"PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo"}
    printed = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert fingerprint(generate(until=until, customers=60)) == printed.stdout.strip()


def test_the_same_moment_in_another_timezone_gives_the_same_lines(until: datetime) -> None:
    """Only the instant counts, not the timezone in which it is given."""
    elsewhere = until.astimezone(timezone(timedelta(hours=9)))

    assert fingerprint(generate(until=until, customers=60)) == fingerprint(generate(until=elsewhere, customers=60))


def test_another_seed_gives_other_lines(until: datetime) -> None:
    """The seed matters."""
    assert fingerprint(generate(until=until, seed=1, customers=60)) != fingerprint(
        generate(until=until, seed=2, customers=60)
    )


@pytest.mark.parametrize("make", [lambda at: generate(until=at), lambda at: new_arrivals(at=at)])
def test_a_moment_without_timezone_is_refused(make: Callable[[datetime], object]) -> None:
    """A naive datetime is an error that names the value."""
    with pytest.raises(ValueError, match="has no timezone"):
        make(datetime(2026, 3, 2))  # noqa: DTZ001


def test_no_customers_are_refused(until: datetime) -> None:
    """A shop without customers cannot be generated."""
    with pytest.raises(ValueError, match="customers=0"):
        generate(until=until, customers=0)


@pytest.mark.parametrize("customers", [1, 25])
def test_a_small_shop_can_be_generated(until: datetime, customers: int) -> None:
    """Parts for which there is nobody are left out."""
    count = sum(line["type"] == "customer" for line in generate(until=until, customers=customers))

    assert customers == count


def test_every_line_has_a_known_type_and_its_fields(lines: list[dict[str, Any]]) -> None:
    """No field is missing and none is unknown to the native format."""
    odd = [
        line
        for line in lines
        if not NEEDED[line["type"]]
        <= line.keys() - {"type"}
        <= NEEDED[line["type"]] | OPTIONAL.get(line["type"], set())
    ]

    assert [] == odd


def test_lines_refer_only_to_earlier_lines(lines: list[dict[str, Any]]) -> None:
    """Customers, variants, products, payment methods and conversations stand before what mentions them."""
    known: set[str] = set()
    missing = []
    for line in lines:
        missing += [reference for reference in references(line) if reference not in known]
        known |= set(definitions(line))

    assert [] == missing


def definitions(line: dict[str, Any]) -> Iterable[str]:
    """Name everything that a line makes known."""
    match line["type"]:
        case "product":
            yield f"product {line['id']}"
            yield from (f"variant {variant['id']}" for variant in line["variants"])
        case "customer":
            yield f"customer {line['id']}"
            yield from (f"method {line['id']} {method['id']}" for method in line["payment_methods"])
        case "turn":
            yield f"conversation {line['conversation']}"


def references(line: dict[str, Any]) -> Iterable[str]:
    """Name everything that a line refers to."""
    properties = line.get("properties", {})
    if "customer" in line:
        yield f"customer {line['customer']}"
    if line["type"] == "stock" or "variant" in properties:
        yield f"variant {properties.get('variant', line.get('variant'))}"
    if "product" in properties:
        yield f"product {properties['product']}"
    yield from (f"variant {item['variant']}" for item in (*line.get("items", ()), *properties.get("items", ())))
    for shipment in line.get("shipments", ()):
        yield from (f"variant {sku}" for sku in shipment["items"])
    yield from (f"method {line['customer']} {payment['method']}" for payment in line.get("payments", ()))
    if line["type"] == "ticket" and "conversation" in line:
        yield f"conversation {line['conversation']}"


def test_ids_are_unique_within_their_type(lines: list[dict[str, Any]]) -> None:
    """No two products, variants, customers, orders, events, turns or tickets share an id."""
    ids = [(line["type"], line["id"]) for line in lines if "id" in line]
    ids += [("variant", variant["id"]) for line in lines if line["type"] == "product" for variant in line["variants"]]

    assert len(ids) == len(set(ids))


def test_emails_and_phones_belong_to_one_customer_each(lines: list[dict[str, Any]]) -> None:
    """Identities don't collide, and e-mail addresses are at example.com, phones in the fictional 555-01xx range."""
    customers = [line for line in lines if line["type"] == "customer"]
    emails = [line["email"] for line in customers]
    phones = [line["phone"] for line in customers if "phone" in line]

    assert len(emails) == len(set(emails))
    assert len(phones) == len(set(phones))
    assert all(email.endswith("@example.com") for email in emails)
    assert all(phone[-8:-2] == "555 01" for phone in phones)


def test_what_is_dated_comes_in_order_and_before_the_start(lines: list[dict[str, Any]], until: datetime) -> None:
    """Stock, orders, events, turns and tickets follow time, and nothing has happened in the future."""
    times = [str(line.get("at", line.get("placed_at"))) for line in lines if line["type"] in DATED]

    assert times == sorted(times)
    assert all(datetime.fromisoformat(line[key]) < until for line in lines for key in TIMES if key in line)


def test_nobody_does_anything_before_signing_up(lines: list[dict[str, Any]]) -> None:
    """A customer's first line is dated no earlier than the customer."""
    created = {line["id"]: line["created_at"] for line in lines if line["type"] == "customer"}
    early = [
        line
        for line in lines
        if "customer" in line and line.get("at", line.get("placed_at")) < created[line["customer"]]
    ]

    assert [] == early


def test_statuses_reasons_and_speakers_are_those_of_the_format(lines: list[dict[str, Any]]) -> None:
    """Every order status occurs, and no word is used that the format does not know."""
    assert {line["status"] for line in lines if line["type"] == "order"} == STATUSES
    assert {line["reason"] for line in lines if line["type"] == "ticket"} <= REASONS
    assert {line["status"] for line in lines if line["type"] == "ticket"} == {"open", "resolved"}
    assert {line["speaker"] for line in lines if line["type"] == "turn"} == {"customer", "agent", "desk"}


def test_orders_tell_one_story(lines: list[dict[str, Any]], until: datetime) -> None:
    """Status, shipments and payments of an order agree with each other and with the shipping prices."""
    for order in (line for line in lines if line["type"] == "order"):
        shipped = [shipment["status"] for shipment in order.get("shipments", ())]
        value = sum(round(float(item["price"]) * 100) * item["quantity"] for item in order["items"])
        paid, *refunds = (round(float(payment["amount"]) * 100) for payment in order["payments"])
        express = bool(shipped) and order["shipments"][0]["carrier"] == "FedEx"

        match order["status"]:
            case "pending" | "processed" | "cancelled":
                assert [] == shipped
            case "shipped":
                assert ["in transit"] == shipped
            case _:
                assert ["delivered"] == shipped
        if express:
            assert value + 1495 == paid
        elif shipped:
            assert value + (0 if value >= 7500 else 595) == paid
        expected_refunds = {"cancelled": [paid], "returned": [value]}.get(order["status"], [])
        assert expected_refunds == refunds
        assert datetime.fromisoformat(order["placed_at"]) < until.astimezone(UTC)


def test_nothing_is_ordered_while_it_is_out_of_stock(lines: list[dict[str, Any]]) -> None:
    """When an order is placed, each of its variants has units on hand."""
    on_hand: dict[str, int] = {}
    sold_out = []
    for line in lines:
        if line["type"] == "product":
            on_hand |= {variant["id"]: variant["stock"] for variant in line["variants"]}
        elif line["type"] == "stock":
            on_hand[line["variant"]] = line["stock"]
        elif line["type"] == "order":
            sold_out += [(line["id"], item["variant"]) for item in line["items"] if on_hand[item["variant"]] < 1]

    assert [] == sold_out

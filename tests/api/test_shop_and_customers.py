"""The catalog for the shop page, and customers' memories for colleagues and for the customers themselves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient

from api.access.keys import Scope
from api.app import create_app
from kit.clock import SetClock

SECRET = "a-secret-of-more-than-thirty-two-bytes!"


@pytest.fixture
def desk(client: TestClient, key_with: Callable[..., str], stocked: Any) -> Callable[[str], Any]:
    """Asks as a colleague of the service desk."""
    headers = {"Authorization": f"Bearer {key_with(Scope.DESK)}"}
    return lambda path: client.get(path, headers=headers)


def test_the_shop_is_named(client: TestClient, stocked: Any) -> None:
    """Its name and currency; not the demo unless told so."""
    assert {"name": "Fell & Harbour", "currency": "USD", "demo": False} == client.get("/v1/shop").json()


def test_a_shop_without_data_has_no_name(client: TestClient) -> None:
    """And no products."""
    assert client.get("/v1/shop").json()["name"] is None
    assert {"categories": [], "products": [], "total": 0, "next_offset": None} == client.get("/v1/catalog").json()


def test_products_come_newest_first_in_pages(client: TestClient, stocked: Any) -> None:
    """Every product once; the last page has no next."""
    seen: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = client.get("/v1/catalog", params={"offset": offset, "limit": 10}).json()
        seen += [product["product_id"] for product in page["products"]]
        offset = page["next_offset"]
    assert (32, 32, 32) == (len(seen), len(set(seen)), page["total"])
    assert ["prd_coat", "prd_scarf"] == seen[:2]


def test_a_product_says_what_a_shopper_wants_to_know(client: TestClient, stocked: Any) -> None:
    """Its lowest price in stock, its colours and sizes in the shop's order, whether it can be had and is new."""
    products = client.get("/v1/catalog", params={"category": "winter coat"}).json()["products"]
    wanted = {
        "product_id": "prd_coat", "name": "Kinnick Coat", "category": "winter coat", "description": "Kinnick Coat.",
        "price": "$249.00", "price_minor": 24_900, "currency": "USD", "colors": ["red", "navy"], "sizes": ["S", "M"],
        "in_stock": True, "new": True,
    }  # fmt: skip
    assert [wanted] == products


def test_a_sold_out_product_is_shown_as_such(client: TestClient, stocked: Any) -> None:
    """With the price it had."""
    scarf = client.get("/v1/catalog", params={"category": "scarf"}).json()["products"][0]
    assert (False, "$249.00") == (scarf["in_stock"], scarf["price"])


def test_categories_are_counted(client: TestClient, stocked: Any) -> None:
    """Whatever category is shown."""
    page = client.get("/v1/catalog", params={"category": "scarf"}).json()
    counted = {category["name"]: category["count"] for category in page["categories"]}
    assert ({"scarf": 1, "shirt": 30, "winter coat": 1}, 1) == (counted, page["total"])


@pytest.mark.parametrize("query", ["ada", "O'HARA", "o'hara ada", "ada@example.com", "C1", "example.com"])
def test_customers_are_found_by_name_email_or_id(desk: Callable[[str], Any], query: str) -> None:
    """In any case, by all words of the query."""
    found = desk(f"/v1/customers?query={query}").json()["customers"]
    assert [("Ada O'Hara", ["ada@example.com"])] == [(one["name"], one["emails"]) for one in found]


@pytest.mark.parametrize("query", ["nobody", "%", "_", "ada smith", "\\"])
def test_a_search_is_no_pattern(desk: Callable[[str], Any], query: str) -> None:
    """Signs that SQL knows are letters like others."""
    assert [] == desk(f"/v1/customers?query={query}").json()["customers"]


def test_without_a_query_those_heard_last_are_shown(desk: Callable[[str], Any]) -> None:
    """So that the console has something to begin with."""
    assert ["Ada O'Hara"] == [one["name"] for one in desk("/v1/customers").json()["customers"]]


def test_a_customers_memory_comes_with_its_evidence(desk: Callable[[str], Any]) -> None:
    """Facts with quotes, consents, orders, and the timeline, newest first."""
    customer_id = desk("/v1/customers?query=ada").json()["customers"][0]["customer_id"]
    memory = desk(f"/v1/customers/{customer_id}").json()
    assert ["lives in Chicago"] == [fact["sentence"] for fact in memory["facts"]]
    assert "in Chicago" in memory["facts"][0]["quote"]
    assert {"email": True} == memory["consents"]
    order = memory["orders"][0]
    assert ("#W1", "$498.00", ["2 × Kinnick Coat"]) == (order["order_id"], order["total"], order["items"])
    kinds = {moment["kind"]: moment for moment in memory["timeline"]}
    assert ("I live in Chicago.", "Kinnick Coat") == (kinds["turn"]["text"], kinds["event"]["product"])


def test_a_shopper_sees_their_own_memory_and_nobody_elses(client: TestClient, stocked: Any, clock: SetClock) -> None:
    """Whose it is comes from the token."""
    expires = int((clock.now() + timedelta(hours=1)).timestamp())
    seen = {}
    for email in ("ada@example.com", "bea@example.com"):
        token = jwt.encode({"email": email, "aud": "rapport", "exp": expires}, SECRET, algorithm="HS256")
        seen[email] = client.get("/v1/me/memory", headers={"Authorization": f"Bearer {token}"}).json()
    assert ["Chicago"] == [fact["value"] for fact in seen["ada@example.com"]["facts"]]
    assert ([], "") == (seen["bea@example.com"]["facts"], seen["bea@example.com"]["name"])


def test_a_shopper_corrects_their_own_memory_and_nobody_elses(
    client: TestClient, stocked: Any, clock: SetClock
) -> None:
    """The answer is the fact that takes its place; a value that does not fit, or another's id, changes nothing."""
    expires = int((clock.now() + timedelta(hours=1)).timestamp())

    def ask(email: str, method: str, path: str = "", **body: Any) -> Any:
        token = jwt.encode({"email": email, "aud": "rapport", "exp": expires}, SECRET, algorithm="HS256")
        headers = {"Authorization": f"Bearer {token}"}
        return client.request(method, f"/v1/me/memory{path}", headers=headers, json=body or None)

    (fact,) = ask("ada@example.com", "GET").json()["facts"]
    assert 404 == ask("bea@example.com", "PATCH", f"/{fact['id']}", value="Boston").status_code
    assert 400 == ask("ada@example.com", "PATCH", f"/{fact['id']}", value="   ").status_code
    corrected = ask("ada@example.com", "PATCH", f"/{fact['id']}", value=" Boston ").json()
    assert ("lives in Boston", "Boston") == (corrected["sentence"], corrected["quote"])
    assert [corrected] == ask("ada@example.com", "GET").json()["facts"]


def test_the_demo_lets_one_shop_as_its_customers(stocked: Any) -> None:
    """With a token such as the shop would sign; only for customers there are."""
    with TestClient(create_app(stocked, demo_shop=True)) as client:
        assert client.get("/v1/shop").json()["demo"] is True
        shopper = client.get("/v1/demo/shoppers").json()["shoppers"][0]
        assert ("Ada O'Hara", "a parcel is on its way") == (shopper["name"], shopper["about"])
        signed_in = client.post("/v1/demo/session", json={"customer_id": shopper["customer_id"]})
        headers = {"Authorization": f"Bearer {signed_in.json()['token']}"}
        assert "Ada O'Hara" == client.get("/v1/me/memory", headers=headers).json()["name"]
        assert 404 == client.post("/v1/demo/session", json={"customer_id": "cus_unknown"}).status_code

"""What a shopper says at 11 pm shapes what the marketing agent suggests at 9 am. No job runs in between."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.runtime import Runtime, Shopper
from kit.clock import SetClock
from kit.settings import load_settings
from kit.vectors.embedder import Embedder
from tests.agents.wire import Wire
from tests.playing import asked, talked
from tools.demo_shop import generate, new_arrivals
from tools.shop.importing import import_native

NIGHT = datetime(2026, 3, 2, 23, tzinfo=UTC)
WISH = "I live in Chicago and want a red winter coat that's waterproof and has a fur lining."


@pytest.fixture(scope="module")
def shop_lines() -> list[str]:
    """A small demo shop, as it stands that night."""
    return [json.dumps(line) for line in generate(until=NIGHT, customers=300)]


@pytest.fixture
def clock() -> SetClock:
    """Eleven at night."""
    return SetClock(NIGHT)


Open = Callable[..., Runtime]


@pytest.fixture
def open_shop(shop_lines: list[str], clock: SetClock, embedder: Embedder, tmp_path: Path) -> Iterator[Open]:
    """Opens the shop with the settings given."""

    def open_shop(**environment: str) -> Runtime:
        settings = load_settings({"RAPPORT_DATA": str(tmp_path / "data"), **environment})
        runtime = Runtime.open(settings, clock=clock, embedder=embedder)
        import_native(shop_lines, runtime.tool_context())
        return runtime

    return open_shop


def sign_up(runtime: Runtime, email: str, name: str) -> Shopper:
    """A customer who agreed to e-mails."""
    with runtime.database.begin() as session:
        customer_id = runtime.memory.enter(session, {"email": email}, first_name=name)
        runtime.memory.of(session, customer_id).consent("email", True, source="signup")
    return Shopper(customer_id, verified=True)


def deliver(runtime: Runtime, clock: SetClock) -> str:
    """At 02:00 the shop imports its new products; gives the name of the coat she wished for."""
    clock.set(NIGHT + timedelta(hours=3))
    lines = list(new_arrivals(at=clock.now()))
    import_native([json.dumps(line) for line in lines], runtime.tool_context())
    coats = [line for line in lines if "coat" in str(line["category"]) or "parka" in str(line["category"])]
    (coat,) = [c for c in coats if "fur" in json.dumps(c["attributes"]) and "red" in json.dumps(c["variants"])]
    return str(coat["name"])


def assert_remembered(runtime: Runtime, shopper: Shopper) -> None:
    """City, colour, material needs and the open wish, each with the words that say it."""
    with runtime.database.read() as session:
        profile = runtime.memory.of(session, shopper.customer_id).profile()
    known = {(item.fact.attribute, item.fact.value.casefold()) for item in profile.facts}
    assert {("city", "chicago"), ("color.liked", "red"), ("need", "waterproof")} <= known
    assert all(source.quote in WISH for item in profile.facts for source in item.sources)
    (wish,) = profile.wishes
    asked_for = {tuple(pair) for pair in wish.requirements}
    assert {("color", "red"), ("feature", "waterproof"), ("lining", "fur")} <= asked_for
    assert "coat" == wish.item
    assert wish.quote in WISH


def assert_suggested(runtime: Runtime, done: dict[str, Any], coat: str, her: Shopper, upset: Shopper) -> None:
    """The coat, for her and those with a like wish, her words as evidence; the open complaint left out."""
    meant = [one for one in done["opportunities"] if one["kind"] == "wish_met" and coat in json.dumps(one["product"])]
    assert 1 == len(meant), [one["title"] for one in done["opportunities"]]
    audience = meant[0]["audience"]
    assert her.customer_id in audience["members"]
    assert audience["count"] == len(audience["members"]) > 1
    assert upset.customer_id not in audience["members"]
    left_out = {one["reason"]: [c["customer_id"] for c in one["customers"]] for one in audience["exclusions"]}
    assert any("complaint" in reason for reason in left_out)
    with runtime.database.read() as session:
        (wish,) = runtime.memory.of(session, her.customer_id).wishes()
    evidence = json.dumps(meant[0]["evidence"], ensure_ascii=False)
    assert wish.quote in WISH
    assert her.customer_id in evidence
    assert json.dumps(wish.quote, ensure_ascii=False)[1:-1] in evidence


def complain(runtime: Runtime) -> Shopper:
    """Somebody with the same wish and an open complaint."""
    from tools.service_desk import open_ticket

    shopper = sign_up(runtime, "upset@example.com", "Una")
    with runtime.database.begin() as session:
        memory = runtime.memory.of(session, shopper.customer_id)
        memory.hear(WISH, conversation_id="cnv_upset", channel="web", message_id="u1")
        open_ticket(session, runtime.memory, shopper.customer_id, reason="complaint", summary="wrong size, third time")
    return shopper


@pytest.mark.anyio
async def test_the_scenario_with_the_local_model(open_shop: Open, clock: SetClock) -> None:
    """Night, delivery, morning, another channel: with no key and no network."""
    runtime = open_shop()
    upset, her = complain(runtime), sign_up(runtime, "nora@example.com", "Nora")

    night = await talked(runtime, her, WISH)
    shown = next(call for call in night["tools"] if call["name"] == "search_products")["result"]["products"]
    assert shown[0]["name"] in night["reply"]
    assert 1 == len(shown[0]["unmet"]), "the closest lacks one thing"
    for product in shown[:2]:
        missing = product["unmet"][0].split(": ")[1]
        line = next(line for line in night["reply"].splitlines() if product["name"] in line)
        assert re.search(rf"\b(no|not|without|isn't) (a )?{missing}", line), line
    assert_remembered(runtime, her)

    coat = deliver(runtime, clock)
    clock.set(NIGHT + timedelta(hours=10))
    morning = await asked(runtime, "What should we send this week?")
    assert_suggested(runtime, morning, coat, her, upset)
    assert coat in morning["reply"]

    clock.set(NIGHT + timedelta(hours=10, minutes=5))
    back = await talked(runtime, her, "anything new for me?", channel="sms")
    assert coat in back["reply"]
    assert back["conversation_id"] != night["conversation_id"]
    assert ["find_for_wishes"] == [call["name"] for call in back["tools"]]
    await runtime.aclose()


@pytest.mark.anyio
async def test_the_scenario_over_the_wire(open_shop: Open, clock: SetClock) -> None:
    """The same with an OpenAI-compatible server: the model sees the memory, and its calls are carried out."""

    def first_product(request: dict[str, Any]) -> str:
        found = json.loads(request["messages"][-1]["content"])["products"][0]
        return f"The closest we have is the {found['name']} at {found['price']}. It has no fur lining, I'm afraid."

    def suggestion(request: dict[str, Any]) -> str:
        found = json.loads(request["messages"][-1]["content"])["opportunities"]
        best = next(one for one in found if one["kind"] == "wish_met" and "coat" in one["title"].casefold())
        return f"Send {best['title']}: to {best['audience']['count']} people, worth {best['value']['expected']}."

    def for_her(request: dict[str, Any]) -> str:
        assert "fur lining" in request["messages"][0]["content"], "the memory was not handed to the model"
        match = json.loads(request["messages"][-1]["content"])["wishes"][0]["matches"][0]
        return f"Yes: the {match['name']} at {match['price']} came in, red and waterproof with a fur lining."

    script = [
        {"name": "search_products", "arguments": {"query": "red waterproof winter coat with fur lining"}},
        first_product,
        {"name": "list_opportunities", "arguments": {}},
        suggestion,
        {"name": "find_for_wishes", "arguments": {}},
        for_her,
    ]
    with Wire(script).running() as wire:
        runtime = open_shop(OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=wire.url, RAPPORT_MODEL="scripted")
        upset, her = complain(runtime), sign_up(runtime, "nora@example.com", "Nora")
        night = await talked(runtime, her, WISH)
        assert "no fur lining" in night["reply"]
        assert_remembered(runtime, her)
        coat = deliver(runtime, clock)
        clock.set(NIGHT + timedelta(hours=10))
        assert_suggested(runtime, await asked(runtime, "What should we send this week?"), coat, her, upset)
        back = await talked(runtime, her, "anything new for me?", channel="sms")
        assert coat in back["reply"]
        await runtime.aclose()
    assert 6 == len(wire.requests)
    assert {"scripted"} == {request["model"] for request in wire.requests}

"""A shop of made-up tool results, and a turn of the local model in it."""

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from agents.local_model.model import LocalModel

SUPPORT_TOOLS = (
    "find_orders", "get_order", "search_products", "get_product", "recommend_products", "find_for_wishes",
    "search_knowledge", "show_memory", "recall_memory", "hand_to_person",
)  # fmt: skip
MARKETING_TOOLS = ("list_opportunities", "find_customers", "show_customer", "search_products", "search_knowledge")
WISH = "want a red winter coat that's waterproof and has a fur lining"
SYSTEM = f"""You are the support agent of a shop. Today is Monday, 2 March 2026.
<memory>
Nora Reed, known since 2026-01-02, 2 orders, the last on 2026-02-25.
- lives in Chicago (said "I live in Chicago", 2026-03-02)
- wears shoe size 38 (said "I wear 38", 2026-02-01)
- wishes for a coat: red, winter, waterproof, fur lining (said "{WISH}", 2026-03-02)
</memory>"""


def order(number: str, status: str, item: str, price: str, **more: Any) -> dict[str, Any]:
    """An order of one thing, as ``get_order`` gives it."""
    return {
        "order_id": number, "status": status, "placed_at": "2026-02-25T10:00:00+00:00", "total": price,
        "items": [{"name": item, "options": {"color": "blue"}, "quantity": 1, "price": price, "sku": "s"}],
        "shipments": [], "payments": [{"kind": "payment", "amount": price, "method": "Visa ending in 1234"}],
        "address": {"line1": "1 Oak St", "city": "Chicago", "postcode": "60601"}, **more,
    }  # fmt: skip


def parcel(**more: Any) -> dict[str, Any]:
    """A parcel on its way, due before the day of ``SYSTEM``."""
    return {
        "carrier": "UPS", "tracking": ["1Z999AA10123456784"], "status": "in transit", "items": [],
        "shipped_at": "2026-02-26T10:00:00+00:00", "expected_at": "2026-03-01T10:00:00+00:00", "delivered_at": None,
        **more,
    }  # fmt: skip


def product(name: str, price: str, met: Sequence[str], unmet: Sequence[str], **more: Any) -> dict[str, Any]:
    """A product card."""
    return {
        "product_id": f"prd_{name.split()[0]}", "name": name, "category": "coat", "price": price, "price_minor": 1,
        "colors": ["red", "navy"], "sizes": ["S", "M", "L"], "in_stock": True, "met": list(met), "unmet": list(unmet),
        "new": False, "summary": f"{name} keeps you warm.", **more,
    }  # fmt: skip


LATE = order("#W1", "shipped", "Trail Boot", "$119.00", shipments=[parcel()])
MUG = order(
    "#W2", "delivered", "Stoneware Mug", "$18.00",
    shipments=[parcel(status="delivered", delivered_at="2026-01-08T10:00:00+00:00")],
)  # fmt: skip
LAMP = order("#W3", "pending", "Desk Lamp", "$45.00")
COATS = [
    product("Alba Parka", "$189.00", ["color: red", "season: winter", "feature: waterproof"], ["lining: fur"]),
    product("Skadi Coat", "$249.00", ["color: red", "season: winter"], ["feature: waterproof", "lining: fur"]),
]
FUR = product("Fjord Parka", "$229.00", ["color: red", "feature: waterproof", "lining: fur"], [], new=True)
PAGES = [
    {"title": "Returns", "section": "How long you have", "document": "returns.md", "score": 0.7,
     "text": "You can return unworn items within **30 days** of delivery. Worn items cannot be returned."},
    {"title": "Orders", "section": "Cancelling", "document": "orders.md", "score": 0.7,
     "text": "An order can be cancelled until it is packed. After that, send it back."},
]  # fmt: skip


@dataclass
class Shop:
    """Answers tool calls, and keeps them. ``results`` replaces what a tool gives."""

    results: Mapping[str, Any] = field(default_factory=dict)
    orders: Sequence[Mapping[str, Any]] = (LAMP, LATE, MUG)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def run(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The tool's result."""
        self.calls.append((name, arguments))
        if name in self.results:
            return copy.deepcopy(self.results[name])
        made: dict[str, Any] = getattr(self, f"_{name}")(arguments)
        return made

    @property
    def called(self) -> list[str]:
        """The names of the tools that ran, in order."""
        return [name for name, _ in self.calls]

    def _find_orders(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"orders": [{**one, "items": [item["name"] for item in one["items"]]} for one in self.orders]}

    def _get_order(self, arguments: dict[str, Any]) -> dict[str, Any]:
        number = "#" + arguments["order_id"].lstrip("#").upper()
        found = next((one for one in self.orders if one["order_id"] == number), None)
        missing = {"error": f"there is no order {number!r} among this customer's orders", "code": "not_found"}
        return dict(found) if found else missing

    def _search_products(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"sought": {"item": "coat", "requirements": []}, "products": COATS}

    def _get_product(self, arguments: dict[str, Any]) -> dict[str, Any]:
        card = next(one for one in COATS if one["product_id"] == arguments["product_id"])
        return {
            **card,
            "description": "A long parka for wet days. Machine wash it at 30 degrees.",
            "attributes": {"material": ["recycled nylon"], "features": ["hood"]},
            "variants": [{"sku": "a", "options": {"color": "navy"}, "price": "$189.00", "in_stock": False}],
        }

    def _recommend_products(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"products": [{**COATS[0], "reason": "You looked at waterproof coats last week."}]}

    def _find_for_wishes(self, _: dict[str, Any]) -> dict[str, Any]:
        wish = {"wish_id": "wsh_1", "item": "coat", "quote": WISH, "voiced_at": "2026-02-20T10:00:00+00:00"}
        return {"wishes": [{**wish, "requirements": [], "matches": [FUR]}]}

    def _search_knowledge(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"passages": PAGES, "answered": True}

    def _show_memory(self, _: dict[str, Any]) -> dict[str, Any]:
        fact = {"attribute": "city", "value": "Chicago", "sentence": "lives in Chicago", "quote": "I live in Chicago"}
        return {"facts": [{**fact, "since": "2026-03-02T10:00:00+00:00"}], "wishes": []}

    def _hand_to_person(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {
            "ticket_id": "tkt_01ABC",
            "reason": arguments["reason"],
            "promise": "A colleague has your whole conversation and will answer here or by e-mail.",
        }


def schema(name: str) -> dict[str, Any]:
    """A tool in OpenAI's function format."""
    return {
        "type": "function",
        "function": {"name": name, "description": name, "parameters": {"type": "object", "properties": {}}},
    }


def turn(
    model: LocalModel,
    shop: Shop,
    *said: str,
    system: str = SYSTEM,
    tools: Sequence[str] | None = None,
) -> str:
    """The answer to the last of ``said``; every second one before it, counted from the end, is the agent's."""
    before: list[BaseMessage] = [SystemMessage(system)]
    for back, text in zip(range(len(said) - 1, -1, -1), said, strict=True):
        before.append(AIMessage(text) if back % 2 else HumanMessage(text))
    usual = SUPPORT_TOOLS if model.role == "support" else MARKETING_TOOLS
    bound = model.bind_tools([schema(name) for name in (usual if tools is None else tools)])
    work: list[BaseMessage] = []
    for _ in range(6):
        answer = bound.invoke(before + work)
        if not answer.tool_calls:
            return str(answer.text)
        work.append(answer)
        for call in answer.tool_calls:
            result = json.dumps(shop.run(call["name"], call["args"]), ensure_ascii=False)
            work.append(ToolMessage(result, tool_call_id=str(call["id"]), name=call["name"]))
    raise AssertionError("the model calls tools without end")

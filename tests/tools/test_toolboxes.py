"""Which tools the agents have, and how a model sees them."""

from collections.abc import Mapping
from typing import Any

import pytest

from tools.registry import Effect, Tool, Toolbox, ToolContext
from tools.toolboxes import marketing_toolbox, support_toolbox

ALL = {tool.name: tool for tool in (*support_toolbox(), *marketing_toolbox())}


def test_each_agent_has_its_tools() -> None:
    """Support speaks for one customer; marketing never gets a customer's own tools."""
    assert {
        "find_orders", "get_order", "search_products", "get_product", "recommend_products", "find_for_wishes",
        "search_knowledge", "show_memory", "recall_memory", "hand_to_person",
    } == {tool.name for tool in support_toolbox()}  # fmt: skip
    assert {"list_opportunities", "find_customers", "show_customer", "search_products", "search_knowledge"} == {
        tool.name for tool in marketing_toolbox()
    }


@pytest.mark.parametrize("tool", ALL.values(), ids=list(ALL))
def test_every_tool_has_a_manual_and_described_arguments(tool: Tool) -> None:
    """The docstring is the model's manual; each argument says what it takes."""
    described = tool.schema()["function"]

    assert len(described["description"]) > 120
    assert all(argument.get("description") for argument in described["parameters"].get("properties", {}).values())
    assert described["parameters"]["additionalProperties"] is False


def test_only_handing_over_writes() -> None:
    """Every other tool reads."""
    assert ["hand_to_person"] == [name for name, tool in ALL.items() if tool.effect is Effect.WRITE]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("find_order", {}, "there is no tool 'find_order'"),
        ("get_order", {}, "order_id: Field required"),
        ("get_order", {"order_id": "#W1", "customer_id": "cus_1"}, "customer_id: Extra inputs are not permitted"),
        ("search_products", {"query": "coat", "limit": 500}, "limit: Input should be less than or equal to 20"),
    ],
)
def test_misuse_is_told_to_the_model(
    tool_context: ToolContext, name: str, arguments: Mapping[str, Any], said: str
) -> None:
    """What the model did wrong comes back as a result it can act on; no argument names a customer."""
    result = support_toolbox().run(tool_context, name, arguments)

    assert "tool_misuse" == result["code"]
    assert said in result["error"]


def test_an_empty_toolbox_has_no_tools(tool_context: ToolContext) -> None:
    """And says so."""
    assert "tool_misuse" == Toolbox([]).run(tool_context, "anything", {})["code"]

"""What customers are told of their own memory."""

from dataclasses import replace

import pytest

from tests.tools.conftest import Load, SignIn
from tests.tools.small_shop import SHOP, customer, turn
from tools.registry import ToolContext
from tools.toolboxes import support_toolbox

TOOLS = support_toolbox()


@pytest.fixture(autouse=True)
def _said(load: Load) -> None:
    load(
        [
            SHOP, customer("ann"), customer("ben"),
            turn("t1", "ann", "I wear shoe size 43 and I'm looking for waterproof hiking boots."),
            turn("t2", "ben", "I'm looking for a silk scarf."),
        ]
    )  # fmt: skip


def test_everything_remembered_is_shown_in_their_own_words(signed_in: SignIn) -> None:
    """Facts and open wishes with quote and date, and nothing of anybody else."""
    shown = TOOLS.run(signed_in("ann"), "show_memory", {})

    size = next(fact for fact in shown["facts"] if fact["attribute"] == "size.shoes")
    assert ("43", "wears shoe size 43", "2026-02-01T20:00:00+00:00") == (size["value"], size["sentence"], size["since"])
    assert "43" in size["quote"]
    assert ["hiking boot"] == [wish["item"] for wish in shown["wishes"]]
    assert {"attribute": "feature", "value": "waterproof"} in shown["wishes"][0]["requirements"]
    assert "scarf" not in str(shown)


def test_memory_is_looked_up_by_what_it_is_about(signed_in: SignIn) -> None:
    """Turns, facts and wishes of this customer, best first."""
    items = TOOLS.run(signed_in("ann"), "recall_memory", {"query": "which shoe size do I have?"})["items"]

    assert any("43" in item["text"] for item in items[:2])
    assert {"text", "kind", "at"} == set(items[0])
    assert "scarf" not in str(items)


def test_a_guest_sees_what_they_said_as_a_guest(tool_context: ToolContext) -> None:
    """An anonymous customer has a memory of their own."""
    with tool_context.database.begin() as session:
        guest = tool_context.memory.enter(session, {"anonymous": "anon_1"})
        tool_context.memory.of(session, guest).hear(
            "I wear shoe size 38", conversation_id="cnv_1", channel="web", message_id="m1"
        )

    shown = TOOLS.run(replace(tool_context, customer_id=guest), "show_memory", {})

    assert ["38"] == [fact["value"] for fact in shown["facts"]]


@pytest.mark.parametrize(("tool", "arguments"), [("show_memory", {}), ("recall_memory", {"query": "size"})])
def test_a_claimed_identity_opens_no_memory(
    signed_in: SignIn, tool_context: ToolContext, tool: str, arguments: dict[str, str]
) -> None:
    """Only who is signed in sees what is known under an e-mail or a customer id."""
    for context in (replace(signed_in("ann"), verified=False), tool_context):
        assert "verify_first" == TOOLS.run(context, tool, arguments)["code"]

"""What tests of tools ask for: a context, a way to import lines, and somebody signed in."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from kit.clock import SetClock
from kit.database import Database
from kit.vectors.index import SemanticIndex
from memory.door import Memory
from tools.registry import ToolContext
from tools.shop.importing import ImportReport, import_native

Lines = Sequence[Mapping[str, Any]]
Load = Callable[[Lines], ImportReport]
SignIn = Callable[[str], ToolContext]


@pytest.fixture
def tool_context(database: Database, index: SemanticIndex, memory: Memory, clock: SetClock) -> ToolContext:
    """A context that speaks for no customer."""
    return ToolContext(database, index, memory, clock)


@pytest.fixture
def load(tool_context: ToolContext) -> Load:
    """Imports native lines."""

    def load_lines(lines: Lines) -> ImportReport:
        return import_native([json.dumps(line) for line in lines], tool_context)

    return load_lines


@pytest.fixture
def signed_in(tool_context: ToolContext) -> SignIn:
    """The context of a signed-in customer, by the shop's id."""

    def sign_in(shop_id: str) -> ToolContext:
        with tool_context.database.read() as session:
            customer_id = tool_context.memory.find(session, "shop", shop_id)
        assert customer_id is not None
        return replace(tool_context, customer_id=customer_id, verified=True)

    return sign_in

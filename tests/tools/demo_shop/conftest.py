"""The demo shop, generated once for all tests in this folder."""

from datetime import UTC, datetime

import pytest

from tools.demo_shop.generation import Stage, set_stage
from tools.demo_shop.lines import Line

UNTIL = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def until() -> datetime:
    """When the demo starts."""
    return UNTIL


@pytest.fixture(scope="session")
def stage() -> Stage:
    """The demo shop with 2,000 customers, and what is true behind its lines."""
    return set_stage(until=UNTIL, seed=7, customers=2000)


@pytest.fixture(scope="session")
def lines(stage: Stage) -> list[Line]:
    """All lines of the demo shop."""
    return list(stage.lines())

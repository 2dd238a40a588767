"""The knowledge base is there and says what the data does."""

import re

import pytest

from tools.demo_shop import POLICIES
from tools.demo_shop.lines import money
from tools.demo_shop.orders import EXPRESS_SHIPPING, FREE_SHIPPING_FROM, STANDARD_SHIPPING

NAMES = [
    "care-and-repairs",
    "contact-and-hours",
    "loyalty",
    "payment-and-gift-cards",
    "privacy",
    "returns-and-exchanges",
    "shipping-and-delivery",
    "sizing-guide",
]


def test_every_policy_exists() -> None:
    """The folder holds these pages and nothing else."""
    assert NAMES == sorted(path.stem for path in POLICIES.glob("*.md"))


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_has_a_title_sections_and_a_readable_length(name: str) -> None:
    """Each page opens with its title, has headings, numbers, and 100 to 420 words."""
    text = (POLICIES / f"{name}.md").read_text(encoding="utf-8")
    words = re.findall(r"[\w$.,'-]*\w", text)

    assert text.startswith("# ")
    assert 3 <= text.count("\n## ")
    assert 100 <= len(words) <= 420
    assert re.search(r"\d", text)


def test_shipping_prices_are_those_of_the_orders() -> None:
    """What the page says about prices is what orders have been charged."""
    text = (POLICIES / "shipping-and-delivery.md").read_text(encoding="utf-8")

    assert f"${money(STANDARD_SHIPPING)}" in text
    assert f"${money(EXPRESS_SHIPPING)}" in text
    assert f"free for orders of ${FREE_SHIPPING_FROM // 100} or more" in text

"""A reply may claim only what stands somewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.check import Evidence, SentenceGate

SEEN = Evidence(
    [
        '{"order_id": "#N1001", "total": "$1,139.00", "tracking": ["1Z999AA10123456784"], "price_minor": 18900}',
        '{"line1": "49 Lake Street"}',
        "10% off",
    ],
    banned=["last chance"],
    said=["something under 75, I live at 12 Lake Street"],
)


@pytest.mark.parametrize(
    "reply",
    [
        "Your order #N1001 came to $1139.",
        "Order n1001 is on its way: 1Z999AA10123456784.",
        "That is $1,139.00, with 10% off.",
        "We have 3 of them in size 43.",
        "Under $75 there are two.",
    ],
)
def test_what_stands_somewhere_passes(reply: str) -> None:
    """The same amount written another way is the same amount."""
    assert [] == SEEN.problems(reply)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("Your order #N1002 is on its way.", "order"),
        ("It costs $49.", "money"),
        ("It costs 1,138 dollars.", "money"),
        ("You get 20% off.", "percent"),
        ("Track it with 357962501027.", "number"),
        ("Write to help@elsewhere.example.", "address"),
        ("This is your last chance!", "banned"),
    ],
)
def test_what_stands_nowhere_is_a_problem(reply: str, kind: str) -> None:
    """Invented numbers, prices, promises and addresses are named, and so are banned phrases."""
    assert [kind] == [problem.kind for problem in SEEN.problems(reply)]


@given(st.text(alphabet="ab. !?\n", max_size=80), st.integers(min_value=1, max_value=7))
def test_the_gate_lets_all_of_a_sound_text_through(text: str, size: int) -> None:
    """However it is cut into pieces, what comes out is what went in."""
    gate = SentenceGate(Evidence([]))
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    assert text == "".join([*(gate.feed(piece) for piece in pieces), gate.finish()])


def test_the_gate_stops_at_the_first_unsound_sentence() -> None:
    """What was released before it stays; nothing after it goes out."""
    gate = SentenceGate(Evidence(["$5"]))
    released = gate.feed("It costs $5. Or only $4. Shall I ") + gate.feed("order it? ") + gate.finish()
    assert "It costs $5. " == released

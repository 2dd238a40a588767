"""The demo shop's shoppers do not speak in the local model's exemplars: what it understands of them is not rigged."""

import re
from datetime import UTC, datetime

from agents.local_model.exemplars import ROLES, intents_of
from tools.demo_shop import generate

_COURTESY_WORDS = 4  # "ok thanks" and "thank you so much" are everybody's


def words(text: str) -> list[str]:
    """Folded words without punctuation."""
    return re.findall(r"[a-z0-9']+", text.casefold())


def runs(texts: set[tuple[str, ...]], length: int) -> set[tuple[str, ...]]:
    """All runs of that many words."""
    return {text[i : i + length] for text in texts for i in range(len(text) - length + 1)}


def test_no_sentence_and_no_long_phrase_is_shared() -> None:
    """No exemplar is said word for word (beyond courtesies), and no run of six words is."""
    lines = generate(until=datetime(2026, 3, 2, tzinfo=UTC))
    said = {tuple(words(str(line["text"]))) for line in lines if line.get("speaker") == "customer"}
    known = {tuple(words(e)) for role in ROLES for intent in intents_of(role) for e in intent.exemplars}
    assert set() == {text for text in said & known if len(text) > _COURTESY_WORDS}
    assert set() == runs(said, 6) & runs(known, 6)

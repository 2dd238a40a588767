"""What a message means, measured on messages that were written apart from the exemplars and never tuned to."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from agents.local_model.exemplars import ROLES, Role, intents_of, read_exemplars, vectors_of
from agents.local_model.reading import core, plain
from agents.local_model.understanding import Understander, understander
from kit.vectors.embedder import Embedder, Vectors

FOLDER = Path(__file__).parent
UNSEEN: dict[Role, list[tuple[str, str]]] = {
    role: [
        (intent, text)
        for intent, texts in tomllib.loads((FOLDER / f"phrasings_{role}.toml").read_text("utf-8")).items()
        for text in texts
    ]
    for role in ROLES
}
# When first measured: support .906 right and .049 confidently wrong, marketing .955 and .030.
FLOOR = {"support": 0.88, "marketing": 0.92}
CONFIDENTLY_WRONG = {"support": 0.06, "marketing": 0.05}


class NoEmbedder:
    """An embedder that must not be needed."""

    name = "all-MiniLM-L6-v2"
    dimensions = 384

    def embed(self, texts: object) -> Vectors:
        raise AssertionError("the stored vectors don't fit the exemplars: python -m agents.local_model.exemplars")


@pytest.mark.parametrize("role", ROLES)
def test_most_unseen_messages_are_understood(role: Role, embedder: Embedder) -> None:
    """The share whose intent is right, sure or not."""
    minds = understander(role, embedder)
    right = [minds.understand(text).intent in intent.split("|") for intent, text in UNSEEN[role]]
    assert sum(right) / len(right) >= FLOOR[role]


@pytest.mark.parametrize("role", ROLES)
def test_few_are_confidently_wrong(role: Role, embedder: Embedder) -> None:
    """Where the model is wrong, it mostly knows that it isn't sure, and asks."""
    minds = understander(role, embedder)
    found = [(intent, minds.understand(text)) for intent, text in UNSEEN[role]]
    wrong = [
        understood for intent, understood in found if understood.sure and understood.intent not in intent.split("|")
    ]
    assert len(wrong) / len(found) <= CONFIDENTLY_WRONG[role]


@pytest.mark.parametrize("role", ROLES)
def test_the_unseen_messages_are_unseen(role: Role) -> None:
    """There are enough of them, and none stands among the exemplars in any spelling."""
    seen = set(read_exemplars(intents_of(role)))
    assert not {text for _, text in UNSEEN[role] if plain(core(text)) in seen}
    assert 150 <= sum(len(texts) for texts in UNSEEN.values())


@pytest.mark.parametrize("role", ROLES)
def test_every_intent_has_its_ways_to_be_said(role: Role) -> None:
    """At least twelve, all different, with a sentence that says what it is."""
    texts = [exemplar for intent in intents_of(role) for exemplar in intent.exemplars]
    assert len(texts) == len({text.casefold() for text in texts})
    for intent in intents_of(role):
        assert len(intent.exemplars) >= 12, intent.name
        assert intent.says.endswith("."), intent.name
        assert intent.ask, intent.name


@pytest.mark.parametrize("role", ROLES)
def test_the_stored_vectors_are_those_of_the_exemplars(role: Role, embedder: Embedder) -> None:
    """They need not be made at start, and say what the embedder says."""
    texts = read_exemplars(intents_of(role))
    stored = vectors_of(role, texts, NoEmbedder())
    some = list(range(0, len(texts), 97))
    assert np.all(np.sum(stored[some] * embedder.embed([texts[i] for i in some]), axis=1) > 0.995)


def test_gibberish_and_silence_are_nothing_known(embedder: Embedder) -> None:
    """Nothing raises, and nothing is made of it."""
    minds = understander("support", embedder)
    for text in ("", "   ", "?!", "\ud800", "🙂", "зщшг", "a" * 20_000, "no " * 5_000):
        minds.understand(text)
    assert not minds.understand("?!").sure
    assert "out_of_scope" == minds.understand("zxcv qwop lkjh").intent


def test_another_embedder_makes_its_own_vectors() -> None:
    """Stored vectors of another model are not used."""

    class Flat:
        name = "flat"
        dimensions = 3

        def embed(self, texts: list[str]) -> Vectors:
            return np.tile(np.array([0.6, 0.8, 0.0], dtype=np.float32), (len(texts), 1))

    understood = Understander("marketing", Flat()).understand("Send it")
    assert understood.intent == "send_or_draft"


def test_kin_are_no_reason_to_doubt(embedder: Embedder) -> None:
    """Intents that are answered alike don't take confidence from each other."""
    minds = understander("support", embedder)
    assert minds.alike("return_policy", "shipping_options")
    assert not minds.alike("cancel_order", "track_order")
    understood = minds.understand("do you deliver on Saturdays and for how much?")
    assert not minds.alike(understood.intent, understood.runner_up)

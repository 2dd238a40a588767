"""What one message means: its intent, how sure that is, and what it names."""

import math
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from agents.local_model.exemplars import Intent, Role, intents_of, read_exemplars, vectors_of
from agents.local_model.reading import core, plain, sentences
from agents.local_model.similarity import Matrix, Similarity
from agents.local_model.slots import Slots, slots_of
from kit.vectors.embedder import Embedder

# Intents that a longer message is about only if nothing else is in it.
SOCIAL = frozenset({"affirm", "deny", "thanks", "greeting", "goodbye", "small_talk"})

_MOST_SENTENCES = 4
_LEAST_WORDS = 3
_SENTENCE_DISCOUNT = 0.85
_MOST_CHARS = 2_000
# From this probability on an intent is acted upon; below it, the model asks back.
_SURE: Mapping[Role, float] = {"support": 0.65, "marketing": 0.6}
_PER_LEAD, _WITHOUT_LEAD = 8.8, -0.1

_known: dict[tuple[Role, str], "Understander"] = {}
_knowing = threading.Lock()


@dataclass(frozen=True)
class Understanding:
    """``confidence`` is the probability that ``intent`` is right; ``sure`` says that it may be acted upon.

    ``strength`` is how much the message is like what the intent's exemplars say, about 0 to 1.
    """

    intent: str
    confidence: float
    slots: Slots
    runner_up: str
    sure: bool
    strength: float


class Understander:
    """Understands messages to one role."""

    def __init__(self, role: Role, embedder: Embedder) -> None:
        intents = intents_of(role)
        texts = read_exemplars(intents)
        self.intents: Mapping[str, Intent] = {intent.name: intent for intent in intents}
        self._names = [intent.name for intent in intents]
        self._task = np.array([name not in SOCIAL for name in self._names])
        self._sure = _SURE[role]
        self._embedder = embedder
        self._similarity = Similarity(intents, texts, vectors_of(role, texts, embedder))

    def understand(self, text: str) -> Understanding:
        """Never raises; a message without a word is out of scope."""
        slots = slots_of(text)
        if not re.search(r"\w", text):
            return Understanding("out_of_scope", 0.0, slots, "greeting", sure=False, strength=0.0)
        scores = self._scores(text[:_MOST_CHARS])
        ranked = [self._names[i] for i in np.argsort(-np.round(scores, 3), kind="stable")]
        first, second = ranked[0], next(name for name in ranked if not self.alike(name, ranked[0]))
        strength, next_strength = (float(scores[self._names.index(name)]) for name in (first, second))
        confidence = _probability(strength - next_strength)
        return Understanding(first, confidence, slots, second, confidence >= self._sure, strength)

    def alike(self, one: str, other: str) -> bool:
        """Whether taking one intent for the other does no harm."""
        return self.intents[one].kin == self.intents[other].kin

    def _scores(self, text: str) -> Matrix:
        """The whole message's scores, raised where one of its sentences says a matter more clearly."""
        parts = [core(text)]
        said = [part for part in sentences(parts[0]) if len(part.split()) >= _LEAST_WORDS]
        parts += said[:_MOST_SENTENCES] if len(said) > 1 else []
        read = [plain(part) for part in parts]
        rows = self._similarity.scores(read, self._embedder.embed(read))
        if len(rows) == 1:
            whole: Matrix = rows[0]
            return whole
        clearest = np.maximum(rows[0], rows[1:].max(axis=0) * _SENTENCE_DISCOUNT)
        raised: Matrix = np.where(self._task, clearest, rows[0])
        return raised


def understander(role: Role, embedder: Embedder) -> Understander:
    """The process's understander of a role: made once per embedder."""
    with _knowing:
        key = (role, embedder.name)
        if key not in _known:
            _known[key] = Understander(role, embedder)
        return _known[key]


def _probability(margin: float) -> float:
    """That the first intent is right, by its lead: logistic regression on exemplars left out one at a time."""
    return 1.0 / (1.0 + math.exp(-(_PER_LEAD * margin + _WITHOUT_LEAD)))

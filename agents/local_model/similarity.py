"""How much a message is like each intent: a vote of the exemplars, weighted by how alike they are to it.

Kernel ridge regression (Saunders, Gammerman and Vovk, 1998) with one target per intent. Two texts are alike by the
cosine of their embeddings, by the words and word pairs they share, and by the cues that both contain. Its settings
were chosen by leaving out one exemplar at a time.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.local_model.exemplars import Intent
from kit.vectors.embedder import Vectors

_SHARPNESS = 3.0  # how fast likeness falls with the angle between embeddings
_WORDS_WEIGHT = 0.2
_CUES_WEIGHT = 0.05
_RIDGE = 0.2
_LEAST_TEXTS = 2  # a word that stands in one exemplar only tells nothing

Matrix = NDArray[np.float32]


class Similarity:
    """Fitted to the exemplars once; then scores messages. ``texts`` and ``vectors`` are all exemplars, in order."""

    def __init__(self, intents: Sequence[Intent], texts: Sequence[str], vectors: Vectors) -> None:
        self._intents = intents
        self._vectors = vectors
        self._idf = _inverse_frequencies(texts)
        self._index = {gram: i for i, gram in enumerate(self._idf)}
        self._words = np.asfortranarray(self._word_vectors(texts))
        self._cues = self._cue_vectors(texts)
        of = np.repeat(np.arange(len(intents)), [len(intent.exemplars) for intent in intents])
        self._votes = self._fit(of)

    def scores(self, texts: Sequence[str], vectors: Vectors) -> Matrix:
        """One row per text, one column per intent: about 1 for a sure case, about 0 for none."""
        return self._kernel(vectors, self._word_vectors(texts), self._cue_vectors(texts)) @ self._votes

    def _fit(self, of: NDArray[np.int64]) -> Matrix:
        count = len(self._intents)
        targets = np.full((len(of), count), -1.0 / count, dtype=np.float32)
        targets[np.arange(len(of)), of] = 1.0
        sizes = np.bincount(of, minlength=count)[of]  # so that an intent with many exemplars is not preferred
        noise = _RIDGE * sizes * np.mean(1.0 / sizes)
        kernel = self._kernel(self._vectors, self._words, self._cues)
        kernel[np.diag_indices(len(of))] += noise.astype(np.float32)
        return np.linalg.solve(kernel, targets)

    def _kernel(self, vectors: Vectors, words: Matrix, cues: Matrix) -> Matrix:
        likeness: Matrix = vectors @ self._vectors.T
        np.exp(_SHARPNESS * (likeness - 1.0), out=likeness)
        used = words.any(axis=0)
        likeness += _WORDS_WEIGHT * (words[:, used] @ self._words[:, used].T)
        likeness += _CUES_WEIGHT * (cues @ self._cues.T)
        return likeness

    def _word_vectors(self, texts: Sequence[str]) -> Matrix:
        rows = np.zeros((len(texts), len(self._index)), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for gram in _grams(text) & self._index.keys():
                row[self._index[gram]] = self._idf[gram]
            row /= np.linalg.norm(row) or 1.0
        return rows

    def _cue_vectors(self, texts: Sequence[str]) -> Matrix:
        said = [[any(cue.search(text) for cue in intent.cues) for intent in self._intents] for text in texts]
        return np.array(said, dtype=np.float32).reshape(len(texts), len(self._intents))


def _grams(text: str) -> set[str]:
    """The words of a text, and its pairs of neighbours, with where it begins and ends."""
    words = re.findall(r"[a-z0-9']+", text)
    return {*words, *(f"{a} {b}" for a, b in zip(["^", *words], [*words, "$"], strict=True))}


def _inverse_frequencies(texts: Sequence[str]) -> dict[str, float]:
    counts = Counter(gram for text in texts for gram in _grams(text))
    return {
        gram: math.log((1 + len(texts)) / (1 + count))
        for gram, count in sorted(counts.items())
        if count >= _LEAST_TEXTS
    }

"""Texts to vectors of unit length. The default is all-MiniLM-L6-v2, from a Python package, without a network."""

import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from kit.errors import BrokenData

if TYPE_CHECKING:
    from kit.vectors.minilm import MiniLMSession

Vectors = NDArray[np.float32]

_CACHED_TEXTS = 4096


class Embedder(Protocol):
    """What turns texts into vectors. Any number of threads may ask at once."""

    @property
    def name(self) -> str:
        """Recorded with every vector; another name means that vectors must be made anew."""

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length per text, shape ``(len(texts), dimensions)``.

        Raises ``BrokenData`` where a model gives something else, ``Unavailable`` where it cannot be asked.
        """


class CachingEmbedder(ABC):
    """Asks a model once per text, and takes nothing from it but finite vectors of its size, made unit length."""

    def __init__(self) -> None:
        self._cached: OrderedDict[str, Vectors] = OrderedDict()
        self._caching = threading.Lock()

    @property
    @abstractmethod
    def name(self) -> str: ...

    @property
    @abstractmethod
    def dimensions(self) -> int: ...

    @abstractmethod
    def encode(self, texts: list[str]) -> Vectors:
        """The model's own answer for texts that are valid Unicode, from any thread."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        with self._caching:
            known = {text: self._cached[text] for text in texts if text in self._cached}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            # A lone surrogate is no text to a tokenizer.
            answer = self.encode([text.encode("utf-8", "replace").decode("utf-8") for text in missing])
            known |= zip(missing, unit(answer, (len(missing), self.dimensions), self.name), strict=True)
            with self._caching:
                self._cached.update((text, known[text]) for text in missing)
                while len(self._cached) > _CACHED_TEXTS:
                    self._cached.popitem(last=False)
        return np.stack([known[text] for text in texts])


class MiniLM(CachingEmbedder):
    """all-MiniLM-L6-v2 through ONNX Runtime, in float32: what sentence-transformers makes of it, without torch.

    Nothing is loaded before the first text; then it takes a part of a second (see ``kit.vectors.minilm``).
    """

    name = "all-MiniLM-L6-v2"
    dimensions = 384

    def __init__(self) -> None:
        super().__init__()
        self._session: MiniLMSession | None = None
        self._loading = threading.Lock()

    def encode(self, texts: list[str]) -> Vectors:
        with self._loading:
            if self._session is None:
                from kit.vectors.minilm import MiniLMSession

                self._session = MiniLMSession()
        return self._session.run(texts)


def unit(vectors: Vectors, shape: tuple[int, int], model: str) -> Vectors:
    """``vectors`` at unit length; raises ``BrokenData`` unless they have that shape, are finite and not zero."""
    if vectors.shape != shape:
        found = " × ".join(str(size) for size in vectors.shape)
        raise BrokenData(
            f"the embedding model {model!r} gave {found} numbers, {shape[0]} × {shape[1]} were due; nothing is stored. "
            "Check RAPPORT_EMBEDDER"
        )
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    if not np.all(np.isfinite(lengths)) or not np.all(lengths > 0):
        raise BrokenData(
            f"the embedding model {model!r} gave a vector that is not finite, or zero; nothing is stored. "
            "Check RAPPORT_EMBEDDER"
        )
    scaled: Vectors = (vectors / lengths).astype(np.float32)
    return scaled

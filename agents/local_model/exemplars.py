"""The intents of each role with their ways to be said, and the vectors of these.

The vectors of the default embedder are stored beside the texts, so that a process need not embed them again;
``python -m agents.local_model.exemplars`` stores them anew after an edit. Where they don't fit the texts or the
embedder, they are made on first use.
"""

import hashlib
import logging
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from agents.local_model.reading import core, plain
from kit.vectors.embedder import Embedder, Vectors

log = logging.getLogger(__name__)

Role = Literal["support", "marketing"]
ROLES: tuple[Role, ...] = ("support", "marketing")
_FOLDER = Path(__file__).parent / "exemplars"
_STEPS = 400.0  # per unit: a component of an embedding of hundreds of dimensions hardly ever exceeds 0.3


@dataclass(frozen=True)
class Intent:
    """What a message can be about. ``ask`` completes "Do you want to …?"; ``cues`` are expressions that speak for it.

    Intents of one ``kin`` are answered so much alike that taking one for the other does no harm.
    """

    name: str
    says: str
    ask: str
    cues: tuple[re.Pattern[str], ...]
    exemplars: tuple[str, ...]
    kin: str


def intents_of(role: Role) -> tuple[Intent, ...]:
    """The role's intents, in the order of the file."""
    read = tomllib.loads((_FOLDER / f"{role}.toml").read_text("utf-8"))
    return tuple(
        Intent(
            name,
            entry["says"],
            entry["ask"],
            tuple(re.compile(cue, re.IGNORECASE) for cue in entry["cues"]),
            tuple(entry["exemplars"].strip().splitlines()),
            entry.get("kin", name),
        )
        for name, entry in read.items()
    )


def read_exemplars(intents: Sequence[Intent]) -> list[str]:
    """All exemplars of ``intents``, one after the other, as the understanding reads them."""
    return [plain(core(exemplar)) for intent in intents for exemplar in intent.exemplars]


def vectors_of(role: Role, texts: Sequence[str], embedder: Embedder) -> Vectors:
    """One vector per text: the stored ones where they are of these texts and this embedder."""
    path = _FOLDER / f"{role}.npz"
    if path.exists():
        with np.load(path) as stored:
            if str(stored["of"]) == _fingerprint(texts, embedder):
                return _unpacked(stored["vectors"])
    log.info("embedding %d exemplars of the %s model", len(texts), role)
    return _unpacked(_packed(embedder.embed(texts)))


def store_vectors(embedder: Embedder) -> None:
    """Writes the vectors of every role's exemplars beside them."""
    for role in ROLES:
        texts = read_exemplars(intents_of(role))
        np.savez_compressed(
            _FOLDER / f"{role}.npz",
            of=np.array(_fingerprint(texts, embedder)),
            vectors=_packed(embedder.embed(texts)),
        )


def _packed(vectors: Vectors) -> NDArray[np.int8]:
    """Unit vectors in a byte per number. Also done to vectors made now: the model understands the same either way."""
    packed: NDArray[np.int8] = np.clip(np.rint(vectors * _STEPS), -127, 127).astype(np.int8)
    return packed


def _unpacked(packed: NDArray[np.int8]) -> Vectors:
    vectors = packed.astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _fingerprint(texts: Sequence[str], embedder: Embedder) -> str:
    return f"{embedder.name}:{hashlib.sha256(chr(10).join(texts).encode()).hexdigest()}"


if __name__ == "__main__":
    from kit.vectors.minilm import MiniLM

    store_vectors(MiniLM())

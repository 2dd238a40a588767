"""The embedder that benchmarks measure with."""

from kit.settings import Settings
from kit.vectors.embedder import Embedder
from kit.vectors.minilm import MiniLM


def configured(settings: Settings) -> Embedder:  # noqa: ARG001 - there is one model to choose from
    """The embedder in force."""
    return MiniLM()

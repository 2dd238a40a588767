"""The local model in its two roles, on the real embedder."""

import pytest

from agents.local_model.model import LocalModel
from kit.vectors.embedder import Embedder


@pytest.fixture(scope="session")
def support(embedder: Embedder) -> LocalModel:
    """The shopper's side."""
    return LocalModel(role="support", embedder=embedder)


@pytest.fixture(scope="session")
def marketing(embedder: Embedder) -> LocalModel:
    """The marketer's side."""
    return LocalModel(role="marketing", embedder=embedder)

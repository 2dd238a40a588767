"""One extractor for all tests of this folder, and messages read by it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from memory.extraction.deterministic import DeterministicExtractor
from memory.extraction.port import Extraction

AT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def extractor() -> DeterministicExtractor:
    return DeterministicExtractor()


@pytest.fixture(scope="session")
def read(extractor: DeterministicExtractor) -> Callable[[str], Extraction]:
    """What a message says."""
    return lambda text: extractor.extract(text, AT)


@pytest.fixture(scope="session")
def facts(read: Callable[[str], Extraction]) -> Callable[[str], set[str]]:
    """The facts of a message as ``attribute=value``, with a leading ``-`` where it is no longer so."""
    return lambda text: {f"{'-' * fact.retracts}{fact.attribute}={fact.value}" for fact in read(text).facts}


@pytest.fixture(scope="session")
def wishes(read: Callable[[str], Extraction]) -> Callable[[str], list[str]]:
    """The wishes of a message as ``item: attribute=value, …``."""
    return lambda text: [
        f"{wish.item}: {', '.join(f'{asked.attribute}={asked.value}' for asked in wish.requirements)}".strip(": ")
        for wish in read(text).wishes
    ]

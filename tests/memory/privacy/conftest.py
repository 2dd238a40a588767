"""A memory with a privacy desk, on each engine."""

from pathlib import Path

import pytest

import tools.shop.tables  # noqa: F401 - registers the tables: the whole database has to be known to erase from it
from kit.clock import SetClock
from kit.database import Database
from kit.tokens import TokenCounter
from kit.vectors.index import SemanticIndex
from memory.door import Memory
from memory.fakes import StatedExtractor
from memory.privacy.desk import PrivacyDesk
from memory.privacy.tombstones import Tombstones


@pytest.fixture
def tombstones(tmp_path: Path) -> Tombstones:
    """Those of the data directory."""
    return Tombstones(tmp_path)


@pytest.fixture
def told(
    database: Database, index: SemanticIndex, clock: SetClock, stated: StatedExtractor, tombstones: Tombstones
) -> Memory:
    """An empty memory with the extractor that tests state, and tombstones."""
    return Memory(database, index, clock, stated, TokenCounter(None), tombstones=tombstones)


@pytest.fixture
def desk(told: Memory, tombstones: Tombstones) -> PrivacyDesk:
    """Its privacy desk."""
    return PrivacyDesk(told, tombstones)

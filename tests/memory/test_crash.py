"""A writer killed at any moment loses nothing it acknowledged, and the index comes to what SQL says."""

import multiprocessing
import os
import random
import shutil
import signal
import time
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from kit.vectors.embedder import Embedder
from kit.vectors.tables import IndexItem
from memory.door import Memory
from memory.tables import Event, Turn
from tests.memory.crashing_writer import OVERLAP, moment, open_memory, said, write

_PRELOADED = ["chromadb", "tests.memory.crashing_writer", "memory.extraction.deterministic"]


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Where writers come from: what they import is there already, so that a kill meets them at work."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


@pytest.mark.parametrize("kills", [6, pytest.param(100, marks=[pytest.mark.full, pytest.mark.timeout(900)])])
def test_a_killed_writer_loses_nothing(
    kills: int, tmp_path: Path, empty_sqlite: Path, embedder: Embedder, processes: ForkServerContext
) -> None:
    """Every acknowledged turn and event is there, each once, after kills at random moments; so are its words."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(empty_sqlite, folder / "rapport.db")
    chance = random.Random(kills)
    acknowledged: set[int] = set()
    for number in range(kills):
        first = max(acknowledged, default=-1) + 1
        at_work = number % 5 != 4
        acknowledged = _killed(chance.uniform(0.0, 0.6), at_work, folder, first, tmp_path / "told", processes)
        memory, store = open_memory(folder, embedder)
        with memory.database.read() as session:
            _assert_each_once(session, acknowledged)
        store.close()
        memory.database.close()
    assert len(acknowledged) > kills // 2
    _assert_the_index_converges(folder, embedder)


def _killed(
    seconds: float, at_work: bool, folder: Path, first: int, told: Path, processes: ForkServerContext
) -> set[int]:
    """What writers acknowledged until the last was killed, ``seconds`` after its start or its first new word."""
    before = _lines(told)
    process = processes.Process(target=write, args=(folder, first, told))
    process.start()
    while at_work and process.is_alive() and _lines(told) < before + OVERLAP + 1:
        time.sleep(0.005)
    time.sleep(seconds)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    return {int(line) for line in told.read_bytes().split()} if told.exists() else set()


def _lines(told: Path) -> int:
    return told.read_bytes().count(b"\n") if told.exists() else 0


def _assert_each_once(session: Session, acknowledged: set[int]) -> None:
    turns = session.exec(select(Turn.message_id, Turn.text).order_by(col(Turn.at))).all()
    events = session.exec(select(Event.source_id)).all()
    there = [int(number) for number, _ in turns] + [int(number) for number in events]
    assert len(there) == len(set(there))
    assert acknowledged <= set(there)
    assert all(text == said(int(number)) for number, text in turns)


def _assert_the_index_converges(folder: Path, embedder: Embedder) -> None:
    memory, store = open_memory(folder, embedder)
    memory.index.drain()
    assert 0 == memory.index.pending()
    with memory.database.read() as session:
        items = session.exec(select(IndexItem.collection, IndexItem.item_id, IndexItem.vector)).all()
        turns = {turn.id for turn in session.exec(select(Turn)).all()}
    assert turns == {item_id for collection, item_id, _ in items if collection == "turn"}
    assert all(vector is not None for _, _, vector in items)
    for collection in {collection for collection, _, _ in items}:
        wanted = {item_id for one, item_id, _ in items if one == collection}
        found = store.nearest(collection, embedder.embed([said(0)])[0], len(wanted) + 10)
        assert wanted == {item_id for item_id, _ in found}
    _assert_every_message_says_its_facts(memory)
    store.close()
    memory.database.close()


def _assert_every_message_says_its_facts(memory: Memory) -> None:
    """Turns came with what they say: the newest shoe size of each customer is that of their newest such message."""
    with memory.database.read() as session:
        for customer_id in session.exec(select(Turn.customer_id).distinct()).all():
            words = session.exec(select(Turn.text, Turn.at).where(Turn.customer_id == customer_id)).all()
            sizes = [(at, text.split()[4]) for text, at in words if text.startswith("I am a size")]
            known = {one.fact.value for one in memory.of(session, customer_id).facts() if "shoes" in one.fact.attribute}
            assert known == ({max(sizes)[1]} if sizes else set())
            assert all(at == moment(int((at - moment(0)).total_seconds() // 60)) for _, at in words)

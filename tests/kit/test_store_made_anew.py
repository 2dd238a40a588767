"""The vector store made anew from SQL: swapped whole, resumed after a kill, mended by itself when it is broken."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text
from sqlmodel import select

from kit.database import Database
from kit.errors import BrokenData, Unavailable
from kit.vectors.chroma import ChromaStore
from kit.vectors.embedder import Vectors
from kit.vectors.index import SemanticIndex
from kit.vectors.store import ExactStore, SharedStore
from kit.vectors.tables import IndexOutbox, IndexRebuild

AT = datetime(2026, 3, 2, tzinfo=UTC)
COUNT = 300


class Quick:
    """Texts' vectors from their bytes: quick, and the same in every process. ``embedded`` counts them."""

    def __init__(self, name: str = "quick", dimensions: int = 16) -> None:
        self.name, self.dimensions, self.embedded = name, dimensions, 0

    def embed(self, texts: list[str]) -> Vectors:
        self.embedded += len(texts)
        rows = [np.random.default_rng(list(one.encode())).normal(size=self.dimensions) for one in texts]
        made = np.array(rows, np.float32).reshape(len(texts), self.dimensions)
        return made / np.linalg.norm(made, axis=1, keepdims=True)


@pytest.fixture
def opened(database: Database, tmp_path: Path) -> Iterator[Callable[..., SemanticIndex]]:
    """``opened()``: the index as another process would open it; the one before is closed."""
    stores: list[SharedStore] = []

    def opened(embedder: Quick | None = None, server: str | None = None) -> SemanticIndex:
        close()
        embedder = embedder or Quick()
        stores.append(SharedStore(tmp_path / "chroma", database, embedder.name, server))
        return SemanticIndex(database, embedder, stores[-1])

    def close() -> None:
        while stores:
            stores.pop().close()

    yield opened
    close()


def fill(index: SemanticIndex, database: Database, count: int = COUNT) -> None:
    with database.begin() as session:
        for i in range(count):
            index.put(session, "turn" if i % 2 else "fact", f"i{i:04}", f"word {i}", at=AT + timedelta(seconds=i))
    index.drain()


def finds_what_sql_says(index: SemanticIndex, database: Database, count: int = COUNT) -> None:
    """Each of some texts is its own nearest, and the store holds as many as SQL."""
    for i in range(0, count, 37):
        (hit,) = index.search("turn" if i % 2 else "fact", f"word {i}", 1)
        assert (hit.item_id, round(hit.score, 2)) == (f"i{i:04}", 1.0)
    found = {hit.item_id for name in ("turn", "fact") for hit in index.search(name, "word", count)}
    with database.read() as session:
        assert found == set(session.connection().execute(text("select item_id from index_item")).scalars())
        assert session.exec(select(IndexOutbox)).all() == []
        assert session.exec(select(IndexRebuild)).all() == []


def generations(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "chroma").iterdir() if path.is_dir()]


def test_a_rebuild_swaps_folders_and_removes_the_old(
    opened: Callable[..., SemanticIndex], database: Database, tmp_path: Path
) -> None:
    """Another generation, alone in the folder, finds the same; nothing is embedded anew."""
    index = opened()
    fill(index, database)
    before = generations(tmp_path)
    seen: list[int] = []
    embedder = index.embedder
    assert isinstance(embedder, Quick)
    assert (index.rebuild(seen.append), sum(seen), embedder.embedded) == (COUNT, COUNT, COUNT)
    (after,) = generations(tmp_path)
    assert [after] != before
    finds_what_sql_says(index, database)
    finds_what_sql_says(opened(), database)


KILLED = """
import os, signal, sys
from pathlib import Path
from kit.database import Database
from kit.vectors import renewal
from kit.vectors.index import SemanticIndex
from kit.vectors.store import SharedStore
from tests.kit.test_store_made_anew import Quick

url, folder, batch, at = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
renewal.FILL_BATCH = batch
database = Database(url)
store = SharedStore(folder, database, "quick")
index = SemanticIndex(database, Quick(), store)
seen = 0

def step(count):
    global seen
    seen += count
    if at == "half" and seen >= 120:
        os.kill(os.getpid(), signal.SIGKILL)

if at == "swap":
    enforce = store.swap
    def swap(name, fresh):
        enforce(name, fresh)
        os.kill(os.getpid(), signal.SIGKILL)
    store.swap = swap
index.rebuild(step)
"""


def kill_a_rebuild(database: Database, tmp_path: Path, at: str) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-P", "-c", KILLED, str(database.engine.url), str(tmp_path / "chroma"), "50", at]
    done = subprocess.run(command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, timeout=120)
    assert done.returncode == -signal.SIGKILL


def test_a_rebuild_killed_half_way_goes_on(
    opened: Callable[..., SemanticIndex], database: Database, tmp_path: Path
) -> None:
    """It begins where it was; what changed in between, on either side of that place, is as it is now."""
    fill(opened(), database)
    opened().search("turn", "word", 1)
    opened()
    kill_a_rebuild(database, tmp_path, "half")
    index = opened()
    assert len(generations(tmp_path)) == 2
    with database.begin() as session:
        for item_id in ("i0000", "i0001"):
            index.remove(session, "turn" if int(item_id[1:]) % 2 else "fact", item_id)
        index.put(session, "fact", "i0002", "another word", at=AT)
        index.put(session, "fact", "new", "a new word", at=AT)
    assert index.search("fact", "another word", 1)[0].item_id == "i0002"
    seen: list[int] = []
    index.rebuild(seen.append)
    assert seen[0] >= 100
    assert sum(seen) in range(COUNT - 2, COUNT + 2)
    assert index.search("fact", "another word", 1)[0].item_id == "i0002"
    assert index.search("fact", "a new word", 1)[0].item_id == "new"
    assert "i0000" not in {hit.item_id for hit in index.search("fact", "word 0", COUNT)}
    assert len(generations(tmp_path)) == 1


def test_a_kill_right_after_the_swap_leaves_the_new_store(
    opened: Callable[..., SemanticIndex], database: Database, tmp_path: Path
) -> None:
    """The swap is done; opening clears up behind it."""
    fill(opened(), database)
    opened()
    kill_a_rebuild(database, tmp_path, "swap")
    finds_what_sql_says(opened(), database)
    assert len(generations(tmp_path)) == 1


def test_compaction_begins_from_nothing(
    opened: Callable[..., SemanticIndex], database: Database, tmp_path: Path
) -> None:
    """What a half-made store holds of a customer who was erased since does not come back with it."""
    fill(opened(), database)
    opened()
    kill_a_rebuild(database, tmp_path, "half")
    index = opened()
    index.search("turn", "word", 1)
    half = set(generations(tmp_path))
    index.compact()
    assert not half & set(generations(tmp_path))
    finds_what_sql_says(index, database)


@pytest.mark.parametrize("damage", ["missing", "sqlite", "current", "first version"])
def test_a_broken_store_is_made_anew_from_sql(
    opened: Callable[..., SemanticIndex], database: Database, tmp_path: Path, damage: str
) -> None:
    """A folder that is gone, damaged, unnamed or of the first version's layout: the next search finds all the same."""
    fill(opened(), database)
    opened()
    (name,) = generations(tmp_path)
    folder = tmp_path / "chroma"
    if damage == "missing":
        (folder / name).rename(tmp_path / "elsewhere")
    elif damage == "sqlite":
        (folder / name / "chroma.sqlite3").write_bytes(b"this is not a database, it is a letter. " * 200)
    elif damage == "current":
        (folder / "current").write_bytes(b"")
    else:
        (folder / "current").unlink()
        for path in (folder / name).iterdir():
            path.rename(folder / path.name)
    embedder = Quick()
    finds_what_sql_says(opened(embedder), database)
    assert embedder.embedded < 30, "vectors that SQL has were made anew"
    assert not (folder / "chroma.sqlite3").exists()


def test_a_model_that_changed_is_noticed(opened: Callable[..., SemanticIndex], database: Database) -> None:
    """Another model, of another size: everything is embedded anew, once, and found."""
    fill(opened(), database)
    other = Quick("other", 8)
    finds_what_sql_says(opened(other), database)
    assert COUNT <= other.embedded < COUNT + 30


def test_a_vector_of_the_wrong_size_is_named(opened: Callable[..., SemanticIndex], database: Database) -> None:
    """An embedder that gives another size than it says fails clearly, and nothing is lost."""

    class Wrong(Quick):
        def embed(self, texts: list[str]) -> Vectors:
            return super().embed(texts)[:, :4]

    index = opened(Wrong())
    with pytest.raises(BrokenData, match=r"'quick' gave vectors of shape \(\d+, 4\) .* not of 16 dimensions"):
        fill(index, database)
    whole = opened()
    whole.drain()
    finds_what_sql_says(whole, database)


def test_a_store_that_fails_keeps_the_outbox(database: Database, tmp_path: Path) -> None:
    """A disk that is full: the error comes through, the change waits, and converges when there is room."""

    class Full(ExactStore):
        remembers = True
        room = False

        def put(self, collection: str, ids: object, vectors: Vectors) -> None:
            if not self.room:
                raise OSError(28, "No space left on device", "data_level0.bin")

    store = Full(database, "quick")
    index = SemanticIndex(database, Quick(), store)
    with pytest.raises(OSError, match="No space left"):
        fill(index, database)
    assert index.pending() == COUNT
    store.room = True
    assert (index.drain(), index.pending()) == (COUNT, 0)


@pytest.fixture(scope="module")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Chroma server process on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    command = [
        Path(sys.executable).parent / "chroma",
        "run",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--path",
        folder,
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as trying:
                if trying.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def test_a_chroma_server_is_used_by_setting(
    opened: Callable[..., SemanticIndex], database: Database, chroma_server: str
) -> None:
    """What was indexed before goes to the server, is found there, rebuilt, and made anew for another model."""
    fill(opened(), database)
    index = opened(server=chroma_server)
    finds_what_sql_says(index, database)
    index.rebuild()
    finds_what_sql_says(index, database)
    held = ChromaStore.server(chroma_server, "quick")
    assert held.count() == COUNT
    held.close()
    finds_what_sql_says(opened(Quick("other", 8), server=chroma_server), database)


def test_a_server_that_does_not_answer_is_named(opened: Callable[..., SemanticIndex]) -> None:
    """The address, and what to do."""
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9 does not answer.*RAPPORT_CHROMA_URL"):
        opened(server="http://127.0.0.1:9").search("turn", "word")

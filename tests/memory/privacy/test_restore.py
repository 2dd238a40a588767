"""A restored backup replays the tombstones before anything is served."""

import asyncio
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlmodel import select

from agents.runtime import Runtime
from kit.clock import SetClock
from kit.errors import BrokenData, Unavailable
from kit.settings import load_settings
from kit.vectors.chroma import held
from kit.vectors.embedder import Embedder
from memory.privacy.backup import back_up, restore
from memory.tables import Customer, Turn


class Shop:
    """One data directory, opened and closed as a service would."""

    def __init__(self, data: Path, clock: SetClock, embedder: Embedder) -> None:
        self.data, self._clock, self._embedder = data, clock, embedder

    def __enter__(self) -> Runtime:
        settings = load_settings({"RAPPORT_DATA": str(self.data)})
        self._runtime = Runtime.open(settings, clock=self._clock, embedder=self._embedder)
        return self._runtime

    def __exit__(self, *_: object) -> None:
        asyncio.run(self._runtime.aclose())


@pytest.fixture
def shop(clock: SetClock, embedder: Embedder, tmp_path: Path) -> Shop:
    """An empty one."""
    return Shop(tmp_path / "data", clock, embedder)


def enter(runtime: Runtime, name: str) -> str:
    """A customer who says where they live."""
    with runtime.database.begin() as session:
        customer = runtime.memory.enter(session, {"email": f"{name}@example.com"}, at=runtime.clock.now())
        runtime.memory.of(session, customer).hear(
            f"I live in {name}ville.", conversation_id=f"cnv_{name}", channel="web", message_id="m1"
        )
    return customer


def customers(runtime: Runtime) -> set[str]:
    with runtime.database.read() as session:
        assert set(session.exec(select(Turn.customer_id)).all()) == set(session.exec(select(Customer.id)).all())
        return set(session.exec(select(Customer.id)).all())


def test_who_was_erased_since_the_backup_stays_erased(shop: Shop, clock: SetClock, tmp_path: Path) -> None:
    """Also after a second restore of the same backup; the index knows the others, and the bytes go by compaction."""
    backup = tmp_path / "shop.backup"
    with shop as runtime:
        ana, ben = enter(runtime, "ana"), enter(runtime, "ben")
        runtime.index.drain()
        back_up(runtime.database, shop.data, backup)
        assert backup.stat().st_mode & 0o077 == 0
        receipt = runtime.privacy.erase(ana)
        runtime.privacy.compaction.run()
        cleo = enter(runtime, "cleo")
    for _ in range(2):
        with held(shop.data / "chroma") as index:
            restore(backup, shop.data)
            index.remove()
        with shop as runtime:
            assert customers(runtime) == {ben}
            assert cleo not in customers(runtime)
            assert runtime.privacy.receipt(receipt.id).state == "compacting"
            assert {hit.owner for hit in runtime.memory.across("turn", "where do they live?", 5)} == {ben}
            assert runtime.privacy.compaction.run()[0].id == receipt.id
    assert [path for path in shop.data.rglob("*") if path.is_file() and b"anaville" in path.read_bytes().lower()] == []


def test_a_copied_database_file_is_no_way_around(shop: Shop, clock: SetClock) -> None:
    """Somebody puts an old rapport.db back by hand; who came back under the same e-mail since is in none of it."""
    with shop as runtime:
        ana = enter(runtime, "ana")
    shutil.copy(shop.data / "rapport.db", shop.data.parent / "old.db")
    with shop as runtime:
        runtime.privacy.erase(ana)
    shutil.copy(shop.data.parent / "old.db", shop.data / "rapport.db")
    with shop as runtime:
        assert customers(runtime) == set()
        clock.set(clock.now().replace(hour=23, minute=30))
        again = enter(runtime, "ana")
    with shop as runtime:
        assert customers(runtime) == {again}


def test_tombstones_of_both_sides_are_kept(shop: Shop, clock: SetClock, embedder: Embedder, tmp_path: Path) -> None:
    """A backup restored into another directory, with a key of its own, brings its erasures and keeps those there."""
    with shop as runtime:
        ana = enter(runtime, "ana")
        back_up(runtime.database, shop.data, tmp_path / "early.backup")
        first = runtime.privacy.erase(ana)
        back_up(runtime.database, shop.data, tmp_path / "late.backup")
    other = Shop(tmp_path / "other", clock, embedder)
    with other as runtime:
        second = runtime.privacy.erase(enter(runtime, "ben"))
    restore(tmp_path / "late.backup", other.data)
    with other as runtime:
        assert {receipt.id for receipt in runtime.privacy.receipts()} == {first.id, second.id}
    restore(tmp_path / "early.backup", other.data)
    with other as runtime:
        assert customers(runtime) == set()
        assert runtime.privacy.receipt(first.id).counts["turn"] == 1


def test_a_lost_tombstone_file_is_written_anew(shop: Shop) -> None:
    """From the database's own rows, the key being the same."""
    with shop as runtime:
        ana = enter(runtime, "ana")
        shutil.copy(shop.data / "rapport.db", shop.data.parent / "old.db")
        runtime.privacy.erase(ana)
    (shop.data / "tombstones.jsonl").unlink()
    with shop as runtime:
        assert customers(runtime) == set()
    assert (shop.data / "tombstones.jsonl").read_text().count("\n") == 1


def test_what_is_no_backup_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    """A text, a half archive, and an archive with a broken database are refused in words."""
    with shop as runtime:
        ana = enter(runtime, "ana")
        back_up(runtime.database, shop.data, tmp_path / "good.backup")
    data = (tmp_path / "good.backup").read_bytes()
    for number, wrong in enumerate(
        (b"hello" * 100, data[: len(data) // 2], data.replace(b"CREATE TABLE", b"CREATE TABEL"))
    ):
        path = tmp_path / f"wrong{number}"
        path.write_bytes(wrong)
        with pytest.raises(BrokenData, match=r"backup|damaged"):
            restore(path, shop.data)
    with shop as runtime:
        assert customers(runtime) == {ana}
    assert [path.name for path in shop.data.iterdir() if path.name.startswith(".")] == []


def test_a_directory_in_use_is_left_alone(shop: Shop) -> None:
    """The service holds its index."""
    with shop as runtime:
        enter(runtime, "ana")
        assert runtime.store.remembers
        with pytest.raises(Unavailable, match="stop it first"), held(shop.data / "chroma"):
            pass


def test_a_backup_carries_no_deleted_bytes(shop: Shop, tmp_path: Path) -> None:
    """Made between an erasure and its compaction, while another connection reads."""
    with shop as runtime:
        runtime.privacy.erase(enter(runtime, "ana"))
        with sqlite3.connect(os.fspath(shop.data / "rapport.db")) as reader:
            reader.execute("select count(*) from customer").fetchone()
            back_up(runtime.database, shop.data, tmp_path / "b")
        reader.close()
    assert b"anaville" not in (tmp_path / "b").read_bytes().lower()

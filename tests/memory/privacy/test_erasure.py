"""Erasing takes a customer out of every answer at once, leaves a receipt, and is final."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

from kit.clock import SetClock
from kit.ids import CustomerId
from kit.personal import personal_tables
from memory.customer_memory import Heard
from memory.door import Memory
from memory.extraction.port import Extraction, FoundFact, FoundWish
from memory.privacy.desk import PrivacyDesk
from memory.privacy.erased import Erased
from memory.privacy.tombstones import Tombstones
from memory.tables import Customer

WORDS = "I live in Chicago and want a red coat."
FOUND = Extraction((FoundFact("city", "Chicago", "live in Chicago"),), (FoundWish("coat", (), "want a red coat"),))


@pytest.fixture
def ben(told: Memory, hear: Callable[..., Heard]) -> CustomerId:
    """Another customer, who says something of his own."""
    with told.database.begin() as session:
        ben = told.enter(session, {"email": "ben@example.com"}, first_name="Ben")
    hear(ben, "I like green tents.")
    return ben


def rows_of(told: Memory, customer: str) -> int:
    """How many rows of all tables are this customer's."""
    with told.database.read() as session:
        own = session.exec(select(Customer.id).where(Customer.id == customer)).all()
        count = sum(len(session.execute(one.table.select().where(one.of([customer]))).all()) for one in tables())
    return count + len(own)


def tables() -> list:  # type: ignore[type-arg]
    """The tables of customers."""
    return personal_tables(SQLModel.metadata)


def test_nothing_is_left_and_no_answer_shows_them(
    told: Memory, desk: PrivacyDesk, ana: CustomerId, ben: CustomerId, hear: Callable[..., Heard]
) -> None:
    """Every row is gone, search across customers finds only the other, and the receipt counts what went."""
    hear(ana, WORDS, FOUND)
    assert told.across("turn", "red coat", 1)[0].owner == ana
    receipt = desk.erase(ana)
    assert rows_of(told, ana) == 0
    assert [hit.owner for hit in told.across("turn", "red coat", 5)] == [ben]
    counted = {"customer": 1, "identity": 1, "turn": 1, "fact": 1, "wish": 1, "index_item": 3}
    assert counted.items() <= receipt.counts.items()
    assert receipt.state == "compacting"
    assert rows_of(told, ben) > 3


def test_who_was_erased_is_told_so(
    told: Memory, desk: PrivacyDesk, ana: CustomerId, hear: Callable[..., Heard]
) -> None:
    """Hearing, reading and erasing again say when, and by which receipt; an id that never was is not found."""
    receipt = desk.erase(ana)
    with pytest.raises(Erased, match=receipt.id):
        hear(ana, "Hello?")
    with pytest.raises(Erased, match=receipt.id):
        desk.erase(ana)
    with told.database.read() as session:
        assert told.find(session, "email", "ana@example.com") is None
        found = told.erasure(session, "email", " ANA@example.com")
        assert found is not None
        assert found.id == receipt.id


def test_whoever_was_merged_goes_too(
    told: Memory, desk: PrivacyDesk, ana: CustomerId, hear: Callable[..., Heard]
) -> None:
    """By the old id as by the new, with every identity."""
    with told.database.begin() as session:
        old = told.enter(session, {"anonymous": "browser-1"})
        older = told.enter(session, {"anonymous": "browser-2"})
    hear(old, "Before I signed in.")
    with told.database.begin() as session:
        for one, other in ((old, ana), (older, old)):
            row = session.get(Customer, one)
            assert row is not None
            row.merged_into = other
    assert desk.erase(older).counts["customer"] == 3
    assert rows_of(told, ana) + rows_of(told, old) + rows_of(told, older) == 0


def test_who_comes_back_is_somebody_new(told: Memory, desk: PrivacyDesk, ana: CustomerId, clock: SetClock) -> None:
    """The same e-mail makes a new customer, whom the tombstone leaves alone at every later opening."""
    desk.erase(ana)
    with told.database.begin() as session:
        again = told.enter(session, {"email": "ana@example.com"}, at=clock.now())
    assert again != ana
    assert desk.replay() == []
    assert rows_of(told, again) == 2


def test_tombstones_name_nobody(desk: PrivacyDesk, ana: CustomerId, tombstones: Tombstones) -> None:
    """Neither ids nor identities stand in the file, which only its owner can read."""
    desk.erase(ana)
    written = tombstones.file.read_text("utf-8")
    assert "ana" not in written
    assert ana not in written
    assert tombstones.file.stat().st_mode & 0o077 == 0
    assert tombstones.key_file.stat().st_mode & 0o077 == 0


def test_an_erasure_cut_short_by_a_crash_is_brought_to_its_end(
    told: Memory, desk: PrivacyDesk, ana: CustomerId, tombstones: Tombstones, hear: Callable[..., Heard]
) -> None:
    """The tombstone's line was written, the transaction never committed: the next opening erases."""
    hear(ana, WORDS, FOUND)
    append = Tombstones.append

    class Cut(Tombstones):
        def append(self, buried):  # type: ignore[no-untyped-def]
            append(self, buried)
            raise KeyboardInterrupt

    dying = PrivacyDesk(told, Cut(tombstones.file.parent))
    with pytest.raises(KeyboardInterrupt):
        dying.erase(ana)
    assert rows_of(told, ana) > 0
    (receipt,) = desk.replay()
    assert rows_of(told, ana) == 0
    assert receipt.counts["turn"] == 1
    assert desk.replay() == []


def test_writers_that_race_an_erasure_resurrect_nothing(
    told: Memory, desk: PrivacyDesk, ana: CustomerId, hear: Callable[..., Heard]
) -> None:
    """Threads that hear and record while she is erased end with ``Erased``, and no row of hers is there."""
    ends: list[str] = []
    begun = threading.Barrier(5)

    def write(number: int) -> None:
        begun.wait()
        for i in range(200):
            try:
                with told.database.begin() as session:
                    memory = told.of(session, ana)
                    memory.hear(
                        f"words {number} {i}", conversation_id=f"cnv_{number}", channel="web", message_id=f"{i}"
                    )
                    memory.record("page_viewed", source="test", source_id=f"{number}-{i}", text="some words")
            except Erased:
                ends.append("erased")
                return

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    begun.wait()
    desk.erase(ana)
    for thread in threads:
        thread.join()
    assert ends == ["erased"] * 4
    assert rows_of(told, ana) == 0


def test_compaction_dates_the_receipt(told: Memory, desk: PrivacyDesk, ana: CustomerId, clock: SetClock) -> None:
    """With SQLite the erasure is then complete; a PostgreSQL server's log and backups wait for its operator's word."""
    receipt = desk.erase(ana)
    (done,) = desk.compaction.run()
    assert (done.id, done.compacted_at) == (receipt.id, clock.now())
    assert desk.compaction.waiting() == []
    assert done.state == ("complete" if told.database.is_sqlite else "pending")
    assert desk.compaction.confirm(done.id).state == "complete"


def test_a_table_this_program_does_not_know_stops_an_erasure(told: Memory, desk: PrivacyDesk, ana: CustomerId) -> None:
    """Rather than leave its rows behind; nothing is erased then."""
    with told.database.begin() as session:
        session.connection().execute(
            text("create table later (customer_id varchar primary key references customer (id))")
        )
    with pytest.raises(Exception, match="'later'"):
        desk.erase(ana)
    assert rows_of(told, ana) == 2

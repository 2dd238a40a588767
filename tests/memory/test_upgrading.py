"""A data directory from before statements: its facts, wishes and purchases are there afterwards, on statements."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from kit.clock import SetClock
from kit.database import MIGRATIONS, Database
from kit.tokens import TokenCounter
from kit.vectors.embedder import Embedder
from kit.vectors.index import SemanticIndex
from kit.vectors.store import ExactStore
from memory.door import Memory
from memory.fakes import StatedExtractor
from memory.tables import Purchase

AT = datetime(2026, 3, 2, 23, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Database]:
    """A database at the first migration."""
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.commit()
    yield database
    database.close()


def _at(days: int) -> str:
    return f"{AT + days * DAY:%Y-%m-%d %H:%M:%S.%f}"


def _fact(number: int, attribute: str, value: str, quote: str, days: int, ended: int | None = None) -> list[str]:
    to = "null" if ended is None else f"'{_at(ended)}'"
    held = f"'{_at(days)}', {to}, '{_at(days)}', null"
    item = f"'fact', 'f{number}', 'cus_a', '{_at(days)}', 'lives with {value}', 'd{number}', '{{}}', '{{}}', null, null"
    return [
        f"insert into fact values ('f{number}', 'cus_a', '{attribute}', '{value}', 0.9, 'deterministic/1', {held})",
        f"insert into fact_source values ('f{number}', 'trn_{-days}', '{quote}', '{_at(days)}')",
        f"insert into index_item values ({item})",
    ]


def _rows() -> Iterator[str]:
    yield f"insert into customer values ('cus_a', '{_at(-99)}', 'Ana', '', 'UTC', null)"
    yield f"insert into conversation values ('c', 'cus_a', 'web', '{_at(-9)}')"
    for ago in range(10):
        yield (
            f"insert into turn values ('trn_{ago}', 'cus_a', 'c', 'm{ago}', {9 - ago}, 'customer', 'words',"
            f" '{_at(-ago)}', null, '[]', '{{}}')"
        )
    yield from _fact(1, "city", "Chicago", "in Chicago", -9, ended=-5)
    yield from _fact(2, "city", "Boston", "in Boston", -5)
    yield from _fact(3, "pet", "dog", "my dog", -8, ended=-2)
    yield from _fact(4, "household", "dad", "boots for my dad", -7)
    yield from _fact(5, "household", "kids", "my kids", -6)
    yield (
        "insert into wish values ('w1', 'cus_a', 'coat', '[[\"color\", \"red\"]]', 'a red coat', 'trn_9',"
        f" 'deterministic/1', 'open', '{_at(-4)}', null, null)"
    )
    lined = '{"lining": ["fur"]}'
    yield f"insert into product values ('p', 'native', 'p', 'Storm', 'coats', '', '{lined}', '{_at(-99)}', 0)"
    yield f"insert into shop_order values ('o', 'native', '#1', 'cus_a', 'delivered', 'USD', '{_at(-3)}', '{{}}', 0)"
    yield "insert into order_line values ('o', 1, 'p', 'v', 'Storm', '{\"color\": \"blue\"}', 1, 100)"
    yield f"insert into purchase values ('o', 1, 'cus_a', 'p', 'v', 'Storm', 1, 100, 'USD', '{_at(-3)}', 1)"


def test_what_was_known_is_known_and_settling_changes_nothing(old: Database, embedder: Embedder) -> None:
    """What ended has ended, "for my dad" is whom they buy for, and a blue coat bought leaves the red one wanted."""
    with old.begin() as session:
        for row in _rows():
            session.connection().execute(text(row.replace(":", "\\:")))
    old.upgrade()
    index = SemanticIndex(old, embedder, ExactStore(old, embedder.name))
    memory = Memory(old, index, SetClock(AT), StatedExtractor(), TokenCounter(None))
    with old.begin() as session:
        me = memory.of(session, "cus_a")
        before = me.profile().to_json()
        told = {(fact["attribute"], fact["value"], fact["quote"]) for fact in before["facts"]}
        assert {
            ("city", "Boston", "in Boston"),
            ("recipient", "dad", "boots for my dad"),
            ("household", "kids", "my kids"),
        } == told
        assert ["Chicago", "Boston"] == [known.fact.value for known in me.history("city")]
        assert [("coat", (AT - 4 * DAY).isoformat())] == [(wish["item"], wish["since"]) for wish in before["wishes"]]
        me.settle()
        assert before == me.profile().to_json()
        bought = session.get_one(Purchase, ("o", 1)).traits
        assert [["color", "blue"], ["category", "coats"], ["lining", "fur"]] == bought
    assert "buys for dad" in {hit.text for hit in memory.across("fact", "dad")}

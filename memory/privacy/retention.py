"""How long what is kept: one policy, and the run that removes what has grown older.

``turns`` count from when they were said, ``events`` from when they were received, ``guests`` (known by nothing but
anonymous ids, and without purchases) from when they were last heard of. A table may name a kind of its own in its
``info``: ``tickets`` count from when they were resolved.
What is derived from a row, and its index entries, go with it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Table, delete, func, select, tuple_
from sqlmodel import Session, SQLModel, col

from kit.errors import SettingsError
from kit.personal import personal_tables
from memory.privacy.forgetting import forget_events, forget_turns
from memory.privacy.kept import Kept
from memory.privacy.removal import everyone, remove_people, rows
from memory.privacy.tables import RetentionRun
from memory.tables import Customer, Event, Identity, Purchase, Turn

CHUNK = 500
EVERY = timedelta(days=1)
DEFAULT = "turns=730d,events=1095d,guests=90d,tickets=1825d"
_PERIOD = re.compile(r"([a-z_]+)=(keep|([1-9]\d{0,4})d)")


@dataclass(frozen=True)
class RetentionPolicy:
    """A period per kind of data; a kind without one is kept for ever."""

    periods: Mapping[str, timedelta] = field(default_factory=dict)

    @classmethod
    def parse(cls, said: str) -> "RetentionPolicy":
        """``turns=365d,guests=keep``; a kind that is not named has its default. Raises ``SettingsError``."""
        periods: dict[str, timedelta] = {}
        defaults = [part for part in DEFAULT.split(",") if part.partition("=")[0] in kinds()]
        for part in (*defaults, *filter(None, said.replace(" ", "").split(","))):
            match = _PERIOD.fullmatch(part)
            if match is None or match[1] not in kinds():
                raise SettingsError(
                    f"RAPPORT_RETENTION={said!r} is not valid: {part!r} should be KIND=DAYSd or KIND=keep, "
                    f"such as turns=730d; the kinds are {', '.join(kinds())}"
                )
            periods.pop(match[1], None)
            if match[3]:
                periods[match[1]] = timedelta(days=int(match[3]))
        return cls(periods)

    def __str__(self) -> str:
        periods = {kind: f"{self.periods[kind].days}d" if kind in self.periods else "keep" for kind in kinds()}
        return ",".join(f"{kind}={period}" for kind, period in periods.items())


def kinds() -> list[str]:
    """The kinds of data that can have a period: the memory's, and those that tables name."""
    return ["turns", "events", "guests", *sorted(_named())]


class Retention:
    """Removes what is older than the policy says, in units of work of ``CHUNK`` rows."""

    def __init__(self, memory: Kept, policy: RetentionPolicy) -> None:
        self._memory = memory
        self._database = memory.database
        self._clock = memory.clock
        self.policy = policy

    def due(self) -> bool:
        """Whether the last run is a day old."""
        with self._database.read() as session:
            newest: datetime | None = session.execute(select(func.max(col(RetentionRun.at)))).scalar_one()
        return newest is None or self._clock.now() - newest >= EVERY

    def overdue(self) -> dict[str, int]:
        """How many of each kind a run would remove now; nothing changes."""
        now = self._clock.now()
        with self._database.read() as session:
            counted = {kind: _count(session, _old(kind, now - period)) for kind, period in self.policy.periods.items()}
        return {kind: count for kind, count in counted.items() if count}

    def run(self) -> dict[str, int]:
        """Removes it; gives the rows by table, with what went along. A run cut short is gone on with by the next."""
        now = self._clock.now()
        counts: dict[str, int] = {}
        for kind, period in self.policy.periods.items():
            while gone := self._chunk(kind, now - period):
                for name, count in gone.items():
                    counts[name] = counts.get(name, 0) + count
        with self._database.begin() as session:
            session.merge(RetentionRun(at=now, counts=counts))
        return counts

    def _chunk(self, kind: str, before: datetime) -> dict[str, int]:
        with self._database.begin() as session:
            keys = [tuple(row) for row in session.execute(_old(kind, before).limit(CHUNK)).all()]
            if not keys:
                return {}
            ids = [str(key[0]) for key in keys]
            match kind:
                case "turns":
                    return forget_turns(session, self._memory, ids)
                case "events":
                    return forget_events(session, self._memory, ids)
                case "guests":
                    people = sorted({one for customer_id in ids for one in everyone(session, customer_id)})
                    return remove_people(session, self._memory.index, people)
                case _:
                    return _delete_rows(session, _named()[kind][0], keys)


def _count(session: Session, wanted: Select[Any]) -> int:
    count: int = session.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()
    return count


def _old(kind: str, before: datetime) -> Select[Any]:
    """The keys of what is older."""
    match kind:
        case "turns":
            return select(col(Turn.id)).where(col(Turn.at) < before).order_by(col(Turn.id))
        case "events":
            return select(col(Event.id)).where(col(Event.received_at) < before).order_by(col(Event.id))
        case "guests":
            return _silent_guests(before)
        case _:
            table, since = _named()[kind]
            keys = table.primary_key.columns
            wanted: Select[Any] = select(*keys)
            return wanted.where(table.c[since] < before).order_by(*keys)


def _silent_guests(before: datetime) -> Select[Any]:
    """Known by nothing but anonymous ids, without purchases or a matter of a kind that has its own period."""
    known = select(col(Identity.customer_id)).where(col(Identity.kind) != "anonymous")
    wanted = select(col(Customer.id)).where(
        col(Customer.merged_into).is_(None),
        col(Customer.created_at) < before,
        col(Customer.id).not_in(known),
        col(Customer.id).not_in(select(col(Purchase.customer_id))),
        col(Customer.id).not_in(select(col(Turn.customer_id)).where(col(Turn.at) >= before)),
        col(Customer.id).not_in(select(col(Event.customer_id)).where(col(Event.received_at) >= before)),
        col(Customer.id).not_in(select(col(Customer.merged_into)).where(col(Customer.merged_into).is_not(None))),
    )
    for personal in personal_tables(SQLModel.metadata):
        if personal.direct and personal.table.info.get("retention"):
            wanted = wanted.where(col(Customer.id).not_in(select(col(personal.column))))
    return wanted.order_by(col(Customer.id))


def _named() -> dict[str, tuple[Table, str]]:
    """The kinds that tables name: the table, and the column from which its rows' age counts."""
    tables = SQLModel.metadata.sorted_tables
    return {info[0]: (table, info[1]) for table in tables if (info := table.info.get("retention"))}


def _delete_rows(session: Session, table: Table, keys: list[tuple[Any, ...]]) -> dict[str, int]:
    """Deletes rows by key, after the rows of other tables that belong to them."""
    counts: dict[str, int] = {}
    columns = list(table.primary_key.columns)
    chosen = tuple_(*columns).in_(keys)
    for personal in reversed(personal_tables(SQLModel.metadata)):
        if personal.parent is not None and personal.parent.table is table:
            referred = next(iter(personal.column.foreign_keys)).column
            inner = delete(personal.table).where(personal.column.in_(select(referred).where(chosen)))
            counts[personal.table.name] = rows(session.execute(inner))
    counts[table.name] = rows(session.execute(delete(table).where(chosen)))
    return {name: count for name, count in counts.items() if count}

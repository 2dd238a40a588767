"""Turns that a second extractor has yet to read, as a table: claimed for a while, tried a few times, then given up.

At least once: a claim that is not settled in time can be claimed again. Entries are written in the turn's own unit of
work, and go with the one that adds what was read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from memory.tables import ExtractionTask, Turn

TRIES = 5
_LEASE = timedelta(minutes=5)
_FIRST_PAUSE = timedelta(seconds=30)
WAITING, GIVEN_UP = "waiting", "given up"


@dataclass(frozen=True)
class Standing:
    """How many turns wait to be read, and how many were given up."""

    waiting: int
    given_up: int


def enqueue(session: Session, turn_id: str, at: datetime) -> None:
    """Asks for a turn to be read again; asking twice is asking once."""
    if session.get(ExtractionTask, turn_id) is None:
        session.add(ExtractionTask(turn_id=turn_id, due_at=at))
        session.flush()


def claim(session: Session, now: datetime, most: int = 8) -> Sequence[ExtractionTask]:
    """Those due, oldest first, counted as tried and held for five minutes; no two workers get the same."""
    wanted = select(ExtractionTask).where(ExtractionTask.state == WAITING, col(ExtractionTask.due_at) <= now)
    wanted = wanted.order_by(col(ExtractionTask.due_at), ExtractionTask.turn_id).limit(most)
    found = session.exec(wanted.with_for_update(skip_locked=True)).all()
    for task in found:
        task.tries += 1
        task.due_at = now + _LEASE
        session.add(task)
    session.flush()
    return found


def settle(session: Session, turn_id: str) -> None:
    """It was read; nothing of it stays."""
    task = session.get(ExtractionTask, turn_id)
    if task is not None:
        session.delete(task)
        session.flush()


def put_off(session: Session, turn_id: str, trouble: str, now: datetime) -> bool:
    """It could not be read: later again, four times as long each time. Says whether it is given up instead."""
    task = session.get(ExtractionTask, turn_id)
    if task is None:
        return False
    task.trouble = trouble[:500]
    if task.tries >= TRIES:
        task.state = GIVEN_UP
    task.due_at = now + _FIRST_PAUSE * 4 ** (task.tries - 1)
    session.add(task)
    session.flush()
    return task.state == GIVEN_UP


def standing(session: Session) -> Standing:
    """What the queue holds."""
    counted = dict(session.exec(select(ExtractionTask.state, func.count()).group_by(ExtractionTask.state)).all())
    return Standing(counted.get(WAITING, 0), counted.get(GIVEN_UP, 0))


def turn_of(session: Session, task: ExtractionTask) -> Turn | None:
    """The turn to read, unless it was erased in the meantime or is not the customer's own."""
    turn = session.get(Turn, task.turn_id)
    return turn if turn is not None and turn.speaker == "customer" else None

"""Drains the queue of turns to read again: each is read once, added in one unit of work, or put off and tried again."""

import logging

from agents.extraction.adding import added
from agents.extraction.llm import LLMExtractor, Unreadable
from memory.door import Memory
from memory.extraction import queue
from memory.tables import ExtractionTask, Turn

log = logging.getLogger(__name__)


class Rereading:
    """The second reading of customers' turns. The model is asked outside of any unit of work."""

    def __init__(self, memory: Memory, extractor: LLMExtractor) -> None:
        self._memory = memory
        self._extractor = extractor

    def round(self, most: int = 8) -> int:
        """Reads what is due, at most so many turns; says how many it took up."""
        with self._memory.database.begin() as session:
            tasks = queue.claim(session, self._memory.clock.now(), most)
            turns = [(task, queue.turn_of(session, task)) for task in tasks]
        for task, turn in turns:
            self._one(task, turn)
        return len(turns)

    def standing(self) -> queue.Standing:
        """How many wait, and how many were given up."""
        with self._memory.database.read() as session:
            return queue.standing(session)

    def _one(self, task: ExtractionTask, turn: Turn | None) -> None:
        if turn is None:
            with self._memory.database.begin() as session:
                queue.settle(session, task.turn_id)
            return
        try:
            second = self._extractor.read(turn.text, turn.at)
        except Unreadable as error:
            with self._memory.database.begin() as session:
                given_up = queue.put_off(session, turn.id, error.message, self._memory.clock.now())
            if given_up:
                log.error("turn %s is given up after %d tries: %s", turn.id, task.tries, error.message)
            return
        first = self._memory.extractor.extract(turn.text, turn.at)
        more = added(first, second.extraction, self._memory.registry)
        with self._memory.database.begin() as session:
            there = session.get(Turn, turn.id)
            if there is not None:  # erased while the model was asked
                self._memory.of(session, there.customer_id).add_reading(turn.id, more, self._extractor.name)
            queue.settle(session, turn.id)

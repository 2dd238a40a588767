"""A conversation as one customer's memory: fresh, in a SQLite file, through the same door as a chat's turns.

Who speaks first is the customer, their turns are heard; the other's are said under their name.
Each session is a conversation of its own. Questions are asked a day after the last turn.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.benchmarks.locomo import Conversation
from kit.clock import SetClock
from kit.database import Database
from kit.ids import CustomerId
from kit.tokens import DeferredCounter
from kit.vectors.embedder import Embedder
from kit.vectors.index import SemanticIndex
from kit.vectors.store import ExactStore
from memory.customer_memory import CustomerMemory
from memory.door import Memory
from memory.extraction.deterministic import DeterministicExtractor


@contextmanager
def remembered(talk: Conversation, embedder: Embedder) -> Iterator[CustomerMemory]:
    """The customer's memory of the whole conversation, everything embedded, in a unit of work that only reads."""
    with TemporaryDirectory(prefix="rapport-bench-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'rapport.db'}")
        try:
            database.upgrade()
            index = SemanticIndex(database, embedder, ExactStore(database, embedder.name))
            clock = SetClock(max(turn.at for turn in talk.turns) + timedelta(days=1))
            memory = Memory(database, index, clock, DeterministicExtractor(), DeferredCounter())
            customer = _told(memory, talk)
            index.drain()
            with database.read() as session:
                yield memory.of(session, customer)
        finally:
            database.close()


def _told(memory: Memory, talk: Conversation) -> CustomerId:
    with memory.database.begin() as session:
        customer = memory.enter(session, {"anonymous": "bench"}, at=talk.turns[0].at, first_name=talk.first)
        me = memory.of(session, customer)
        for turn in talk.turns:
            thread = f"cnv_{turn.session}"
            if turn.speaker == talk.first:
                me.hear(turn.text, conversation_id=thread, channel="chat", message_id=turn.id, at=turn.at)
            else:
                me.say(
                    turn.text, conversation_id=thread, channel="chat", message_id=turn.id, speaker=turn.speaker,
                    at=turn.at,
                )  # fmt: skip
    return customer

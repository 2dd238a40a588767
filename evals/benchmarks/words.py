"""What shoppers write, for benchmarks: the demo shop's chats, the same ones on any machine."""

from datetime import UTC, datetime
from functools import cache

from tools.demo_shop import generate

_UNTIL = datetime(2026, 3, 2, tzinfo=UTC)


@cache
def shoppers_words() -> tuple[str, ...]:
    """The distinct messages of the demo shop's customers, some hundreds, in the order of time."""
    lines = generate(until=_UNTIL)
    said = (str(line["text"]) for line in lines if line["type"] == "turn" and line["speaker"] == "customer")
    return tuple(dict.fromkeys(said))

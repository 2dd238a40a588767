"""What an agent's turn streams to whoever started it."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["token", "tool", "proposal", "handoff", "message", "error", "done"]


@dataclass(frozen=True)
class StreamEvent:
    """One event of a turn.

    ``token``: ``text`` released after its check. ``tool``: ``name``, ``arguments``, ``state`` (started, finished) and,
    when finished, ``result``. ``handoff``: ``ticket_id``, ``reason``. ``message``: the whole reply, which supersedes
    the tokens. ``error``: ``code``, ``message``. ``done``: sent only after the commit, with everything that was done.
    """

    kind: Kind
    data: dict[str, Any]

"""What comes back: one recalled item."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Recalled:
    """One item that came back. ``why`` has the contributions that ``score`` is the sum of, where asked for.

    ``kind`` is ``turn``, ``fact``, ``wish``, ``word`` (the free text of an event) or ``event``.
    A turn has its conversation (``thread``) and its position in it (``place``).
    """

    item_id: str
    kind: str
    text: str
    at: datetime
    details: Mapping[str, str]
    score: float
    why: Mapping[str, float] = field(default_factory=dict)
    thread: str = ""
    place: int = 0

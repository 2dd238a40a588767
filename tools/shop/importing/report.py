"""What an import needs, and what it tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kit.clock import Clock
from kit.database import Database
from kit.errors import InvalidInput
from kit.vectors.index import SemanticIndex
from memory.door import Memory

Progress = Callable[[int, int], None]
"""Told after each batch: how many lines are done, and how many there are."""

_LISTED = 20


class Parts(Protocol):
    """What an import works with; a ``ToolContext`` has it all."""

    @property
    def database(self) -> Database: ...

    @property
    def index(self) -> SemanticIndex: ...

    @property
    def memory(self) -> Memory: ...

    @property
    def clock(self) -> Clock: ...


@dataclass(frozen=True)
class Rejected:
    """A bad line: its number in the file, from 1, and a reason that names field and value."""

    line: int
    reason: str


@dataclass
class ImportReport:
    """How many things of each type were new, changed, or the same as before; and what was rejected."""

    kind: str
    counts_new: dict[str, int] = field(default_factory=dict)
    counts_changed: dict[str, int] = field(default_factory=dict)
    counts_same: dict[str, int] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)

    def count(self, status: str, thing: str, number: int = 1) -> None:
        """Adds to the counts of ``new``, ``changed`` or ``same``."""
        counts = {"new": self.counts_new, "changed": self.counts_changed, "same": self.counts_same}[status]
        counts[thing] = counts.get(thing, 0) + number


class ImportRejected(InvalidInput):
    """Some lines of the file are bad; nothing was written."""

    code = "import_rejected"

    def __init__(self, rejected: Sequence[Rejected], lines: int) -> None:
        self.rejected = list(rejected)
        shown = [f"line {bad.line}: {bad.reason}" for bad in self.rejected[:_LISTED]]
        if len(self.rejected) > _LISTED:
            shown.append(f"and {len(self.rejected) - _LISTED:,} more")
        head = f"{len(self.rejected):,} of {lines:,} lines are bad, so nothing was written"
        super().__init__("\n".join((head, *shown)))

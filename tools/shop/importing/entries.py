"""One thing to import, where it stands in its file, and whether it was imported before."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import insert
from sqlmodel import Session, col, select

from tools.shop.importing.records import Record
from tools.shop.tables import ImportedLine

Verdict = Literal["new", "changed", "same"]
_PIECE = 500


Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """``line`` counts from 1; ``key`` is kind and digest of the id; ``digest`` is of the content, however formatted."""

    line: int
    record: Record
    key: Key
    digest: str

    @classmethod
    def of(cls, line: int, record: Record, content: Any) -> "Entry":
        """The entry of a record that was read from this JSON content."""
        return cls(line, record, (record.kind, digest_of(record.key)), digest_of(content))


def digest_of(content: Any) -> str:
    """A digest of JSON content; the order of an object's fields does not count."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Ledger:
    """What was imported from one source: per thing the digest of its newest content."""

    def __init__(self, source: str) -> None:
        self._source = source

    def known(self, session: Session, keys: Iterable[Key]) -> dict[Key, str]:
        """The digests of those that were imported before."""
        by_kind: dict[str, list[str]] = {}
        for kind, key in keys:
            by_kind.setdefault(kind, []).append(key)
        found: dict[Key, str] = {}
        for kind, kind_keys in by_kind.items():
            for start in range(0, len(kind_keys), _PIECE):
                wanted = select(ImportedLine.key, ImportedLine.digest).where(
                    ImportedLine.source == self._source,
                    ImportedLine.kind == kind,
                    col(ImportedLine.key).in_(kind_keys[start : start + _PIECE]),
                )
                found.update({(kind, key): digest for key, digest in session.exec(wanted).all()})
        return found

    def remember(self, session: Session, entries: Sequence[Entry]) -> None:
        """Keeps what was written, in the writer's unit of work."""
        newest = {entry.key: entry.digest for entry in entries}
        known = self.known(session, newest)
        rows = {
            key: {"source": self._source, "kind": key[0], "key": key[1], "digest": digest}
            for key, digest in newest.items()
        }
        for key in known:
            session.merge(ImportedLine(**rows.pop(key)))
        session.flush()
        if rows:
            session.execute(insert(ImportedLine), list(rows.values()))


class Verdicts:
    """Says of each entry of a file, in order, whether it is new, changes what is known, or says the same again.

    Where a file tells of one thing more than once, what it says last counts as what it says.
    """

    def __init__(self, known: dict[Key, str], entries: Iterable[Entry]) -> None:
        self._known = known
        self._last = {entry.key: entry.digest for entry in entries}
        self._seen: dict[Key, str] = {}

    def of(self, entry: Entry) -> Verdict:
        """The verdict; the entry is taken in as seen unless it is the same."""
        key = entry.key
        before = self._seen.get(key, self._known.get(key))
        if before == entry.digest or (key not in self._seen and before == self._last[key]):
            return "same"
        self._seen[key] = entry.digest
        return "new" if before is None else "changed"

"""Tombstones beside the database: an append-only file of keyed digests that no restore of the database loses.

``tombstones.jsonl`` has one line an erasure: its receipt's id and time, and an HMAC-SHA-256 of each id and identity.
The key (``tombstones.key``, mode 0600) never leaves the data directory but in its backups. A restore from elsewhere
adds that side's key to the file, so that the lines of both sides can be told.
"""

import contextlib
import fcntl
import hashlib
import hmac
import json
import logging
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kit.clock import as_utc
from kit.files import made_once, sync_folder, written_whole

log = logging.getLogger(__name__)

FILE = "tombstones.jsonl"
KEYS = "tombstones.key"

Identifier = tuple[str, str]  # kind (customer, email, phone …) and value


@dataclass(frozen=True)
class Buried:
    """One line: an erasure, and the digests of whom it erased."""

    erasure_id: str
    erased_at: datetime
    digests: Sequence[str]

    def to_line(self) -> bytes:
        written = {"erasure": self.erasure_id, "erased_at": self.erased_at.isoformat(), "digests": list(self.digests)}
        return json.dumps(written).encode() + b"\n"


class Tombstones:
    """The tombstones of one data directory. Nothing is read or made before it is needed."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self.key_file = folder / KEYS
        self._read_keys: list[bytes] = []

    def digests(self, identifiers: Iterable[Identifier]) -> list[str]:
        """The digests to write for these, by the key in force."""
        key = self._keys()[0]
        return sorted({_digest(key, kind, value) for kind, value in identifiers})

    def candidates(self, kind: str, value: str) -> list[str]:
        """What an identifier's digest may be, by any key there has been."""
        return [_digest(key, kind, value) for key in self._keys()]

    def append(self, buried: Buried) -> None:
        """Adds a line that lasts through a power cut once this returns."""
        made = not self.file.exists()
        descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            size = handle.seek(0, os.SEEK_END)
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            handle.write((b"\n" if torn else b"") + buried.to_line())
            os.fsync(handle.fileno())
        if made:
            sync_folder(self.file.parent)

    def count(self) -> int:
        """How many lines there are: what an open compares with the database's receipts."""
        if not self.file.exists():
            return 0
        with self.file.open("rb") as handle:
            return sum(1 for line in handle if line.endswith(b"\n") and line.strip())

    def lines(self) -> list[Buried]:
        """All of them. A line cut short by a crash was never acknowledged, and is left out."""
        if not self.file.exists():
            return []
        return [line for raw in self.file.read_bytes().split(b"\n") if (line := _read(raw))]

    def take_in(self, other: "Tombstones") -> None:
        """Adds another directory's lines and keys to these; what both have stays once."""
        keys = list(dict.fromkeys([*self.known_keys(), *other.known_keys()]))
        if keys:
            with written_whole(self.key_file) as handle:
                handle.write(b"".join(key.hex().encode() + b"\n" for key in keys))
        self._read_keys = []
        there = {line.erasure_id for line in self.lines()}
        for line in other.lines():
            if line.erasure_id not in there:
                self.append(line)

    def _keys(self) -> list[bytes]:
        if not self._read_keys:
            made_once(self.key_file, secrets.token_hex(32).encode() + b"\n")
            self._read_keys = self.known_keys()
        return self._read_keys

    def known_keys(self) -> list[bytes]:
        """The keys there are, the one in force first."""
        if not self.key_file.exists():
            return []
        return [bytes.fromhex(line) for line in self.key_file.read_text("ascii").split()]


def _digest(key: bytes, kind: str, value: str) -> str:
    said = f"{kind}\x1f{value}".encode("utf-8", "surrogatepass")
    return hmac.digest(key, said, hashlib.sha256).hex()


def _read(raw: bytes) -> Buried | None:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        said = json.loads(raw)
        return Buried(str(said["erasure"]), as_utc(datetime.fromisoformat(said["erased_at"])), tuple(said["digests"]))
    if raw.strip():
        log.warning("a line of %s cannot be read and is left out", FILE)
    return None

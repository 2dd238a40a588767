"""Files that are written whole or not at all, for their owner's eyes only."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to write into that takes ``path``'s place (mode 0600, synced) when the block ends well, and never else."""
    aside = path.with_name(f".{path.name}-{secrets.token_hex(8)}.part")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def made_once(path: Path, content: bytes) -> bytes:
    """What the file holds; ``content`` if it was not there. Two processes that make it at once agree on one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}-{secrets.token_hex(8)}.part")
        with written_whole(aside) as handle:
            handle.write(content)
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
        sync_folder(path.parent)
    return path.read_bytes()


def sync_folder(folder: Path) -> None:
    """Makes what was created or renamed in a folder last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

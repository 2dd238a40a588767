"""Progress bars on stderr for what takes its time."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kit.vectors.index import SemanticIndex


@contextlib.contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar, as a function that is told how much is done and how much there is."""
    with click.progressbar(range(1), label=f"  {label:<9}", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


@contextlib.contextmanager
def counting(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar, as a function that is told how many more are done."""
    done = 0
    with progress(label) as shown:

        def count(more: int) -> None:
            nonlocal done
            done += more
            shown(done, max(done, total))

        yield count


def drain_with_progress(index: "SemanticIndex") -> None:
    """Embeds and indexes what is waiting."""
    if pending := index.pending():
        with counting("indexing", pending) as count:
            index.drain(count)

"""Fresh memory without what was in it before, for libraries that write memory to files before they fill it.

hnswlib, inside Chroma, writes its whole ``length.bin`` from memory it never initialised: pieces of vectors that were
freed elsewhere in the process stand in it (measured: an erased customer's vectors in a store made anew).
Where the C library is glibc, ``M_PERTURB`` blanks what is allocated and what is freed meanwhile, and ``malloc_trim``
gives free pages back (mallopt(3), malloc_trim(3)). Elsewhere nothing is done.
"""

import contextlib
import ctypes
from collections.abc import Iterator

_M_PERTURB = -6
_BLANK = 0xFF  # freed memory is filled with this, allocated memory with its complement: zeros


@contextlib.contextmanager
def blank_memory() -> Iterator[None]:
    """Within, memory that this process allocates holds zeros, and memory that it frees is overwritten."""
    try:
        library = ctypes.CDLL(None)
        mallopt, trim = library.mallopt, library.malloc_trim
    except (AttributeError, OSError):
        yield
        return
    trim(0)
    mallopt(_M_PERTURB, _BLANK)
    try:
        yield
    finally:
        mallopt(_M_PERTURB, 0)

"""How many tokens a text costs a model.

tiktoken fetches its vocabulary over the network on first use. Where it is neither cached nor reachable,
the count is the number of UTF-8 bytes: every token of a byte-level encoding stands for at least one byte,
so the bound cannot be too low. Such counts are marked as estimates.
"""

import contextlib
import logging
import os
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

log = logging.getLogger(__name__)

ENCODING = "o200k_base"
LOAD_TIMEOUT_S = 5.0
_SOURCE = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"


class TokenCounter:
    """Counts tokens of ``o200k_base``."""

    def __init__(self, encode: Callable[[str], list[int]] | None) -> None:
        self._encode = encode

    @property
    def exact(self) -> bool:
        """Whether counts are counts, not upper bounds."""
        return self._encode is not None

    def count(self, text: str) -> int:
        """Tokens in ``text``; never fewer than the model will count."""
        if self._encode is None:
            return len(text.encode("utf-8", "surrogatepass"))
        return len(self._encode(text))

    def describe(self, count: int) -> str:
        """``812 tokens``, or ``≤ 3,240 tokens (estimate)``."""
        return f"{count:,} tokens" if self.exact else f"≤ {count:,} tokens (estimate)"


class DeferredCounter(TokenCounter):
    """The process's counter, looked for when something is counted: not while a command starts."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""

    @property
    def exact(self) -> bool:
        return token_counter().exact

    def count(self, text: str) -> int:
        return token_counter().count(text)


@cache
def token_counter(reach_network: bool = True) -> TokenCounter:
    """The process's counter; says once when it has to estimate."""
    if not (_cached() or reach_network):
        return _estimating("its vocabulary is not cached")
    loaded: list[Callable[[str], list[int]]] = []
    thread = threading.Thread(target=_load, args=(loaded,), daemon=True)
    thread.start()
    thread.join(LOAD_TIMEOUT_S)
    return TokenCounter(loaded[0]) if loaded else _estimating("not reachable")


def _load(into: list[Callable[[str], list[int]]]) -> None:
    """Loads the vocabulary, on a thread of its own: where packets are dropped, tiktoken would wait for minutes."""
    import tiktoken

    with contextlib.suppress(Exception):  # tiktoken lets every error of its HTTP client and its file cache through
        encoding = tiktoken.get_encoding(ENCODING)
        into.append(lambda text: encoding.encode(text, disallowed_special=()))


def _estimating(reason: str) -> TokenCounter:
    log.warning(
        "token counts are upper bounds (bytes), not counts: tiktoken's vocabulary is not to be had (%s)",
        reason,
    )
    return TokenCounter(None)


def _cached() -> bool:
    """Whether tiktoken finds its vocabulary without the network (its cache is named by the SHA-1 of the address)."""
    import hashlib

    folder = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    folder = folder or str(Path(tempfile.gettempdir()) / "data-gym-cache")
    return (Path(folder) / hashlib.sha1(_SOURCE.encode(), usedforsecurity=False).hexdigest()).exists()

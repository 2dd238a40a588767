"""Running the application on an address: bound first, so that a port in use is said in words."""

import contextlib
import errno
import socket
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from fastapi import FastAPI

from kit.errors import RapportError

_GRACE_S = 25


class PortInUse(RapportError):
    """Another program listens on this port already."""

    code = "port_in_use"


@contextlib.contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """A listening address. Raises ``PortInUse``, or ``OSError`` with the address in its message."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen(256)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUse(
                    f"port {port} on {host} is in use; stop what listens there, or take another with --port "
                    "or RAPPORT_PORT"
                ) from None
            raise OSError(error.errno, f"cannot listen on {host} port {port}: {error.strerror}") from None
        yield listening


class _Server(uvicorn.Server):
    """A server that says when it takes requests."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def run(app: FastAPI, listening: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serves until stopped by a signal; turns in progress may end first."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=_GRACE_S
    )
    server: Any = _Server(config, on_ready)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


def url_of(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"

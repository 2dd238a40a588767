"""What the routes share: the runtime and the edge's own parts, made once per app."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from agents.runtime import Runtime
from api.access.door import Door
from api.access.limits import RateLimit
from api.housekeeping import Housekeeper
from api.turns import Turns
from api.worker import IndexWorker, ReadingWorker


@dataclass
class Readiness:
    """How far the start has come."""

    warm: bool = False
    problem: str | None = None


@dataclass(frozen=True)
class Service:
    """One running service."""

    runtime: Runtime
    door: Door
    turns: Turns
    worker: IndexWorker
    housekeeper: Housekeeper
    demo: bool
    reader: ReadingWorker | None = None
    readiness: Readiness = field(default_factory=Readiness)
    sign_ins: RateLimit = field(default_factory=lambda: RateLimit("tries to sign in", burst=10, per_minute=10))
    guests: RateLimit = field(default_factory=lambda: RateLimit("new sessions", burst=120, per_minute=120))
    messages: RateLimit = field(default_factory=lambda: RateLimit("messages", burst=60, per_minute=60))


def of(request: Request) -> Service:
    """The service that this request came to."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service


def address(request: Request) -> str:
    """Where the request came from."""
    return request.client.host if request.client else "unknown"


Here = Annotated[Service, Depends(of)]

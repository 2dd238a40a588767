"""The HTTP application: its parts put together around a runtime."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from fastapi import FastAPI

from agents.runtime import Runtime
from api import errors
from api.access.door import Door
from api.access.secret import load_secret
from api.access.tokens import Signer
from api.edge import BodyLimit, RequestEdge
from api.openapi import describe
from api.routes import catalog, chat, customers, demo, health, marketing, pages, sessions
from api.service import Service
from api.turns import Turns
from api.worker import IndexWorker, ReadingWorker

log = logging.getLogger(__name__)

_TURNS_END_WITHIN_S = 20.0


def create_app(runtime: Runtime, *, demo_shop: bool = False) -> FastAPI:
    """The application. ``demo_shop`` adds signing in as a demo customer without a password: never for a real shop.

    It takes the runtime over: closing the application closes it.
    """
    app = FastAPI(
        title="Rapport",
        description="Support chat and marketing agent on one lasting memory per customer.",
        version="0.1.0",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = Service(
        runtime=runtime,
        door=make_door(runtime),
        turns=Turns(),
        worker=IndexWorker(runtime.index),
        demo=demo_shop,
        reader=ReadingWorker(runtime.rereading) if runtime.rereading else None,
    )
    for module in (chat, marketing, customers, catalog, sessions, health, pages):
        app.include_router(module.router)
    if demo_shop:
        app.include_router(demo.router)
    pages.mount_files(app)
    errors.install(app)
    describe(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestEdge)  # added last, so passed first
    return app


def make_door(runtime: Runtime) -> Door:
    """Who may come in to this runtime's shop."""
    signer = Signer(load_secret(runtime.settings), runtime.clock)
    return Door(runtime.database, runtime.memory, signer, runtime.clock)


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    warming = asyncio.create_task(_warm_up(service))
    try:
        yield
    finally:
        await service.turns.finish(_TURNS_END_WITHIN_S)
        await asyncio.wait([warming])
        await asyncio.to_thread(service.worker.stop)
        if service.reader is not None:
            await asyncio.to_thread(service.reader.stop)
        await service.runtime.aclose()


async def _warm_up(service: Service) -> None:
    """Loads the embedder while requests are answered already; then the index worker begins."""
    try:
        await asyncio.to_thread(service.runtime.warm_up)
    except Exception as error:
        log.exception("the embedder could not be loaded")
        service.readiness.problem = f"cannot be loaded ({type(error).__name__}); `./rapport doctor` says more"
        return
    service.readiness.warm = True
    service.worker.start()
    if service.reader is not None:
        service.reader.start()

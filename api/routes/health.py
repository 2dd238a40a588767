"""Whether the service lives, and whether it is ready to answer."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

from api.schema import schema_state
from api.service import Here, Service
from kit.errors import RapportError

router = APIRouter(tags=["operation"])


@router.get("/healthz")
@router.head("/healthz", include_in_schema=False)
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
@router.head("/readyz", include_in_schema=False)
def readyz(service: Here) -> JSONResponse:
    """Whether requests will be answered: 200 or 503, with what each part says."""
    checks = {"database": _database(service), "schema": _schema(service), "embedder": _embedder(service)}
    ready = all(said == "ok" for said in checks.values())
    body: dict[str, Any] = {"status": "ready" if ready else "not ready", "checks": checks}
    if checks["database"] == "ok":
        body["index_pending"] = service.runtime.index.pending()
        body["model"] = service.runtime.model_name
    return JSONResponse(body, 200 if ready else 503)


def _database(service: Service) -> str:
    try:
        with service.runtime.database.read() as session:
            session.connection().exec_driver_sql("SELECT 1")
    except RapportError as error:
        return error.message
    return "ok"


def _schema(service: Service) -> str:
    try:
        stands, newest = schema_state(service.runtime.database)
    except Exception:
        return "cannot be read"
    return "ok" if stands == newest else f"stands at {stands}, the newest is {newest}; run `./rapport db upgrade`"


def _embedder(service: Service) -> str:
    if service.readiness.problem is not None:
        return service.readiness.problem
    return "ok" if service.readiness.warm else "loading"

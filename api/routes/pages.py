"""The web pages: the shop at ``/``, the console at ``/console``, and what they load from ``/web``."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

WEB = Path(__file__).resolve().parent.parent / "web"
_FRESH = {"Cache-Control": "no-cache"}  # asked for again each time, answered 304 while unchanged

router = APIRouter(include_in_schema=False)


class _Files(StaticFiles):
    """Static files that a browser asks about each time, so that an upgrade shows at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_FRESH)
        return response


@router.api_route("/", methods=["GET", "HEAD"])
async def shop_page() -> FileResponse:
    """The shop with the chat."""
    return FileResponse(WEB / "shop" / "index.html", headers=_FRESH)


@router.api_route("/console", methods=["GET", "HEAD"])
async def console_page() -> FileResponse:
    """The marketer's console."""
    return FileResponse(WEB / "console" / "index.html", headers=_FRESH)


@router.api_route("/favicon.ico", methods=["GET", "HEAD"])
async def favicon() -> FileResponse:
    """The little picture in the browser's tab."""
    return FileResponse(WEB / "icon.svg", media_type="image/svg+xml", headers=_FRESH)


def mount_files(app: FastAPI) -> None:
    """Serves what the pages load."""
    app.mount("/web", _Files(directory=WEB), name="web")

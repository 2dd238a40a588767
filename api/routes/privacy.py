"""Export, erasure and forgetting: for shoppers of their own memory, for colleagues of a customer's."""

import tempfile
from collections.abc import Iterator
from typing import IO, Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from api.access.guards import Colleague, SignedInShopper
from api.routes.fields import Id
from api.service import Here, Service

router = APIRouter(prefix="/v1", tags=["privacy"])

_CHUNK = 1 << 16


class Confirmed(BaseModel):
    """A yes that cannot be given by accident: erasing cannot be undone."""

    model_config = ConfigDict(extra="forbid")

    confirm: Annotated[Literal["erase"], Field(description="the word erase")]


@router.get("/me/export")
def export_own(shopper: SignedInShopper, service: Here) -> StreamingResponse:
    """Everything the shop keeps about the shopper who asks, as one JSON file."""
    return _file(service, shopper.customer_id)


@router.post("/me/erase")
def erase_own(confirmed: Confirmed, shopper: SignedInShopper, service: Here) -> dict[str, Any]:  # noqa: ARG001
    """Erases everything about the shopper who asks; gives the receipt. Their session is over then."""
    return service.runtime.privacy.erase(shopper.customer_id).to_json()


@router.delete("/me/memory/{item_id}")
def forget_own(item_id: Id, shopper: SignedInShopper, service: Here) -> dict[str, Any]:
    """Forgets one turn, event, fact or wish of the shopper who asks, and what stood on nothing else."""
    with service.runtime.database.begin() as session:
        return {"forgotten": service.runtime.memory.of(session, shopper.customer_id).forget(item_id)}


@router.get("/customers/{customer_id}/export")
def export_customer(customer_id: Id, staff: Colleague, service: Here) -> StreamingResponse:  # noqa: ARG001
    """Everything the shop keeps about a customer, as one JSON file."""
    with service.runtime.database.read() as session:
        found = service.runtime.memory.of(session, customer_id).customer_id
    return _file(service, found)


@router.post("/customers/{customer_id}/erase")
def erase_customer(customer_id: Id, confirmed: Confirmed, staff: Colleague, service: Here) -> dict[str, Any]:  # noqa: ARG001
    """Erases everything about a customer; gives the receipt."""
    return service.runtime.privacy.erase(customer_id).to_json()


@router.get("/erasures/{receipt_id}")
def show_receipt(receipt_id: Id, service: Here) -> dict[str, Any]:
    """How far an erasure has come. Whoever holds a receipt may ask: it names nobody."""
    return service.runtime.privacy.receipt(receipt_id).to_json()


def _file(service: Service, customer_id: str) -> StreamingResponse:
    """The export from a nameless file, so that a slow reader keeps no view of the database open."""
    spool = tempfile.TemporaryFile(dir=service.runtime.settings.data)  # noqa: SIM115 - closed by the stream
    try:
        service.runtime.privacy.export(customer_id, spool)
    except BaseException:
        spool.close()
        raise
    size = spool.tell()
    spool.seek(0)
    headers = {
        "Content-Disposition": f'attachment; filename="{customer_id}.json"',
        "Content-Length": str(size),
    }
    return StreamingResponse(_chunks(spool), media_type="application/json", headers=headers)


def _chunks(spool: IO[bytes]) -> Iterator[bytes]:
    with spool:
        while chunk := spool.read(_CHUNK):
            yield chunk

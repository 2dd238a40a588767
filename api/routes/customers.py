"""Customers for colleagues, and a shopper's own memory."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.access.guards import Colleague, Marketer, SignedInShopper
from api.memory_view import find_customers, merge_view, own_memory, whole_memory
from api.routes.fields import NO_NUL, Id
from api.service import Here

router = APIRouter(prefix="/v1", tags=["customers"])


class Correction(BaseModel):
    """What a fact should say instead."""

    model_config = ConfigDict(extra="forbid")

    value: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]


class MergeWith(BaseModel):
    """The other customer, who is the same person."""

    model_config = ConfigDict(extra="forbid")

    other: Annotated[Id, Field(alias="with")]


@router.get("/customers")
def search_customers(
    staff: Colleague,  # noqa: ARG001 - only asked for
    service: Here,
    query: Annotated[str, Query(max_length=200, pattern=NO_NUL)] = "",
) -> dict[str, Any]:
    """Customers by name, e-mail, phone or id; without a query those heard last."""
    with service.runtime.database.read() as session:
        return {"customers": find_customers(session, query)}


@router.get("/customers/{customer_id}")
def show_customer(customer_id: Id, staff: Colleague, service: Here) -> dict[str, Any]:  # noqa: ARG001
    """One customer's memory: facts and wishes with quotes, consents, orders, timeline."""
    with service.runtime.database.read() as session:
        return whole_memory(service.runtime.memory, session, customer_id)


@router.post("/customers/{customer_id}/merge")
def merge_customers(customer_id: Id, wanted: MergeWith, staff: Marketer, service: Here) -> dict[str, Any]:
    """Makes one customer of two; the answer names who survives, and the merge, which can be undone."""
    memory = service.runtime.memory
    with service.runtime.database.begin() as session:
        return merge_view(memory.merge(session, customer_id, wanted.other, reason=f"by {staff.name}"))


@router.post("/merges/{merge_id}/undo")
def undo_merge(merge_id: Id, staff: Marketer, service: Here) -> dict[str, Any]:  # noqa: ARG001
    """Makes two customers of one again, each with what was theirs."""
    with service.runtime.database.begin() as session:
        return merge_view(service.runtime.memory.unmerge(session, merge_id))


@router.get("/me/memory")
def show_own_memory(shopper: SignedInShopper, service: Here) -> dict[str, Any]:
    """What the shop remembers of the shopper who asks."""
    with service.runtime.database.read() as session:
        return own_memory(service.runtime.memory, session, shopper.customer_id)


@router.patch("/me/memory/{fact_id}")
def correct_own_memory(fact_id: Id, correction: Correction, shopper: SignedInShopper, service: Here) -> dict[str, Any]:
    """Corrects one fact about the shopper who asks; answers with the fact that takes its place, under its own id."""
    with service.runtime.database.begin() as session:
        memory = service.runtime.memory.of(session, shopper.customer_id)
        return dict(memory.correct(fact_id, correction.value).to_json())

"""Signing in as a customer of the demo shop without a password. Mounted for the demo only."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from sqlmodel import select

from api.demo_shoppers import demo_shoppers
from api.routes.fields import Id
from api.service import Here, address
from kit.errors import NotFound
from memory.tables import Identity

router = APIRouter(prefix="/v1/demo", tags=["demo"])


class ShopAs(BaseModel):
    """Whom to be."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Id


@router.get("/shoppers")
def list_shoppers(service: Here) -> dict[str, Any]:
    """A handful of customers worth being, with what makes them so."""
    with service.runtime.database.read() as session:
        return {"shoppers": [shopper.to_json() for shopper in demo_shoppers(session)]}


@router.post("/session", status_code=201)
def shop_as(wanted: ShopAs, request: Request, service: Here) -> dict[str, Any]:
    """A token such as the shop would sign for this customer."""
    service.guests.take(address(request))
    with service.runtime.database.read() as session:
        email = session.exec(
            select(Identity.value).where(Identity.customer_id == wanted.customer_id, Identity.kind == "email")
        ).first()
    if email is None:
        raise NotFound(f"there is no demo customer {wanted.customer_id!r}; GET /v1/demo/shoppers lists them")
    return {"token": service.door.token_for({"email": email}), "customer_id": wanted.customer_id}

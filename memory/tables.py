"""The memory's tables. Only customers' own words and events make facts; nothing here is an agent's opinion."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from kit.database import UtcDateTime


def _json() -> Any:
    return Field(sa_column=Column(JSON, nullable=False))


class Customer(SQLModel, table=True):
    """A person, known or anonymous. ``merged_into`` is set once this one turned out to be another."""

    id: str = Field(primary_key=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    first_name: str = ""
    last_name: str = ""
    timezone: str = "UTC"
    merged_into: str | None = Field(default=None, foreign_key="customer.id", index=True)


class Identity(SQLModel, table=True):
    """A key that leads to one customer: ``email``, ``phone``, ``anonymous`` or the shop's own id (``shop``)."""

    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customer.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class Conversation(SQLModel, table=True):
    """The turns of one thread on one channel."""

    id: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customer.id", index=True)
    channel: str
    started_at: datetime = Field(sa_type=UtcDateTime)


class Turn(SQLModel, table=True):
    """One chat message, verbatim. ``message_id`` is the client's own, so that a retry changes nothing.

    ``position`` counts a conversation's turns from 0: it orders turns of the same moment.
    """

    __table_args__ = (
        UniqueConstraint("conversation_id", "message_id", name="uq_turn_message"),
        Index("ix_turn_customer_at", "customer_id", "at"),
    )

    id: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customer.id")
    conversation_id: str = Field(foreign_key="conversation.id")
    message_id: str
    position: int
    speaker: str  # customer, agent or desk
    text: str
    at: datetime = Field(sa_type=UtcDateTime)
    reply_to: str | None = None
    tool_calls: list[dict[str, Any]] = _json()
    made_by: dict[str, Any] = _json()  # the model and the prompts' versions behind an agent's turn


class Event(SQLModel, table=True):
    """Something that happened, append-only. ``source`` and ``source_id`` make a repeated one the same one."""

    __table_args__ = (
        UniqueConstraint("source", "source_id", name="uq_event_source"),
        Index("ix_event_customer_at", "customer_id", "at"),
        Index("ix_event_name_at", "name", "at"),
    )

    id: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customer.id")
    source: str
    source_id: str
    name: str
    at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)
    product_id: str | None = Field(default=None, index=True)
    variant_id: str | None = Field(default=None, index=True)
    properties: dict[str, Any] = _json()
    text: str | None = None


class Fact(SQLModel, table=True):
    """Something true of a customer. ``held_*``: when it was so; ``believed_*``: when we thought so."""

    __table_args__ = (Index("ix_fact_customer_attribute", "customer_id", "attribute"),)

    id: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customer.id")
    attribute: str
    value: str
    confidence: float
    extractor: str
    held_from: datetime = Field(sa_type=UtcDateTime)
    held_to: datetime | None = Field(default=None, sa_type=UtcDateTime)
    believed_from: datetime = Field(sa_type=UtcDateTime)
    believed_to: datetime | None = Field(default=None, sa_type=UtcDateTime)


class FactSource(SQLModel, table=True):
    """A turn or event that says a fact, with the words that say it. A fact dies with its last source."""

    __tablename__ = "fact_source"

    fact_id: str = Field(primary_key=True, foreign_key="fact.id")
    source_id: str = Field(primary_key=True)  # trn_… or evt_…
    quote: str
    at: datetime = Field(sa_type=UtcDateTime)


class Wish(SQLModel, table=True):
    """Something a customer wants and has not got; ``requirements`` are ``[attribute, value]`` pairs."""

    __table_args__ = (Index("ix_wish_customer", "customer_id"), Index("ix_wish_status_item", "status", "item"))

    id: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customer.id")
    item: str
    requirements: list[list[str]] = _json()
    quote: str
    source_id: str
    extractor: str
    status: str = "open"  # open, met, expired, withdrawn
    voiced_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: str | None = None


class Consent(SQLModel, table=True):
    """A yes or no to messages on a channel; the newest counts, the others are its history."""

    __table_args__ = (UniqueConstraint("customer_id", "channel", "at", name="uq_consent"),)

    id: int | None = Field(default=None, primary_key=True)
    customer_id: str = Field(foreign_key="customer.id")
    channel: str
    granted: bool
    at: datetime = Field(sa_type=UtcDateTime)
    source: str
    quote: str = Field(default="", sa_column_kwargs={"server_default": ""})  # the words that say so, if there were any
    turn_id: str | None = None  # the turn they stand in


class Purchase(SQLModel, table=True):
    """Memory's projection of one order line, written in the order's own unit of work."""

    __table_args__ = (Index("ix_purchase_customer_at", "customer_id", "at"),)

    order_id: str = Field(primary_key=True)
    line: int = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customer.id")
    product_id: str = Field(index=True)
    variant_id: str
    product_name: str
    quantity: int
    unit_minor: int
    currency: str
    at: datetime = Field(sa_type=UtcDateTime)
    kept: bool = True  # false once cancelled or sent back

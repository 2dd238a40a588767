"""The memory's tables. Only customers' own words and events make facts; nothing here is an agent's opinion."""

from datetime import date, datetime
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
    """A key that leads to one customer: ``email``, ``phone``, ``anonymous``, ``device``, ``shop``, ``external:NAME``.

    ``source`` brought it, and once ``verified_at`` is set, vouches for it: a sign-in, an import.
    """

    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customer.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    source: str = ""
    verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Merge(SQLModel, table=True):
    """Two customers that turned out to be one: ``absorbed_id``'s rows moved to ``survivor_id``.

    ``evidence`` are ``[kind, value]`` pairs of identities and ``filled`` what the survivor took over of name and
    timezone. Both are emptied when the merge is undone, for then they tell of somebody else.
    """

    __table_args__ = ({"info": {"merging": "stays"}},)

    id: str = Field(primary_key=True)  # mrg_…
    survivor_id: str = Field(foreign_key="customer.id", index=True)
    absorbed_id: str = Field(index=True, sa_column_kwargs={"info": {"customer": True}})
    at: datetime = Field(sa_type=UtcDateTime)
    reason: str
    evidence: list[list[str]] = _json()
    filled: dict[str, str] = _json()
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MergedRow(SQLModel, table=True):
    """A row that a merge moved; ``row_key`` is its primary key as ``memory.identity.ownership`` writes it."""

    __tablename__ = "merged_row"

    merge_id: str = Field(primary_key=True, foreign_key="merge.id")
    table_name: str = Field(primary_key=True)
    row_key: str = Field(primary_key=True)


class MergeSuggestion(SQLModel, table=True):
    """Two customers that may be one, for a person to decide: what spoke for it was not enough to merge them."""

    __tablename__ = "merge_suggestion"
    __table_args__ = ({"info": {"merging": "stays"}},)

    customer_id: str = Field(primary_key=True, foreign_key="customer.id")
    other_id: str = Field(primary_key=True, sa_column_kwargs={"info": {"customer": True}})
    at: datetime = Field(sa_type=UtcDateTime)
    reason: str


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


class Statement(SQLModel, table=True):
    """What one source says of one attribute, append-only; facts are derived from these (``memory/deriving.py``).

    ``says`` is ``is`` (it is so), ``is_not`` (it is no longer so; an empty value ends whatever held), or ``forgotten``
    (the customer had it removed: this source says nothing of the attribute any more, whoever reads it again).
    """

    __table_args__ = (
        Index("ix_statement_customer_attribute", "customer_id", "attribute"),
        Index("ix_statement_source", "source_id"),
    )

    id: str = Field(primary_key=True)  # stm_…
    customer_id: str = Field(foreign_key="customer.id")
    attribute: str
    value: str
    says: str
    quote: str
    confidence: float
    extractor: str
    source_id: str  # trn_… or evt_…
    at: datetime = Field(sa_type=UtcDateTime)
    ordinal: int = 0  # place within what the extractor found in the source


class Fact(SQLModel, table=True):
    """Something true of a customer. ``held_*``: when it was so; ``believed_*``: when we thought so.

    What is believed now has ``believed_to`` empty and an id that follows from what says it; what was believed before
    is kept under another id.
    """

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


class WishStatement(SQLModel, table=True):
    """What one source says of a wish, append-only; wishes are derived from these and from purchases.

    ``says`` is ``wants``, ``has`` ("I found one, thanks") or ``wants_not`` ("no longer looking for a coat"), whose
    ``item`` may be empty: the newest wish then open is meant; or ``forgotten`` (the customer had it removed).
    ``until``: the last day the thing is of use.
    """

    __tablename__ = "wish_statement"
    __table_args__ = (
        Index("ix_wish_statement_customer", "customer_id"),
        Index("ix_wish_statement_source", "source_id"),
    )

    id: str = Field(primary_key=True)  # wst_…
    customer_id: str = Field(foreign_key="customer.id")
    item: str
    requirements: list[list[str]] = _json()
    says: str
    until: date | None = None
    quote: str
    extractor: str
    source_id: str  # trn_… or evt_…
    at: datetime = Field(sa_type=UtcDateTime)
    ordinal: int = 0


class Wish(SQLModel, table=True):
    """Something a customer wants and has not got; ``requirements`` are ``[attribute, value]`` pairs.

    ``voiced_at`` is when it was voiced last; ``sources`` are all turns that voice it, ``source_id`` the first.
    An open one counts until ``expires_at``; from then on it is expired, without anything being written.
    """

    __table_args__ = (Index("ix_wish_customer", "customer_id"), Index("ix_wish_status_item", "status", "item"))

    id: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customer.id")
    item: str
    requirements: list[list[str]] = _json()
    quote: str
    source_id: str
    sources: list[str] = _json()
    extractor: str
    status: str = "open"  # open, met, withdrawn
    voiced_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
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
    traits: list[list[str]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )  # what the shop states of it: ``["color", "red"]``, ``["category", "coats"]``


class ExtractionTask(SQLModel, table=True):
    """A customer's turn that an LLM has yet to read. ``trouble`` says why the last try failed; no text of theirs."""

    __tablename__ = "extraction_task"
    __table_args__ = (Index("ix_extraction_task_due", "state", "due_at"),)

    turn_id: str = Field(primary_key=True, foreign_key="turn.id")
    state: str = "waiting"  # waiting, given up
    tries: int = 0
    due_at: datetime = Field(sa_type=UtcDateTime)
    trouble: str = ""

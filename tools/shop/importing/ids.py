"""The ids of imported things: derived from where they come from, so that importing again finds them."""

from kit.ids import derived_id
from tools.shop.tables import UNDATED


def conversation_id(source: str, conversation: str) -> str:
    """The id of a source's conversation."""
    return derived_id("cnv", UNDATED, source, "conversation", conversation)


def ticket_id(source: str, ticket: str) -> str:
    """The id of a source's ticket."""
    return derived_id("tkt", UNDATED, source, "ticket", ticket)

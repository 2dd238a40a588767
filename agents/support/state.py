"""What one support turn carries from node to node."""

from dataclasses import dataclass

from agents.loop import LoopState
from kit.ids import CustomerId


@dataclass(frozen=True)
class Shopper:
    """Who is chatting, from the authenticated session. ``verified``: signed in, so may see orders."""

    customer_id: CustomerId
    verified: bool


class SupportState(LoopState, total=False):
    """Ids of the turn, beside the loop's state."""

    customer_id: str
    verified: bool
    conversation_id: str
    message_id: str
    channel: str
    text: str
    turn_id: str
    reply_turn_id: str
    made_by: dict[str, object]

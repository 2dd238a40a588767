"""What the shop has for what a customer wished for."""

from collections.abc import Mapping, Sequence
from typing import Any

from memory.extraction.port import FoundWish, Requirement
from memory.tables import Wish
from memory.wishes import describe, requirements_of
from tools.customer_memory import own_memory
from tools.registry import Arguments, Effect, ToolContext, tool
from tools.shop.meeting import Matcher
from tools.shop.search import Match, find_products, said

_SHOWN = 3


def matches_for(context: ToolContext, wish: Wish, beside: Sequence[Requirement] = ()) -> list[Match]:
    """Products that are the thing wished for, closest first. Call it outside a unit of work."""
    requirements = (*requirements_of(wish), *beside)
    sought = FoundWish(wish.item, requirements, wish.quote)
    found = find_products(context, describe(wish.item, requirements_of(wish)), sought)
    return [match for match in found if match.fit.is_item]


class FindForWishes(Arguments):
    """Nothing to choose: it is for who is chatting."""


@tool(Effect.READ)
def find_for_wishes(context: ToolContext, arguments: FindForWishes) -> Mapping[str, Any]:  # noqa: ARG001
    """The customer's open wishes from this and earlier conversations, and what the shop has for each: at most three.

    Use it when they ask whether something they wanted is there now, or come back without saying what they look for.
    Matches are of the kind they wished for, those that meet everything first; a match with nothing ``unmet`` is what
    they asked for and can be bought now. Say what is unmet of the others. ``quote`` has the customer's own words.
    ``news`` of a match says what changed since they asked: "new", "back in stock" or "price drop", with the day.
    """
    with context.database.read() as session:
        wishes = own_memory(context, session).wishes()
    now = context.clock.now()
    return {
        "wishes": [
            {
                "wish_id": wish.id,
                "item": wish.item,
                "requirements": said(requirements_of(wish)),
                "quote": wish.quote,
                "voiced_at": wish.voiced_at.isoformat(),
                "matches": [
                    {**match.offer.card(match.shown, now), "news": _news(match, wish)}
                    for match in matches_for(context, wish)[:_SHOWN]
                ],
            }
            for wish in wishes
        ]
    }


def _news(match: Match, wish: Wish) -> str | None:
    """What made it possible, after the wish was voiced, to meet it entirely; ``None`` where nothing did."""
    possible = Matcher(match.offer).possible(requirements_of(wish))
    if not possible or possible[0].at <= wish.voiced_at:
        return None
    return f"{possible[0].change.value} since {possible[0].at:%Y-%m-%d}"

"""The opportunities of this moment, computed from SQL when asked for; nothing is stored.

One person gets one message: who fits several stays where writing to them is worth most, and is excluded elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import cache

from sqlmodel import Session

from tools.campaigns.assembling import Background
from tools.campaigns.assumptions import DEFAULTS, Assumptions
from tools.campaigns.back_in_stock import back_in_stock
from tools.campaigns.barriers import read_barriers
from tools.campaigns.carts import read_carts
from tools.campaigns.carts_left import carts_left
from tools.campaigns.choosing import Chosen, choose
from tools.campaigns.conversion import HISTORY, conversions
from tools.campaigns.kinds import Kind
from tools.campaigns.occasion import Occasion
from tools.campaigns.opportunity import LeftOut, Opportunity
from tools.campaigns.people import names_of
from tools.campaigns.shelf import read_shelf
from tools.campaigns.timing import hours_of_opens
from tools.campaigns.value import worth_of_one
from tools.campaigns.wishes_met import wishes_met
from tools.registry import ToolContext


@dataclass(frozen=True)
class Survey:
    """What is worth sending now, most valuable first, and what would be if there were anybody to send it to.

    Whom something fits is named somewhere: in an audience, among an opportunity's exclusions, or in what is left out,
    which leaves away occasions all of whose people are named already.
    """

    opportunities: Sequence[Opportunity]
    left_out: Sequence[LeftOut]


def opportunities(context: ToolContext, kind: Kind | None = None) -> list[Opportunity]:
    """What is worth sending now, most valuable first; of one kind only, where asked for.

    Who fits several kinds is in the best of them, whichever kind is asked for.
    """
    return list(survey(context, kind).opportunities)


def survey(context: ToolContext, kind: Kind | None = None, assumptions: Assumptions = DEFAULTS) -> Survey:
    """As ``opportunities``, and what was left out since nobody may be written to."""
    with context.database.read() as session:
        found = _survey(session, context.clock.now(), assumptions)
    return Survey(
        [one for one in found.opportunities if kind in (None, one.kind)],
        [one for one in found.left_out if kind in (None, one.kind)],
    )


def _survey(session: Session, now: datetime, assumptions: Assumptions) -> Survey:
    shelf = read_shelf(session, now)
    history = read_carts(session, now - HISTORY, now)
    rates = conversions(session, history, now, assumptions)
    occasions, names = _of_people(
        session, [*wishes_met(session, shelf), *carts_left(history, shelf), *back_in_stock(session, shelf)]
    )
    barriers = read_barriers(session, [c for occasion in occasions for c in occasion.candidates], now)

    @cache
    def worth(kind: Kind, price_minor: int) -> Fraction:
        return worth_of_one(price_minor, rates[kind], assumptions)

    chosen = choose(occasions, barriers, worth)
    hours = hours_of_opens(session, {member.customer_id for one in chosen for member in one.members}, shelf)
    background = Background(shelf, names, hours, rates, assumptions)
    made = [background.opportunity(one) for one in chosen if one.members]
    return Survey(
        sorted(made, key=lambda one: (-one.value.expected, one.id)),
        [background.left_out(one) for one in _left_out(chosen)],
    )


def _of_people(session: Session, occasions: Sequence[Occasion]) -> tuple[list[Occasion], Mapping[str, str]]:
    """The occasions without candidates who are nobody any more (merged into another), and the others' names."""
    names = names_of(session, {candidate.customer_id for occasion in occasions for candidate in occasion.candidates})
    return [
        replace(occasion, candidates=tuple(c for c in occasion.candidates if c.customer_id in names))
        for occasion in occasions
    ], names


def _left_out(chosen: Sequence[Chosen]) -> list[Chosen]:
    """The occasions without an audience that name somebody who is not named elsewhere, the largest first."""
    named = {candidate.customer_id for one in chosen if one.members for candidate in one.occasion.candidates}
    found = []
    for one in sorted(chosen, key=lambda one: (-len(one.occasion.candidates), one.occasion.id)):
        people = {candidate.customer_id for candidate in one.occasion.candidates}
        if not one.members and people - named:
            named |= people
            found.append(one)
    return found

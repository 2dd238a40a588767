"""The marketing agent's tools. Their docstrings are the manual that the model reads."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from tools.campaigns.customers import customer_page, find_by_meaning
from tools.campaigns.kinds import Kind
from tools.campaigns.opportunities import survey
from tools.registry import Arguments, Effect, Tool, ToolContext, tool

PEOPLE_FOUND = 20
OPPORTUNITIES_SHOWN = 8


class ListOpportunities(Arguments):
    kind: Annotated[
        Literal["wish_met", "cart_left", "back_in_stock"] | None,
        Field(description="only this kind; all kinds without it"),
    ] = None


class FindCustomers(Arguments):
    about: Annotated[
        str, Field(min_length=2, max_length=400, description="what they spoke of, such as 'waterproof boots, wide'")
    ]


class ShowCustomer(Arguments):
    customer: Annotated[
        str,
        Field(min_length=1, description="a customer id such as 'cus_01KJRCF9C0Z6E2WBXN8A04C46F', or an e-mail address"),
    ]


@tool(Effect.READ)
def list_opportunities(context: ToolContext, arguments: ListOpportunities) -> Mapping[str, Any]:
    """What is worth sending now, to whom, when, and why; most valuable first. Computed at this moment.

    Kinds: `wish_met` (a product in stock meets entirely what customers asked for), `cart_left` (carts left 2 hours to
    14 days ago, not ordered), `back_in_stock` (something came back that customers looked at or asked for).

    Each opportunity has an `audience` (`count`, a `sample` with the reason for each, and `exclusions`:
    who fits but must not be written to, and why), `evidence` (customers' own words or events, with the id of the turn
    or event), `timing` and `value`, whose `terms` and `basis` say how it was worked out. Quote the evidence and the
    numbers as they stand; promise no price or discount that is not here.

    You see the eight most valuable; `opportunities_in_all` counts all, and `kind` narrows them.
    One person is in one audience only. `left_out` lists what cannot be sent since everybody who fits is excluded.
    Write to nobody who is in `exclusions`.
    """
    found = survey(context, Kind(arguments.kind) if arguments.kind else None)
    return {
        "opportunities": [one.to_json() for one in found.opportunities],
        "left_out": [one.to_json() for one in found.left_out],
    }


@tool(Effect.READ)
def find_customers(context: ToolContext, arguments: FindCustomers) -> Mapping[str, Any]:
    """Customers who spoke of something, searched for it or wish for it, found by meaning across everybody's words.

    `about` describes it in plain words: 'fur-lined red winter coat', 'trouble with the zip'. Each customer found comes
    with their nearest own words (`quote`), when they said them, the turn or event that says so (`source_id`), and
    `score`, the similarity from 0 to 1. At most 20, nearest first; an empty list means that nobody spoke of it.
    Nobody found here is cleared for a message: consents and complaints stand in `show_customer`, and
    `list_opportunities` has looked at them already.
    """
    found = find_by_meaning(context, arguments.about, PEOPLE_FOUND)
    return {"found": [one.to_json() for one in found]}


@tool(Effect.READ)
def show_customer(context: ToolContext, arguments: ShowCustomer) -> Mapping[str, Any]:
    """One customer, as known now: facts with the customer's own words and their sources, open wishes, what they
    bought, the last 5 orders, consents by channel, and open matters such as a complaint.

    `customer` is a customer id (from `list_opportunities` or `find_customers`, such as
    'cus_01KJRCF9C0Z6E2WBXN8A04C46F') or an e-mail address. A channel that is missing from `consents` was never
    agreed to.
    """
    with context.database.read() as session:
        return customer_page(session, context, arguments.customer)


def _in_brief(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """The most valuable opportunities, without the lists of all members: what a model can hold."""
    shown = [
        {**one, "audience": {name: part for name, part in one["audience"].items() if name != "members"}}
        for one in result["opportunities"][:OPPORTUNITIES_SHOWN]
    ]
    return {
        "opportunities": shown,
        "opportunities_in_all": len(result["opportunities"]),
        "left_out": result["left_out"][:OPPORTUNITIES_SHOWN],
    }


CAMPAIGN_TOOLS: tuple[Tool, ...] = (replace(list_opportunities, shown=_in_brief), find_customers, show_customer)

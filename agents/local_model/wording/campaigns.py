"""Opportunities in words: what, to whom, why now, who is left out, what it is worth and when to send."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from agents.local_model.wording.phrases import (
    counted,
    joined,
    lines,
    paragraph,
    quoted,
    sentence,
    spoken_day,
    spoken_moment,
)

Opportunity = Mapping[str, Any]

APPROVAL = "Nothing is sent without your approval."
_RATE = re.compile(r"that is (\d+(?:\.\d+)?%)")
_WITH_CENTS = ("USD", "EUR", "CAD", "AUD")
_ZONE = re.compile(r"\(([A-Z]\w+/[\w/+-]+)\)")
_NAMED = 3
_EVENTS = {
    "cart_updated": "left a cart",
    "product_viewed": "looked at it",
    "products_searched": "searched for it",
    "product_added": "put it in the cart",
}
_KINDS = {"wish_met": "wishes met", "cart_left": "carts left", "back_in_stock": "back in stock"}


def brief(opportunity: Opportunity, number: int, today: date | None) -> str:
    """One suggestion as a short paragraph."""
    return paragraph(
        f"{number}. {sentence(str(opportunity.get('title', '')))}",
        to_whom(opportunity),
        sentence(f"Why now: {opportunity.get('why', '')}"),
        evidence(opportunity, 1, today),
        left_out(opportunity),
        worth(opportunity),
        when(opportunity, today),
    )


def full(opportunity: Opportunity, today: date | None) -> str:
    """One suggestion with all that stands behind it."""
    value = _map(opportunity, "value")
    return lines(
        sentence(str(opportunity.get("title", ""))),
        paragraph(sentence(f"Why now: {opportunity.get('why', '')}"), to_whom(opportunity)),
        evidence(opportunity, 5, today),
        left_out(opportunity),
        paragraph(
            worth(opportunity),
            sentence(f"The conversion rests on {value['basis']}") if value.get("basis") else "",
            _assumed(value),
        ),
        paragraph(when(opportunity, today), sentence(str(_map(opportunity, "timing").get("because", "")))),
    )


def to_whom(opportunity: Opportunity) -> str:
    """How many, and the first few by name."""
    audience = _map(opportunity, "audience")
    count = int(audience.get("count") or 0)
    names = [str(one["name"]) for one in _rows(audience, "sample") if one.get("name")][:_NAMED]
    named = f"{', such as' if count > len(names) else ':'} {joined(names)}" if names else ""
    return f"To {counted(count, 'customer')}{named}."


def evidence(opportunity: Opportunity, most: int, today: date | None) -> str:
    """What customers said or did, in their own words."""
    told = []
    for one in sorted(_rows(opportunity, "evidence"), key=lambda one: not one.get("quote"))[:most]:
        who, day = one.get("name") or "A customer", spoken_day(one.get("at"), today)
        if one.get("quote"):
            told.append(f"{who} said{f' on {day}' if day else ''}: {quoted(str(one['quote']))}.")
        else:
            event = str(one.get("event") or "")
            told.append(f"{who} {_EVENTS.get(event, event.replace('_', ' '))}{f' on {day}' if day else ''}.")
    return paragraph(*told)


def left_out(opportunity: Opportunity) -> str:
    """Who fits and is not written to, by reason."""
    told = [exclusion(one) for one in _rows(_map(opportunity, "audience"), "exclusions")]
    return f"Left out: {joined(told)}." if told else "Nobody is left out."


def exclusion(excluded: Mapping[str, Any]) -> str:
    """``2 for open complaint (Una, Tom)``."""
    names = [str(one.get("name") or "") for one in _rows(excluded, "customers")]
    named = f" ({', '.join(name for name in names if name)})" if any(names) else ""
    return f"{excluded.get('count', 0)} for {quoted(str(excluded.get('reason', '')))}{named}"


def worth(opportunity: Opportunity) -> str:
    """The expected value with its formula, and the figures in it."""
    value = _map(opportunity, "value")
    if not value.get("expected"):
        return ""
    figures = _figures(opportunity, value)
    return f"Expected value {value['expected']} = {value.get('formula', '')}{f': {figures}' if figures else ''}."


def _figures(opportunity: Opportunity, value: Mapping[str, Any]) -> str:
    terms = _map(value, "terms")
    if not {"audience", "margin", "contact_cost_minor"} <= terms.keys():
        return ""
    rate = _RATE.search(str(value.get("basis", "")))
    price = str(_map(opportunity, "product").get("price") or "what is in the carts on average")
    sold_out = str(value.get("formula", "")).startswith("stock")
    buyers = (
        f"{terms.get('stock')} in stock" if sold_out else f"{terms['audience']} × {rate[1] if rate else 'conversion'}"
    )
    unit = "cents" if value.get("currency") in _WITH_CENTS else "minor units"
    return f"{buyers} × {price} × {terms['margin']} − {terms['audience']} × {terms['contact_cost_minor']} {unit}"


def _assumed(value: Mapping[str, Any]) -> str:
    assumed = _map(value, "terms").get("assumed") or []
    named = [str(one).replace("_minor", "").replace("conversion.", "").replace("_", " ") for one in assumed]
    return f"Assumed, not measured: {joined(named)}." if named else ""


def when(opportunity: Opportunity, today: date | None) -> str:
    """When to send, and until when it makes sense."""
    timing = _map(opportunity, "timing")
    if not timing.get("send"):
        return ""
    found = _ZONE.search(str(timing.get("because", "")))
    zone = found[1] if found else ""
    at, until = spoken_moment(timing["send"], today, zone), spoken_day(timing.get("until"), today, zone)
    return f"Send {at}{f', at the latest {until}' if until else ''}."


def cannot_go(one: Mapping[str, Any]) -> str:
    """An opportunity of which nobody is left."""
    name = _map(one, "product").get("name") or _KINDS.get(str(one.get("kind")), "One")
    told = joined(exclusion(excluded) for excluded in _rows(one, "exclusions"))
    return f"{name} can go to nobody now: {told}."


def nothing(kind: str | None, barred: Sequence[Mapping[str, Any]]) -> str:
    """That there is no suggestion."""
    of_kind = f" of the kind {quoted(_KINDS[kind])}" if kind in _KINDS else ""
    return paragraph(f"There is nothing worth sending{of_kind} right now.", *(cannot_go(one) for one in barred[:3]))


def _map(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = row.get(name)
    return found if isinstance(found, Mapping) else {}


def _rows(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [one for one in row.get(name) or [] if isinstance(one, Mapping)]

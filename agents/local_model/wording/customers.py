"""Customers in words, for marketers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from agents.local_model.wording.phrases import counted, joined, lines, quoted, sentence, spoken_day

Row = Mapping[str, Any]
_MOST = 8


def found(about: str, people: Sequence[Row], today: date | None) -> str:
    """Who spoke of something, in their own words."""
    if not people:
        return f"Nobody has spoken of {quoted(about)}, searched for it or wished for it."
    told = [
        f"- {one.get('name') or one.get('customer_id')}{_on(one.get('at'), today)}: {quoted(str(one.get('quote', '')))}"
        for one in people[:_MOST]
    ]
    more = f"These are the nearest {_MOST} of {len(people)}." if len(people) > _MOST else ""
    return lines(
        f"{counted(len(people), 'customer')} spoke of {quoted(about)} or something near it; the nearest first:",
        *told,
        more,
        "Consents and complaints are not looked at in this list; in the suggestions they are.",
    )


def page(profile: Row, today: date | None) -> str:
    """One customer: what they said, wish, bought and agreed to, and what is open."""
    bought = profile.get("purchases") if isinstance(profile.get("purchases"), Mapping) else {}
    assert isinstance(bought, Mapping)
    since = spoken_day(profile.get("created_at"), today)
    last = spoken_day(bought.get("last_at"), today)
    ordered = counted(int(bought.get("orders") or 0), "order")
    head = ", ".join(
        part for part in (str(profile.get("name") or "This customer"), since and f"known since {since}") if part
    )
    head += f": {ordered}, the last on {last}." if last else f": {ordered}."
    return lines(
        head,
        *_list("Said", [_said(str(fact.get("sentence", "")), fact, today) for fact in _rows(profile, "facts")]),
        *_list("Wishes", [_said(str(wish.get("item", "")), wish, today) for wish in _rows(profile, "wishes")]),
        *_list("Last orders", [_order(order, today) for order in _rows(profile, "orders")]),
        _consents(profile),
        _open(profile, today),
    )


def _list(title: str, told: Sequence[str]) -> list[str]:
    return [f"{title}:", *(f"- {one}" for one in told[:_MOST])] if told else []


def _said(text: str, row: Row, today: date | None) -> str:
    quote = str(row.get("quote") or "")
    return f"{text}: {quoted(quote)}{_on(row.get('since'), today)}" if quote else text


def _order(order: Row, today: date | None) -> str:
    names = joined(dict.fromkeys(str(name) for name in order.get("items") or []))
    placed = spoken_day(order.get("placed_at"), today)
    about = ", ".join(part for part in (placed, str(order.get("status", "")), str(order.get("total", ""))) if part)
    return f"{order.get('order_id', '')}: {about}. {sentence(names)}".strip()


def _consents(profile: Row) -> str:
    known = profile.get("consents")
    if not isinstance(known, Mapping) or not known:
        return "Agreed to no messages on any channel."
    told = [f"{channel} {'yes' if granted else 'no'}" for channel, granted in known.items()]
    return f"Messages: {joined(told)}."


def _open(profile: Row, today: date | None) -> str:
    matters = _rows(profile, "open_matters")
    told = [
        f"{str(one.get('kind', '')).replace('_', ' ')} {one.get('about', '')}{_on(one.get('since'), today, ' since ')}"
        for one in matters
    ]
    return f"Open: {joined(told)}." if told else "Nothing is open."


def _on(at: object, today: date | None, before: str = ", ") -> str:
    day = spoken_day(at, today)
    return f"{before}{day}" if day else ""


def _rows(row: Row, name: str) -> list[Row]:
    return [one for one in row.get(name) or [] if isinstance(one, Mapping)]

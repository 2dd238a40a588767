"""What is remembered, in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from agents.local_model.wording.phrases import joined, lines, quoted, spoken_day

_MOST = 12
_YOU = {
    "lives": "you live", "wears": "you wear", "likes": "you like", "wants": "you want", "has": "you have",
    "prefers": "you prefer", "asks": "you ask", "buys": "you buy", "is": "you are", "does": "you do",
    "needs": "you need", "where": "where you live", "dresses": "you dress", "avoids": "you avoid",
    "cares": "you care",
}  # fmt: skip

Row = Mapping[str, Any]


def to_you(told: str) -> str:
    """``wears shoe size 43`` as said to the person: ``you wear shoe size 43``."""
    first, _, rest = told.partition(" ")
    if told.startswith("does not "):
        return f"you do not {told.removeprefix('does not ')}"
    if told.startswith("has their "):
        return f"you have your {told.removeprefix('has their ')}"
    if first == "where":
        return f"{_YOU[first]} {rest.removeprefix('it is ')}".replace("where you live", "where you live it is", 1)
    return f"{_YOU[first]} {rest}" if first in _YOU else told


def everything(facts: Sequence[Row], wishes: Sequence[Row], today: date | None) -> str:
    """Facts and wishes, each with the person's own words."""
    if not facts and not wishes:
        return (
            "I don't remember anything about you yet. What you tell me about yourself or look for, I'll know next time."
        )
    told = [f"- {_capital(to_you(str(fact.get('sentence', ''))))}{_said(fact, today)}" for fact in facts[:_MOST]]
    looked = [
        f"- You're looking for this: {wish.get('item', 'something')}{_said(wish, today)}" for wish in wishes[:_MOST]
    ]
    return lines("This is what I remember of you:", *told, *looked, "If something is wrong or should go, tell me.")


def _said(row: Row, today: date | None) -> str:
    quote, since = str(row.get("quote") or ""), spoken_day(row.get("since"), today)
    said = f"you said {quoted(quote)}" if quote else ""
    about = ", ".join(part for part in (said, since) if part)
    return f" ({about})" if about else ""


def noted(facts: Sequence[str]) -> str:
    """That these facts, as memory words them, are kept."""
    return f"Thank you, I've noted that {joined(to_you(fact) for fact in facts)}." if facts else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

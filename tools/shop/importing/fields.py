"""The field types of the native format, and bad values as sentences."""

import re
from datetime import datetime
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from kit.clock import as_utc
from kit.money import parse_minor

_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_SHOWN = 80


class Line(BaseModel):
    """Base of every line and of what stands in one: unknown fields are refused, so that a slip is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _time(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("should be a time with an offset, such as '2026-03-01T18:20:00Z'")
    try:
        return as_utc(datetime.fromisoformat(value))
    except (ValueError, OverflowError):
        raise ValueError("should be a time with an offset, such as '2026-03-01T18:20:00Z'") from None


def _amount(value: object) -> str:
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise ValueError("should be a decimal string in the shop's currency, such as '129.00'")
    return value


def _currency(value: str) -> str:
    if not _CURRENCY.fullmatch(value):
        raise ValueError("should be an ISO 4217 code, such as 'USD'")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(value: str) -> str:
    if value not in _zones():
        raise ValueError("should be an IANA time zone, such as 'America/Chicago'")
    return value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Time = Annotated[datetime, BeforeValidator(_time)]
Amount = Annotated[str, BeforeValidator(_amount)]
Currency = Annotated[str, AfterValidator(_currency)]
Zone = Annotated[str, AfterValidator(_zone)]
Values = Annotated[list[Text], BeforeValidator(_listed)]


def minor(field: str, amount: str, currency: str) -> int:
    """An amount in minor units. Raises ``ValueError`` that names the field."""
    if not currency:
        raise ValueError(f"{field}={amount!r}: the shop's currency is not known; put a shop line first")
    try:
        return parse_minor(amount, currency)
    except ValueError as error:
        raise ValueError(f"{field}={amount!r}: {error}") from None


def reasons(error: ValidationError, *, within: int = 0) -> str:
    """What was wrong, each with its field and value: ``placed_at='soon': should be a time …``.

    ``within`` is how many parts of a field's place say nothing (a line's type, which the line itself says).
    """
    return "; ".join(_reason(problem, within) for problem in error.errors(include_url=False)[:5])


def _reason(problem: Any, within: int) -> str:
    field = ".".join(str(part) for part in problem["loc"][within:])
    said = problem["msg"].removeprefix("Value error, ")
    match problem["type"]:
        case "missing":
            return f"{field} is missing"
        case "extra_forbidden":
            return f"{field}={_shown(problem['input'])}: there is no such field"
        case "union_tag_not_found":
            return "type is missing"
        case "union_tag_invalid":
            context = problem["ctx"]
            return f"type={context['tag']!r}: unknown; there are {context['expected_tags'].replace(chr(39), '')}"
        case _ if not field:
            return str(said)
        case _:
            return f"{field}={_shown(problem['input'])}: {said[:1].lower()}{said[1:]}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"

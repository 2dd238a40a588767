"""Money: integer minor units and an ISO 4217 currency; never a float."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_LARGEST = 10**12
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_DECIMALS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "TND": 3}


@dataclass(frozen=True, order=True)
class Money:
    """An amount: ``minor`` units (cents) of ``currency``."""

    minor: int
    currency: str

    def __str__(self) -> str:
        return format_minor(self.minor, self.currency)


def decimals_of(currency: str) -> int:
    """How many decimals the currency has."""
    return _DECIMALS.get(currency, 2)


def parse_minor(value: str | int | float | Decimal, currency: str) -> int:
    """A decimal amount as minor units. Raises ``ValueError`` when it is no amount or has too many decimals."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is not an amount of money; write it as in '129.00'") from None
    if not amount.is_finite() or abs(amount) > _LARGEST:
        raise ValueError(f"{value!r} is not an amount of money that a shop can have")
    scaled = amount.scaleb(decimals_of(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value!r} is not an amount in {currency}, which has {decimals_of(currency)} decimals")
    return int(scaled)


def format_minor(minor: int, currency: str) -> str:
    """As people read it: ``$1,129.00``, or ``1,129.00 CHF`` where the currency has no sign of its own."""
    decimals = decimals_of(currency)
    text = f"{Decimal(abs(minor)).scaleb(-decimals):,.{decimals}f}"
    sign = _SIGNS.get(currency)
    return ("-" if minor < 0 else "") + (f"{sign}{text}" if sign else f"{text} {currency}")

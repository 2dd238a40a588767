"""What an opportunity is worth, every term with its basis, so that a reader can work it out again.

Exact fractions until the end, where money is rounded once to minor units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kit.money import format_minor
from tools.campaigns.assumptions import Assumptions, Prior

FORMULA = "audience × conversion × price × margin − audience × contact cost"
FORMULA_SOLD_OUT = "stock × price × margin − audience × contact cost"  # more buyers expected than there are units


@dataclass(frozen=True)
class Conversion:
    """Of ``observed`` cases in the shop's own history ``bought`` were bought; ``of`` says what a case is.

    The rate is the mean of the Beta posterior: (bought + prior bought) / (observed + prior observed).
    """

    bought: int
    observed: int
    prior: Prior
    of: str

    @property
    def rate(self) -> Fraction:
        return Fraction(self.bought + self.prior.bought, self.observed + self.prior.observed)

    @property
    def basis(self) -> str:
        return (
            f"{self.bought} of {self.observed} {self.of}; with the prior of {self.prior.bought} of "
            f"{self.prior.observed} that is {float(self.rate):.1%}. That is what people did by themselves; "
            "what a message adds is not known yet."
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "rate": round(float(self.rate), 6),
            "bought": self.bought,
            "observed": self.observed,
            "prior_bought": self.prior.bought,
            "prior_observed": self.prior.observed,
            "of": self.of,
        }


def worth_of_one(price_minor: int, conversion: Conversion, assumptions: Assumptions) -> Fraction:
    """What writing to one person is worth, in minor units."""
    return conversion.rate * price_minor * Fraction(assumptions.margin) - assumptions.contact_cost_minor


@dataclass(frozen=True)
class Value:
    """The expected value of writing to ``audience`` people, whose prices add up to ``prices_minor``.

    ``stock`` caps what can be sold, where the opportunity is about one product.
    """

    audience: int
    conversion: Conversion
    prices_minor: int
    currency: str
    margin: Decimal
    contact_cost_minor: int
    stock: int | None = None

    @property
    def sold_out(self) -> bool:
        """Whether more would buy than there are units."""
        return self.stock is not None and self.audience * self.conversion.rate > self.stock

    @property
    def expected(self) -> Fraction:
        """In minor units, not rounded."""
        orders = Fraction(self.stock or 0) if self.sold_out else self.audience * self.conversion.rate
        price = Fraction(self.prices_minor, self.audience)
        return orders * price * Fraction(self.margin) - self.audience * self.contact_cost_minor

    @property
    def expected_minor(self) -> int:
        """In minor units; halves to even."""
        return round(self.expected)

    def to_json(self) -> dict[str, Any]:
        return {
            "expected_minor": self.expected_minor,
            "currency": self.currency,
            "expected": format_minor(self.expected_minor, self.currency),
            "formula": FORMULA_SOLD_OUT if self.sold_out else FORMULA,
            "terms": self._terms(),
            "basis": self.conversion.basis,
        }

    def _terms(self) -> Mapping[str, Any]:
        return {
            "audience": self.audience,
            "conversion": self.conversion.to_json(),
            "price_minor": _number(Fraction(self.prices_minor, self.audience)),
            "prices_sum_minor": self.prices_minor,
            "margin": str(self.margin),
            "contact_cost_minor": self.contact_cost_minor,
            "stock": self.stock,
            "assumed": ["margin", "contact_cost_minor", "conversion.prior_bought", "conversion.prior_observed"],
        }


def _number(value: Fraction) -> int | float:
    """Whole where it is whole, else to two places, for reading; the sum beside it is exact."""
    return value.numerator if value.denominator == 1 else round(float(value), 2)

"""What the value of an opportunity takes for granted: named here, shown with every value, changed in one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from tools.campaigns.kinds import Kind


@dataclass(frozen=True)
class Prior:
    """What a conversion is before the shop's own history speaks: ``bought`` of ``observed``.

    As a Beta distribution it is ``Beta(bought, observed - bought)``.
    """

    bought: int
    observed: int


PRIORS: Mapping[Kind, Prior] = MappingProxyType(
    {Kind.WISH_MET: Prior(1, 10), Kind.CART_LEFT: Prior(1, 10), Kind.BACK_IN_STOCK: Prior(1, 20)}
)


@dataclass(frozen=True)
class Assumptions:
    """``margin`` is the share of the price that stays with the shop; ``contact_cost_minor`` is one e-mail's cost.

    The cost stands for sending, and for the chance that somebody unsubscribes.
    """

    margin: Decimal = Decimal("0.40")
    contact_cost_minor: int = 5
    priors: Mapping[Kind, Prior] = field(default_factory=lambda: PRIORS)


DEFAULTS = Assumptions()

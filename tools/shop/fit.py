"""How well a product fits what somebody wants: which requirements one variant that can be bought meets together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from memory.extraction.port import Requirement
from memory.things import is_such
from tools.shop.requirements import Described, meets
from tools.shop.tables import Product, Variant

IN_STOCK = Requirement("stock", "in stock")


@dataclass(frozen=True)
class Fit:
    """``met`` and ``unmet`` read ``color: red``. Nothing unmet means: it is that thing, all of it, and to be had now.

    ``unmet`` has ``item: coat`` where it is another kind of thing, ``stock: in stock`` where every variant is sold
    out, and ``color: red (sold out)`` where a variant that would add this is.
    ``variant`` is the cheapest of those that meet the most. ``harmful`` counts unmet ``not_…``: what is to be avoided.
    """

    met: tuple[str, ...]
    unmet: tuple[str, ...]
    variant: Variant | None
    is_item: bool
    harmful: int

    @property
    def share(self) -> float:
        """The share of what was asked that is met, 0 to 1; 1 where nothing was asked."""
        asked = len(self.met) + len(self.unmet)
        return len(self.met) / asked if asked else 1.0


def can_be_bought(variant: Variant) -> bool:
    """Whether there is one, and it may be sold."""
    return variant.available and variant.stock > 0


def fit(
    product: Product,
    variants: Sequence[Variant],
    item: str,
    requirements: Iterable[Requirement],
) -> Fit:
    """Holds a product against an item and its requirements; an empty item is any thing.

    Colour, size, price and the like must be met by one and the same variant in stock. Where all are sold out, the
    sold-out ones are looked at, and ``stock: in stock`` is unmet.
    """
    wanted = tuple(dict.fromkeys(requirements))
    stocked = [variant for variant in variants if can_be_bought(variant)]
    best, met = _best(product, stocked or variants, wanted)
    is_item = not item or is_such(product.category, product.name, item)
    unmet = [] if is_item else [f"item: {item}"]
    for missing in (requirement for requirement in wanted if requirement not in met):
        sold_out = bool(stocked) and _would_add(product, variants, met, missing)
        unmet.append(_said(missing) + (" (sold out)" if sold_out else ""))
    if not stocked:
        unmet.append(_said(IN_STOCK))
    return Fit(
        met=tuple(_said(requirement) for requirement in wanted if requirement in met),
        unmet=tuple(unmet),
        variant=best,
        is_item=is_item,
        harmful=sum(r.attribute.startswith("not_") for r in wanted if r not in met),
    )


def _best(
    product: Product, variants: Sequence[Variant], wanted: Sequence[Requirement]
) -> tuple[Variant | None, frozenset[Requirement]]:
    """The variant that meets the most, and what it meets; of equals one that meets what was asked first, cheaply."""
    if not variants:
        return None, _met(product, None, wanted)
    rated = [(variant, _met(product, variant, wanted)) for variant in variants]
    return min(rated, key=lambda one: (-len(one[1]), [r not in one[1] for r in wanted], *_listing(one[0])))


def _listing(variant: Variant) -> tuple[int, int, str]:
    return variant.price_minor, variant.position, variant.id


def _met(product: Product, variant: Variant | None, wanted: Sequence[Requirement]) -> frozenset[Requirement]:
    described = Described(product, variant)
    return frozenset(r for r in wanted if meets(described, r.attribute, r.value))


def _would_add(
    product: Product, variants: Sequence[Variant], met: frozenset[Requirement], missing: Requirement
) -> bool:
    """Whether a variant that is sold out meets this too, beside all that is met."""
    return any(
        not can_be_bought(variant) and _met(product, variant, (*met, missing)) == met | {missing}
        for variant in variants
    )


def _said(requirement: Requirement) -> str:
    return f"{requirement.attribute}: {requirement.value}"

"""Carts left: the newest cart of a customer, untouched for two hours to 14 days, not ordered, still to be had.

A product that stands in ``SHARED`` carts or more gets an occasion of its own, the most shared first;
all other carts are one occasion a currency.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from kit.money import Money
from tools.campaigns.carts import LEFT_AFTER, Cart, CartHistory
from tools.campaigns.kinds import Kind
from tools.campaigns.occasion import Candidate, Occasion
from tools.campaigns.shelf import Shelf
from tools.shop.tables import Variant

FADES_AFTER = timedelta(days=14)
SHARED = 5


@dataclass(frozen=True)
class _Left:
    """A cart with those of its lines that can be bought: variants and units."""

    cart: Cart
    lines: Sequence[tuple[Variant, int]]

    @property
    def products(self) -> list[str]:
        return list(dict.fromkeys(variant.product_id for variant, _ in self.lines))

    @property
    def currency(self) -> str:
        return self.lines[0][0].currency


def carts_left(history: CartHistory, shelf: Shelf) -> list[Occasion]:
    """One occasion for each product that many left, and one for the rest."""
    rest = [left for cart in history.newest() if (left := _left(cart, history, shelf))]
    occasions = []
    while shared := _most_shared(rest):
        with_it = [left for left in rest if shared in left.products]
        rest = [left for left in rest if shared not in left.products]
        occasions.append(_occasion(shared, with_it, shelf))
    by_currency: dict[str, list[_Left]] = {}
    for left in rest:
        by_currency.setdefault(left.currency, []).append(left)
    return occasions + [_occasion(currency, by_currency[currency], shelf) for currency in sorted(by_currency)]


def _left(cart: Cart, history: CartHistory, shelf: Shelf) -> _Left | None:
    """The cart, if it is left, not ordered, and something in it is in stock."""
    age = shelf.now - cart.at
    if not LEFT_AFTER <= age <= FADES_AFTER or history.ordered(cart.customer_id, cart.at, shelf.now):
        return None
    found = [
        (shelf.variants[line.variant_id], line.quantity) for line in cart.lines if line.variant_id in shelf.variants
    ]
    lines = [(variant, min(quantity, variant.stock)) for variant, quantity in found]
    same = [(variant, units) for variant, units in lines if variant.currency == lines[0][0].currency]
    return _Left(cart, tuple(same)) if same else None


def _most_shared(carts: Iterable[_Left]) -> str | None:
    counts = Counter(product for left in carts for product in left.products)
    if not counts:
        return None
    product, count = min(counts.items(), key=lambda item: (-item[1], item[0]))
    return product if count >= SHARED else None


def _occasion(about: str, carts: Sequence[_Left], shelf: Shelf) -> Occasion:
    shelved = shelf.products.get(about)
    return Occasion(
        kind=Kind.CART_LEFT,
        about=about,
        product=shelved.card if shelved else None,
        currency=carts[0].currency,
        stock=None,
        news="still in stock",
        candidates=tuple(_candidate(left, shelf) for left in carts),
    )


def _candidate(left: _Left, shelf: Shelf) -> Candidate:
    names = [shelf.products[product].product.name for product in left.products]
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    value = Money(sum(variant.price_minor * units for variant, units in left.lines), left.currency)
    return Candidate(
        customer_id=left.cart.customer_id,
        because=f"left {', '.join(names[:2])}{more} ({value}) in the cart on {shelf.day(left.cart.at)}",
        price_minor=value.minor,
        product_ids=frozenset(left.products),
        since=left.cart.at,
        ends=left.cart.at + FADES_AFTER,
        source_id=left.cart.event_id,
        at=left.cart.at,
        event="cart_updated",
    )

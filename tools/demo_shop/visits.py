"""Visits to the shop's pages, written as events: looking, searching, filling a cart, ordering."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from tools.demo_shop.catalog import Product, Variant
from tools.demo_shop.lines import Diary, Line, event_line, money
from tools.demo_shop.orders import Basket, Bought
from tools.demo_shop.people import Shopper
from tools.demo_shop.season import sale_percent, shop_day
from tools.demo_shop.shelf import Shortage
from tools.demo_shop.tables import table
from tools.demo_shop.taste import Taste


class Visit:
    """One visit of one shopper; every step takes some seconds."""

    def __init__(self, rng: Random, diary: Diary, shopper: Shopper, at: datetime) -> None:
        """Begin a visit at an aware time."""
        self._rng = rng
        self._diary = diary
        self.shopper = shopper
        self.at = at
        self._cart: list[Bought] = []

    def wander(self, taste: Taste, steps: int, categories: Sequence[str] = ()) -> list[Product]:
        """Look at up to so many products, of certain categories if given."""
        seen = []
        for _ in range(steps):
            item = taste.look(self.shopper, self.at, categories)
            if item:
                self.view(item, taste.try_on(self.shopper, item) if self._rng.random() < 0.7 else None)
                seen.append(item)
        return seen

    def view(self, item: Product, variant: Variant | None) -> None:
        """Look at a product, with a color and size chosen if a variant is given."""
        chosen: Line = {"variant": variant.sku} if variant else {}
        self._write("product_viewed", {"product": item.id, **chosen})

    def search(self, about: str) -> None:
        """Type something into the search box, about a category or another key of `data/searches.toml`."""
        self._write("products_searched", {}, self._rng.choice(table("searches")[about]))

    def save(self, item: Product) -> None:
        """Put a product on the wishlist."""
        self._write("product_added_to_wishlist", {"product": item.id})

    def ask_for(self, item: Product, variant: Variant) -> None:
        """Ask to be told when a variant is back."""
        self._write("back_in_stock_requested", {"product": item.id, "variant": variant.sku})

    def add(self, item: Product, variant: Variant) -> None:
        """Put a unit into the cart at the day's price."""
        percent = sale_percent(shop_day(self.at))
        cents = (variant.cents * (100 - percent) + 50) // 100
        quantity = 2 if item.category == "socks" and self._rng.random() < 0.3 else 1
        self._write("product_added", {"product": item.id, "variant": variant.sku, "quantity": quantity})
        self._cart.append(Bought(item, variant, quantity, cents))
        self._write("cart_updated", self._cart_properties())

    def check_out(self) -> None:
        """Begin to pay for what is in the cart."""
        self._write("checkout_started", self._cart_properties())

    def empty(self) -> None:
        """Take everything out of the cart again."""
        self._cart.clear()
        self._write("cart_updated", self._cart_properties())

    def order(self, fate: str) -> Basket:
        """Order what is in the cart."""
        self._pause(60, 400)
        return Basket(self.shopper, self.at, tuple(self._cart), fate)

    def _cart_properties(self) -> Line:
        items = [{"variant": item.variant.sku, "quantity": item.quantity} for item in self._cart]
        return {"items": items, "value": money(sum(item.cents * item.quantity for item in self._cart))}

    def _write(self, name: str, properties: Line, text: str = "") -> None:
        self._diary.write(self.at, event_line(self.shopper.id, name, self.at, properties, text))
        self._pause(12, 180)

    def _pause(self, least: int, most: int) -> None:
        self.at += timedelta(seconds=self._rng.randint(least, most))


def browse(rng: Random, visit: Visit, taste: Taste) -> None:
    """Look around without ordering; now and then something goes into the cart and stays there."""
    seen = visit.wander(taste, rng.choice((1, 1, 2, 2, 3, 4)))
    if seen and rng.random() < 0.3:
        visit.search(seen[-1].category)
        seen += visit.wander(taste, 1, [seen[-1].category])
    if seen and rng.random() < 0.05:
        visit.save(seen[-1])
    if seen and rng.random() < 0.1:
        variant = taste.buy(visit.shopper, seen[-1], visit.at)
        if variant:
            visit.add(seen[-1], variant)
            if rng.random() < 0.4:
                visit.empty()


def go_shopping(rng: Random, visit: Visit, taste: Taste, category: str, fate: str) -> Basket | None:
    """Fill a cart and order it; None when nothing suitable was in stock."""
    categories = [category] if category else []
    mean = visit.shopper.persona["basket"]
    wanted = max(1, int(mean * rng.choice((0.5, 0.8, 1.0, 1.2, 1.5)) + rng.random()))
    if category:
        visit.search(category)
    filled = 0
    for _ in range(wanted + 3):
        for item in visit.wander(taste, rng.choice((1, 1, 2)), categories)[-1:]:
            variant = taste.buy(visit.shopper, item, visit.at)
            if variant:
                visit.add(item, variant)
                filled += 1
        if filled >= wanted:
            break
    if not filled:
        return None
    visit.check_out()
    return visit.order(fate)


def leave_cart(rng: Random, visit: Visit, taste: Taste) -> None:
    """Put one to three products into the cart and go away, half of the time from the checkout."""
    added = 0
    wanted = rng.choice((1, 1, 1, 2, 3))
    for _ in range(20):
        for item in visit.wander(taste, 1):
            variant = taste.buy(visit.shopper, item, visit.at)
            if variant:
                visit.add(item, variant)
                added += 1
        if added >= wanted:
            break
    if added and rng.random() < 0.5:
        visit.check_out()


def find_sold_out(rng: Random, visit: Visit, shortage: Shortage) -> None:
    """Look at a variant that is out of stock, and mostly ask to be told when it is back."""
    visit.view(shortage.product, shortage.variant)
    if rng.random() < 0.6:
        visit.ask_for(shortage.product, shortage.variant)


def look_for(rng: Random, visit: Visit, taste: Taste, about: str, categories: Sequence[str]) -> None:
    """Look for something wished for, and find nothing that is it."""
    visit.search(about)
    visit.wander(taste, rng.randint(1, 3), categories)

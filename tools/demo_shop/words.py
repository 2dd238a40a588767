"""Puts words into mouths: fills the slots of sentence templates and types as a person does."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from tools.demo_shop.catalog import Product
from tools.demo_shop.lines import money
from tools.demo_shop.orders import Order
from tools.demo_shop.people import Shopper
from tools.demo_shop.season import shop_day
from tools.demo_shop.tables import table

_MONTHS = "January February March April May June July August September October November December".split()

# The table in policies/sizing-guide.md.
_US_WOMEN = {36: "5.5", 37: "6.5", 38: "7.5", 39: "8.5", 40: "9", 41: "10"}
_US_MEN = {40: "7", 41: "8", 42: "9", 43: "10", 44: "11", 45: "12", 46: "13"}

_ONE = {"is": "is", "do": "does", "isnt": "isn't", "doesnt": "doesn't", "it": "it", "it_is": "it is"}
_MANY = {"is": "are", "do": "do", "isnt": "aren't", "doesnt": "don't", "it": "them", "it_is": "they are"}


def about_shopper(rng: Random, shopper: Shopper, at: datetime) -> dict[str, str]:
    """Give the slots that say something of the shopper, and some drawn at random."""
    sizes = _US_WOMEN if shopper.gender == "women" else _US_MEN
    cities: Sequence[Mapping[str, str]] = table("cities")["city"]
    names = table("names")
    return {
        "first": shopper.first,
        "city": shopper.city["name"],
        "size": shopper.size,
        "shoe": str(shopper.shoe),
        "us_shoe": sizes[shopper.shoe],
        "color": shopper.colors[0],
        "other_city": rng.choice([city["name"] for city in cities if city["name"] != shopper.city["name"]]),
        "month": _MONTHS[(at.month - 1 + rng.randint(1, 3)) % 12],
        "person": rng.choice(table("chat/courtesy")["people"]),
        "their_size": rng.choice(("S", "M", "L", "XL")),
        "their_shoe": str(rng.randint(37, 40)),
        "age": str(rng.randint(4, 11)),
        "number": str(rng.randint(2, 980)),
        "street": f"{rng.choice(names['street'])} {rng.choice(names['kind'])}",
    }


def about_product(item: Product) -> dict[str, str]:
    """Give the slots that say something of a product."""
    attributes = item.attributes
    return {
        "product": item.spoken,
        "fit": str(attributes["fit"]),
        "care": str(attributes["care"]),
        "material": " and ".join(attributes["material"]),
        "water": _water(item),
        **(_MANY if item.plural else _ONE),
    }


def about_order(rng: Random, order: Order, at: datetime) -> dict[str, str]:
    """Give the slots that say something of an order, as seen at a time."""
    item = order.basket.items[0].product
    delivered = _day(order.delivered_at) if order.delivered_at else ""
    late = max(1, (at - order.expected_at) // timedelta(days=1))
    return {
        **about_product(item),
        "item": item.spoken if rng.random() < 0.55 else item.category,
        "order": order.id,
        "carrier": order.carrier,
        "tracking": order.tracking,
        "shipped": _day(order.shipped_at),
        "expected": _day(order.expected_at),
        "delivered": delivered,
        "amount": f"${money(order.total)}",
        "refund": f"${money(order.refund)}",
        "days_late": str(late),
    }


def typed(rng: Random, shopper: Shopper, text: str) -> str:
    """Change a sentence into how a shopper types: lower case, no full stop, a slip of the fingers."""
    if shopper.writes == "lower":
        return " ".join(word if any(map(str.isdigit, word)) else word.lower() for word in text.split(" "))
    if shopper.writes == "loose":
        return text.removesuffix(".")
    if shopper.writes == "typos" and rng.random() < 0.5:
        return _slip(rng, text)
    return text


def _slip(rng: Random, text: str) -> str:
    """Swap two letters within one long word."""
    words = text.split(" ")
    long_ones = [place for place, word in enumerate(words) if len(word) > 5 and word.isalpha() and word.islower()]
    if not long_ones:
        return text
    place = rng.choice(long_ones)
    word = words[place]
    cut = rng.randint(1, len(word) - 3)
    words[place] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words)


def _water(item: Product) -> str:
    verb = "are" if item.plural else "is"
    features = item.attributes["features"]
    if "waterproof" in features:
        return f"{verb} waterproof"
    if "water-repellent" in features:
        return f"{verb} water-repellent: fine for a light shower, not for heavy rain"
    return f"{verb} not waterproof"


def _day(at: datetime) -> str:
    day = shop_day(at)
    return f"{_MONTHS[day.month - 1][:3]} {day.day}"

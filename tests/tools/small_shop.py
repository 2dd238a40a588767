"""Lines of the native format for tests: a small shop and what happens in it."""

from collections.abc import Sequence
from typing import Any


def product(
    product_id: str,
    name: str,
    category: str,
    *,
    colors: Sequence[str] = ("black",),
    sizes: Sequence[str] = ("M",),
    price: str = "100.00",
    stock: int = 3,
    created_at: str = "2025-01-10T09:00:00Z",
    description: str = "",
    **attributes: Any,
) -> dict[str, Any]:
    """A product line with one variant per color and size."""
    variants = [
        {"id": f"{product_id}-{c}-{s}", "options": {"color": c, "size": s}, "price": price, "stock": stock}
        for c in colors
        for s in sizes
    ]
    return {
        "type": "product", "id": product_id, "name": name, "category": category, "description": description,
        "attributes": attributes, "created_at": created_at, "variants": variants,
    }  # fmt: skip


SHOP = {"type": "shop", "name": "Lakeside", "currency": "USD", "timezone": "America/Chicago"}

CATALOG = (
    product("kinnick", "Kinnick Waterproof Winter Coat", "winter coat", colors=("red", "navy"), sizes=("S", "M"),
            price="249.00", material=["recycled polyester"], features=["waterproof", "hood"], lining="quilted",
            season="winter", gender="women", description="A knee-length coat with taped seams. Keeps sleet out."),
    product("tarn", "Tarn Shearling-Look Coat", "winter coat", colors=("red", "brown"), price="219.95",
            material=["polyester suede"], lining="faux fur", season="winter", gender="women",
            description="A coat with a soft lining and a wide collar. Not for rain."),
    product("lighthouse", "Lighthouse Fur-Lined Storm Coat", "winter coat", colors=("red", "black"), sizes=("M", "L"),
            price="289.00", material=["recycled nylon"], features=["waterproof", "hood"], lining="faux fur",
            season="winter", gender="unisex", created_at="2026-03-01T09:00:00Z",
            description="A waterproof winter coat with thick faux fur lining."),
    product("ember", "Ember Scarf", "scarf", colors=("red",), sizes=("one size",), price="39.00",
            material=["merino wool"], features=["waterproof"], lining="faux fur", season="winter"),
    product("harbor", "Harbor Sweater", "sweater", colors=("green", "red"), price="89.00", material=["wool"],
            season="winter"),
    product("reed", "Reed Cotton Sweater", "sweater", colors=("green",), price="79.00", material=["cotton"]),
    product("trail", "Trail Hiking Boots", "boots", colors=("brown",), sizes=("42", "43"), price="159.00",
            material=["leather"], features=["waterproof"]),
    product("puddle", "Puddle Rain Jacket", "rain jacket", colors=("yellow",), price="99.00", stock=0,
            material=["nylon"], features=["waterproof"]),
)  # fmt: skip


def customer(key: str, **more: Any) -> dict[str, Any]:
    """A customer line."""
    return {
        "type": "customer", "id": key, "email": f"{key}@example.com", "first_name": key.capitalize(),
        "last_name": "Miller", "created_at": "2025-02-01T10:00:00Z", "timezone": "America/Chicago",
        "address": {"line1": "1 Main St", "city": "Chicago", "postcode": "60601", "country": "US"},
        "payment_methods": [
            {"id": f"card-{key}", "kind": "credit_card", "brand": "visa", "last_four": "1234"},
            {"id": f"gift-{key}", "kind": "gift_card", "balance": "20.00"},
        ],
        "consent": {"email": True, "sms": False}, **more,
    }  # fmt: skip


def order(number: str, whose: str, skus: Sequence[str], **more: Any) -> dict[str, Any]:
    """An order line; each item costs 50."""
    return {
        "type": "order", "id": number, "customer": whose, "placed_at": "2026-02-10T12:00:00Z", "status": "delivered",
        "items": [{"variant": sku, "quantity": 1, "price": "50.00"} for sku in skus],
        "payments": [{"kind": "payment", "amount": f"{50 * len(skus)}.00", "method": f"card-{whose}"}], **more,
    }  # fmt: skip


def turn(turn_id: str, whose: str, text: str, at: str = "2026-02-01T20:00:00Z", **more: Any) -> dict[str, Any]:
    """A customer's turn, in a conversation of its own."""
    return {
        "type": "turn", "id": turn_id, "customer": whose, "conversation": f"talk-{turn_id}", "channel": "web",
        "speaker": "customer", "at": at, "text": text, **more,
    }  # fmt: skip

"""The demo shop's customers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tools.demo_shop.lines import Line, instant, money
from tools.demo_shop.tables import table

YEAR = timedelta(days=365)

_COLORS = "black navy charcoal grey white red burgundy rust orange mustard yellow".split()
_COLORS += [
    "olive",
    "forest green",
    "sage",
    "teal",
    "light blue",
    "blue",
    "lilac",
    "plum",
    "pink",
    "brown",
    "camel",
]
_BRANDS = ("visa", "visa", "visa", "mastercard", "mastercard", "amex", "discover")
_SIZES = {
    "women": (("XS", "S", "M", "L", "XL", "XXL"), (9, 24, 29, 21, 11, 6)),
    "men": (("XS", "S", "M", "L", "XL", "XXL"), (2, 14, 31, 30, 16, 7)),
}
_SHOES = {
    "women": ((36, 37, 38, 39, 40, 41), (6, 15, 27, 26, 17, 9)),
    "men": ((40, 41, 42, 43, 44, 45, 46), (5, 12, 23, 26, 18, 11, 5)),
}
_BEST_HOURS = (6, 7, 8, 9, 11, 12, 13, 16, 17, 18, 19, 20, 21, 22, 23)
_BEST_HOUR_WEIGHTS = (3, 7, 7, 5, 3, 8, 5, 3, 5, 7, 9, 13, 12, 8, 3)


@dataclass(frozen=True, eq=False)
class Shopper:
    """One customer, with what the customer would tell and the habits that drive behavior.

    `size` is a letter size, `shoe` an EU size, `hour` the local hour at which the customer is mostly online;
    `active_from` and `active_until` bound the part of the last year in which the customer does anything.
    """

    id: str
    first: str
    last: str
    email: str
    phone: str | None
    gender: str
    size: str
    shoe: int
    colors: tuple[str, str]
    city: Mapping[str, Any]
    street: str
    unit: str
    postcode: str
    persona: Mapping[str, Any]
    consent: Mapping[str, bool]
    methods: tuple[Line, ...]
    hour: int
    writes: str
    created_at: datetime
    active_from: datetime
    active_until: datetime

    @property
    def address(self) -> Line:
        """The customer's address as the native format has it."""
        unit: Line = {"line2": self.unit} if self.unit else {}
        place = {
            "city": self.city["name"],
            "region": self.city["region"],
            "postcode": self.postcode,
            "country": "US",
        }
        return {"line1": self.street, **unit, **place}

    @property
    def allows_email(self) -> bool:
        """Whether marketing by e-mail is allowed."""
        return self.consent.get("email", False)


def make_people(rng: Random, count: int, until: datetime) -> tuple[Shopper, ...]:
    """Make customers who signed up over the two years before `until`, oldest first."""
    ages = sorted((rng.randint(3 * 1440, 730 * 1440) for _ in range(count)), reverse=True)
    taken: dict[str, int] = {}
    phones = _phones(rng)
    return tuple(
        _shopper(rng, f"C{number:05d}", until - timedelta(minutes=age), until, taken, phones)
        for number, age in enumerate(ages, start=10001)
    )


def customer_line(shopper: Shopper) -> Line:
    """Write a customer."""
    line: Line = {"type": "customer", "id": shopper.id, "email": shopper.email}
    if shopper.phone:
        line["phone"] = shopper.phone
    line |= {
        "first_name": shopper.first,
        "last_name": shopper.last,
        "created_at": instant(shopper.created_at),
    }
    line |= {"timezone": shopper.city["timezone"], "address": shopper.address}
    line |= {"payment_methods": list(shopper.methods)}
    if shopper.consent:
        line["consent"] = dict(shopper.consent)
    return line


def _shopper(
    rng: Random,
    number: str,
    created_at: datetime,
    until: datetime,
    taken: dict[str, int],
    phones: dict[str, list[str]],
) -> Shopper:
    names = table("names")
    gender = "women" if rng.random() < 0.57 else "men"
    first, last = rng.choice(names[gender]), rng.choice(names["last"])
    persona = _persona(rng, until - created_at)
    city = _city(rng, persona)
    phone = _phone(rng, city, phones)
    quiet = timedelta(days=rng.randint(*persona["quiet_days"])) if "quiet_days" in persona else timedelta(0)
    sizes, size_weights = _SIZES[gender]
    shoes, shoe_weights = _SHOES[gender]
    return Shopper(
        id=number,
        first=first,
        last=last,
        email=_email(first, last, taken),
        phone=phone,
        gender=gender,
        size=rng.choices(sizes, size_weights)[0],
        shoe=rng.choices(shoes, shoe_weights)[0],
        colors=(rng.choice(_COLORS), rng.choice(_COLORS)),
        city=city,
        street=f"{rng.randint(1, 4999)} {rng.choice(names['street'])} {rng.choice(names['kind'])}",
        unit=f"Apt {rng.randint(1, 48)}" if rng.random() < 0.35 else "",
        postcode=rng.choice(city["postcodes"]),
        persona=persona,
        consent=_consent(rng, persona, phone),
        methods=_methods(rng, number),
        hour=rng.choices(_BEST_HOURS, _BEST_HOUR_WEIGHTS)[0],
        writes=rng.choices(("plain", "lower", "loose", "typos"), (48, 24, 18, 10))[0],
        created_at=created_at,
        active_from=max(created_at, until - YEAR),
        active_until=until - quiet,
    )


def _persona(rng: Random, age: timedelta) -> Mapping[str, Any]:
    personas: Sequence[Mapping[str, Any]] = table("personas")["persona"]
    while True:
        persona = rng.choices(personas, [row["weight"] for row in personas])[0]
        if "quiet_days" not in persona or age > timedelta(days=persona["quiet_days"][1] + 30):
            return persona


def _city(rng: Random, persona: Mapping[str, Any]) -> Mapping[str, Any]:
    climates = persona.get("climates", ["cold", "mild", "warm"])
    cities: list[Mapping[str, Any]] = [city for city in table("cities")["city"] if city["climate"] in climates]
    return rng.choices(cities, [city["weight"] for city in cities])[0]


def _email(first: str, last: str, taken: dict[str, int]) -> str:
    plain = "".join(letter for letter in f"{first}.{last}".lower() if letter.isalpha() or letter == ".")
    taken[plain] = taken.get(plain, 0) + 1
    return f"{plain}{taken[plain] if taken[plain] > 1 else ''}@example.com"


def _phones(rng: Random) -> dict[str, list[str]]:
    """Shuffle the fictional numbers (555-01xx) of every area code; 0100 is the shop's own."""
    numbers: dict[str, list[str]] = {}
    for city in table("cities")["city"]:
        for area in city["area"]:
            if area not in numbers:
                numbers[area] = [f"+1 {area} 555 {number:04d}" for number in range(101, 200)]
                rng.shuffle(numbers[area])
    return numbers


def _phone(rng: Random, city: Mapping[str, Any], phones: dict[str, list[str]]) -> str | None:
    if rng.random() > 0.55:
        return None
    left = phones[rng.choice(city["area"])]
    return left.pop() if left else None


def _consent(rng: Random, persona: Mapping[str, Any], phone: str | None) -> Mapping[str, bool]:
    consent = {}
    if rng.random() < persona["consent"]:
        consent["email"] = True
    elif rng.random() < 0.8:
        consent["email"] = False
    if phone and rng.random() < 0.7:
        consent["sms"] = rng.random() < 0.45
    return consent


def _methods(rng: Random, number: str) -> tuple[Line, ...]:
    methods: list[Line] = []
    if rng.random() < 0.82:
        last_four = f"{rng.randint(0, 9999):04d}"
        methods.append({"kind": "credit_card", "brand": rng.choice(_BRANDS), "last_four": last_four})
    if not methods or rng.random() < 0.25:
        methods.append({"kind": "paypal"})
    if rng.random() < 0.09:
        methods.append({"kind": "gift_card", "balance": money(500 * rng.randint(2, 30))})
    return tuple({"id": f"PM{number}-{place}"} | method for place, method in enumerate(methods, start=1))

"""Which customers wish for what, and what becomes of the wish."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Protocol

from tools.demo_shop.people import Shopper
from tools.demo_shop.tables import table

_OTHER_WISHES, _AVAILABLE, _TAKEN_BACK = 100, 20, 10
_COAT_CATEGORIES = ("winter coat", "parka")
_NO_EMAIL = (3, 9)


@dataclass(frozen=True)
class Wish:
    """Something a customer asked for at a time and has not got.

    `about` is `coat` for the red fur-lined kind and `other` otherwise; `fate` is `open`, `met` (bought soon after)
    or `taken back` (in the words of `later`); `text` may have slots; `missing` says that the shop had nothing like it.
    """

    shopper: Shopper
    at: datetime
    about: str
    categories: tuple[str, ...]
    text: str
    replies: tuple[str, ...]
    fate: str = "open"
    later: str = ""
    missing: bool = True


class Finder(Protocol):
    """What this module needs of the casting."""

    rng: Random

    def scaled(self, count: int) -> int:
        """Turn a number for 2,000 customers into one for as many as there are."""

    def find(self, fits: Callable[[Shopper], bool]) -> Shopper | None:
        """Take a customer who fits."""

    def awake(self, shopper: Shopper, least: int, most: int) -> datetime:
        """Draw a time so many days ago at which a customer is awake."""


def draw_wishes(finder: Finder) -> tuple[tuple[Wish, ...], tuple[str, ...]]:
    """Give all wishes, and the ids of the two coat wishers who have a complaint open."""
    coats = list(_coat_wishes(finder))
    complaining = tuple(wish.shopper.id for wish in coats if wish.shopper.allows_email and wish.fate == "open")[1:3]
    return (*coats, *_other_wishes(finder), *_available_wishes(finder)), complaining


def _coat_wishes(finder: Finder) -> Iterator[Wish]:
    tables = table("chat/coat_wishes")
    rows: Sequence[Mapping[str, Any]] = tables["coat"]
    replies = tuple(tables["replies"]["missing"])
    for number in range(finder.scaled(len(rows))):
        row = rows[number % len(rows)]
        allows = number % len(rows) not in _NO_EMAIL
        shopper = finder.find(partial(_may_want_the_coat, chicago=row["chicago"], allows_email=allows))
        if shopper:
            at = finder.awake(shopper, 3, 100)
            yield Wish(shopper, at, "coat", _COAT_CATEGORIES, row["text"], replies)
    for row in tables["taken_back"]:
        shopper = finder.find(_settled)
        if shopper:
            at = finder.awake(shopper, 60, 100)
            yield Wish(shopper, at, "coat", _COAT_CATEGORIES, row["text"], replies, "taken back", row["later"])


def _other_wishes(finder: Finder) -> Iterator[Wish]:
    tables = table("chat/wishes")
    said = [(group, text) for group in tables["wish"] for text in group["texts"]]
    finder.rng.shuffle(said)
    open_ones, taken_back = finder.scaled(_OTHER_WISHES), finder.scaled(_TAKEN_BACK)
    for number in range(open_ones + taken_back):
        group, text = said[number % len(said)]
        shopper = finder.find(partial(_may_say, group=group))
        if shopper is None:
            continue
        days = 2 + int(115 * finder.rng.random() * finder.rng.random())
        at = finder.awake(shopper, days, days)
        wish = Wish(shopper, at, "other", tuple(group["category"]), text, tuple(group["replies"]))
        if number < open_ones:
            yield wish
        else:
            later = finder.rng.choice(tables["follow"]["taken_back"]).replace("{noun}", group["noun"])
            at = finder.awake(shopper, 40, 110)
            yield Wish(shopper, at, "other", wish.categories, text, wish.replies, "taken back", later)


def _available_wishes(finder: Finder) -> Iterator[Wish]:
    said = [(group, text) for group in table("chat/wishes")["available"] for text in group["texts"]]
    for number in range(finder.scaled(_AVAILABLE)):
        group, text = said[number % len(said)]
        shopper = finder.find(_settled)
        if shopper:
            at = finder.awake(shopper, 20, 110)
            fate = "met" if number % 2 else "open"
            categories, replies = tuple(group["category"]), tuple(group["replies"])
            yield Wish(shopper, at, "other", categories, text, replies, fate, missing=False)


def _settled(shopper: Shopper) -> bool:
    """Whether a customer has been one for four months and still is."""
    lively = "quiet_days" not in shopper.persona and not shopper.persona.get("exactly", False)
    return lively and shopper.active_until - shopper.created_at > timedelta(days=125)


def _may_want_the_coat(shopper: Shopper, chicago: bool, allows_email: bool) -> bool:
    here = (shopper.city["name"] == "Chicago") == chicago and shopper.city["climate"] != "warm"
    return here and shopper.allows_email == allows_email and _settled(shopper)


def _may_say(shopper: Shopper, group: Mapping[str, Any]) -> bool:
    if not _settled(shopper):
        return False
    fits_gender = group.get("gender", shopper.gender) == shopper.gender
    return fits_gender and shopper.city["climate"] in group.get("climates", [shopper.city["climate"]])

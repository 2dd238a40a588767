"""How customers react to newsletters, and what they write about what they bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tools.demo_shop.lines import Diary, Line, event_line
from tools.demo_shop.orders import Bought, Order
from tools.demo_shop.people import Shopper
from tools.demo_shop.season import Newsletter, newsletters, shop_time
from tools.demo_shop.tables import table
from tools.demo_shop.taste import Taste
from tools.demo_shop.visits import Visit
from tools.demo_shop.year import Year

_SEND_HOUR = 9
_STARS = {"pleased": (5, 5, 4), "mixed": (3, 3, 4), "cross": (2, 1, 1)}


@dataclass(frozen=True)
class Reader:
    """How readily a customer opens newsletters; interest may fade over the last three months."""

    shopper: Shopper
    readiness: float
    fades: bool

    def chance(self, at: datetime, until: datetime) -> float:
        """Give the probability of opening a newsletter sent at a time."""
        if at > self.shopper.active_until:
            return self.readiness * 0.15
        if self.fades and until - at < timedelta(days=90):
            return self.readiness * 0.1
        return self.readiness


def read_newsletters(rng: Random, year: Year, diary: Diary, people: Sequence[Shopper], taste: Taste) -> None:
    """Write who opened which newsletter of the last year when, and who clicked on what."""
    issues = [*newsletters((year.until - timedelta(days=364)).date(), year.until.date())]
    for shopper in people:
        if not shopper.allows_email:
            continue
        readiness = min(0.9, shopper.persona["opens"] * rng.choice((0.3, 0.7, 1.0, 1.3, 1.7)))
        reader = Reader(shopper, readiness, rng.random() < 0.1)
        for issue in issues:
            sent_at = shop_time(issue.day, _SEND_HOUR)
            if sent_at > shopper.created_at and rng.random() < reader.chance(sent_at, year.until):
                _open(rng, year, diary, shopper, issue, taste)


def _open(rng: Random, year: Year, diary: Diary, shopper: Shopper, issue: Newsletter, taste: Taste) -> None:
    day = issue.day + timedelta(days=rng.choice((0, 0, 0, 0, 0, 1, 1, 2)))
    at = year.hour(shopper, day)
    if at < shop_time(issue.day, _SEND_HOUR):
        at += timedelta(days=1)
    about: Line = {"campaign": issue.campaign, "subject": issue.subject}
    diary.write(at, event_line(shopper.id, "email_opened", at, about))
    if rng.random() > 0.22:
        return
    clicked_at = at + timedelta(seconds=rng.randint(8, 90))
    item = taste.look(shopper, clicked_at)
    if item:
        clicked: Line = {**about, "product": item.id}
        diary.write(clicked_at, event_line(shopper.id, "email_clicked", clicked_at, clicked))
        Visit(rng, diary, shopper, clicked_at + timedelta(seconds=3)).view(item, None)


def write_reviews(rng: Random, year: Year, diary: Diary, orders: Sequence[Order]) -> None:
    """Write what customers say of some of the things they got, three days to three weeks after delivery."""
    for order in orders:
        if order.delivered_at is None or order.status not in ("delivered", "returned"):
            continue
        if rng.random() < order.shopper.persona["reviews"]:
            at = year.hour(order.shopper, (order.delivered_at + timedelta(days=rng.randint(3, 21))).date())
            _review(rng, diary, order, rng.choice(order.basket.items), at)


def _review(rng: Random, diary: Diary, order: Order, bought: Bought, at: datetime) -> None:
    kept = order.status == "delivered"
    mood = rng.choices(("pleased", "mixed", "cross"), (76, 16, 8) if kept else (5, 35, 60))[0]
    texts = table("reviews")[bought.product.kind][mood]
    variant = bought.variant
    text = rng.choice(texts).format(color=variant.color, size=variant.size, city=order.shopper.city["name"])
    properties: Line = {
        "product": bought.product.id,
        "variant": variant.sku,
        "rating": rng.choice(_STARS[mood]),
    }
    diary.write(at, event_line(order.shopper.id, "review_submitted", at, properties, text))

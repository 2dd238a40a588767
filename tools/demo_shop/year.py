"""What every shopper did on the shop's pages in the year before the demo starts."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from tools.demo_shop.cast import Cast
from tools.demo_shop.lines import Diary
from tools.demo_shop.orders import Basket
from tools.demo_shop.people import YEAR, Shopper
from tools.demo_shop.season import local_time, sale_percent, traffic
from tools.demo_shop.taste import Taste
from tools.demo_shop.visits import Visit, browse, find_sold_out, go_shopping, leave_cart, look_for

_SPREAD = (0.3, 0.6, 0.9, 1.2, 2.0)
_GAP = timedelta(days=2)
_HOURS = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)


class Year:
    """Draws times of the last year, busier in busy months and, for some, on days of sale."""

    def __init__(self, rng: Random, until: datetime) -> None:
        """Cover the 365 days before `until`."""
        self.until = until
        self._rng = rng
        self._first = (until - YEAR).date()
        self._days = [self._first + timedelta(days=count) for count in range(366)]
        self._loads: dict[float, list[float]] = {}

    def moment(self, shopper: Shopper, since: datetime, until: datetime) -> datetime:
        """Draw a time at which a shopper would be online, clipped to a range of aware times."""
        load = self._load(shopper.persona.get("sales", 1.0))
        low, high = self._place(since.date()), self._place(until.date())
        before = load[low - 1] if low else 0.0
        drawn = before + self._rng.random() * (load[high] - before)
        at = self.hour(shopper, self._days[min(bisect_left(load, drawn), high)])
        return min(max(at, since), until)

    def hour(self, shopper: Shopper, day: date) -> datetime:
        """Draw a time on a day of the shopper's own calendar, mostly near the shopper's best hour."""
        near = self._rng.random() < 0.6
        hour = shopper.hour + self._rng.choice((-1, 0, 0, 0, 1)) if near else self._rng.choice(_HOURS)
        minute, second = self._rng.randrange(60), self._rng.randrange(60)
        return local_time(day, hour % 24, minute, second, shopper.city["timezone"])

    def times(self, shopper: Shopper, mean: float, since: datetime, until: datetime) -> list[datetime]:
        """Draw as many times as a yearly mean suggests for the part of the year given, in order."""
        if until <= since:
            return []
        expected = mean * ((until - since) / YEAR) * self._rng.choice(_SPREAD)
        count = int(expected + self._rng.random())
        return sorted(self.moment(shopper, since, until) for _ in range(count))

    def _load(self, sales: float) -> list[float]:
        if sales not in self._loads:
            daily = (traffic(day.month) * (sales if sale_percent(day) else 1.0) for day in self._days)
            self._loads[sales] = list(accumulate(daily))
        return self._loads[sales]

    def _place(self, day: date) -> int:
        return min(max((day - self._first).days, 0), len(self._days) - 1)


def live(rng: Random, year: Year, diary: Diary, people: Sequence[Shopper], taste: Taste, cast: Cast) -> list[Basket]:
    """Write a year of visits into the diary and give what was ordered."""
    baskets: list[Basket] = []
    for shopper in people:
        baskets += _orders(rng, year, diary, shopper, taste, cast)
        for at in year.times(shopper, shopper.persona["visits"], shopper.active_from, _quiet_from(shopper, cast)):
            browse(rng, Visit(rng, diary, shopper, at), taste)
        if shopper.id in cast.carts:
            leave_cart(rng, Visit(rng, diary, shopper, cast.carts[shopper.id]), taste)
        if shopper.id in cast.waiting:
            shortage = cast.waiting[shopper.id]
            gone = shortage.back - shortage.since
            at = shortage.since + gone * (0.05 + 0.9 * rng.random())
            find_sold_out(rng, Visit(rng, diary, shopper, at), shortage)
    for wish in cast.wishes:
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            at = wish.at + timedelta(minutes=rng.randint(10, 12 * 1440))
            about = "red fur coat" if wish.about == "coat" else rng.choice(wish.categories)
            look_for(rng, Visit(rng, diary, wish.shopper, at), taste, about, wish.categories)
    return baskets


def _orders(rng: Random, year: Year, diary: Diary, shopper: Shopper, taste: Taste, cast: Cast) -> list[Basket]:
    errands = cast.errands.get(shopper.id, ())
    planned = [(errand.at, errand.category, errand.fate) for errand in errands]
    if not (shopper.persona.get("exactly") and errands):
        planned += [(at, "", "plain") for at in _order_times(rng, year, shopper, cast)]
    baskets: list[Basket] = []
    for at, category, fate in sorted(planned):
        if fate == "plain" and not category and any(abs(at - basket.placed_at) < _GAP for basket in baskets):
            continue
        basket = go_shopping(rng, Visit(rng, diary, shopper, at), taste, category, fate)
        if basket and basket.placed_at < year.until:
            baskets.append(basket)
    return baskets


def _order_times(rng: Random, year: Year, shopper: Shopper, cast: Cast) -> list[datetime]:
    since, until = shopper.active_from, _quiet_from(shopper, cast)
    if not shopper.persona.get("exactly"):
        return year.times(shopper, shopper.persona["orders"], since, until)
    if shopper.created_at == since:
        return [year.moment(shopper, since, min(until, since + timedelta(days=2)))]
    return [year.moment(shopper, since, since + timedelta(days=200))] if rng.random() < 0.7 else []


def _quiet_from(shopper: Shopper, cast: Cast) -> datetime:
    """Give when a shopper's ordinary visits end: before a part that must not be followed by others."""
    parts = [cast.carts[shopper.id]] if shopper.id in cast.carts else []
    parts += [errand.at for errand in cast.errands.get(shopper.id, ()) if errand.fate != "plain"]
    return min([shopper.active_until, *(at - timedelta(days=1) for at in parts)])

"""When to send: at the hour at which the audience opens e-mails, and before the message stops to fit.

The hour is the one, in the shop's time zone, with the most ``email_opened`` and ``email_clicked`` events of the last
90 days: the audience's own if there are at least ``ENOUGH``, else those of everybody who gets a message now, else ten
o'clock. The end is when it will have stopped to fit for half of the audience.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from memory.tables import Event
from tools.campaigns.kinds import Kind
from tools.campaigns.opportunity import Timing
from tools.campaigns.people import rows_about
from tools.campaigns.shelf import Shelf
from tools.campaigns.wording import counted

OPENS = ("email_opened", "email_clicked")
LOOKED_BACK = timedelta(days=90)
ENOUGH = 20
USUAL_HOUR = 10
_ENDS = {
    Kind.WISH_MET: "it will be 30 days since the product came to meet their wish",
    Kind.CART_LEFT: "it will be 14 days since they left the cart",
    Kind.BACK_IN_STOCK: "it will be 14 days since it came back",
}


@dataclass(frozen=True)
class Hours:
    """How often people opened e-mails, by hour of the shop's day: each customer, and all together."""

    by_customer: Mapping[str, Counter[int]]
    together: Counter[int]

    def of(self, customer_ids: Collection[str]) -> Counter[int]:
        """Those of some of them."""
        total: Counter[int] = Counter()
        for customer_id in customer_ids:
            total.update(self.by_customer.get(customer_id, {}))
        return total


def hours_of_opens(session: Session, customer_ids: Collection[str], shelf: Shelf) -> Hours:
    """When these customers opened e-mails."""
    wanted = select(Event.customer_id, Event.at).where(
        col(Event.name).in_(OPENS), col(Event.at) > shelf.now - LOOKED_BACK, col(Event.at) <= shelf.now
    )
    hours: dict[str, Counter[int]] = {}
    together: Counter[int] = Counter()
    for who, at in rows_about(session, wanted, Event.customer_id, customer_ids):
        hour = at.astimezone(shelf.zone).hour
        hours.setdefault(who, Counter())[hour] += 1
        together[hour] += 1
    return Hours(hours, together)


def timing(kind: Kind, ends: Mapping[str, datetime], stock: int | None, hours: Hours, shelf: Shelf) -> Timing:
    """When to send to these customers (id → when it stops to fit for them), of whom only some may get what is left."""
    hour, reason = _hour(ends, hours, shelf)
    until = sorted(ends.values())[(len(ends) - 1) // 2]
    send = _next(hour, shelf)
    half = f"on {shelf.day(until)} {_ENDS[kind]}, for half of them"
    if stock is not None and stock < len(ends):
        half += f"; there {'is' if stock == 1 else 'are'} {counted(stock, 'unit')} for {len(ends):,} customers"
    if send >= until:
        return Timing(shelf.now, until, f"at once: {half}, which is before the next good hour ({reason})")
    return Timing(send, until, f"{reason}; {half}")


def _hour(customer_ids: Collection[str], hours: Hours, shelf: Shelf) -> tuple[int, str]:
    everybody = (hours.together, "everybody who would get a message now")
    for opens, whose in ((hours.of(customer_ids), "this audience"), everybody):
        if opens.total() >= ENOUGH:
            hour, count = min(opens.items(), key=lambda item: (-item[1], item[0]))
            span = f"between {hour}:00 and {hour + 1}:00 ({shelf.zone.key})"
            return hour, f"{count} of {counted(opens.total(), 'e-mail open')} by {whose} fell {span}"
    return USUAL_HOUR, f"fewer than {ENOUGH} e-mail opens are known, so {USUAL_HOUR}:00 ({shelf.zone.key}) by default"


def _next(hour: int, shelf: Shelf) -> datetime:
    local = shelf.now.astimezone(shelf.zone)
    at = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if at <= local:
        at = (at + timedelta(days=1)).replace(hour=hour)
    return at.astimezone(shelf.now.tzinfo)

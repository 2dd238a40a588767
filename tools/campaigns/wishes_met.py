"""Open wishes that a product in stock meets entirely, and only lately.

``tools/shop/meeting.py`` says which wishes a product meets and since when. One counts here if the later of the two
moments, the wish voiced and the first variant that meets it to be had, lies within the last ``RECENT``. So a new
product reaches old wishes, a restocked size those who need that size, a lower price those who wait for it, and what
nobody took up for a month is not offered again.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from kit.ids import CustomerId
from kit.money import format_minor
from tools.campaigns.kinds import Kind
from tools.campaigns.occasion import Candidate, Occasion
from tools.campaigns.shelf import Shelf, Shelved
from tools.shop.meeting import Asked, Change, Meeting, Possible, read_asked
from tools.shop.offers import Offer
from tools.shop.tables import UNDATED

RECENT = timedelta(days=30)


def wishes_met(session: Session, shelf: Shelf) -> list[Occasion]:
    """One occasion a product, with everybody whose open wish it meets."""
    asked = read_asked(session, shelf.now)
    occasions = (_occasion(shelved, asked, shelf) for shelved in shelf.products.values())
    return [occasion for occasion in occasions if occasion.candidates]


def _occasion(shelved: Shelved, asked: Asked, shelf: Shelf) -> Occasion:
    met = asked.met_by(Offer(shelved.product, shelved.variants), shelf.now - RECENT)
    units = {one.variant.id: one.variant.stock for meeting in met for one in meeting.possible}
    candidates = [_candidate(meeting, shelf) for meeting in met]
    candidates.sort(key=lambda candidate: (candidate.at, candidate.source_id))
    return Occasion(
        kind=Kind.WISH_MET,
        about=shelved.product.id,
        product=shelved.card,
        currency=shelved.card.price.currency,
        stock=sum(units.values()),
        news=_news(shelved, [meeting.possible[0] for meeting in met], shelf),
        candidates=tuple({candidate.customer_id: candidate for candidate in candidates}.values()),  # the newest wish
    )


def _news(shelved: Shelved, changes: Sequence[Possible], shelf: Shelf) -> str:
    """What is new: a lower price where that is all that is, else since when it can be bought."""
    if changes and all(one.change is Change.CHEAPER for one in changes):
        last = max(changes, key=lambda one: (one.at, one.variant.id))
        return f"cheaper since {shelf.day(last.at)}"
    first = min(shelved.since(variant) for variant in shelved.variants)
    return "in stock" if first == UNDATED else f"in stock since {shelf.day(first)}"


def _candidate(meeting: Meeting, shelf: Shelf) -> Candidate:
    wish = meeting.wish
    meets = f"; it meets {', '.join(meeting.met)}" if meeting.met else ""
    return Candidate(
        customer_id=CustomerId(wish.customer_id),
        because=f"asked for “{wish.quote}” on {shelf.day(wish.voiced_at)}{meets}{_change(meeting, shelf)}",
        price_minor=min(one.variant.price_minor for one in meeting.possible),
        product_ids=frozenset({meeting.product.id}),
        since=wish.voiced_at,
        ends=min(meeting.since + RECENT, wish.expires_at),
        source_id=wish.source_id,
        at=wish.voiced_at,
        quote=wish.quote,
    )


def _change(meeting: Meeting, shelf: Shelf) -> str:
    """What happened since the wish was voiced, as a clause; nothing where the product was there before."""
    first = meeting.possible[0]
    if first.at <= meeting.wish.voiced_at:
        return ""
    day = shelf.day(first.at)
    if first.change is Change.CHEAPER and first.former_minor is not None:
        currency = first.variant.currency
        now, before = format_minor(first.variant.price_minor, currency), format_minor(first.former_minor, currency)
        return f"; it costs {now} instead of {before} since {day}"
    return f"; it is back since {day}" if first.change is Change.BACK else f"; it is new since {day}"

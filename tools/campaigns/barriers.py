"""What bars writing to somebody whom a message fits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from kit.ids import CustomerId
from memory.signals import open_complaints
from memory.tables import Consent, Event, Identity, Purchase
from tools.campaigns.kinds import Reason
from tools.campaigns.occasion import Candidate
from tools.campaigns.people import rows_about

CHANNEL = "email"
REST = timedelta(days=3)  # nobody gets two messages within it; the reason's wording names it
MESSAGES = ("message_sent", "email_sent")


@dataclass(frozen=True)
class Barrier:
    """Why somebody is not written to; ``source_id`` says so, where something does."""

    reason: Reason
    source_id: str | None


@dataclass(frozen=True)
class Barriers:
    """What bars writing to the candidates of one asking."""

    complaints: Mapping[CustomerId, str]  # the event that opened it
    consents: Mapping[str, tuple[bool, str]]  # the newest word, and ``consent:`` with its row's number
    reachable: Collection[str]
    bought: Mapping[tuple[str, str], tuple[datetime, str]]  # (customer, product) → the newest order of it
    messaged: Mapping[str, str]  # the newest message's event

    def against(self, candidate: Candidate) -> Barrier | None:
        """The first reason not to write to this candidate about this."""
        who = candidate.customer_id
        granted, consent = self.consents.get(who, (False, None))
        ordered = self._ordered(candidate)
        if who in self.complaints:
            return Barrier(Reason.COMPLAINT, self.complaints[who])
        if not granted:
            return Barrier(Reason.CONSENT, consent)
        if who not in self.reachable:
            return Barrier(Reason.ADDRESS, None)
        if ordered is not None:
            return Barrier(Reason.ORDERED, ordered)
        if who in self.messaged:
            return Barrier(Reason.MESSAGED, self.messaged[who])
        return None

    def _ordered(self, candidate: Candidate) -> str | None:
        """The newest order of what the message is about; one that was sent back counts too: they have had it."""
        orders = [self.bought.get((candidate.customer_id, product)) for product in candidate.product_ids]
        since = [order for order in orders if order and order[0] >= candidate.since]
        return max(since)[1] if since else None


def read_barriers(session: Session, candidates: Sequence[Candidate], now: datetime) -> Barriers:
    """All that may bar writing to these candidates at ``now``, in a handful of statements however many they are."""
    ids = {candidate.customer_id for candidate in candidates}
    oldest = min((candidate.since for candidate in candidates), default=now)
    return Barriers(
        complaints=open_complaints(session, ids),
        consents=_consents(session, ids, now),
        reachable=_reachable(session, ids),
        bought=_bought(session, ids, oldest, now),
        messaged=_messaged(session, ids, now),
    )


def _consents(session: Session, ids: Collection[str], now: datetime) -> dict[str, tuple[bool, str]]:
    wanted = (
        select(Consent.customer_id, Consent.granted, col(Consent.id))
        .where(Consent.channel == CHANNEL, col(Consent.at) <= now)
        .order_by(col(Consent.at), col(Consent.id))
    )
    return {
        who: (granted, f"consent:{row}") for who, granted, row in rows_about(session, wanted, Consent.customer_id, ids)
    }


def _reachable(session: Session, ids: Collection[str]) -> set[str]:
    wanted = select(Identity.customer_id, Identity.value).where(Identity.kind == CHANNEL)
    return {who for who, _ in rows_about(session, wanted, Identity.customer_id, ids)}


def _bought(
    session: Session, ids: Collection[str], since: datetime, now: datetime
) -> dict[tuple[str, str], tuple[datetime, str]]:
    wanted = (
        select(Purchase.customer_id, Purchase.product_id, Purchase.at, Purchase.order_id)
        .where(col(Purchase.at) >= since, col(Purchase.at) <= now)
        .order_by(col(Purchase.at), Purchase.order_id)
    )
    rows = rows_about(session, wanted, Purchase.customer_id, ids)
    return {(who, product_id): (at, order_id) for who, product_id, at, order_id in rows}


def _messaged(session: Session, ids: Collection[str], now: datetime) -> dict[str, str]:
    wanted = (
        select(Event.customer_id, Event.id)
        .where(col(Event.name).in_(MESSAGES), col(Event.at) > now - REST, col(Event.at) <= now)
        .order_by(col(Event.at), Event.id)
    )
    return dict(rows_about(session, wanted, Event.customer_id, ids))

"""The door to the memory: ``Memory`` finds and makes customers, ``CustomerMemory`` is bound to one of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from kit.clock import Clock
from kit.database import Database
from kit.ids import CustomerId, EventId
from kit.tokens import TokenCounter
from kit.vectors.index import Hit, SemanticIndex
from memory import identity, signals, timeline
from memory.attributes import Registry
from memory.context import Context, build_context
from memory.extraction.port import Extractor
from memory.facts import FactBook, Known, Source
from memory.profile import Profile, PurchaseSummary
from memory.recall.calendar import Calendar
from memory.recall.recalled import Recalled
from memory.recall.recalling import Asked, recall
from memory.tables import Consent, Event, Fact, Identity, Purchase, Turn, Wish
from memory.timeline import NewEvent, Timeline
from memory.wishes import WishList

_RECALLED_FOR_CONTEXT, _MOST_RECALLED = 20, 200
_TOKENS_PER_ITEM = 20  # a short turn's: what a budget could hold
_PRODUCTS_IN_SUMMARY = 10


@dataclass(frozen=True)
class Heard:
    """What became of a customer's message. ``repeated``: it had been heard before, and nothing changed."""

    turn: Turn
    facts: Sequence[Fact]
    wishes: Sequence[Wish]
    repeated: bool


class Memory:
    """Every customer's memory. Its methods work within the caller's unit of work and never commit."""

    def __init__(
        self,
        database: Database,
        index: SemanticIndex,
        clock: Clock,
        extractor: Extractor,
        counter: TokenCounter,
        registry: Registry | None = None,
    ) -> None:
        self.database = database
        self.index = index
        self.clock = clock
        self.extractor = extractor
        self.counter = counter
        self.registry = registry or Registry()

    def find(self, session: Session, kind: str, value: str) -> CustomerId | None:
        """The customer that an ``email``, ``phone``, ``anonymous`` or ``shop`` identity leads to."""
        return identity.find(session, kind, value)

    def enter(
        self,
        session: Session,
        identities: Mapping[str, str],
        *,
        at: datetime | None = None,
        first_name: str = "",
        last_name: str = "",
        timezone: str = "UTC",
    ) -> CustomerId:
        """Finds or makes the customer of these identities (kind → value). Raises ``Conflict`` if they disagree."""
        return identity.enter(
            session, identities, at=at or self.clock.now(), first_name=first_name, last_name=last_name,
            timezone=timezone,
        )  # fmt: skip

    def of(self, session: Session, customer_id: str) -> "CustomerMemory":
        """One customer's memory. Raises ``NotFound``."""
        return CustomerMemory(self, session, CustomerId(identity.customer(session, customer_id).id))

    def append_events(self, session: Session, events: Sequence[NewEvent]) -> list[NewEvent]:
        """Appends many customers' events in bulk, each once; gives those that were new."""
        return timeline.append_events(session, self.index, events, self.clock.now())

    def across(self, collection: str, text: str, count: int = 10) -> list[Hit]:
        """Search by meaning across customers: in ``turn``, ``fact``, ``wish`` or ``word``. Outside a unit of work."""
        return self.index.search(collection, text, count)


class CustomerMemory:
    """One customer's memory in one unit of work. No method takes a customer id: there is nobody else in here."""

    def __init__(self, memory: Memory, session: Session, customer_id: CustomerId) -> None:
        self.customer_id = customer_id
        self._memory = memory
        self._session = session
        self._timeline = Timeline(session, memory.index, customer_id)
        self._facts = FactBook(session, memory.index, memory.registry, customer_id)
        self._wishes = WishList(session, memory.index, customer_id)

    def hear(
        self, text: str, *, conversation_id: str, channel: str, message_id: str, at: datetime | None = None
    ) -> Heard:
        """Takes in the customer's own words: the turn, and the facts and wishes it voices, in this unit of work."""
        at = at or self._memory.clock.now()
        turn, repeated = self._timeline.append(
            text, conversation_id=conversation_id, channel=channel, message_id=message_id, speaker="customer", at=at
        )
        if repeated:
            return Heard(turn, self._facts.said_by(turn.id), self._wishes.voiced_in(turn.id), repeated=True)
        source = Source(turn.id, at, self._memory.extractor.name)
        found = self._memory.extractor.extract(text, at)
        facts = [fact for found_fact in found.facts if (fact := self._facts.learn(found_fact, source))]
        wishes = [self._wishes.voice(wish, source) for wish in found.wishes]
        return Heard(turn, facts, wishes, repeated=False)

    def say(
        self,
        text: str,
        *,
        conversation_id: str,
        channel: str,
        message_id: str,
        speaker: str = "agent",
        reply_to: str | None = None,
        tool_calls: Iterable[Mapping[str, Any]] = (),
        made_by: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> Turn:
        """Keeps an agent's or the desk's turn. It makes no facts: only customers' own words do."""
        turn, _ = self._timeline.append(
            text, conversation_id=conversation_id, channel=channel, message_id=message_id, speaker=speaker,
            at=at or self._memory.clock.now(), reply_to=reply_to, tool_calls=tool_calls, made_by=made_by,
        )  # fmt: skip
        return turn

    def record(
        self,
        name: str,
        *,
        source: str,
        source_id: str,
        at: datetime | None = None,
        properties: Mapping[str, Any] | None = None,
        text: str | None = None,
        product_id: str | None = None,
        variant_id: str | None = None,
    ) -> Event:
        """Appends an event, once per ``(source, source_id)``."""
        event = NewEvent(
            self.customer_id, name, at or self._memory.clock.now(), source, source_id, properties or {}, text,
            product_id, variant_id,
        )  # fmt: skip
        wanted = select(Event).where(Event.source == source, Event.source_id == source_id)
        known = self._session.exec(wanted).one_or_none()
        if known is None:
            self._memory.append_events(self._session, [event])
        return known or self._session.exec(wanted).one()

    def bought(self, purchase: Purchase) -> None:
        """Keeps the projection of an order line, and closes the wishes it meets."""
        purchase.customer_id = self.customer_id
        self._session.merge(purchase)
        self._session.flush()
        self._wishes.fulfil(purchase.product_name, purchase.order_id, purchase.at)

    def consent(self, channel: str, granted: bool, *, source: str, at: datetime | None = None) -> None:
        """Keeps a yes or no to messages on a channel; the same again at the same time changes nothing."""
        at = at or self._memory.clock.now()
        wanted = select(Consent).where(
            Consent.customer_id == self.customer_id, Consent.channel == channel, col(Consent.at) == at
        )
        row = self._session.exec(wanted).one_or_none()
        row = row or Consent(customer_id=self.customer_id, channel=channel, granted=granted, at=at, source=source)
        row.granted, row.source = granted, source
        self._session.add(row)
        self._session.flush()

    def consents(self) -> dict[str, bool]:
        """The newest word per channel."""
        wanted = (
            select(Consent).where(Consent.customer_id == self.customer_id).order_by(col(Consent.at), col(Consent.id))
        )
        return {row.channel: row.granted for row in self._session.exec(wanted).all()}

    def turns(self, conversation_id: str, last: int = 20) -> list[Turn]:
        """The newest turns of one of this customer's conversations, oldest first."""
        return self._timeline.turns(conversation_id, last)

    def heard(self, conversation_id: str, message_id: str) -> Turn | None:
        """The turn with that message id in one of this customer's conversations."""
        return self._timeline.said(conversation_id, message_id)

    def facts(self) -> list[Known]:
        """What holds now, each with its quotes."""
        return self._facts.current(self._memory.clock.now())

    def wishes(self) -> list[Wish]:
        """Open wishes, newest first."""
        return self._wishes.open(self._memory.clock.now())

    def purchases(self) -> list[Purchase]:
        """Order lines, newest first."""
        wanted = select(Purchase).where(Purchase.customer_id == self.customer_id)
        newest = (col(Purchase.at).desc(), col(Purchase.order_id), col(Purchase.line))
        return list(self._session.exec(wanted.order_by(*newest)).all())

    def profile(self) -> Profile:
        """All of it, as of now."""
        row = identity.customer(self._session, self.customer_id)
        identities: dict[str, list[str]] = {}
        wanted = (
            select(Identity).where(Identity.customer_id == self.customer_id).order_by(Identity.kind, Identity.value)
        )
        for known in self._session.exec(wanted).all():
            identities.setdefault(known.kind, []).append(known.value)
        return Profile(
            customer_id=self.customer_id,
            name=f"{row.first_name} {row.last_name}".strip(),
            timezone=row.timezone,
            created_at=row.created_at,
            as_of=self._memory.clock.now(),
            identities=identities,
            consents=self.consents(),
            facts=self.facts(),
            wishes=self.wishes(),
            purchases=_summary(self.purchases()),
            open_matters=signals.open_matters(self._session, self.customer_id),
        )

    def recall(
        self,
        query: str,
        count: int = 10,
        *,
        without: Sequence[str] = (),
        explain: bool = False,
        at: datetime | None = None,
    ) -> list[Recalled]:
        """What of this memory bears most on ``query``, best first; "last spring" is understood as of ``at``, or now.

        ``without`` names items to leave out; ``explain`` has each say which contributions its score is the sum of.
        """
        row = identity.customer(self._session, self.customer_id)
        names = (f"{row.first_name} {row.last_name}".strip(), row.first_name, row.last_name)
        calendar = Calendar(at or self._memory.clock.now(), row.timezone)
        asked = Asked(self.customer_id, query, names, calendar)
        return recall(self._session, self._memory.index, asked, count=count, without=without, explain=explain)

    def context(self, query: str, budget: int, *, without: Sequence[str] = ()) -> Context:
        """What to hand a model: at most ``budget`` tokens; ``without`` names turns it gets anyway."""
        count = min(_MOST_RECALLED, max(_RECALLED_FOR_CONTEXT, budget // _TOKENS_PER_ITEM))
        recalled = self.recall(query, count, without=without)
        return build_context(self.profile(), recalled, self._memory.counter, budget)

    def timeline(self, last: int = 50) -> list[Turn | Event]:
        """The newest turns and events together, newest first."""
        turns = self._session.exec(
            select(Turn).where(Turn.customer_id == self.customer_id).order_by(col(Turn.at).desc()).limit(last)
        ).all()
        events = self._session.exec(
            select(Event).where(Event.customer_id == self.customer_id).order_by(col(Event.at).desc()).limit(last)
        ).all()
        both: list[Turn | Event] = [*turns, *events]
        return sorted(both, key=lambda one: (one.at, one.id), reverse=True)[:last]

    def open_complaint(self) -> EventId | None:
        """The event that opened an unresolved complaint, if there is one."""
        return signals.open_complaints(self._session, [self.customer_id]).get(self.customer_id)


def _summary(purchases: Sequence[Purchase]) -> PurchaseSummary:
    spent: dict[str, int] = {}
    for line in purchases:
        if line.kept:
            spent[line.currency] = spent.get(line.currency, 0) + line.unit_minor * line.quantity
    names = list(dict.fromkeys(line.product_name for line in purchases))
    return PurchaseSummary(
        orders=len({line.order_id for line in purchases}),
        spent_minor=spent,
        last_at=purchases[0].at if purchases else None,
        products=names[:_PRODUCTS_IN_SUMMARY],
    )

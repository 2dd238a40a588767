"""One customer's memory: what is said and done goes in, profile, recall and context come out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from kit.errors import NotFound
from kit.ids import CustomerId, EventId
from memory import signals
from memory.by_hand import ByHand
from memory.context import Context, build_context
from memory.extraction import queue
from memory.extraction.own_words import own_words, quoting
from memory.extraction.port import Extraction
from memory.facts import FactBook, Known
from memory.privacy.erased import or_erased
from memory.privacy.forgetting import forget
from memory.profile import Profile, PurchaseSummary
from memory.recall.calendar import Calendar
from memory.recall.recalled import Recalled
from memory.recall.recalling import Asked, recall
from memory.sources import Source, own_turn
from memory.tables import Consent, Customer, Event, Fact, Identity, Purchase, Turn, Wish
from memory.timeline import NewEvent, Timeline, dated
from memory.wishes import WishList

if TYPE_CHECKING:
    from memory.door import Memory

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


class CustomerMemory:
    """One customer's memory in one unit of work. No method takes a customer id: there is nobody else in here."""

    def __init__(self, memory: "Memory", session: Session, row: Customer) -> None:
        self.customer_id = customer_id = CustomerId(row.id)
        self._row = row
        self._memory = memory
        self._session = session
        self._timeline = Timeline(session, memory.index, customer_id)
        self._facts = FactBook(session, memory.index, memory.registry, customer_id, memory.clock)
        self._wishes = WishList(session, memory.index, customer_id)
        self._by_hand = ByHand(session, memory, self._facts, self._wishes, customer_id)

    @or_erased
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
        if self._memory.read_again:
            queue.enqueue(self._session, turn.id, self._memory.clock.now())
        found = self._memory.extractor.extract(own_words(text), at)
        return self._take(turn, found, own_turn(turn, self._memory.extractor.name))

    def add_reading(self, turn_id: str, found: Extraction, extractor: str) -> Heard:
        """Adds what another extractor (name and version) reads in one of this customer's turns.

        What does not quote the turn's own words is left out. Raises ``NotFound``, and ``InvalidInput`` for a turn that
        the customer did not write and for unknown attributes. The same again changes nothing.
        """
        turn = self._session.get(Turn, turn_id)
        if turn is None or turn.customer_id != self.customer_id:
            raise NotFound(f"there is no turn {turn_id!r} of this customer")
        return self._take(turn, quoting(found, own_words(turn.text)), own_turn(turn, extractor))

    def _take(self, turn: Turn, found: Extraction, source: Source) -> Heard:
        facts = self._facts.take(found.facts, source)
        return Heard(turn, facts, self._wishes.take(found, source), repeated=False)

    def correct(self, fact_id: str, value: str) -> Known:
        """The customer corrects a fact by form; gives the fact that takes its place, with that as its source.

        Raises ``NotFound``, and ``InvalidInput`` for a value that the attribute cannot have.
        """
        return self._by_hand.correct(fact_id, value)

    def forget_source(self, source_id: str) -> None:
        """Removes what a turn or event said of the customer; what nothing else says dies with it."""
        self._facts.forget_source(source_id)
        self._wishes.forget_source(source_id)

    def settle(self) -> None:
        """Derives all facts and wishes anew: after two customers were merged, or a merge was undone."""
        self._facts.settle()
        self._wishes.settle()

    def settle_wishes(self) -> None:
        """Derives the wishes anew: after purchases were written or changed otherwise than through ``bought``."""
        self._wishes.settle()

    def facts_as_of(self, held_at: datetime, believed_at: datetime) -> list[Known]:
        """What we believed at ``believed_at`` about the moment ``held_at``."""
        return self._facts.as_of(held_at, believed_at)

    def history(self, attribute: str) -> list[Known]:
        """All that we now believe ever held of an attribute, oldest first. Raises ``InvalidInput`` if unknown."""
        return self._facts.history(attribute)

    @or_erased
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

    @or_erased
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
        """Keeps the projection of an order line; the wishes it meets are closed, and open again once it is not kept."""
        purchase.customer_id = self.customer_id
        dated(purchase.at)
        self._session.merge(purchase)
        self._session.flush()
        self._wishes.settle()

    def consent(
        self,
        channel: str,
        granted: bool,
        *,
        source: str,
        quote: str = "",
        turn_id: str | None = None,
        at: datetime | None = None,
    ) -> None:
        """Keeps a yes or no to messages on a channel; the same again at the same time changes nothing.

        ``source`` says where it was given (``signup``, ``import``, ``chat`` …), ``quote``, ``turn_id``: which words.
        """
        at = at or self._memory.clock.now()
        wanted = select(Consent).where(
            Consent.customer_id == self.customer_id, Consent.channel == channel, col(Consent.at) == at
        )
        row = self._session.exec(wanted).one_or_none()
        row = row or Consent(customer_id=self.customer_id, channel=channel, granted=granted, at=at, source=source)
        row.granted, row.source, row.quote, row.turn_id = granted, source, quote, turn_id
        self._session.add(row)
        self._session.flush()

    def consents(self) -> dict[str, bool]:
        """The newest word per channel."""
        return {row.channel: row.granted for row in self.consent_history()}

    def consent_history(self, channel: str | None = None) -> list[Consent]:
        """Every yes and no there was, on one channel or on all, oldest first; the last of a channel counts."""
        wanted = select(Consent).where(Consent.customer_id == self.customer_id)
        if channel is not None:
            wanted = wanted.where(Consent.channel == channel)
        return list(self._session.exec(wanted.order_by(col(Consent.at), col(Consent.id))).all())

    def forget(self, item_id: str) -> dict[str, int]:
        """Forgets a turn, event, fact or wish and what stood on nothing else; gives the rows removed by table.

        A fact or wish goes with every word for it, and the turns stay; a turn goes with its words and the reply to it.
        Raises ``NotFound`` for what is not this customer's, ``InvalidInput`` for an id of another kind.
        """
        if item_id.startswith("fct_"):
            self._by_hand.forget_fact(item_id)
            return {"fact": 1}
        if item_id.startswith("wsh_"):
            self._by_hand.forget_wish(item_id)
            return {"wish": 1}
        return forget(self._session, self._memory, self.customer_id, item_id)

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
        row = self._row
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
        row = self._row
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

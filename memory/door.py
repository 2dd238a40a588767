"""The door to the memory: ``Memory`` finds and makes customers, ``CustomerMemory`` is bound to one of them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from kit.clock import Clock
from kit.database import Database
from kit.errors import NotFound
from kit.ids import CustomerId
from kit.tokens import TokenCounter
from kit.vectors.index import Hit, SemanticIndex
from memory import timeline
from memory.attributes import Registry
from memory.customer_memory import CustomerMemory
from memory.extraction.port import Extractor
from memory.identity import merging, rows
from memory.identity.entering import Entrance, Identities, Told
from memory.identity.merging import MergePlan
from memory.identity.normal import normalised
from memory.privacy.erased import Erased, find_erasure
from memory.privacy.tables import Erasure
from memory.privacy.tombstones import Tombstones
from memory.tables import Merge
from memory.timeline import NewEvent


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
        *,
        region: str | None = None,
        read_again: bool = False,
        tombstones: Tombstones | None = None,
    ) -> None:
        self.database = database
        self.index = index
        self.clock = clock
        self.extractor = extractor
        self.counter = counter
        self.registry = registry or Registry()
        self.read_again = read_again  # whether a second extractor reads each turn afterwards
        self.region = region
        self.tombstones = tombstones

    def find(self, session: Session, kind: str, value: str) -> CustomerId | None:
        """The customer that an identity leads to; the kinds are those of ``memory.identity.normal``."""
        return self._entrance(session).find(kind, value)

    def normalised(self, kind: str, value: str) -> str:
        """An identity's value as stored. Raises ``InvalidInput``."""
        return normalised(kind, value, self.region)

    def enter(
        self,
        session: Session,
        identities: Identities,
        *,
        at: datetime | None = None,
        first_name: str = "",
        last_name: str = "",
        timezone: str = "UTC",
        source: str = "",
        vouched: Collection[str] = (),
    ) -> CustomerId:
        """Finds or makes the customer of these identities (kind → value or values).

        ``source`` says who tells of them, ``vouched`` the kinds it answers for. What follows when they have led to
        several customers until now stands in ``memory.identity.rules``; it raises ``Contradiction`` (a ``Conflict``).
        """
        told = Told(at or self.clock.now(), source, vouched, first_name, last_name, timezone)
        return self._entrance(session).enter(identities, told)

    def recognise(self, session: Session, identities: Identities) -> CustomerId | None:
        """The customer of identities that are known and verified already, if ``sign_in`` would change nothing."""
        return self._entrance(session).recognise(identities)

    def sign_in(self, session: Session, identities: Identities, *, source: str) -> CustomerId:
        """As ``enter``, all vouched for; contradicted, the strongest decides and a merge is suggested to people."""
        told = Told(self.clock.now(), source, frozenset(identities))
        return self._entrance(session).sign_in(identities, told)

    def is_known(self, session: Session, customer_id: str) -> bool:
        """Whether a customer has an identity of a person, not of devices alone."""
        return merging.is_known(session, customer_id)

    def bring(self, session: Session, customer_id: str, devices: Identities, *, source: str) -> CustomerId:
        """Takes along what an anonymous customer did on these devices (``anonymous``, ``device``)."""
        return self._entrance(session).bring(customer_id, devices, Told(self.clock.now(), source))

    def link(
        self, session: Session, customer_id: str, kind: str, value: str, *, source: str, verified: bool = False
    ) -> None:
        """Adds an identity to a customer. Raises ``Contradiction`` (a ``Conflict``) where it is somebody else's."""
        told = Told(self.clock.now(), source, {kind} if verified else ())
        self._entrance(session).link(customer_id, kind, value, told)

    def plan_merge(self, session: Session, one: str, other: str) -> MergePlan:
        """What merging these two would do. Raises as ``merge``."""
        return merging.plan(session, one, other)

    def merge(self, session: Session, one: str, other: str, *, reason: str) -> Merge:
        """Makes one customer of two. Raises ``NotFound``, and ``Conflict`` where they are one already."""
        return merging.merge(session, self._settle, one, other, at=self.clock.now(), reason=reason)

    def unmerge(self, session: Session, merge_id: str) -> Merge:
        """Makes two of one again. Raises ``NotFound``, and ``Conflict`` where that was done before."""
        return merging.unmerge(session, self._settle, merge_id, at=self.clock.now())

    def merges(self, session: Session, customer_id: str) -> list[Merge]:
        """The merges that made this customer, and those undone, oldest first."""
        return merging.merges(session, rows.customer(session, customer_id).id)

    def of(self, session: Session, customer_id: str) -> CustomerMemory:
        """One customer's memory. Raises ``NotFound``, and ``Erased`` for one who was erased."""
        try:
            return CustomerMemory(self, session, rows.customer(session, customer_id))
        except NotFound:
            if receipt := self.erasure(session, "customer", customer_id):
                raise Erased(receipt) from None
            raise

    def erasure(self, session: Session, kind: str, value: str) -> Erasure | None:
        """The newest erasure of whoever had this id (``customer``) or identity (``email``, ``anonymous`` …)."""
        if self.tombstones is None:
            return None
        value = value if kind == "customer" else self.normalised(kind, value)
        return find_erasure(session, self.tombstones, kind, value)

    def append_events(self, session: Session, events: Sequence[NewEvent]) -> list[NewEvent]:
        """Appends many customers' events in bulk, each once; gives those that were new."""
        leads = rows.survivors(session, {event.customer_id for event in events})
        events = [
            replace(event, customer_id=CustomerId(leads.get(event.customer_id, event.customer_id))) for event in events
        ]
        return timeline.append_events(session, self.index, events, self.clock.now())

    def across(self, collection: str, text: str, count: int = 10) -> list[Hit]:
        """Search by meaning across customers: in ``turn``, ``fact``, ``wish`` or ``word``. Outside a unit of work."""
        return self.index.search(collection, text, count)

    def forget_source(self, session: Session, customer_id: str, source_id: str) -> None:
        """Takes what a turn or event said out of a customer's facts and wishes; what nothing else says dies with it."""
        self.of(session, customer_id).forget_source(source_id)

    def _settle(self, session: Session, customer_id: str) -> None:
        self.of(session, customer_id).settle()

    def _entrance(self, session: Session) -> Entrance:
        return Entrance(session, self._settle, self.region)

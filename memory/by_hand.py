"""What a customer does to their own memory by form: correct a fact, have a fact or a wish removed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlmodel import Session

from kit.clock import Clock
from kit.errors import InvalidInput, NotFound
from kit.ids import CustomerId, new_id
from memory.attributes import Registry
from memory.extraction.port import FoundFact
from memory.facts import FactBook, Known
from memory.sources import CORRECTED, FORGOTTEN, own_event
from memory.tables import Event, Fact, Wish
from memory.timeline import NewEvent, whole
from memory.values import normalised
from memory.wishes import WishList


class Keeper(Protocol):
    """What is needed of the memory."""

    clock: Clock
    registry: Registry

    def append_events(self, session: Session, events: list[NewEvent]) -> list[NewEvent]: ...


class ByHand:
    """One customer's forms within one unit of work. Each leaves an event, which is the source of what it says."""

    def __init__(
        self, session: Session, memory: Keeper, facts: FactBook, wishes: WishList, customer_id: CustomerId
    ) -> None:
        self._session = session
        self._memory = memory
        self._facts = facts
        self._wishes = wishes
        self._customer_id = customer_id

    def correct(self, fact_id: str, value: str) -> Known:
        """See ``CustomerMemory.correct``. Of an attribute with many values, the old one is taken back."""
        wrong = self._fact(fact_id)
        attribute = self._memory.registry.get(wrong.attribute)
        right = normalised(attribute, whole(value))
        event = self._event(CORRECTED, {"attribute": attribute.name, "value": right})
        old = FoundFact(attribute.name, wrong.value, "", 1.0, retracts=True)
        new = FoundFact(attribute.name, right, value.strip(), 1.0)
        self._facts.take([old, new] if attribute.many else [new], own_event(event))
        for known in self._facts.current(self._now()):
            if (known.fact.attribute, known.fact.value.casefold()) == (attribute.name, right.casefold()):
                return known
        raise InvalidInput(f"{right!r} is over already; remove the fact instead")

    def forget_fact(self, fact_id: str) -> None:
        """See ``CustomerMemory.forget_fact``. A correction's event keeps the value too: it goes with the fact."""
        fact = self._fact(fact_id)
        event = self._event(FORGOTTEN, {"attribute": fact.attribute})
        for source in self._facts.citing(fact):
            told = self._session.get(Event, source.source_id)
            if told is not None and told.name == CORRECTED:
                told.properties = {"attribute": fact.attribute}
                self._session.add(told)
        self._facts.forget(fact, own_event(event))

    def forget_wish(self, wish_id: str) -> None:
        """See ``CustomerMemory.forget_wish``."""
        wish = self._session.get(Wish, wish_id)
        if wish is None or wish.customer_id != self._customer_id:
            raise NotFound(f"there is no wish {wish_id!r} of this customer")
        self._wishes.forget(wish)

    def _fact(self, fact_id: str) -> Fact:
        fact = self._facts.believed(fact_id)
        if fact is None:
            raise NotFound(f"there is no fact {fact_id!r} of this customer")
        return fact

    def _event(self, name: str, properties: Mapping[str, Any]) -> Event:
        now = self._now()
        new = NewEvent(self._customer_id, name, now, "customer", new_id("act", now), properties)
        self._memory.append_events(self._session, [new])
        return self._session.get_one(Event, new.row(now).id)

    def _now(self) -> datetime:
        return self._memory.clock.now()

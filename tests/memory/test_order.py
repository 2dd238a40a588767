"""For any order and any duplication of the same turns, events and purchases, the profile is the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, col, delete, select

from kit.clock import SetClock
from kit.ids import CustomerId
from memory.customer_memory import CustomerMemory
from memory.door import Memory
from memory.extraction.port import Extraction, FoundClosing, FoundFact, FoundWish, Requirement
from memory.fakes import StatedExtractor
from memory.tables import Customer, Fact, FactSource, Purchase, Wish

NOW = datetime.fromisoformat("2026-03-02T23:00+00:00")
DAY = timedelta(days=1)
ANA = CustomerId("cus_ana")


@dataclass(frozen=True)
class Said:
    """A turn, an event or a purchase, ``ago`` days before now."""

    key: str
    ago: int
    what: Extraction | Purchase | str

    def happen(self, me: CustomerMemory, extractor: StatedExtractor) -> None:
        at = NOW - self.ago * DAY
        if isinstance(self.what, Extraction):
            extractor.found[self.key] = self.what
            me.hear(self.key, conversation_id="cnv", channel="web", message_id=self.key, at=at)
        elif isinstance(self.what, Purchase):
            me.bought(Purchase(**{**self.what.model_dump(), "order_id": self.key, "at": at}))
        elif self.what == "agent":
            me.say(self.key, conversation_id="cnv", channel="web", message_id=self.key, at=at)
        else:
            me.record(self.what, source="test", source_id=self.key, at=at, properties={"ticket": "tkt", "order": "o"})


def _fact(attribute: str, values: Sequence[str]) -> st.SearchStrategy[FoundFact]:
    told = st.sampled_from(values)
    said = st.builds(FoundFact, st.just(attribute), told, st.just("so"), st.sampled_from([0.6, 0.9]))
    over = st.builds(
        FoundFact, st.just(attribute), st.sampled_from(["", *values]), st.just("no"), retracts=st.just(True)
    )
    return st.one_of(said, said, over)


FACTS = st.one_of(
    _fact("city", ["Chicago", "chicago", "Boston"]),
    _fact("color.liked", ["red", "blue"]),
    _fact("color.disliked", ["red", "blue"]),
    _fact("occasion", ["wedding", "wedding on 2026-04-01", "wedding on 2026-02-20"]),
)
RED, WARM = Requirement("color", "red"), Requirement("feature", "warm")
ITEMS = st.sampled_from(["coat", "boot"])
WISHES = st.builds(
    FoundWish, ITEMS, st.sampled_from([(), (RED,), (WARM,), (RED, WARM)]), st.just("want"),
    st.sampled_from([None, date(2026, 2, 25), date(2026, 5, 1)]),
)  # fmt: skip
CLOSINGS = st.builds(FoundClosing, st.sampled_from(["", "coat"]), st.just("over"), st.booleans(), st.just(()))
TURNS = st.builds(
    Extraction,
    st.lists(FACTS, min_size=1, max_size=3).map(tuple),
    st.lists(WISHES, max_size=2).map(tuple),
    st.lists(CLOSINGS, max_size=1).map(tuple),
)
ATTRIBUTES = ("city", "color.liked", "color.disliked", "occasion")
PURCHASES = st.builds(
    Purchase, line=st.just(0), customer_id=st.just(ANA), product_id=st.just("p"), variant_id=st.just("v"),
    product_name=st.sampled_from(["Storm Coat", "Trail Boots"]), quantity=st.just(1), unit_minor=st.just(100),
    currency=st.just("USD"), kept=st.booleans(), order_id=st.just(""), at=st.just(NOW),
    traits=st.sampled_from([[], [["color", "red"]], [["color", "blue"]]]),
)  # fmt: skip
EVENTS = st.sampled_from(["agent", "complaint_opened", "complaint_resolved", "order_shipped", "product_viewed"])
HAPPENED = st.lists(
    st.tuples(st.integers(0, 12), st.one_of(TURNS, TURNS, TURNS, PURCHASES, EVENTS)), min_size=4, max_size=12
)
STORIES = HAPPENED.map(lambda told: [Said(f"k{i}", ago, what) for i, (ago, what) in enumerate(told)])


def _empty(session: Session) -> None:
    for table in reversed(SQLModel.metadata.sorted_tables):
        session.connection().execute(table.delete())


def _profile(memory: Memory, extractor: StatedExtractor, clock: SetClock, told: Sequence[Said]) -> Any:
    """A fresh customer's profile after these, each at a later moment than the one before."""
    with memory.database.begin() as session:
        _empty(session)
        session.add(Customer(id=ANA, created_at=NOW - 100 * DAY))
    with memory.database.begin() as session:
        me = memory.of(session, ANA)
        for count, one in enumerate(told):
            clock.set(NOW - DAY / 2 + timedelta(minutes=count))
            one.happen(me, extractor)
        clock.set(NOW)
        return _told_by(me, session)


def _told_by(me: CustomerMemory, session: Session) -> Any:
    """The profile, and all that held or was wished for before."""
    past = [known for name in ATTRIBUTES for known in me.history(name)]
    wishes = session.exec(select(Wish).order_by(Wish.id)).all()
    return (
        me.profile().to_json(),
        [(known.to_json(), known.fact.held_to, [row.source_id for row in known.sources]) for known in past],
        [wish.model_dump() for wish in wishes],
    )


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(story=STORIES, data=st.data())
def test_the_profile_does_not_depend_on_order_or_repetition(
    told: Memory, stated: StatedExtractor, clock: SetClock, story: list[Said], data: st.DataObject
) -> None:
    """Ids and all; and it is what a derivation from scratch gives."""
    expected = _profile(told, stated, clock, story)
    again = data.draw(st.lists(st.sampled_from(story), max_size=4)) if story else []
    shuffled = data.draw(st.permutations([*story, *again]))
    assert expected == _profile(told, stated, clock, shuffled)
    with told.database.begin() as session:
        for table in (FactSource, Fact, Wish):
            session.exec(delete(table))
        me = told.of(session, ANA)
        me.settle()
        assert expected == _told_by(me, session)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=STORIES, data=st.data())
def test_a_forgotten_source_is_as_if_it_had_never_spoken(
    told: Memory, stated: StatedExtractor, clock: SetClock, story: list[Said], data: st.DataObject
) -> None:
    """Whenever it spoke: the profile is that of the others' words, and nothing cites it any more."""
    turns = [one for one in story if isinstance(one.what, Extraction)]
    if not turns:
        return
    gone = data.draw(st.sampled_from(turns))
    without = Said(gone.key, gone.ago, Extraction())
    expected = _profile(told, stated, clock, [without if one is gone else one for one in story])
    _profile(told, stated, clock, story)
    with told.database.begin() as session:
        me = told.of(session, ANA)
        source = me.heard("cnv", gone.key)
        assert source is not None
        me.forget_source(source.id)
        assert expected == _told_by(me, session)
        assert [] == session.exec(select(FactSource).where(FactSource.source_id == source.id)).all()


@pytest.mark.parametrize("first", [0, 1])
def test_a_purchase_sent_back_opens_the_wish_again(
    told: Memory, ana: CustomerId, stated: StatedExtractor, first: int
) -> None:
    """Whether the return or the purchase is told first of the two lines of the order."""
    stated.found["a coat"] = Extraction((), (FoundWish("coat", (RED,), "a coat"),))
    with told.database.begin() as session:
        me = told.of(session, ana)
        me.hear("a coat", conversation_id="c", channel="web", message_id="1", at=NOW - 2 * DAY)
        for line in (first, 1 - first):
            bought = Purchase(
                order_id="ord_1", line=line, customer_id=ana, product_id="p", variant_id="v", product_name="Coat",
                quantity=1, unit_minor=1, currency="USD", at=NOW - DAY, kept=line == 0, traits=[],
            )  # fmt: skip
            me.bought(bought)
        assert [] == me.wishes()
        kept = session.exec(select(Purchase).where(col(Purchase.kept))).one()
        me.bought(Purchase(**{**kept.model_dump(), "kept": False}))
        assert ["coat"] == [wish.item for wish in me.wishes()]

"""Two customers become one and two again, with every row, whatever happens in between."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select as rows_of
from sqlmodel import Session, SQLModel, select

from kit.errors import Conflict, NotFound
from kit.ids import CustomerId
from memory.customer_memory import Heard
from memory.door import Memory
from memory.extraction.port import Extraction, FoundFact, FoundWish
from memory.identity.ownership import owned_tables
from memory.tables import Consent, Customer, Fact, Identity, Merge, MergedRow, Turn
from tools.shop.tables import Address, Order, PaymentMethod, Ticket

NOW = datetime(2026, 3, 1, tzinfo=UTC)
Hear = Callable[..., Heard]
_number = count()


def enter(told: Memory, session: Session, kind: str = "email", *, at: datetime = NOW, **more: Any) -> CustomerId:
    """A new customer, with an identity of this kind."""
    number = next(_number)
    value = f"c{number}@example.com" if kind == "email" else f"{kind}-{number}"
    return told.enter(session, {kind: value}, at=at, **more)


def owners(session: Session, customers: list[CustomerId]) -> dict[tuple[str, ...], str]:
    """Whose each row of these customers is, by table and by what names the row: its values but for the owner."""
    found: dict[tuple[str, ...], str] = {}
    for owned in owned_tables():
        others = [c for c in owned.table.c if c is not owned.column and c.name not in ("held_to", "vector", "model")]
        wanted = rows_of(owned.column, *others).where(owned.column.in_(customers))
        for owner, *values in session.execute(wanted).all():
            place = sum(1 for row in found if row[:-1] == (owned.name, repr(values)))
            found[owned.name, repr(values), str(place)] = owner
    return found


def multiset(session: Session, customers: list[CustomerId]) -> Counter[tuple[str, str]]:
    """The rows of these customers, whoever they belong to."""
    return Counter((table, values) for table, values, _ in owners(session, customers))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[tuple[str, int, int]]]:
    """A few customers with what they have, and what is done to them."""
    person = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["email", "anonymous"]),
            "age": st.integers(0, 2),
            "name": st.sampled_from(["", "Ana"]),
            "address": st.booleans(),
            "methods": st.sets(st.sampled_from(["card_1", "card_2"])),
            "consents": st.dictionaries(st.integers(0, 1), st.booleans()),
        }
    )
    people = draw(st.lists(person, min_size=2, max_size=4))
    step = st.tuples(st.sampled_from(["merge", "merge", "undo", "write"]), st.integers(0, 9), st.integers(0, 9))
    return people, draw(st.lists(step, min_size=1, max_size=9))


def settle_in(told: Memory, session: Session, person: dict[str, Any]) -> CustomerId:
    """Enters a customer with everything that can stand in another's way."""
    number = next(_number)
    who = enter(told, session, person["kind"], at=NOW - timedelta(days=person["age"]), first_name=person["name"])
    if person["address"]:
        session.add(Address(customer_id=who, line1=f"{number} Main St"))
    for method in sorted(person["methods"]):
        told_apart = {"kind": "credit_card", "currency": "USD", "position": number}
        session.add(PaymentMethod(customer_id=who, source_id=method, **told_apart))
    for day, granted in person["consents"].items():
        at = NOW - timedelta(days=day)
        session.add(Consent(customer_id=who, channel="email", granted=granted, at=at, source=f"form {number}"))
    session.add(
        Order(
            id=f"ord_{number}", source="x", number=f"#{number}", customer_id=who, status="", currency="USD", address={}
        )
    )
    session.flush()
    write(told, session, who, f"cnv_{who}")
    return who


def write(told: Memory, session: Session, who: CustomerId, conversation: str) -> Turn:
    """Something that a customer says in a conversation of theirs."""
    number = next(_number)
    return told.of(session, who).hear(
        f"words {number}", conversation_id=conversation, channel="web", message_id=f"m{number}"
    ).turn  # fmt: skip


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_every_row_is_kept_once_and_undoing_all_gives_back_whose_it_was(told: Memory, world: Any) -> None:
    """For any customers and any sequence of merges, undos and words said in between."""
    people, steps = world
    with told.database.begin() as session:
        customers = [settle_in(told, session, person) for person in people]
        before, names = owners(session, customers), _names(session, customers)
    said: dict[str, str] = {}
    standing: list[str] = []
    for what, one, other in steps:
        with told.database.begin() as session:
            a, b = (customers[place % len(customers)] for place in (one, other))
            rows = multiset(session, customers)
            if what == "write":
                said[write(told, session, a, f"cnv_{a}").id] = a
                continue
            if what == "undo" and standing:
                told.unmerge(session, standing.pop(one % len(standing)))
            elif what == "merge" and told.of(session, a).customer_id != told.of(session, b).customer_id:
                standing.append(told.merge(session, a, b, reason="test").id)
            assert _but_noes(rows) == _but_noes(multiset(session, customers))
            leads = {told.of(session, who).customer_id for who in customers}
            assert len(customers) - len(standing) == len(leads)
    with told.database.begin() as session:
        for merge_id in standing[1::2] + standing[0::2]:
            told.unmerge(session, merge_id)
        after = owners(session, customers)
        assert before == {row: owner for row, owner in after.items() if row in before}
        written = {row: owner for row, owner in after.items() if row not in before}
        assert 2 * len(said) == len(written)  # the turn and its text
        assert said == {row.id: row.customer_id for turn in said if (row := session.get_one(Turn, turn))}
        assert names == _names(session, customers)
        assert not session.exec(select(MergedRow).join(Merge).where(Merge.survivor_id.in_(customers))).all()  # type: ignore[attr-defined]


def _names(session: Session, customers: list[CustomerId]) -> list[tuple[str, str | None]]:
    rows = [session.get_one(Customer, who, populate_existing=True) for who in customers]
    return [(row.first_name, row.merged_into) for row in rows]


def _but_noes(rows: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """Without the noes that a merge adds for as long as it stands."""
    return Counter({row: number for row, number in rows.items() if "'merge:mrg_" not in row[1]})


def test_the_known_one_survives_then_the_older(told: Memory) -> None:
    """Whichever is named first."""
    with told.database.begin() as session:
        guest = enter(told, session, "anonymous", at=NOW - timedelta(days=9))
        old, young = enter(told, session, at=NOW - timedelta(days=2)), enter(told, session)
        assert (
            old == told.plan_merge(session, guest, old).survivor_id == told.plan_merge(session, old, guest).survivor_id
        )
        assert (
            old == told.plan_merge(session, young, old).survivor_id == told.plan_merge(session, old, young).survivor_id
        )
        done = told.merge(session, young, old, reason="asked for")
        assert (old, young) == (done.survivor_id, done.absorbed_id)
        assert old == told.of(session, young).customer_id


def test_what_moves_is_told_before(told: Memory, hear: Hear) -> None:
    """By table, and nothing has happened yet."""
    with told.database.begin() as session:
        one, other = enter(told, session, at=NOW - timedelta(days=1)), enter(told, session)
    hear(other, "hello")
    with told.database.read() as session:
        plan = told.plan_merge(session, one, other)
        assert {"identity": 1, "conversation": 1, "turn": 1, "index_item": 1} == plan.rows
        assert other == told.of(session, other).customer_id


def test_facts_of_both_are_chained_and_come_apart_again(told: Memory, hear: Hear) -> None:
    """The newest of one value counts, whichever was merged into which, and each has their own back."""
    with told.database.begin() as session:
        one, other = enter(told, session, at=NOW - timedelta(days=1)), enter(told, session)
    hear(one, "a 43", Extraction((FoundFact("size.shoes", "43", "a 43"),)), at=NOW)
    hear(other, "a 44", Extraction((FoundFact("size.shoes", "44", "a 44"),)), at=NOW - timedelta(days=5))
    with told.database.begin() as session:
        done = told.merge(session, one, other, reason="test")
        assert ["43"] == [known.fact.value for known in told.of(session, other).facts()]
        told.unmerge(session, done.id)
        assert ["43"] == [known.fact.value for known in told.of(session, one).facts()]
        assert ["44"] == [known.fact.value for known in told.of(session, other).facts()]


def test_what_is_said_after_the_merge_goes_back_with_its_conversation(told: Memory, hear: Hear) -> None:
    """Turn, fact, wish and ticket of the absorbed one's conversation; what else was written stays."""
    with told.database.begin() as session:
        one, other = enter(told, session, at=NOW - timedelta(days=1)), enter(told, session)
    hear(other, "hello")
    with told.database.begin() as session:
        done = told.merge(session, one, other, reason="test")
    fact, wish = FoundFact("city", "Oslo", "Oslo"), FoundWish("coat", (), "a coat")
    told.extractor.found["I live in Oslo and want a coat"] = Extraction((fact,), (wish,))  # type: ignore[attr-defined]
    with told.database.begin() as session:
        talk = {"conversation_id": f"cnv_{other}", "channel": "web"}
        told.of(session, other).hear("I live in Oslo and want a coat", message_id="later", **talk)
        session.add(
            Ticket(
                id="tkt_1", customer_id=one, conversation_id=f"cnv_{other}", reason="other", summary="", opened_at=NOW
            )
        )
        told.of(session, one).hear("me", conversation_id="cnv_mine", channel="web", message_id="n")
        told.unmerge(session, done.id)
    with told.database.read() as session:
        mine, theirs = told.of(session, one), told.of(session, other)
        assert (["coat"], ["Oslo"]) == ([w.item for w in theirs.wishes()], [k.fact.value for k in theirs.facts()])
        assert ([], []) == (mine.wishes(), mine.facts())
        assert ["hello", "I live in Oslo and want a coat"] == [t.text for t in theirs.turns(f"cnv_{other}")]
        assert ["me"] == [turn.text for turn in mine.turns("cnv_mine")]
        assert other == session.get_one(Ticket, "tkt_1").customer_id
        assert {"turn", "fact", "wish"} == {item.kind for item in theirs.recall("Oslo coat")}
        assert ["me"] == [item.text for item in mine.recall("Oslo coat me")]


def test_a_no_counts_against_a_yes_of_the_same_moment(told: Memory) -> None:
    """For as long as they are one."""
    with told.database.begin() as session:
        one, other = enter(told, session, at=NOW - timedelta(days=1)), enter(told, session)
        told.of(session, one).consent("email", True, source="form", at=NOW)
        told.of(session, other).consent("email", False, source="form", at=NOW)
        done = told.merge(session, one, other, reason="test")
        assert {"email": False} == told.of(session, one).consents()
        told.unmerge(session, done.id)
        assert {"email": True} == told.of(session, one).consents()
        assert {"email": False} == told.of(session, other).consents()


def test_a_customer_merged_again_elsewhere_is_not_torn_away(told: Memory) -> None:
    """What went on from A to B to C and was taken back does not return with B when it has come to C by itself."""
    with told.database.begin() as session:
        c, b, a = (enter(told, session, at=NOW - timedelta(days=age)) for age in (3, 2, 1))
        first = told.merge(session, a, b, reason="test")
        second = told.merge(session, b, c, reason="test")
        told.unmerge(session, first.id)
        third = told.merge(session, a, c, reason="test")
        told.unmerge(session, second.id)
        mine = select(Identity).where(Identity.customer_id == c)
        assert 2 == len(session.exec(mine).all())
        assert (c, b) == (told.of(session, a).customer_id, told.of(session, b).customer_id)
        told.unmerge(session, third.id)
        assert [1, 1, 1] == [
            len(session.exec(select(Identity).where(Identity.customer_id == who)).all()) for who in (a, b, c)
        ]


def test_what_cannot_be_merged_or_undone_says_why(told: Memory) -> None:
    """One with itself, nobody, and twice."""
    with told.database.begin() as session:
        one, other = enter(told, session), enter(told, session)
        with pytest.raises(NotFound, match="cus_nobody"):
            told.merge(session, one, "cus_nobody", reason="test")
        done = told.merge(session, one, other, reason="test")
        with pytest.raises(Conflict, match="one customer already"):
            told.merge(session, other, one, reason="test")
        assert [done.id] == [merge.id for merge in told.merges(session, other)]
        told.unmerge(session, done.id)
        with pytest.raises(Conflict, match="undone on 2026-03-02"):
            told.unmerge(session, done.id)
        with pytest.raises(NotFound, match="mrg_none"):
            told.unmerge(session, "mrg_none")


def test_an_undone_merge_tells_nothing_of_the_other(told: Memory) -> None:
    """Its evidence, names and rows would: they are somebody else's again."""
    with told.database.begin() as session:
        guest = enter(told, session, "anonymous")
        known = enter(told, session)
        told.bring(session, known, {"anonymous": _anonymous(session, guest)}, source="sign-in")
        (done,) = told.merges(session, guest)
        assert [["anonymous", _anonymous(session, done.survivor_id)]] == done.evidence
        undone = told.unmerge(session, done.id)
        assert ([], {}) == (undone.evidence, undone.filled)
        assert not session.exec(select(MergedRow)).all()


def _anonymous(session: Session, customer_id: str) -> str:
    wanted = select(Identity.value).where(Identity.customer_id == customer_id, Identity.kind == "anonymous")
    return session.exec(wanted).one()


def test_no_personal_table_is_left_out() -> None:
    """Every table whose rows name their customer takes part, but for the records of merges themselves."""
    names = {owned.name for owned in owned_tables()}
    referring = {t.name for t in SQLModel.metadata.tables.values() if "customer_id" in t.c}
    assert names == (referring | {"index_item"}) - {"merge_suggestion"}
    assert Fact.__tablename__ in names

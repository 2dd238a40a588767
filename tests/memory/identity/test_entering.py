"""Who it is, when identities arrive: one form for each, and rules for those that meet."""

import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from kit.errors import Conflict, InvalidInput
from memory.door import Memory
from memory.identity.normal import LONGEST, normalised
from memory.identity.rules import Contradiction
from memory.tables import Customer, Identity, MergeSuggestion, Turn

EMAIL = "ana@example.com"


@pytest.mark.parametrize(
    ("kind", "written", "stored"),
    [
        ("email", " ANA@Example.com ", EMAIL),
        ("email", "mailto:ana@example.com?subject=hi", EMAIL),
        ("email", "Ana Reyes <Ana@Example.com>", EMAIL),
        ("email", "ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", EMAIL),
        ("email", "ana@bücher.example.", "ana@xn--bcher-kva.example"),
        ("email", "ana@XN--BCHER-KVA.example", "ana@xn--bcher-kva.example"),
        ("email", "a.n.a+shop@example.com", "a.n.a+shop@example.com"),
        ("email", "аna@example.com", "аna@example.com"),  # a Cyrillic а is another letter
        ("phone", "tel:+1-312-555-0123", "+13125550123"),
        ("phone", "(312) 555 0123", "+13125550123"),
        ("phone", "０１１ 49 151 2345 6789", "+4915123456789"),
        ("phone", "+1 312 555 0123 ext. 7", "+13125550123;ext=7"),
        ("external:shopify", " 0042 ", "0042"),
        ("device", "Abc%_", "Abc%_"),
    ],
)
def test_identities_have_one_form(kind: str, written: str, stored: str) -> None:
    """However people and systems write them; what may be somebody else's stays apart."""
    assert stored == normalised(kind, written, "US") == normalised(kind, stored, "US")


@pytest.mark.parametrize(
    ("kind", "written", "said"),
    [
        ("email", "ana", "not an e-mail"),
        ("email", "ana@evil.com@example.com", "not an e-mail"),
        ("email", "a na@example.com", "not an e-mail"),
        ("email", "ana\u200b@example.com", "not an e-mail"),
        ("email", "ana@exa mple.com", "not an e-mail"),
        ("email", "a\0na@example.com", "not a character"),
        ("phone", "312 555 0123", "RAPPORT_REGION"),
        ("phone", "+12", "not a phone"),
        ("phone", "call me", "phone|country"),
        ("shop", "x" * (LONGEST + 1), "at most 512"),
        ("shop", "\ud800", "not a character"),
        ("fax", "1", "there are email"),
        ("external:", "1", "unknown kind"),
    ],
)
def test_what_is_no_identity_says_why(kind: str, written: str, said: str) -> None:
    """With the value, and what to write instead."""
    with pytest.raises(InvalidInput, match=said):
        normalised(kind, written)


@given(written=st.text(max_size=40), kind=st.sampled_from(["email", "phone", "shop"]))
def test_a_form_is_its_own_form_or_refused(kind: str, written: str) -> None:
    """For any text."""
    try:
        stored = normalised(kind, written, "DE")
    except InvalidInput:
        return
    assert stored == normalised(kind, stored, "DE")


def test_several_of_a_kind_lead_to_one(told: Memory) -> None:
    """E-mails and phones; each says who brought it and whether it is verified."""
    with told.database.begin() as session:
        ana = told.enter(session, {"email": [EMAIL, "ana@work.example"]}, source="form")
        told.link(session, ana, "phone", "+1 312 555 0123", source="desk", verified=True)
        assert ana == told.find(session, "email", "ana@work.example") == told.find(session, "phone", "+13125550123")
        rows = {row.kind: row for row in session.exec(select(Identity).where(Identity.kind != "email")).all()}
        assert ("desk", told.clock.now()) == (rows["phone"].source, rows["phone"].verified_at)


def test_an_anonymous_customer_becomes_known(told: Memory) -> None:
    """As themselves when the e-mail is new, and merged into whose it is otherwise."""
    with told.database.begin() as session:
        guest = told.enter(session, {"anonymous": "a1"})
        assert guest == told.enter(session, {"anonymous": "a1", "email": EMAIL}, first_name="Ana")
        assert "Ana" == told.of(session, guest).profile().name
        other = told.enter(session, {"anonymous": "a2"})
        assert guest == told.enter(session, {"anonymous": "a2", "email": EMAIL}, source="identify")
        assert guest == told.of(session, other).customer_id
        (done,) = told.merges(session, guest)
        assert ("identify", [["anonymous", "a2"], ["email", EMAIL]]) == (done.reason, done.evidence)


def test_a_shared_device_joins_nobody(told: Memory) -> None:
    """It goes with who signed in last; an undone guest's stays apart."""
    with told.database.begin() as session:
        ana = told.enter(session, {"anonymous": "tablet", "email": EMAIL})
        ben = told.enter(session, {"anonymous": "tablet", "email": "ben@example.com"})
        assert ana != ben == told.find(session, "anonymous", "tablet")
        assert ana == told.find(session, "email", EMAIL)
        guest = told.enter(session, {"anonymous": "new", "device": "d"})
        assert guest == told.enter(session, {"anonymous": "new"})
        told.enter(session, {"anonymous": "new", "email": EMAIL})
        told.unmerge(session, told.merges(session, ana)[-1].id)
        assert ana == told.enter(session, {"anonymous": "new", "email": EMAIL})
        assert guest == told.of(session, guest).customer_id


def test_a_familys_phone_joins_nobody(told: Memory) -> None:
    """Neither two who are known, nor somebody new to who has it."""
    with told.database.begin() as session:
        ana = told.enter(session, {"email": EMAIL, "phone": "+13125550123"}, vouched=("email", "phone"))
        told.enter(session, {"email": "ben@example.com"})
        for email in ("ben@example.com", "cleo@example.com"):
            with pytest.raises(Contradiction, match=f"{ana}.*different customers"):
                told.enter(session, {"email": email, "phone": "+13125550123"}, vouched=("email", "phone"))
        assert told.find(session, "email", "cleo@example.com") is None


def test_two_known_customers_are_one_when_the_shop_vouches(told: Memory) -> None:
    """A token with the id of one and the newsletter's e-mail of the other; without its word they stay two."""
    with told.database.begin() as session:
        account, reader = told.enter(session, {"shop": "S1"}), told.enter(session, {"email": EMAIL})
        with pytest.raises(Contradiction, match="customer merge"):
            told.enter(session, {"shop": "S1", "email": EMAIL})
        assert account != reader
        one = told.sign_in(session, {"shop": "S1", "email": EMAIL}, source="sign-in")
        assert {one} == {told.of(session, who).customer_id for who in (account, reader)}


def test_verified_identities_that_contradict_are_never_merged(told: Memory) -> None:
    """Signing in goes by the strongest, and the two are suggested to a person."""
    with told.database.begin() as session:
        ana = told.sign_in(session, {"shop": "S1", "email": EMAIL}, source="sign-in")
        ben = told.sign_in(session, {"shop": "S2", "email": "ben@example.com"}, source="sign-in")
        with pytest.raises(Conflict, match=f"`./rapport customer merge {ana} {ben}`"):
            told.enter(session, {"shop": "S1", "email": "ben@example.com"}, vouched=("shop", "email"))
        assert ana == told.sign_in(session, {"shop": "S1", "email": "ben@example.com"}, source="sign-in")
        assert ben == told.find(session, "email", "ben@example.com")
        (suggested,) = session.exec(select(MergeSuggestion)).all()
        assert {ana, ben} == {suggested.customer_id, suggested.other_id}


def test_two_who_enter_at_once_are_one(told: Memory) -> None:
    """Whatever they come with, on either engine."""
    found: list[str] = []

    def enter() -> None:
        for number in range(5):
            with told.database.begin() as session:
                found.append(told.enter(session, {"email": f"at{number}@example.com", "anonymous": f"o{number}"}))

    _at_once(enter, enter, enter)
    with told.database.read() as session:
        assert set(found) == set(session.exec(select(Customer.id)).all())
        assert 5 == len(set(found))


def test_what_is_written_during_a_merge_is_the_survivors(told: Memory) -> None:
    """No turn is left with a customer whom nobody reads any more."""
    with told.database.begin() as session:
        old = told.enter(session, {"email": EMAIL}, at=datetime(2026, 1, 1, tzinfo=UTC))
        young = told.enter(session, {"email": "ana@work.example"})

    def write() -> None:
        for number in range(10):
            with told.database.begin() as session:
                told.of(session, young).hear("hi", conversation_id="cnv_1", channel="web", message_id=f"m{number}")

    def merge() -> None:
        for _ in range(3):
            with told.database.begin() as session:
                done = told.merge(session, young, old, reason="test")
            with told.database.begin() as session:
                told.unmerge(session, done.id)
        with told.database.begin() as session:
            told.merge(session, young, old, reason="test")

    _at_once(write, merge)
    with told.database.read() as session:
        assert [old] * 10 == list(session.exec(select(Turn.customer_id)).all())


def _at_once(*jobs: object) -> None:
    failed: list[BaseException] = []

    def guarded(job: object) -> None:
        try:
            job()  # type: ignore[operator]
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []

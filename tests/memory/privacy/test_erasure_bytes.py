"""After an erasure and compaction no file of the data directory holds a byte of the customer. The other's are there."""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import col, select

from agents.runtime import Runtime, Shopper
from kit.clock import SetClock
from kit.ids import CustomerId
from kit.lexical import terms
from kit.settings import load_settings
from kit.vectors.embedder import Embedder
from kit.vectors.segments import LOOSE
from kit.vectors.tables import IndexItem, IndexSegment
from memory.tables import Purchase
from tests.agents.conftest import playing
from tools.service_desk import open_ticket
from tools.shop.tables import Address, Order, OrderLine, Payment, PaymentMethod, ShopProfile

WINDOW = 32  # bytes of a vector that are its fingerprint


@dataclass
class Person:
    """What a customer says and is known by. All longer words are theirs alone."""

    first: str
    last: str
    email: str
    phone: str
    shop: str
    says: tuple[str, ...]
    search: str
    complaint: str
    product: str
    street: str
    id: str = ""
    ids: set[str] = field(default_factory=set)
    vectors: list[bytes] = field(default_factory=list)

    def text(self) -> str:
        """All of their words."""
        return " ".join((self.first, self.last, *self.says, self.search, self.complaint, self.product, self.street))

    def words(self) -> set[str]:
        """Each distinct word of six letters or more."""
        return set(re.findall(r"\w{6,}", self.text().lower()))

    def everything(self) -> set[str]:
        """Words, their stems as the index keeps them, and identifiers, in lower case."""
        stems = {term for term in terms(self.text()) if len(term) >= 6}
        return self.words() | stems | {one.lower() for one in self.ids}


ANA = Person(
    "Philippa", "Quensworth", "philippa.quensworth@nowhere.example", "+1 312 555 0147", "shopper-77120",
    ("I live in Kalispell and need crimson mukluks, waterproof with fleece.", "Never propose mohair balaclavas!"),
    "snowdrift gaiters", "Buckles snapped near Flathead county.", "Yellowknife mukluks", "12 Larkspur Hollow",
)  # fmt: skip
BEN = Person(
    "Bartholomew", "Winterbourne", "bart.winterbourne@nowhere.example", "+1 312 555 0188", "shopper-88231",
    ("I moved to Savannah, looking for turquoise espadrilles in canvas.", "Actually linen trousers would be lovely."),
    "seersucker blazers", "Stitching unravelled after Tuesday's regatta.", "Seaside espadrilles", "9 Magnolia Terrace",
)  # fmt: skip


@pytest.fixture
def runtime(clock: SetClock, embedder: Embedder, tmp_path: Path) -> Runtime:
    """The real thing: SQLite, embedded Chroma, checkpoints; the model repeats what it heard."""
    settings = load_settings({"RAPPORT_DATA": str(tmp_path / "data")})
    replies = playing(f"So you said: {ANA.says[0]}", f"So you said: {BEN.says[0]}")
    runtime = Runtime.open(settings, clock=clock, embedder=embedder, models=(replies, replies))
    with runtime.database.begin() as session:
        session.add(ShopProfile(source="native", name="Fell", currency="USD", timezone="UTC"))
    return runtime


@pytest.fixture
def loop(runtime: Runtime) -> Iterator[asyncio.Runner]:
    """The event loop of the service, in which the checkpoints stay open."""
    with asyncio.Runner() as loop:
        yield loop
        loop.run(runtime.aclose())


def live(runtime: Runtime, person: Person, clock: SetClock, loop: asyncio.Runner) -> None:
    """A customer's life in the shop: identities, consent, turns, events, an order, a ticket, a support turn."""
    with runtime.database.begin() as session:
        identities = {"email": person.email, "phone": person.phone, "shop": person.shop}
        person.id = runtime.memory.enter(session, identities, first_name=person.first, last_name=person.last)
        memory = runtime.memory.of(session, person.id)
        memory.consent("email", True, source="chat", quote=person.says[1])
        memory.hear(
            person.says[1], conversation_id=f"cnv_{person.shop}", channel="web", message_id=f"first-{person.shop}"
        )
        memory.record("products_searched", source="web", source_id=f"w-{person.shop}", text=person.search)
        for number in range(LOOSE):
            memory.hear(
                f"{number} times {person.product}", conversation_id=f"cnv_{person.shop}", channel="web",
                message_id=f"{number}",
            )  # fmt: skip
        order(session, memory, person, clock)
        open_ticket(session, runtime.memory, person.id, "damaged", person.complaint, conversation_id="cnv_x")
    loop.run(talk(runtime, person))
    runtime.index.drain()
    with runtime.database.read() as session:
        runtime.memory.of(session, person.id).recall("mukluks")
    runtime.index.drain()  # packs their items into a segment, since a reading found so many
    with runtime.database.read() as session:
        assert session.exec(select(IndexSegment).where(IndexSegment.owner == person.id)).all()
        items = session.exec(select(IndexItem).where(IndexItem.owner == person.id)).all()
    person.vectors = [item.vector for item in items if item.vector]
    person.ids = {*(item.item_id for item in items), *exported_ids(runtime, person), person.email, person.shop}
    person.ids |= {re.sub(r"[^\d+]", "", person.phone)}


def order(session, memory, person: Person, clock: SetClock) -> None:  # type: ignore[no-untyped-def]
    """An order with its line, payment and address."""
    at = clock.now() - timedelta(days=9)
    session.add_all(
        (
            Address(customer_id=person.id, line1=person.street),
            PaymentMethod(customer_id=person.id, source_id=f"card-{person.shop}", kind="credit_card", currency="USD"),
            Order(
                id=f"ord_{person.shop}", source="native", number=f"#{person.shop}", customer_id=person.id,
                status="delivered", currency="USD", placed_at=at, address={"line1": person.street},
            ),
        )
    )  # fmt: skip
    session.flush()
    bought = {"product_id": "prd_1", "variant_id": "var_1", "quantity": 1, "unit_minor": 9900}
    session.add(OrderLine(order_id=f"ord_{person.shop}", line=1, name=person.product, options={}, **bought))
    session.add(Payment(order_id=f"ord_{person.shop}", number=1, kind="payment", amount_minor=9900, method_id="card"))
    memory.bought(
        Purchase(order_id=f"ord_{person.shop}", line=1, product_name=person.product, currency="USD", at=at, **bought)
    )


async def talk(runtime: Runtime, person: Person) -> None:
    """A support turn through the runtime, with its checkpoints."""
    shopper = Shopper(CustomerId(person.id), verified=True)
    events = [
        event
        async for event in runtime.chat(shopper, person.says[0], conversation_id=None, message_id=f"m-{person.shop}")
    ]
    assert events[-1].kind == "done"


def exported_ids(runtime: Runtime, person: Person) -> set[str]:
    """Every id of a row of theirs."""
    out = BytesIO()
    runtime.privacy.export(person.id, out)
    return {
        value
        for part in json.loads(out.getvalue()).values()
        if isinstance(part, list)
        for row in part
        for value in row.values()
        if isinstance(value, str) and re.fullmatch(r"(cus|cnv|trn|evt|fct|wsh|tkt|ord)_.+", value) and value != "cnv_x"
    }


def fingerprints(vectors: Iterable[bytes]) -> set[bytes]:
    """Every window of each vector: as stored, scaled anew, and in half precision."""
    found = set()
    for stored in vectors:
        row = np.frombuffer(stored, dtype=np.float16).astype(np.float32)
        scaled = (row / np.linalg.norm(row)).astype(np.float32)
        for data in (stored, row.tobytes(), scaled.tobytes()):
            found |= {data[i : i + WINDOW] for i in range(len(data) - WINDOW + 1)}
    return found


def traces(folder: Path, person: Person) -> dict[str, set[str]]:
    """What of a person stands in which file: words and ids in UTF-8 and UTF-16, and ``vector``."""
    needles = {
        written: said
        for said in person.everything()
        for written in (said.encode(), said.encode("utf-16-le"), said.encode("utf-16-be"))
    }
    windows = fingerprints(person.vectors)
    found: dict[str, set[str]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        lowered = data.lower()
        here = {said for written, said in needles.items() if written in lowered}
        if any(data[i : i + WINDOW] in windows for i in range(len(data) - WINDOW + 1)):
            here.add("vector")
        if here:
            found[str(path.relative_to(folder))] = here
    return found


def test_no_byte_is_left_in_any_file(runtime: Runtime, clock: SetClock, loop: asyncio.Runner) -> None:
    """Words, identifiers and vectors of the erased are found before compaction, and nowhere after it."""
    data = runtime.settings.data
    live(runtime, ANA, clock, loop)
    live(runtime, BEN, clock, loop)
    before = traces(data, ANA)
    everywhere = set().union(*before.values())
    assert everywhere >= ANA.words() | {one.lower() for one in ANA.ids} | {"vector"}
    assert any(name.startswith("checkpoints.db") for name in before)
    assert any(name.startswith("chroma") and "vector" in here for name, here in before.items())

    receipt = runtime.privacy.erase(ANA.id)
    runtime.index.drain()
    assert {hit.owner for hit in runtime.memory.across("turn", ANA.says[0], 9)} == {BEN.id}
    between = traces(data, ANA)
    assert any(name.startswith("chroma") and "vector" in here for name, here in between.items())

    (done,) = runtime.privacy.compaction.run()
    assert traces(data, ANA) == {}
    assert (done.id, done.state) == (receipt.id, "complete")
    there = traces(data, BEN)
    assert any(name.startswith("chroma") and "vector" in here for name, here in there.items())
    assert set().union(*there.values()) >= BEN.words() | {one.lower() for one in BEN.ids} | {"vector"}
    assert runtime.memory.across("turn", BEN.says[0], 1)[0].owner == BEN.id
    with runtime.database.read() as session:
        owners = session.exec(select(IndexItem.owner).where(col(IndexItem.owner) != "").distinct()).all()
    assert owners == [BEN.id]

"""What imported lines do: updates, stock, orders, carts, wishes, complaints, consent."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from kit.vectors.tables import IndexItem
from memory.tables import Event, Purchase, Wish
from tests.tools.shop.importing.everything import COMPLAINT, EVERYTHING, SHIPPED
from tests.tools.small_shop import customer, order, product
from tools.registry import ToolContext
from tools.shop.importing import ImportReport
from tools.shop.tables import (
    Order,
    OrderLine,
    Product,
    Ticket,
    Variant,
)

Load = Callable[[Iterable[dict[str, Any]]], ImportReport]


def one(session: Session, table: type[SQLModel], **by: str) -> Any:
    """The only row of a table with these values."""
    return session.exec(select(table).filter_by(**by)).one()


def test_a_changed_product_is_updated_under_its_id(load: Load, tool_context: ToolContext) -> None:
    """A known id with other content updates that thing; a variant that is gone can no longer be bought."""
    load(EVERYTHING)
    with tool_context.database.read() as session:
        before = one(session, Product, source_id="tarn").id
    changed = product("tarn", "Tarn Coat", "winter coat", colors=("red",), price="199.00", stock=9,
                      created_at="2025-01-11T09:00:00Z", lining="fleece")  # fmt: skip

    report = load([changed])

    assert ({"product": 1, "variant": 1}, {}) == (report.counts_changed, report.counts_new)
    with tool_context.database.read() as session:
        row = one(session, Product, source_id="tarn")
        assert (before, "Tarn Coat", {"lining": ["fleece"]}) == (row.id, row.name, row.attributes)
        assert (9, 19900) == (
            one(session, Variant, sku="tarn-red-M").stock,
            one(session, Variant, sku="tarn-red-M").price_minor,
        )
        assert (0, False) == (
            one(session, Variant, sku="tarn-brown-M").stock,
            one(session, Variant, sku="tarn-brown-M").available,
        )
        assert "fleece" in session.get_one(IndexItem, ("product", before)).text


def test_a_count_of_stock_restocks_and_an_older_one_says_nothing(load: Load, tool_context: ToolContext) -> None:
    """Stock that rises from zero is a restock at the time of the count; counts are taken by their time."""
    load(EVERYTHING)
    load([{"type": "stock", "variant": "puddle-yellow-M", "stock": 0, "at": "2026-02-10T08:00:00Z"}])

    with tool_context.database.read() as session:
        variant = one(session, Variant, sku="puddle-yellow-M")
    assert (4, "2026-02-20T08:00:00+00:00") == (variant.stock, variant.restocked_at.isoformat())


def test_an_old_file_does_not_undo_what_happened_since(load: Load, tool_context: ToolContext) -> None:
    """Lines that were imported before are not applied again: an order cancelled in Rapport stays cancelled."""
    load(EVERYTHING)
    with tool_context.database.begin() as session:
        one(session, Order, number="#W1").status = "return requested"
        one(session, Variant, sku="puddle-yellow-M").stock = 1

    load(EVERYTHING)

    with tool_context.database.read() as session:
        assert "return requested" == one(session, Order, number="#W1").status
        assert 1 == one(session, Variant, sku="puddle-yellow-M").stock


def test_orders_make_purchases_and_events_at_their_true_times(load: Load, tool_context: ToolContext) -> None:
    """Memory's projection is written with the order: what is cancelled was not kept."""
    load(EVERYTHING)

    with tool_context.database.read() as session:
        events = {
            (event.name, event.at.isoformat(), event.properties["order"], event.properties["value_minor"])
            for event in session.exec(select(Event)).all()
            if event.name.startswith("order_")
        }
        kept = {(p.product_name, p.kept) for p in session.exec(select(Purchase)).all()}
    assert {
        ("order_placed", "2026-02-10T12:00:00+00:00", "#W1", 10000),
        ("order_shipped", "2026-02-11T12:00:00+00:00", "#W1", 10000),
        ("order_delivered", "2026-02-13T18:00:00+00:00", "#W1", 10000),
        ("order_placed", "2026-02-10T12:00:00+00:00", "#W2", 5000),
        ("order_cancelled", "2026-02-12T12:00:00+00:00", "#W2", 5000),
    } == events
    assert {("Trail Hiking Boots", True), ("Ember Scarf", True), ("Harbor Sweater", False)} == kept


def test_an_order_that_moves_on_keeps_its_past(load: Load, tool_context: ToolContext) -> None:
    """A later status adds its event; what happened before stands once, and the lines are not doubled."""
    load(EVERYTHING)
    load([order("#W1", "ann", ["trail-brown-42"], status="returned", status_at="2026-02-25T12:00:00Z", **SHIPPED)])

    with tool_context.database.read() as session:
        names = [
            e.name
            for e in session.exec(select(Event).order_by(col(Event.at))).all()
            if e.properties.get("order") == "#W1"
        ]
        row = one(session, Order, number="#W1")
        lines = session.exec(select(OrderLine).where(OrderLine.order_id == row.id)).all()
        purchases = session.exec(select(Purchase).where(Purchase.order_id == row.id)).all()
    assert ["order_placed", "order_shipped", "order_delivered", "order_returned"] == names
    assert ["Trail Hiking Boots"] == [line.name for line in lines]
    assert [("Trail Hiking Boots", False)] == [(purchase.product_name, purchase.kept) for purchase in purchases]


def test_carts_and_views_refer_to_our_ids(load: Load, tool_context: ToolContext) -> None:
    """Events name products and variants by the ids that the rest of the house uses, and amounts in minor units."""
    load(EVERYTHING)

    with tool_context.database.read() as session:
        view, cart = one(session, Event, name="product_viewed"), one(session, Event, name="cart_updated")
        variant = one(session, Variant, sku="harbor-green-M")
        seen = one(session, Variant, sku="tarn-red-M")
    assert (seen.product_id, seen.id, {"referrer": "mail"}) == (view.product_id, view.variant_id, view.properties)
    assert {
        "items": [{"variant": variant.id, "product": variant.product_id, "quantity": 2}],
        "value_minor": 17800,
        "currency": "USD",
    } == cart.properties


def test_customers_words_become_wishes_and_purchases_close_them(load: Load, tool_context: ToolContext) -> None:
    """A wish is closed by a later purchase of the thing, whichever stands first in the file."""
    later = order("#W5", "ann", ["lighthouse-red-M"], placed_at="2026-02-28T12:00:00Z")
    turns = [line for line in EVERYTHING if line["type"] == "turn"]
    load([*(line for line in EVERYTHING if line["type"] not in ("turn", "ticket")), later, *turns])

    with tool_context.database.read() as session:
        wish = one(session, Wish, item="coat")
        bought = one(session, Order, number="#W5")
    assert ("met", bought.id) == (wish.status, wish.closed_by)


def test_a_complaint_is_open_in_memory_until_its_ticket_is_resolved(load: Load, tool_context: ToolContext) -> None:
    """Tickets tell memory; a later line with the same id resolves the ticket."""
    load(EVERYTHING)
    with tool_context.database.read() as session:
        ann = tool_context.memory.find(session, "shop", "ann")
        assert ann is not None
        assert tool_context.memory.of(session, ann).open_complaint() is not None

    load([{**COMPLAINT, "status": "resolved", "resolved_at": "2026-02-20T09:00:00Z"}])

    with tool_context.database.read() as session:
        assert tool_context.memory.of(session, ann).open_complaint() is None
        assert "resolved" == one(session, Ticket).status


def test_a_files_yes_does_not_override_a_no_said_since(load: Load, tool_context: ToolContext) -> None:
    """Consent withdrawn in the chat stays withdrawn when the file says yes anew; a file's no always counts."""
    load(EVERYTHING)
    with tool_context.database.begin() as session:
        ann, ben = (tool_context.memory.find(session, "shop", who) for who in ("ann", "ben"))
        assert ann is not None
        assert ben is not None
        tool_context.memory.of(session, ann).consent("email", False, source="chat")

    load([customer("ann", last_name="Moved"), customer("ben", consent={"email": False, "sms": False})])

    with tool_context.database.read() as session:
        assert {"email": False, "sms": False} == tool_context.memory.of(session, ann).consents()
        assert {"email": False, "sms": False} == tool_context.memory.of(session, ben).consents()
        assert "Ann Moved" == tool_context.memory.of(session, ann).profile().name


def test_somebody_known_by_email_becomes_the_shops_customer(load: Load, tool_context: ToolContext) -> None:
    """Who wrote before they were a customer keeps their memory."""
    with tool_context.database.begin() as session:
        early = tool_context.memory.enter(session, {"email": "ann@example.com"})

    load(EVERYTHING)

    with tool_context.database.read() as session:
        assert early == tool_context.memory.find(session, "shop", "ann")
        assert "Ann Miller" == tool_context.memory.of(session, early).profile().name


def test_a_changed_price_keeps_what_it_was(load: Load, tool_context: ToolContext) -> None:
    """With the moment of the change; a product told again at the same price keeps both."""
    for price, stock in (("249.00", 9), ("199.00", 9), ("199.00", 8)):
        load([EVERYTHING[0], product("storm", "Storm Coat", "coat", colors=("red",), price=price, stock=stock)])

    with tool_context.database.read() as session:
        variant = one(session, Variant, sku="storm-red-M")
    assert (19900, 24900, tool_context.clock.now()) == (
        variant.price_minor, variant.former_price_minor, variant.price_changed_at,
    )  # fmt: skip


def test_a_return_opens_the_wish_again(load: Load, tool_context: ToolContext) -> None:
    """What was sent back is not had; a blue one bought leaves the wish for a red one open."""
    blue = product("bay", "Bay Coat", "winter coat", colors=("blue",))
    placed = "2026-02-27T12:00:00Z"
    load([*EVERYTHING, blue])

    def wish(*lines: dict[str, Any]) -> str:
        load(lines)
        with tool_context.database.read() as session:
            return str(one(session, Wish, item="coat").status)

    assert "open" == wish(order("#W7", "ann", ["bay-blue-M"], placed_at=placed))
    kept = order("#W8", "ann", ["lighthouse-red-M"], placed_at=placed)
    assert "met" == wish(kept)
    assert "open" == wish({**kept, "status": "returned", "status_at": "2026-03-01T12:00:00Z"})

"""The marketing agent's tools."""

from datetime import timedelta

import pytest
from sqlmodel import select

from memory.tables import Wish
from tools.campaigns.tools import CAMPAIGN_TOOLS
from tools.registry import Effect, Toolbox, ToolContext
from tools.shop.tables import Order, OrderLine

DAY = timedelta(days=1)
BOX = Toolbox(CAMPAIGN_TOOLS)


@pytest.fixture
def context(database, index, memory, clock):
    """What the marketing agent's tools get: nobody is signed in."""
    return ToolContext(database, index, memory, clock)


def enter(memory, session, first):
    """A customer with an e-mail address."""
    return memory.of(session, memory.enter(session, {"email": f"{first}@x.test".lower()}, first_name=first))


def hear(customer, text):
    """Their own words, on the shop's page; gives the turn's id."""
    said = customer.hear(text, conversation_id=f"cnv_{customer.customer_id}", channel="web", message_id=text)
    return said.turn.id


def test_all_of_them_read_and_have_a_manual():
    """Nothing here changes anything."""
    assert {"list_opportunities", "find_customers", "show_customer"} == {tool.name for tool in CAMPAIGN_TOOLS}
    assert {Effect.READ} == {tool.effect for tool in CAMPAIGN_TOOLS}
    assert all(len(tool.manual) > 200 for tool in CAMPAIGN_TOOLS)


def test_list_opportunities_gives_them_as_json(town):
    """With what was left out."""
    town.wish(town.person("Mara"), "coat", DAY)
    town.wish(town.person("Ole", consent=False), "boots", DAY)
    coat, *_ = town.product("Storm Coat")
    boots, *_ = town.product("Boots", "boots")
    town.save()
    answer = BOX.run(town.context, "list_opportunities", {})
    assert [coat] == [one["product"]["product_id"] for one in answer["opportunities"]]
    assert [boots] == [one["product"]["product_id"] for one in answer["left_out"]]
    assert {"opportunities": [], "left_out": []} == BOX.run(town.context, "list_opportunities", {"kind": "cart_left"})


def test_an_unknown_kind_is_refused_with_the_known_ones(town):
    """So that the model can adapt."""
    answer = BOX.run(town.context, "list_opportunities", {"kind": "birthday"})
    assert "tool_misuse" == answer["code"]
    assert "back_in_stock" in answer["error"]


def test_find_customers_finds_who_spoke_of_it_once_each_with_their_own_words(context, memory, database):
    """Nearest first; what agents said does not count, nor what is about something else."""
    with database.begin() as session:
        mara, ole, pia = (enter(memory, session, name) for name in ("Mara", "Ole", "Pia"))
        hear(mara, "hello there")
        turn = hear(mara, "I need boots for wide feet")
        ole.say("We have boots for wide feet", conversation_id="c2", channel="web", message_id="1")
        hear(ole, "where is my parcel?")
        search = pia.record("products_searched", source="test", source_id="1", text="waterproof hiking boots")
        pia_id, evt = pia.customer_id, search.id
    found = BOX.run(context, "find_customers", {"about": "wide boots"})["found"]
    assert [(mara.customer_id, "Mara", "I need boots for wide feet", turn), (pia_id, "Pia", search.text, evt)] == [
        (each["customer_id"], each["name"], each["quote"], each["source_id"]) for each in found
    ]
    assert found[0]["score"] > found[1]["score"] >= 0.4


def test_an_open_wish_is_found_with_the_words_that_voiced_it_and_a_closed_one_is_not(context, town, index, clock):
    """Of a wish the index knows what it means; what is quoted is what was said."""
    mara, ole = town.person("Mara"), town.person("Ole")
    said = town.wish(mara, "boots", DAY, quote="my feet get wet")
    town.wish(ole, "boots", DAY, status="met")
    town.save()
    with context.database.begin() as session:
        for wish in session.exec(select(Wish)).all():
            index.put(session, "wish", wish.id, "wants boots: waterproof", at=wish.voiced_at, owner=wish.customer_id)
    found = BOX.run(context, "find_customers", {"about": "waterproof boots"})["found"]
    assert [(mara, "my feet get wet", said)] == [
        (each["customer_id"], each["quote"], each["source_id"]) for each in found
    ]


def test_nobody_is_found_for_what_nobody_spoke_of(context, memory, database):
    """An empty list, not the least bad match."""
    with database.begin() as session:
        hear(enter(memory, session, "Mara"), "I need boots for wide feet")
    assert {"found": []} == BOX.run(context, "find_customers", {"about": "quantum physics"})


def test_show_customer_shows_profile_and_last_five_orders_by_id_and_by_e_mail(context, memory, database, clock):
    """The same page either way."""
    with database.begin() as session:
        mara = enter(memory, session, "Mara")
        mara.consent("email", True, source="test")
        opened = mara.record("complaint_opened", source="test", source_id="1", properties={"ticket": "tkt_1"}).id
        orders = [
            Order(
                id=f"ord_{n}", source="native", number=f"#W{n}", customer_id=mara.customer_id, status="delivered",
                currency="USD", placed_at=clock.now() - n * DAY, address={},
            )
            for n in range(1, 8)
        ]  # fmt: skip
        session.add_all(orders)
        session.flush()
        session.add(
            OrderLine(
                order_id="ord_1", line=0, product_id="prd_1", variant_id="var_1", name="Storm Coat", options={},
                quantity=2, unit_minor=12_900,
            )
        )  # fmt: skip
    page = BOX.run(context, "show_customer", {"customer": "MARA@x.test"})
    assert page == BOX.run(context, "show_customer", {"customer": mara.customer_id})
    assert ("Mara", {"email": True}, [opened]) == (
        page["name"], page["consents"], [matter["source_id"] for matter in page["open_matters"]],
    )  # fmt: skip
    assert ["#W1", "#W2", "#W3", "#W4", "#W5"] == [order["order_id"] for order in page["orders"]]
    assert ("$258.00", ["Storm Coat"]) == (page["orders"][0]["total"], page["orders"][0]["items"])


@pytest.mark.parametrize("customer", ["cus_nobody", "nobody@x.test", "Mara"])
def test_who_is_unknown_is_not_found(context, customer):
    """As an error that the model can read."""
    assert "not_found" == BOX.run(context, "show_customer", {"customer": customer})["code"]

"""Importing native files."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, select

from tests.tools.shop.importing.everything import EVERYTHING, snapshot
from tests.tools.small_shop import CATALOG, SHOP, customer, order, product
from tools.registry import ToolContext
from tools.shop.importing import ImportRejected, ImportReport, Rejected, import_native, read_lines
from tools.shop.tables import (
    Address,
    PaymentMethod,
    Variant,
)

Load = Callable[[Iterable[dict[str, Any]]], ImportReport]


def one(session: Session, table: type[SQLModel], **by: str) -> Any:
    """The only row of a table with these values."""
    return session.exec(select(table).filter_by(**by)).one()


def test_a_file_is_loaded_whole(load: Load, tool_context: ToolContext) -> None:
    """Every line becomes what it tells, and the report counts it by type."""
    report = load(EVERYTHING)

    assert {
        "shop": 1, "product": 8, "variant": 17, "stock": 1, "customer": 2, "turn": 2, "order": 2, "event": 3,
        "ticket": 1,
    } == report.counts_new  # fmt: skip
    assert ({}, {}, []) == (report.counts_changed, report.counts_same, report.rejected)
    with tool_context.database.read() as session:
        ann = tool_context.memory.find(session, "email", "ANN@example.com")
        assert ann == tool_context.memory.find(session, "shop", "ann")
        assert "1 Main St" == session.get_one(Address, ann).line1
        assert 21995 == one(session, Variant, sku="tarn-red-M").price_minor
        assert 2000 == session.get_one(PaymentMethod, (ann, "gift-ann")).balance_minor


def test_the_same_file_again_changes_nothing(load: Load, tool_context: ToolContext) -> None:
    """Importing twice leaves every table as importing once does, and says that all was the same."""
    first = load(EVERYTHING)
    before = snapshot(tool_context.database)

    again = load(EVERYTHING)

    assert before == snapshot(tool_context.database)
    assert first.counts_new == again.counts_same
    assert ({}, {}) == (again.counts_new, again.counts_changed)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_however_a_file_is_cut_and_repeated_it_comes_to_the_same(
    load: Load, tool_context: ToolContext, data: st.DataObject
) -> None:
    """An import that stopped anywhere is simply run again; lines that came before are the same lines."""
    cut = data.draw(st.integers(0, len(EVERYTHING)))
    load(EVERYTHING[:cut])
    load(EVERYTHING)
    first = snapshot(tool_context.database)
    load(EVERYTHING[: data.draw(st.integers(0, len(EVERYTHING)))])

    assert first == snapshot(tool_context.database)


def test_formatting_and_the_order_of_fields_do_not_count(load: Load, tool_context: ToolContext) -> None:
    """The same content written differently is the same line."""
    load(EVERYTHING)
    lines = ["\ufeff" + json.dumps(dict(reversed(EVERYTHING[0].items()))), "", "  \r\n"]
    lines += [
        json.dumps(dict(reversed(line.items())), indent=None, separators=(" ,", " : ")) for line in EVERYTHING[1:]
    ]

    report = import_native(lines, tool_context)

    assert ({}, {}) == (report.counts_new, report.counts_changed)


def test_one_bad_line_in_3500_writes_nothing_and_is_named(tool_context: ToolContext) -> None:
    """A file is taken whole or not at all."""
    lines = [SHOP, product("tee", "Tee", "t-shirt"), *(customer(f"c{n}") for n in range(400))]
    lines += [
        {"type": "event", "id": f"e{n}", "customer": f"c{n % 400}", "name": "product_viewed",
         "at": "2026-01-05T10:00:00Z", "properties": {"product": "tee"}}
        for n in range(3_500 - len(lines))
    ]  # fmt: skip
    lines[3_416]["customer"] = "c4711"

    with pytest.raises(ImportRejected) as refused:
        import_native(map(json.dumps, lines), tool_context)

    assert [Rejected(3_417, "customer='c4711': unknown customer")] == refused.value.rejected
    assert "1 of 3,500 lines are bad, so nothing was written\nline 3417: customer='c4711': unknown customer" == (
        refused.value.message
    )
    assert not any(snapshot(tool_context.database).values())


def test_bytes_that_are_not_utf8_reject_their_line(tool_context: ToolContext, tmp_path: Any) -> None:
    """A file in another encoding is not half read."""
    path = tmp_path / "shop.jsonl"
    path.write_bytes(json.dumps(SHOP).encode() + b"\n" + b'{"type": "shop", "name": "Caf\xe9"}\n')

    with pytest.raises(ImportRejected) as refused:
        import_native(read_lines(path), tool_context)

    assert [Rejected(2, "is not UTF-8 text")] == refused.value.rejected


def test_the_message_lists_twenty_bad_lines_and_counts_the_rest(tool_context: ToolContext) -> None:
    """A file full of mistakes does not flood the terminal."""
    with pytest.raises(ImportRejected) as refused:
        import_native(["nonsense"] * 50, tool_context)

    assert 50 == len(refused.value.rejected)
    assert "and 30 more" == refused.value.message.splitlines()[-1]
    assert 22 == len(refused.value.message.splitlines())


def test_skipping_rejected_lines_loads_the_rest_and_what_hangs_on_them_is_rejected_too(
    tool_context: ToolContext,
) -> None:
    """With skip_rejected the good lines are loaded; a line that refers to a bad one is bad as well."""
    lines = [
        SHOP,
        CATALOG[0],
        customer("ann", timezone="Mars/Base"),
        customer("ben"),
        order("#W1", "ann", ["kinnick-red-S"]),
    ]

    report = import_native(map(json.dumps, lines), tool_context, skip_rejected=True)

    assert [3, 5] == [bad.line for bad in report.rejected]
    assert {"shop": 1, "product": 1, "variant": 4, "customer": 1} == report.counts_new


def test_money_needs_a_currency(tool_context: ToolContext) -> None:
    """Without a shop line, now or before, no amount can be understood; customers without amounts can."""
    bare = {key: value for key, value in customer("ann").items() if key != "payment_methods"}

    import_native([json.dumps(bare)], tool_context)
    with pytest.raises(ImportRejected, match="the shop's currency is not known; put a shop line first"):
        import_native([json.dumps(CATALOG[0])], tool_context)


def test_the_currency_of_a_stocked_shop_stays(load: Load) -> None:
    """Prices in dollars do not turn into euros."""
    load(EVERYTHING)

    with pytest.raises(ImportRejected, match="currency='EUR': the shop's prices are in USD already"):
        load([SHOP | {"currency": "EUR"}])


def test_progress_counts_to_the_end(tool_context: ToolContext) -> None:
    """The callback hears how many lines are done and how many there are."""
    heard: list[tuple[int, int]] = []
    lines = [SHOP, *(customer(f"c{n}") for n in range(1_500))]

    import_native(map(json.dumps, lines), tool_context, progress=lambda done, total: heard.append((done, total)))

    assert [(1_000, 1_501), (1_501, 1_501)] == heard


def test_an_import_that_breaks_off_is_simply_run_again(tool_context: ToolContext) -> None:
    """What was committed before the break is the same the second time; the rest is new."""

    class Unplugged(Exception):
        pass

    def pull_the_plug(done: int, _: int) -> None:
        if done == 2_000:
            raise Unplugged

    lines = [json.dumps(line) for line in (SHOP, *(customer(f"c{n}") for n in range(2_500)))]
    with pytest.raises(Unplugged):
        import_native(lines, tool_context, progress=pull_the_plug)

    report = import_native(lines, tool_context)

    assert ({"customer": 501}, {"shop": 1, "customer": 1_999}) == (report.counts_new, report.counts_same)

"""Which rows are one customer's is read off the tables."""

from sqlmodel import SQLModel

import api.tables  # noqa: F401 - registers the tables
import tools.shop.tables  # noqa: F401
from kit.personal import personal_tables

# Tables of the shop or the operator, which say nothing of a customer.
NOT_PERSONAL = {
    "customer", "api_key", "sign_in_link", "milestone", "index_outbox", "index_rebuild", "shop_profile", "product",
    "variant", "stock_count", "passage", "imported_line",
}  # fmt: skip


def test_every_table_is_personal_or_known_not_to_be() -> None:
    """A new table with customers' data is found by itself; one without has to be named here."""
    personal = {one.table.name for one in personal_tables(SQLModel.metadata)}
    assert set(SQLModel.metadata.tables) == personal | NOT_PERSONAL
    assert not personal & NOT_PERSONAL


def test_rows_are_found_through_what_they_belong_to() -> None:
    """An order's lines are found through the order, an order through its customer."""
    by_name = {one.table.name: one for one in personal_tables(SQLModel.metadata)}
    assert by_name["shop_order"].direct
    assert not by_name["order_line"].direct
    assert "shop_order.customer_id" in str(by_name["order_line"].of(["cus_1"]))
    assert "index_item.owner" in str(by_name["index_item"].of(["cus_1"]))

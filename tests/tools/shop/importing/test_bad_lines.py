"""Lines that are bad, each with the reason it is given."""

import json

import pytest

from tests.tools.shop.importing.everything import CART, COMPLAINT, EVERYTHING, VIEWED
from tests.tools.small_shop import CATALOG, SHOP, customer, order, product, turn
from tools.registry import ToolContext
from tools.shop.importing import ImportRejected, Rejected, import_native

TYPES = "shop, product, stock, customer, order, event, turn, ticket"
TIME = "should be a time with an offset, such as '2026-03-01T18:20:00Z'"
AMOUNT = "should be a decimal string in the shop's currency, such as '129.00'"
PAST = "what happened does not change, so give it an id of its own"

BAD = (
    ("{", "is not JSON: Expecting property name enclosed in double quotes at character 2"),
    ("[1]", "is not a JSON object"),
    ('{"id": "x"}', "type is missing"),
    ('{"type": "prodct"}', f"type='prodct': unknown; there are {TYPES}"),
    ('{"type": "event", "id": "\\ud800"}', "holds \\u0000 or half a surrogate pair, which is not a character"),
    ('{"type": "event", "x": NaN}', "holds NaN, which is not JSON"),
    (product("x", "X", "x", stock=-1), "variants.0.stock=-1: input should be greater than or equal to 0"),
    (
        product("x", "X", "x", price="9.999"),
        "variants.0.price='9.999': '9.999' is not an amount in USD, which has 2 decimals",
    ),
    (product("x", "X", "x", price="$9"), f"variants.0.price='$9': {AMOUNT}"),
    (product("x", "X", "x", created_at="2026-03-01"), f"created_at='2026-03-01': {TIME}"),
    ({**product("x", "X", "x"), "colour": 1}, "colour=1: there is no such field"),
    (product("x", "X", "x", colors=("a", "a")), "variants.id='x-a-M': stands here more than once"),
    (
        {**product("x", "X", "x"), "variants": CATALOG[0]["variants"]},
        "variants.id='kinnick-red-S': belongs to product 'kinnick'",
    ),
    ({"type": "stock", "variant": "nix", "stock": 1, "at": "2026-03-01T18:20:00Z"}, "variant='nix': unknown variant"),
    ({k: v for k, v in customer("zoe").items() if k != "last_name"}, "last_name is missing"),
    (
        customer("zoe", email="nobody"),
        "email='nobody': 'nobody' is not an e-mail address; write it as in ana@example.com",
    ),
    (customer("zoe", email="ANN@example.com"), "email='ann@example.com': belongs to customer 'ann'"),
    (
        customer("zoe", timezone="Mars/Base"),
        "timezone='Mars/Base': should be an IANA time zone, such as 'America/Chicago'",
    ),
    (order("#W9", "ann", ["nix"]), "items.variant='nix': unknown variant"),
    (order("#W9", "ann", ["tarn-red-M"], placed_at="soon"), f"placed_at='soon': {TIME}"),
    (
        order("#W9", "ann", ["tarn-red-M"], shipments=[{"status": "x", "items": ["nix"]}]),
        "shipments.0.items='nix': is not among the order's items",
    ),
    (
        {
            **order("#W9", "ann", ["tarn-red-M"]),
            "payments": [{"kind": "payment", "amount": "50.00", "method": "card-ben"}],
        },
        "payments.method='card-ben': is no payment method of the customer",
    ),
    (order("#W1", "ben", ["tarn-red-M"], payments=[]), "customer='ben': order '#W1' belongs to another customer"),
    ({**VIEWED, "id": "e9", "properties": {"product": "nix"}}, "properties.product='nix': unknown product"),
    (
        {**CART, "id": "e9", "properties": {"items": [{"variant": "nix", "quantity": 1}]}},
        "properties.items.variant='nix': unknown variant",
    ),
    ({**CART, "id": "e9", "properties": {}}, "properties: items is missing"),
    ({**VIEWED, "at": "2026-02-01T11:00:00Z"}, f"id='e1': there is an event of this id with other content; {PAST}"),
    (turn("t9", "ben", "Hi", conversation="talk-t1"), "conversation='talk-t1': belongs to another customer"),
    ({**COMPLAINT, "id": "k9", "conversation": "nix"}, "conversation='nix': unknown conversation of this customer"),
    ({**COMPLAINT, "id": "k9", "status": "resolved"}, "resolved_at belongs to a resolved ticket, and to no other"),
    (SHOP | {"name": "Other"}, "type='shop': stands once, as the first line"),
)


@pytest.mark.parametrize(("line", "reason"), BAD, ids=[reason[:40] for _, reason in BAD])
@pytest.mark.parametrize("known_from", ["the same file", "an import before"])
def test_a_bad_line_is_rejected_with_field_and_value(
    tool_context: ToolContext, line: object, reason: str, known_from: str
) -> None:
    """Whatever is wrong with a line, the reason names it; and it is so whether its references are older or not."""
    lines = [json.dumps(good) for good in EVERYTHING]
    if known_from == "an import before":
        import_native(lines, tool_context)
        lines = [] if "shop" not in reason[:11] else lines[1:2]
    text = line if isinstance(line, str) else json.dumps(line)

    with pytest.raises(ImportRejected) as refused:
        import_native([*lines, text], tool_context)

    assert [Rejected(len(lines) + 1, reason)] == refused.value.rejected

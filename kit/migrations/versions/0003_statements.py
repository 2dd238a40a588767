"""Facts and wishes derived from statements; what a purchase is; what a price was."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from kit.database import UtcDateTime
from kit.ids import derived_id
from kit.lexical import term_counts
from kit.term_counts import pack

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LIFETIME = timedelta(days=180)
_FOR = re.compile(r"\bfor\b", re.IGNORECASE)
_OPPOSITE = {".liked": ".disliked", ".disliked": ".liked"}


def _told() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("extractor", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.PrimaryKeyConstraint("id"),
    ]


def upgrade() -> None:
    op.create_table(
        "statement",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        *_told(),
    )
    op.create_index("ix_statement_customer_attribute", "statement", ["customer_id", "attribute"])
    op.create_index("ix_statement_source", "statement", ["source_id"])
    op.create_table(
        "wish_statement",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("requirements", sa.JSON(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        *_told(),
    )
    op.create_index("ix_wish_statement_customer", "wish_statement", ["customer_id"])
    op.create_index("ix_wish_statement_source", "wish_statement", ["source_id"])
    op.add_column("wish", sa.Column("sources", sa.JSON(), nullable=True))
    op.add_column("wish", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("purchase", sa.Column("traits", sa.JSON(), nullable=True))
    op.add_column("variant", sa.Column("former_price_minor", sa.Integer(), nullable=True))
    op.add_column("variant", sa.Column("price_changed_at", sa.DateTime(timezone=True), nullable=True))
    _convert(op.get_bind())
    with op.batch_alter_table("wish") as batch:
        batch.alter_column("sources", existing_type=sa.JSON(), nullable=False)
        batch.alter_column("expires_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    with op.batch_alter_table("purchase") as batch:
        batch.alter_column("traits", existing_type=sa.JSON(), nullable=False)


def downgrade() -> None:
    for table, columns in (
        ("variant", ("price_changed_at", "former_price_minor")),
        ("purchase", ("traits",)),
        ("wish", ("expires_at", "sources")),
    ):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
    op.drop_table("wish_statement")
    op.drop_table("statement")


def _table(name: str, *columns: str, times: Iterable[str] = (), documents: Iterable[str] = ()) -> sa.TableClause:
    return sa.table(
        name,
        *(sa.column(column) for column in columns),
        *(sa.column(column, UtcDateTime()) for column in times),
        *(sa.column(column, sa.JSON()) for column in documents),
    )


FACT = _table("fact", "id", "customer_id", "attribute", "value", "confidence", "extractor",
              times=("held_from", "held_to", "believed_from", "believed_to"))  # fmt: skip
CITED = _table("fact_source", "fact_id", "source_id", "quote", times=("at",))
SAID = _table("statement", "id", "customer_id", "attribute", "value", "says", "quote", "confidence", "extractor",
              "source_id", "ordinal", times=("at",))  # fmt: skip
WISH = _table("wish", "id", "customer_id", "item", "quote", "source_id", "extractor", "status",
              times=("voiced_at", "expires_at"), documents=("requirements", "sources"))  # fmt: skip
WISHED = _table("wish_statement", "id", "customer_id", "item", "says", "until", "quote", "extractor", "source_id",
                "ordinal", times=("at",), documents=("requirements",))  # fmt: skip
TURN = _table("turn", "id", "customer_id", "speaker", times=("at",))
ITEM = _table("index_item", "collection", "item_id", "text", "digest", "model", "vector", "terms")
OUTBOX = _table("index_outbox", "collection", "item_id")
PURCHASE = _table("purchase", "order_id", "line", "product_id", documents=("traits",))
LINE = _table("order_line", "order_id", "line", documents=("options",))
PRODUCT = _table("product", "id", "category", documents=("attributes",))


def _convert(bind: sa.Connection) -> None:
    turns = {
        (row.customer_id, row.at): row.id for row in bind.execute(sa.select(TURN).where(TURN.c.speaker == "customer"))
    }
    times = {turn_id: at for (_, at), turn_id in turns.items()}
    _convert_facts(bind, turns)
    _convert_wishes(bind, turns, times)
    products = {row.id: row for row in bind.execute(sa.select(PRODUCT))}
    options = {(row.order_id, row.line): row.options for row in bind.execute(sa.select(LINE))}
    for row in bind.execute(sa.select(PURCHASE)).all():
        product = products.get(row.product_id)
        traits = list((options.get((row.order_id, row.line)) or {}).items())
        if product is not None:
            traits += [("category", product.category)]
            traits += [(name, value) for name, values in product.attributes.items() for value in values]
        here = (PURCHASE.c.order_id == row.order_id, PURCHASE.c.line == row.line)
        bind.execute(sa.update(PURCHASE).where(*here).values(traits=[list(trait) for trait in traits]))


def _convert_facts(bind: sa.Connection, turns: dict[tuple[str, datetime], str]) -> None:
    """Each citation becomes a statement; facts get the ids that follow from what says them."""
    cited: dict[str, list[Any]] = defaultdict(list)
    for row in bind.execute(sa.select(CITED).order_by(CITED.c.at, CITED.c.source_id)):
        cited[row.fact_id].append(row)
    facts = bind.execute(sa.select(FACT)).all()
    begun = {(fact.customer_id, fact.attribute, fact.held_from) for fact in facts}
    opposed = {(fact.customer_id, fact.attribute, fact.value.casefold(), fact.held_from) for fact in facts}
    for fact in facts:
        sources = cited[fact.id]
        if not sources:
            continue
        bought_for = fact.attribute == "household" and any(_FOR.search(row.quote) for row in sources)
        attribute = "recipient" if bought_for else fact.attribute
        rows = [_statement(fact, attribute, "is", row.source_id, row.at, row.quote) for row in sources]
        if fact.held_to is not None and not _followed(fact, begun, opposed):
            source = turns.get((fact.customer_id, fact.held_to), sources[-1].source_id)
            rows.append(_statement(fact, attribute, "is_not", source, fact.held_to, ""))
        bind.execute(sa.insert(SAID), list({row["id"]: row for row in rows}.values()))
        fact_id = derived_id("fct", fact.held_from, attribute, fact.value, sources[0].source_id)
        _rename(bind, fact, fact_id, attribute)


def _followed(fact: Any, begun: set[Any], opposed: set[Any]) -> bool:
    """Whether another value, or the opposite of this one, began when the fact ended: that is what ended it."""
    stem, dot, leaning = fact.attribute.rpartition(".")
    opposite = stem + _OPPOSITE.get(dot + leaning, "")
    ended_by_opposite = (fact.customer_id, opposite, fact.value.casefold(), fact.held_to) in opposed
    return ended_by_opposite or (fact.customer_id, fact.attribute, fact.held_to) in begun


def _statement(fact: Any, attribute: str, says: str, source: str, at: datetime, quote: str) -> dict[str, Any]:
    key = fact.value.casefold()
    return {
        "id": derived_id("stm", at, source, fact.extractor, attribute, key, says), "customer_id": fact.customer_id,
        "attribute": attribute, "value": fact.value, "says": says, "quote": quote, "confidence": fact.confidence,
        "extractor": fact.extractor, "source_id": source, "at": at, "ordinal": 0,
    }  # fmt: skip


def _rename(bind: sa.Connection, fact: Any, fact_id: str, attribute: str) -> None:
    if fact_id == fact.id and attribute == fact.attribute:
        return
    columns = {**dict(zip(FACT.c.keys(), fact, strict=True)), "id": fact_id, "attribute": attribute}
    if fact_id != fact.id:
        bind.execute(sa.insert(FACT), columns)
        bind.execute(sa.update(CITED).where(CITED.c.fact_id == fact.id).values(fact_id=fact_id))
        bind.execute(sa.delete(FACT).where(FACT.c.id == fact.id))
    _reindex(bind, "fact", fact.id, fact_id, f"buys for {fact.value}" if attribute != fact.attribute else None)


def _reindex(bind: sa.Connection, collection: str, old: str, new: str, text: str | None = None) -> None:
    here = (ITEM.c.collection == collection, ITEM.c.item_id == old)
    changed: dict[str, Any] = {"item_id": new}
    if text is not None:
        digest = hashlib.sha256(text.encode()).hexdigest()
        changed |= {"text": text, "digest": digest, "terms": pack(term_counts(text)), "model": None, "vector": None}
    if bind.execute(sa.update(ITEM).where(*here).values(changed)).rowcount:
        bind.execute(sa.insert(OUTBOX), [{"collection": collection, "item_id": one} for one in {old, new}])


def _convert_wishes(bind: sa.Connection, turns: dict[tuple[str, datetime], str], times: dict[str, datetime]) -> None:
    """Each wish becomes a statement of the turn that voiced it, and one of the turn that repeated it last."""
    for wish in bind.execute(sa.select(WISH)).all():
        first = times.get(wish.source_id, wish.voiced_at)
        asked = [part for pair in wish.requirements for part in pair]
        voiced = {wish.source_id: first}
        again = turns.get((wish.customer_id, wish.voiced_at))
        if again is not None:
            voiced.setdefault(again, wish.voiced_at)
        rows = [
            {
                "id": derived_id("wst", at, source, wish.extractor, "wants", wish.item, *asked),
                "customer_id": wish.customer_id, "item": wish.item, "requirements": wish.requirements,
                "says": "wants", "until": None, "quote": wish.quote, "extractor": wish.extractor,
                "source_id": source, "at": at, "ordinal": 0,
            }
            for source, at in voiced.items()
        ]  # fmt: skip
        bind.execute(sa.insert(WISHED), rows)
        wish_id = derived_id("wsh", first, wish.item, wish.source_id, *asked)
        told = {"id": wish_id, "sources": list(voiced), "expires_at": wish.voiced_at + _LIFETIME}
        bind.execute(sa.update(WISH).where(WISH.c.id == wish.id).values(told))
        _reindex(bind, "wish", wish.id, wish_id)

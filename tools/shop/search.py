"""Finding products by what they mean and by what they are.

Candidates come from three sides: the nearest by meaning, the best by words (BM25), and all of the kind that is sought.
Each is held against the requirements exactly. Order: what meets everything; the thing itself before other things that
share its traits (a coat is wanted, not a red scarf); what brings nothing that is to be avoided; the share of
requirements met; what is in stock; and then how near it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from sqlmodel import Session, col, select

from kit.errors import InvalidInput
from kit.lexical import terms
from kit.term_counts import TermMatrix
from kit.vectors.tables import IndexItem
from memory.extraction.port import FoundWish, Requirement
from tools.registry import Arguments, Effect, ToolContext, tool
from tools.shop.catalog import COLLECTION
from tools.shop.fit import Fit, fit
from tools.shop.offers import Offer, read_offers
from tools.shop.tables import Product
from tools.shop.things import is_category_of
from tools.shop.words import last_stem, says

NEAREST = 40
_NAMING = 3  # characters from which an option's value is taken to be named on purpose
_NEAR = 0.25  # cosine under which a product has nothing to do with the words, unless it shares some of them


@dataclass(frozen=True)
class Match:
    """A found product; ``relevance`` is its cosine similarity plus its share of the best BM25 score.

    ``shown`` adds to ``fit`` the options that the words name ("switch type: clicky"), which choose the variant.
    """

    offer: Offer
    fit: Fit
    shown: Fit
    relevance: float

    @property
    def rank(self) -> tuple[object, ...]:
        """The smaller, the better."""
        fit, product = self.fit, self.offer.product
        return (
            bool(fit.unmet), not fit.is_item, fit.harmful, -fit.share, not self.offer.in_stock, -self.relevance,
            product.position, product.id,
        )  # fmt: skip


def find_products(context: ToolContext, text: str, sought: FoundWish | None) -> list[Match]:
    """Products for a description, closest first. Call it outside a unit of work: the index is brought up to date."""
    near = {hit.item_id: hit.score for hit in context.index.search(COLLECTION, text, NEAREST)}
    with context.database.read() as session:
        lexical = _by_words(session, text)
        best = sorted(lexical, key=lambda product_id: -lexical[product_id])[:NEAREST]
        of_kind = _of_kind(session, sought.item) if sought and sought.item else set()
        close = {product_id for product_id, score in near.items() if score >= _NEAR}
        offers = read_offers(session, close | set(best) | of_kind)
    wish = sought or FoundWish("", (), text)
    matches = [
        _match(offer, wish, text, near.get(offer.product.id, 0.0) + lexical.get(offer.product.id, 0.0))
        for offer in offers
    ]
    return sorted(matches, key=lambda match: match.rank)


def _match(offer: Offer, sought: FoundWish, text: str, relevance: float) -> Match:
    held = fit(offer.product, offer.variants, sought.item, sought.requirements)
    named = _named_options(offer, text, sought.requirements)
    shown = fit(offer.product, offer.variants, sought.item, (*sought.requirements, *named)) if named else held
    return Match(offer, held, shown, relevance)


def _named_options(offer: Offer, text: str, requirements: Sequence[Requirement]) -> list[Requirement]:
    """Options that the text names by their value, each shop having its own; not where it names two values of one."""
    asked = {last_stem(requirement.attribute) for requirement in requirements}
    asked |= {last_stem(requirement.value) for requirement in requirements}
    values: dict[str, set[str]] = {}
    for variant in offer.variants:
        for name, value in variant.options.items():
            known = {last_stem(name), last_stem(value)} & asked
            if not known and len(value) >= _NAMING and not value.isdecimal() and says(text, value):
                values.setdefault(name, set()).add(value)
    return [Requirement(name, named.pop()) for name, named in values.items() if len(named) == 1]


def _by_words(session: Session, text: str) -> dict[str, float]:
    """Products that share words with ``text``, by their BM25 score as a share of the best."""
    rows = session.exec(select(IndexItem.item_id, IndexItem.terms).where(IndexItem.collection == COLLECTION)).all()
    scores = TermMatrix.unpack([counts for _, counts in rows]).bm25(terms(text)).tolist()
    top = max(scores, default=0.0)
    return {item_id: score / top for (item_id, _), score in zip(rows, scores, strict=True) if score > 0}


def _of_kind(session: Session, item: str) -> set[str]:
    """Every product of a category that holds such things."""
    categories = session.exec(select(Product.category).distinct()).all()
    meant = [category for category in categories if is_category_of(category, item)]
    return set(session.exec(select(Product.id).where(col(Product.category).in_(meant))).all())


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


class SearchProducts(Arguments):
    """What to look for."""

    query: Annotated[str, Field(min_length=1, description="what is wanted, in words, with every wish about it")]
    max_price: Annotated[
        str | None, BeforeValidator(_text), Field(description='at most this, as a decimal, such as "150.00"')
    ] = None
    size: Annotated[str | None, BeforeValidator(_text), Field(description='such as "M" or "43"')] = None
    limit: Annotated[int, Field(ge=1, le=20, description="how many products at most")] = 5


@tool(Effect.READ)
def search_products(context: ToolContext, arguments: SearchProducts) -> Mapping[str, Any]:
    """Searches the shop by meaning and by what is required: the closest products first, those in stock before others.

    Use it whenever a shopper looks for something. Put the whole wish into ``query`` ("red winter coat, waterproof,
    fur lining"); a price limit and a size may stand there or in their own arguments.
    ``sought`` is how the query was understood. Each product says what it has ``met`` and what is ``unmet``, such as
    "lining: fur", "item: coat" (it is another kind of thing), "stock: in stock" (sold out) or "size: M (sold out)".
    Only a product with nothing unmet is what was asked for; name the differences of the others.
    ``product_id`` ("prd_01JNA3V9Q8ZK5T2M7R4C6D8E9F") goes into get_product.
    """
    sought = _sought(context, arguments)
    matches = find_products(context, arguments.query, sought)[: arguments.limit]
    now = context.clock.now()
    return {
        "sought": {"item": sought.item, "requirements": said(sought.requirements)} if sought else None,
        "products": [match.offer.card(match.shown, now) for match in matches],
    }


def said(requirements: Sequence[Requirement]) -> list[dict[str, str]]:
    """Requirements as tools show them."""
    return [{"attribute": requirement.attribute, "value": requirement.value} for requirement in requirements]


def _sought(context: ToolContext, arguments: SearchProducts) -> FoundWish | None:
    """What the query describes; a size and a limit given apart take the place of those in its words."""
    found = context.memory.extractor.sought(arguments.query)
    given = {"max_price": _limit(arguments.max_price), "size": (arguments.size or "").strip().upper()}
    given = {attribute: value for attribute, value in given.items() if value}
    if not given:
        return found
    told = found.requirements if found else ()
    kept = tuple(requirement for requirement in told if requirement.attribute not in given)
    return FoundWish(
        found.item if found else "", (*kept, *(Requirement(*one) for one in given.items())), arguments.query
    )


def _limit(max_price: str | None) -> str:
    if max_price is None or not max_price.strip():
        return ""
    text = max_price.strip().lstrip("$€£¥").replace(",", "").strip()
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise InvalidInput(f"max_price {max_price!r} is not an amount; write it as in '150.00'")
    return text

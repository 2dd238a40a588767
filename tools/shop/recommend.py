"""Recommendations, each with its reason: an open wish, a question, what others bought, what is like what they own.

Nothing is recommended that is sold out, already owned, or made of what the customer wants to avoid.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from kit.lexical import terms
from memory.extraction.port import FoundWish
from tools.registry import Arguments, Effect, ToolContext, tool
from tools.shop.catalog import COLLECTION, describe
from tools.shop.companions import buyers, companions
from tools.shop.fit import Fit, fit
from tools.shop.offers import NEW, Offer, read_offers
from tools.shop.profile import shop_zone, spoken_day
from tools.shop.search import Match, find_products
from tools.shop.taste import Taste, read_taste
from tools.shop.wishes import matches_for

_ALIKE_OWNED = 3  # of how many owned products, the newest, similar ones are looked for
_ALIKE = 10
_SAID = {"lining": "{} lining", "size": "size {}", "max_price": "at most {}", "fit": "{} fit", "gender": "for {}"}
_PER_WISH = 2
_PER_OWNED = 2


@dataclass(frozen=True)
class Recommendation:
    """A product and one true sentence that says why."""

    offer: Offer
    fit: Fit
    reason: str


def recommend(context: ToolContext, about: str | None, limit: int) -> list[Recommendation]:
    """At most ``limit``, the best founded first. Call it outside a unit of work."""
    with context.database.read() as session:
        taste, zone = read_taste(context, session), shop_zone(session)
    ideas = _Ideas(context, taste, zone)
    asked = ideas.about(about) if about and about.strip() else iter(())
    return list(islice(_each_once(asked), limit)) or list(islice(_each_once(ideas.unasked()), limit))


def _each_once(source: Iterator[Recommendation]) -> Iterator[Recommendation]:
    seen: set[str] = set()
    for one in source:
        if one.offer.product.id not in seen:
            seen.add(one.offer.product.id)
            yield one


class _Ideas:
    """Where recommendations come from, the best founded first."""

    def __init__(self, context: ToolContext, taste: Taste, zone: ZoneInfo) -> None:
        self._context = context
        self._taste = taste
        self._zone = zone

    def unasked(self) -> Iterator[Recommendation]:
        yield from self._for_wishes()
        yield from self._companions()
        yield from self._like_owned()
        yield from self._wanted_by_many()

    def about(self, text: str) -> Iterator[Recommendation]:
        """What comes closest to a description; nothing where the words describe no product ("something nice")."""
        found = self._context.memory.extractor.sought(text)
        asked = found.requirements if found else ()
        sought = FoundWish(found.item if found else "", (*asked, *self._taste.avoided), text)
        for match in find_products(self._context, text, sought):
            named = set(terms(f"{match.offer.product.name} {match.offer.product.category}"))
            if self._may_have(match) and match.fit.is_item and (asked or sought.item or named & set(terms(text))):
                has = _has(match.fit)
                said = f"Of what you ask for it has {has}." if has else f"It comes close to “{text.strip()}”."
                yield Recommendation(match.offer, match.fit, said)

    def _for_wishes(self) -> Iterator[Recommendation]:
        for wish in self._taste.wishes:
            matches = matches_for(self._context, wish, self._taste.avoided)
            for match in islice(filter(self._may_have, matches), _PER_WISH):
                said = f"You said “{wish.quote}” on {spoken_day(wish.voiced_at, self._zone)}"
                has = _has(match.fit)
                reason = f"{said}; this one has {has}." if has else f"{said}; this is one."
                yield Recommendation(match.offer, match.fit, reason)

    def _companions(self) -> Iterator[Recommendation]:
        customer_id = self._context.customer_id
        if not self._taste.owned or customer_id is None:
            return
        with self._context.database.read() as session:
            found = companions(session, self._taste.owned, customer_id)
            offers = self._offers([one.product_id for one in found])
            names = {offer.product.id: offer.product.name for offer in read_offers(session, self._taste.owned)}
        for one in found:
            if one.product_id in offers and one.beside in names:
                reason = f"{one.buyers} customers who bought the {names[one.beside]}, as you did, bought this too."
                yield self._plain(offers[one.product_id], reason)

    def _like_owned(self) -> Iterator[Recommendation]:
        newest = list(self._taste.owned)[:_ALIKE_OWNED]
        with self._context.database.read() as session:
            owned = {offer.product.id: offer for offer in read_offers(session, newest)}
        for product_id in newest:
            mine = owned[product_id]
            near = self._context.index.search(COLLECTION, describe(mine.product, mine.variants), _ALIKE)
            offers = self._offers([hit.item_id for hit in near])
            alike = [offers[hit.item_id] for hit in near if hit.item_id in offers]
            same = [offer for offer in alike if offer.product.category == mine.product.category]
            for offer in same[:_PER_OWNED]:
                yield self._plain(offer, self._likeness(mine, offer))

    def _likeness(self, mine: Offer, other: Offer) -> str:
        at = self._taste.owned[mine.product.id]
        when = f" on {spoken_day(at, self._zone)}" if at else ""
        shared = _shared(mine, other)
        both = f" (both {', '.join(shared)})" if shared else ""
        return f"You bought the {mine.product.name}{when}, and this is of the same kind{both}."

    def _wanted_by_many(self) -> Iterator[Recommendation]:
        with self._context.database.read() as session:
            bought = buyers(session)
        ranked = sorted(bought, key=lambda product_id: (-bought[product_id], product_id))
        offers = self._offers(None)
        for product_id in ranked:
            if product_id in offers:
                count = bought[product_id]
                yield self._plain(offers[product_id], f"{count} {'customers' if count > 1 else 'customer'} bought it.")
        now = self._context.clock.now()
        for offer in sorted(offers.values(), key=lambda offer: offer.product.created_at, reverse=True):
            if now - NEW <= offer.product.created_at <= now:
                since = spoken_day(offer.product.created_at, self._zone)
                yield self._plain(offer, f"It is new in the shop since {since}.")

    def _offers(self, product_ids: Sequence[str] | None) -> dict[str, Offer]:
        """Those of these products that may be recommended, or of all."""
        with self._context.database.read() as session:
            offers = read_offers(session, product_ids)
        return {offer.product.id: offer for offer in offers if self._may_offer(offer)}

    def _may_offer(self, offer: Offer) -> bool:
        harmless = not fit(offer.product, offer.variants, "", self._taste.avoided).unmet
        return offer.in_stock and harmless and offer.product.id not in self._taste.owned

    def _may_have(self, match: Match) -> bool:
        return match.offer.in_stock and not match.fit.harmful and match.offer.product.id not in self._taste.owned

    def _plain(self, offer: Offer, reason: str) -> Recommendation:
        return Recommendation(offer, fit(offer.product, offer.variants, "", self._taste.avoided), reason)


def _has(fit: Fit) -> str:
    """What it has of what was asked: ``all of it: red, waterproof``, or ``red, but not: fur lining``."""
    met, unmet = _listed(fit.met), _listed(fit.unmet)
    if not unmet:
        return f"all of it: {met}" if met else ""
    return f"{met}, but not: {unmet}" if met else f"nothing of it but the kind; it is not: {unmet}"


def _listed(requirements: Sequence[str]) -> str:
    """As people say it; what was only to be avoided is not boasted of."""
    pairs = (text.partition(": ") for text in requirements if not text.startswith("not_"))
    return ", ".join(_SAID.get(name, "{}").format(value) for name, _, value in pairs)


def _shared(mine: Offer, other: Offer) -> list[str]:
    """Attribute values that both state."""
    theirs = {value for values in other.product.attributes.values() for value in values}
    values = (value for values in mine.product.attributes.values() for value in values if value in theirs)
    return list(dict.fromkeys(values))[:3]


class RecommendProducts(Arguments):
    """What it should be about, if anything."""

    about: Annotated[str | None, Field(description='what it is for, in words, such as "something warm for hiking"')] = (
        None
    )
    limit: Annotated[int, Field(ge=1, le=10, description="how many products at most")] = 3


@tool(Effect.READ)
def recommend_products(context: ToolContext, arguments: RecommendProducts) -> Mapping[str, Any]:
    """Recommends products in stock to who is chatting, each with one true sentence that says why (``reason``).

    Use it when somebody wants ideas rather than a certain thing; for that, use search_products.
    It draws on their open wishes, what they own, what others bought beside it, and leaves out what they dislike or
    cannot wear. Give ``about`` when they say what it should be for. Pass the reason on as it stands; make up no other.
    An empty list means that the shop has nothing to recommend to them.
    """
    now = context.clock.now()
    found = recommend(context, arguments.about, arguments.limit)
    return {"products": [{**one.offer.card(one.fit, now), "reason": one.reason} for one in found]}

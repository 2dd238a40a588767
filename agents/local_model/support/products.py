"""Finding products, questions about one, recommendations, and what is new."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from agents.local_model.case import Case
from agents.local_model.patterns import phrases
from agents.local_model.plans import Outcome, Part, Plan, call
from agents.local_model.questions import ASK_PRODUCT, OFFER_PERSON
from agents.local_model.slots import slots_of
from agents.local_model.support.pages import page_says
from agents.local_model.wording import products as say
from agents.local_model.wording.phrases import joined, lines, paragraph, quoted, sentence, spoken_day
from kit.lexical import terms

Product = Mapping[str, Any]

_WIDE = 20  # so that the product asked about is among those found, however little it has of what is asked
_NO_SEARCH = f"I can't look into our range at the moment. {OFFER_PERSON}"
_AT_MOST = phrases("under|below|less than|at most|up to|max|maximum|no more than|within|cheaper than")
_CHEAPER = phrases("cheaper|less expensive|lower price")
_NOTHING_ASKED = """
    what which would you recommend suggest for me something anything nice like might buy should get pick choose help
    idea ideas gift present based on my past orders any suggestions recommendations surprise please one you're best
    sellers popular favourite products show know taste decide
"""


def search(case: Case) -> Plan:
    """What comes closest to the description, closest first, with what is not met said plainly."""
    added = case.matter.words != case.talk.now  # a further wish: the description's own parser may not see it
    size = next(iter(case.matter.slots.sizes), None) if added else None
    found = yield call("search_products", query=case.matter.words, max_price=_below(case), size=size)
    if not found.ok:
        return _NO_SEARCH
    products = found.rows("products")
    kept = remembered(case)
    if not products:
        return paragraph("I don't find anything like that in our range.", kept)
    sought = found.data.get("sought")
    return lines(say.found(products, described=bool(sought)), kept)


def remembered(case: Case) -> str:
    """That a wish is kept: only where the memory handed to us quotes it from this very message."""
    kept = any(one.is_wish and one.quote and one.quote in case.talk.now for one in case.talk.remembered)
    return "I've kept your wish in mind, so you needn't tell me again." if kept else ""


def _below(case: Case) -> str | None:
    """The limit that is named; just under the lowest price shown, where something cheaper is asked for."""
    money = slots_of(case.matter.words).money
    if money and _AT_MOST.search(case.matter.words):
        return str(min(money))
    if not _CHEAPER.search(case.talk.now):
        return None
    prices = say.prices_in(_last_list(case))
    return str(min(prices) - Decimal("0.01")) if prices else None


def _last_list(case: Case) -> str:
    """The newest of our answers that lists products; empty without one."""
    said = (one.text for one in reversed(case.talk.earlier) if one.speaker == "agent")
    return next((text for text in said if say.shown_in(text)), "")


def recommend(case: Case) -> Plan:
    """What suits them, each with the evidence."""
    about = case.matter.words if set(terms(case.matter.words)) - set(terms(_NOTHING_ASKED)) else None
    found = yield call("recommend_products", about=about)
    if not found.ok:
        return (yield from search(case))
    return _recommended(found.rows("products"))


def _recommended(products: Sequence[Product]) -> str:
    if not products:
        return "I don't have a good suggestion yet. Tell me what it is for, and I'll look."
    return lines("These could suit you:", *(_suggested(product) for product in products[:3]))


def _suggested(product: Product) -> str:
    return paragraph(
        f"- {say.name_and_price(product)}.", sentence(str(product.get("reason") or "")), say.had_in(product)
    )


def whats_new(case: Case) -> Plan:
    """Their open wishes first; without any, what could suit them."""
    found = yield call("find_for_wishes")
    wishes = found.rows("wishes")
    if not found.ok or not wishes:
        suited = yield call("recommend_products")
        opening = (
            "" if found.ok else "For your own wishes I need you to sign in." if found.code == "verify_first" else ""
        )
        if not suited.ok:
            return paragraph(opening, "Tell me what you're looking for, and I'll see what there is.")
        return lines(opening, _recommended(suited.rows("products")))
    told = sorted(wishes, key=_newness)
    return lines(*(_for_wish(wish, case) for wish in told[:2]))


def _newness(wish: Mapping[str, Any]) -> int:
    """0 where something new meets it, 1 where something does, 2 otherwise."""
    whole = _whole(wish)
    return 0 if any(product.get("new") for product in whole) else 1 if whole else 2


def _whole(wish: Mapping[str, Any]) -> list[Product]:
    return [product for product in _matches(wish) if not product.get("unmet")]


def _matches(wish: Mapping[str, Any]) -> list[Product]:
    return [product for product in wish.get("matches") or [] if isinstance(product, Mapping)]


def _for_wish(wish: Mapping[str, Any], case: Case) -> str:
    """One wish in their words, with what meets it or comes closest."""
    said = quoted(str(wish.get("quote") or wish.get("item") or ""))
    when = spoken_day(wish.get("voiced_at"), case.today)
    asked = f"{f'On {when} you' if when else 'You'} told me: {said}."
    whole, matches = _whole(wish), _matches(wish)
    new = [product for product in whole if product.get("new")]
    if new or whole:
        best = (new or whole)[0]
        opening = "This is new and meets all of it:" if new else "This meets all of it:"
        return lines(f"{asked} {opening}", say.line(best), *(say.line(other) for other in whole if other is not best))
    if matches:
        return lines(f"{asked} Nothing meets all of it yet. This comes closest:", say.line(matches[0]))
    return f"{asked} Nothing like it has come in yet."


def size_help(case: Case) -> Plan:
    """What is known of their size, and what the shop's pages say about sizes."""
    pages = yield call("search_knowledge", question=case.matter.words)
    known = [one.text for one in case.talk.remembered if not one.is_wish and "wears" in one.text]
    own = f"I have noted that you wear {joined(text.partition('wears ')[2] for text in known)}." if known else ""
    said = page_says(case, case.matter.words, pages)
    return paragraph(own, said or f"I find nothing on our pages about how that fits. {OFFER_PERSON}")


def question(case: Case) -> Plan:
    """About one product: the one they name, or one that was shown before."""
    name = _meant(case)
    query = f"{name}: {case.matter.words}" if name else case.matter.words
    found = yield call("search_products", query=query, limit=_WIDE if name else None)
    if not found.ok:
        return _NO_SEARCH
    product = _picked(found, name, case.matter.words)
    if product is None and name:
        product = _picked((yield call("search_products", query=name)), name, "")
    if product is None:
        shown = say.shown_in(case.shown)[:3]
        return f"Which one do you mean: {joined(shown, 'or')}?" if shown else ASK_PRODUCT
    return (yield from _about(case, product))


def _meant(case: Case) -> str:
    """The name of the product meant, among those shown before."""
    shown = list(dict.fromkeys(say.shown_in(case.shown)))
    newest = say.shown_in(_last_list(case))
    ordinal = case.matter.slots.ordinal
    if ordinal is not None and -len(newest) <= ordinal < len(newest):
        return newest[ordinal]
    said = set(terms(case.matter.words))
    shared = [len(said & set(terms(name))) for name in shown]
    best = max(shared, default=0)
    named = [name for name, count in zip(shown, shared, strict=True) if best and count == best]
    if len(named) == 1:
        return named[0]
    return newest[0] if len(newest) == 1 else ""


def _picked(found: Outcome, name: str, words: str) -> Product | None:
    """The product of that name; without one, the nearest whose name the message speaks."""
    products = found.rows("products")
    if name:
        return next((one for one in products if one.get("name") == name), None)
    said = set(terms(words))
    return next(
        (one for one in products if said & set(terms(f"{one.get('name', '')} {one.get('category', '')}"))), None
    )


def _about(case: Case, product: Product) -> Part[str]:
    page = yield call("get_product", product_id=str(product.get("product_id", "")))
    known = {**product, **page.data} if page.ok else product
    fits, facts = say.fits(_asked(product, case.matter.words)), say.facts(known, case.matter.words)
    answer = paragraph(sentence(fits), facts, "" if fits or facts else _described(case, known))
    stock = "It is sold out at the moment." if known.get("in_stock") is False and "sold out" not in answer else ""
    return lines(f"{say.name_and_price(product)}:", paragraph(answer, stock or say.had_in(known)))


def _asked(product: Product, words: str) -> Product:
    """The product with only such fits as the question asks about; its own name is no question."""
    said = set(terms(words))
    named = {
        key: [one for one in product.get(key) or [] if said & set(terms(str(one).partition(": ")[2]))]
        for key in ("met", "unmet")
    }
    return {**product, **named}


def _described(case: Case, product: Product) -> str:
    quote = case.quoting.from_text(case.matter.words, str(product.get("description") or product.get("summary") or ""))
    return f"Its description says: “{quote.text}”" if quote else "Its page says no more about that."

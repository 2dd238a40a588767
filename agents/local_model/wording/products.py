"""Products in words: what each meets, plainly what it does not, its price and what it can be had in."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from agents.local_model.wording.phrases import joined, lines, paragraph, sentence
from kit.lexical import terms

Product = Mapping[str, Any]
_MOST_VALUES = 6
_LINE = re.compile(r"^- (.+?), (?:[$€£¥]\s?([\d,.]*\d)|([\d,.]*\d) [A-Z]{3})\b", re.MULTILINE)
_SOLD_OUT = " (sold out)"
_SIGNS = tuple("$€£¥")


def requirement(told: str) -> str:
    """``lining: fur`` as what is there: ``with a fur lining``."""
    attribute, value = _parts(told)
    match attribute:
        case "lining":
            return f"with {_a(value)} lining"
        case "size":
            return f"in size {value}"
        case "season":
            return f"made for {value}"
        case "gender":
            return f"for {value}"
        case "fit":
            return f"with {_a(value)} fit"
        case "occasion":
            return f"for {value}"
        case "max_price":
            return f"at most {value}"
        case "material":
            return f"made of {value}"
        case "item":
            return _a(value)
        case _ if attribute.startswith("not_"):
            return f"without {value}"
        case _:
            return value


def shortfall(told: str) -> str:
    """``lining: fur`` as what is missing: ``no fur lining``."""
    attribute, value = _parts(told)
    if told.endswith(_SOLD_OUT) and attribute != "stock":
        return f"sold out {'in ' if attribute == 'color' else ''}{requirement(told.removesuffix(_SOLD_OUT))}"
    match attribute:
        case "lining":
            return f"no {value} lining"
        case "size":
            return f"not in size {value}"
        case "season" | "gender" | "occasion":
            return f"not {requirement(told)}"
        case "fit":
            return f"not a {value} fit"
        case "max_price":
            return f"costs more than {value}"
        case "item":
            return f"not {_a(value)}"
        case "stock":
            return "sold out at the moment"
        case "material":
            return f"not made of {value}"
        case _ if attribute.startswith("not_"):
            return f"has {value}"
        case _:
            return f"not {value}"


def none_of(told: str) -> str:
    """``lining: fur`` as what none of several products has: ``has a fur lining``."""
    attribute, value = _parts(told)
    match attribute:
        case "lining":
            return f"has {_a(value)} lining"
        case "size":
            return f"is there in size {value}"
        case "max_price":
            return f"costs {value} or less"
        case "stock":
            return "is in stock"
        case "material":
            return f"is made of {value}"
        case _ if attribute.startswith("not_"):
            return f"is without {value}"
        case _:
            return f"is {requirement(told.removesuffix(_SOLD_OUT))}"


def line(product: Product, without: Sequence[str] = ()) -> str:
    """One line of a list. ``without`` is what was said of all of them already."""
    return paragraph(f"- {name_and_price(product)}.", sentence(fits(product, without)), had_in(product))


def fits(product: Product, without: Sequence[str] = ()) -> str:
    """What it meets and what it does not: ``red and waterproof; no fur lining``."""
    sign = str(product.get("price") or "")[:1]
    priced = f"max_price: {sign if sign in _SIGNS else ''}"
    met = joined(requirement(one.replace("max_price: ", priced)) for one in _list(product, "met"))
    missing = [one.replace("max_price: ", priced) for one in _list(product, "unmet") if one not in without]
    unmet = joined(shortfall(one) for one in missing)
    return f"{met}; {unmet}" if met and unmet else met or unmet


def name_and_price(product: Product) -> str:
    """``Alba Parka, $189.00``."""
    return ", ".join(str(product[key]) for key in ("name", "price") if product.get(key))


def had_in(product: Product) -> str:
    """Sizes and colours that can be bought, where there is a choice."""
    if product.get("in_stock") is False:
        return ""
    told = [_choice("size", _list(product, "sizes")), _choice("colour", _list(product, "colors"))]
    return sentence("; ".join(part for part in told if part))


def _choice(name: str, values: Sequence[str]) -> str:
    if len(values) < 2:
        return f"{name} {values[0]}" if values and name == "size" else ""
    shown = ", ".join(values[:_MOST_VALUES])
    return f"{name}s {shown}" + (" and more" if len(values) > _MOST_VALUES else "")


def found(products: Sequence[Product], described: bool) -> str:
    """A search's answer. ``described`` says whether the search knew what was asked for, so that fits can be told."""
    if not described:
        return lines("These come closest to what you describe:", *(line(product) for product in products[:3]))
    whole = [product for product in products if not _list(product, "unmet")]
    return _whole(whole, products) if whole else _closest(products[:3])


def _whole(whole: Sequence[Product], products: Sequence[Product]) -> str:
    opening = "This is what you describe:" if len(whole) == 1 else "These are what you describe:"
    rest = [product for product in products if product not in whole][: max(0, 2 - len(whole))]
    also = "And close to it:" if rest else ""
    return lines(opening, *(line(product) for product in whole[:3]), also, *(line(product) for product in rest))


def _closest(shown: Sequence[Product]) -> str:
    """Plainly what nothing here meets, then what comes closest."""
    if len(shown) == 1:
        return lines("Nothing here meets all of it. This comes closest:", line(shown[0]))
    missing = common_shortfall(shown)
    opening = "Nothing here meets all of it in one."
    if missing:
        opening = f"Nothing here meets all of it: none of them {joined((none_of(one) for one in missing), 'or')}."
    return lines(f"{opening} These come closest:", *(line(product, missing) for product in shown))


def common_shortfall(products: Sequence[Product]) -> list[str]:
    """What every one of them lacks."""
    if not products:
        return []
    return [one for one in _list(products[0], "unmet") if all(one in _list(other, "unmet") for other in products)]


def shown_in(text: str) -> list[str]:
    """The names of the products that one of our lists gives."""
    return [name.strip() for name, _, _ in _LINE.findall(text)]


def prices_in(text: str) -> list[Decimal]:
    """The prices that one of our lists gives."""
    return [Decimal((signed or named).replace(",", "")) for _, signed, named in _LINE.findall(text)]


def facts(product: Product, asked: str) -> str:
    """What the product's page states on what is asked: attributes that the question names, and options named in it."""
    said = set(terms(asked))
    stated = product.get("attributes")
    told = []
    for name, given in stated.items() if isinstance(stated, Mapping) else ():
        values = [str(value) for value in given] if isinstance(given, list) else [str(given)]
        if said & set(terms(" ".join([str(name), *values]))):
            told.append(sentence(f"{name}: {', '.join(values)}"))
    return paragraph(*told[:3], *_options(product, said))


def _options(product: Product, said: set[str]) -> list[str]:
    """Whether the options named (a colour, a size) can be bought."""
    variants = [one for one in product.get("variants") or [] if isinstance(one, Mapping)]
    values = dict.fromkeys(str(value) for one in variants for value in (one.get("options") or {}).values())
    told = []
    for value in values:
        if not set(terms(value)) or not set(terms(value)) <= said:
            continue
        having = [one for one in variants if value in (one.get("options") or {}).values()]
        told.append(sentence(f"{value} is {'in stock' if any(one.get('in_stock') for one in having) else 'sold out'}"))
    return told[:2]


def _parts(told: str) -> tuple[str, str]:
    attribute, _, value = told.removesuffix(_SOLD_OUT).partition(": ")
    return attribute.strip(), value.strip() or attribute.strip()


def _list(product: Product, name: str) -> list[str]:
    return [str(value) for value in product.get(name) or []]


def _a(noun: str) -> str:
    return f"{'an' if noun[:1].casefold() in 'aeiou' else 'a'} {noun}"

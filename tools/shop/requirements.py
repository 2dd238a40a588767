"""Whether a product, in one of its variants, meets one requirement. Only what the shop states counts as met."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from kit.lexical import fold
from kit.money import decimals_of
from memory.extraction.lexicon import lexicon
from memory.extraction.tokens import tokenize
from memory.phrases import is_truly, last_stem, says, stems
from tools.shop.tables import Product, Variant

_REFUSALS = frozenset({"no", "not", "none", "non", "false", "without", "never", "n/a"})
_ALL_YEAR = ("all year", "all season", "year round", "every season")
_GENDERS = {
    "women": frozenset({"women", "woman", "womens", "ladies", "lady", "female"}),
    "men": frozenset({"men", "man", "mens", "gentlemen", "male"}),
    "girls": frozenset({"girls", "girl", "kids", "kid", "children", "child", "junior"}),
    "boys": frozenset({"boys", "boy", "kids", "kid", "children", "child", "junior"}),
    "kids": frozenset({"kids", "kid", "children", "child", "junior", "girls", "girl", "boys", "boy"}),
}
_AS_STATED = frozenset({"waterproof", "windproof"})  # a shopper's "water resistant" asks for it; a shop's is less
_FOR_ADULTS = frozenset({"unisex", "adult", "adults"})
_FOR_ALL = frozenset({"everyone", "all", "any", "family"})
_SIZES = {
    "extra small": "xs", "x small": "xs", "small": "s", "medium": "m", "large": "l", "extra large": "xl",
    "x large": "xl", "2xl": "xxl", "xx large": "xxl", "3xl": "xxxl",
}  # fmt: skip
_LETTERS = frozenset({"xs", "s", "m", "l", "xl", "xxl", "xxxl"})  # what one size stands for; not shoe sizes
_ONE_SIZE = frozenset({"one size", "os", "one size fits all", "universal"})


@dataclass(frozen=True)
class Described:
    """A product in one variant: what the shop states about it."""

    product: Product
    variant: Variant | None

    def stated(self) -> Iterator[tuple[str, str]]:
        """Every attribute and option with its value."""
        for name, values in self.product.attributes.items():
            for value in values:
                yield name, value
        if self.variant is not None:
            yield from self.variant.options.items()

    def values(self, attribute: str) -> list[str]:
        """What is stated under names that end like ``attribute``: ``frame color``, ``band material``."""
        return [value for name, value in self.stated() if last_stem(name) == last_stem(attribute)]

    @property
    def titles(self) -> tuple[str, str]:
        """What it is called."""
        return self.product.category, self.product.name


def meets(described: Described, attribute: str, value: str) -> bool:
    """Whether this variant of the product meets the requirement. One of an unknown attribute is taken as a feature."""
    refused = attribute.removeprefix("not_")
    if refused != attribute:
        return not _REFUSED.get(refused, _feature)(described, value)
    return _CHECKS.get(attribute, _feature)(described, value)


def _color(described: Described, value: str) -> bool:
    return any(_same("color", given, value) for given in described.values("color") or described.titles)


def _has_color(described: Described, value: str) -> bool:
    """Whether it is of that colour or a shade of it: who does not want red does not want burgundy."""
    known = lexicon()
    stated = described.values("color") or described.titles
    wanted = known.canonical("color", value) or value
    shades = (known.canonical("color", given) for given in stated)
    return _color(described, value) or any(shade and known.is_shade_of(shade, wanted) for shade in shades)


def _size(described: Described, value: str) -> bool:
    return any(_same_size(given, value) for given in described.values("size"))


def _same_size(given: str, wanted: str) -> bool:
    wanted = _size_name(wanted)
    names = {_size_name(given), *(_size_name(part) for part in re.split(r"\s*[/,]\s*", given))}
    return wanted in names or (wanted in _LETTERS and bool(names & _ONE_SIZE))


def _size_name(text: str) -> str:
    name = re.sub(r"^(?:size|eu|us|uk)\s+|\.0$", "", re.sub(r"[\s_-]+", " ", fold(text)).strip())
    return _SIZES.get(name, name)


def _material(described: Described, value: str) -> bool:
    return any(_is_of(given, value) for given in described.values("material") or described.titles)


def _has_material(described: Described, value: str) -> bool:
    """Whether anything of it is of that material, the lining included: what somebody avoids must not be inside."""
    stated = (*described.values("material"), *described.values("lining"))
    return any(_is_of(given, value) for given in stated or described.titles)


def _is_of(given: str, value: str) -> bool:
    """By its words, or as a kind of it: merino is wool. Polyester suede is two materials, and no leather."""
    if is_truly(given, value):
        return True
    known = lexicon()
    named = _named("material", given)
    wanted = known.canonical("material", value) or value
    return len(named) == 1 and all(known.is_made_of(material, wanted) for material in named)


def _lining(described: Described, value: str) -> bool:
    lined = f"{value} lining"
    if any(says(given, value) or _same("lining", f"{given} lining", lined) for given in described.values("lining")):
        return True
    return any(says(text, lined) for text in (*(given for _, given in described.stated()), *described.titles))


def _season(described: Described, value: str) -> bool:
    seasons = described.values("season")
    if any(_same("season", text, value) for text in (*seasons, *described.titles)):
        return True
    return any(says(season, all_year) for season in seasons for all_year in _ALL_YEAR)


def _gender(described: Described, value: str) -> bool:
    named = lexicon().canonical("gender", value) or value
    wanted = _GENDERS.get(named, frozenset({named})) | _FOR_ALL
    if named in ("men", "women"):
        wanted |= _FOR_ADULTS
    stated = described.values("gender") or described.titles
    return any(wanted & set(_words(text)) for text in stated)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"['’]s\b", "", fold(text)))


def _cut(described: Described, value: str) -> bool:
    return any(_same("fit", text, value) for text in (*described.values("fit"), *described.titles))


def _max_price(described: Described, value: str) -> bool:
    if described.variant is None:
        return False
    try:
        limit = Decimal(value).scaleb(decimals_of(described.variant.currency))
    except InvalidOperation:
        return False
    return limit.is_finite() and described.variant.price_minor <= limit


def _occasion(described: Described, value: str) -> bool:
    """Attributes, names, or a sentence of the description, which is where shops say what a thing is made for."""
    sentences = re.split(r"(?<=[.!?])\s+", described.product.description)
    plain = [sentence for sentence in sentences if not _REFUSALS & set(_words(sentence))]
    return _feature(described, value) or any(says(sentence, value) for sentence in plain)


def _feature(described: Described, value: str) -> bool:
    """Stated as a value ("waterproof", "clicky"), as a name that is not refused ("waterproof": "yes"), or in a name."""
    for name, given in described.stated():
        if stems(name) == stems(value):
            return not _REFUSALS & set(_words(given)[:1])
    texts = [text for name, given in described.stated() for text in (given, f"{given} {name}")]
    if any(says(text, value) for text in (*texts, *described.titles)):
        return True
    # In other words: "machine wash cold" is machine washable.
    plain = lexicon().base("feature", value)
    return value not in _AS_STATED and any(plain in _named("feature", text) for text in texts)


@lru_cache(maxsize=20_000)
def _named(kind: str, text: str) -> frozenset[str]:
    known = lexicon()
    return frozenset(
        known.base(kind, mention.value) for mention in known.mentions(tokenize(text)) if mention.kind == kind
    )


def _same(kind: str, given: str, wanted: str) -> bool:
    """By their words, or as two names of one thing: "fall" and "autumn"."""
    known = lexicon()
    meant = known.canonical(kind, wanted)
    return says(given, wanted) or (meant is not None and known.canonical(kind, given) == meant)


def _brand(described: Described, value: str) -> bool:
    """By the stated brand, or by the name of the product."""
    stated = described.values("brand") or described.values("manufacturer") or described.titles
    return any(says(text, value) for text in stated)


_CHECKS: dict[str, Callable[[Described, str], bool]] = {
    "color": _color,
    "size": _size,
    "material": _material,
    "lining": _lining,
    "season": _season,
    "gender": _gender,
    "fit": _cut,
    "max_price": _max_price,
    "occasion": _occasion,
    "brand": _brand,
}
_REFUSED = _CHECKS | {"color": _has_color, "material": _has_material}

"""The registry of attributes: values by kind, and a shop's own, from a file whose errors say where."""

from pathlib import Path

import pytest

from kit.errors import InvalidInput, SettingsError
from memory.attributes import ATTRIBUTES, Attribute, Registry
from memory.shop_attributes import load_registry
from memory.values import normalised


@pytest.mark.parametrize(
    ("attribute", "given", "stored"),
    [
        ("material.liked", "  Merino  Wool ", "merino wool"),
        ("city", " New  York", "New York"),
        ("size.tops", "xl", "XL"),
        ("size.tops", "one size", "ONE SIZE"),
        ("size.bottoms", "32X34", "32x34"),
        ("size.shoes", "uk 8", "UK 8"),
        ("size.bra", "34b", "34B"),
        ("budget", "$1,200", "1200 USD"),
        ("budget", "89.90 eur", "89.90 EUR"),
        ("budget", "200", "200"),
        ("birthday", "02-29", "02-29"),
        ("birthday", "1990-06-12", "1990-06-12"),
        ("occasion", "Wedding on 2026-06-12", "wedding on 2026-06-12"),
        ("height", "1.8 m", "180 cm"),
        ("height", "180", "180 cm"),
    ],
)
def test_a_value_has_one_spelling(attribute: str, given: str, stored: str) -> None:
    """By the kind of its attribute; what is stored is stored again as it is."""
    known = Registry().get(attribute)
    assert stored == normalised(known, given) == normalised(known, stored)


@pytest.mark.parametrize(
    ("attribute", "given"),
    [
        ("city", " "),
        ("city", "x" * 201),
        ("city", "a\0b"),
        ("size.shoes", "biggish"),
        ("size.shoes", ""),
        ("budget", "cheap"),
        ("budget", "$5 EUR"),
        ("birthday", "1990-02-30"),
        ("birthday", "0000-01-01"),
        ("occasion", "wedding on 2026-02-30"),
        ("height", "12 km"),
        ("height", "999 cm"),
    ],
)
def test_what_fits_no_kind_is_refused(attribute: str, given: str) -> None:
    """The error names the attribute, the value, and how to write it."""
    with pytest.raises(InvalidInput, match=rf"is no value for '{attribute}'"):
        normalised(Registry().get(attribute), given)


def test_what_excludes_what_reads_both_ways() -> None:
    """Liked and disliked hang together, whichever of them says so."""
    both = Registry((Attribute("a", "{}", "a", many=True, excludes="b"), Attribute("b", "{}", "b", many=True)))
    assert ({"a"}, {"b"}) == (both.opposites("b"), both.opposites("a"))
    assert {"a", "b"} == both.together("b")
    with pytest.raises(InvalidInput, match="excludes 'c'"):
        Registry((Attribute("a", "{}", "a", excludes="c"),))
    with pytest.raises(InvalidInput, match="'city' is there twice"):
        Registry().with_attributes(Attribute("city", "{}", "again"))


def test_a_shop_adds_its_own(tmp_path: Path) -> None:
    """In one file of the data directory; without it the registry is as it is."""
    assert len(ATTRIBUTES) == len(list(load_registry(tmp_path)))
    (tmp_path / "attributes.toml").write_text(
        '[[attribute]]\nname = "bike.frame"\nsays = "rides a {} frame"\nabout = "their bike"\nkind = "size"\n'
        '[[attribute]]\nname = "bike.loved"\nsays = "loves {}"\nabout = "bikes"\nmany = true\nexcludes = "bike.hated"\n'
        '[[attribute]]\nname = "bike.hated"\nsays = "hates {}"\nabout = "bikes"\nmany = true\n'
    )
    registry = load_registry(tmp_path)
    assert "rides a XL frame" == registry.sentence("bike.frame", normalised(registry.get("bike.frame"), "xl"))
    assert {"bike.loved"} == registry.opposites("bike.hated")


GOOD = '[[attribute]]\nname = "one"\nsays = "{}"\nabout = "one"\n'


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[[attribute]\n", r"attributes\.toml: .*line 1"),
        ('colour = "red"', r"not colour"),
        (GOOD + '[[attribute]]\nname = "two"\nsays = "{}"\n', r"line 5: attribute 'two' has no about"),
        (GOOD + GOOD, r"line 5: attribute 'one' is there twice"),
        (GOOD.replace("one", "city"), r"line 1: attribute 'city' is there twice"),
        (GOOD.replace('"one"', '"On e"', 1), r"attribute 'On e' is no name"),
        (GOOD.replace("{}", "{} {}"), r"needs \{\} once"),
        (GOOD + 'kind = "colour"\n', r"of the kind 'colour'; there are word, name"),
        (GOOD + 'excludes = "two"\n', r"attribute 'one' excludes 'two'"),
        (GOOD + "meny = true\n", r"attribute 'one' has meny"),
        (GOOD + 'many = "yes"\n', r"many is true or false"),
    ],
)
def test_a_mistake_in_the_file_says_where(tmp_path: Path, text: str, where: str) -> None:
    """File, line or attribute, and what to do."""
    (tmp_path / "attributes.toml").write_text(text)
    with pytest.raises(SettingsError, match=where):
        load_registry(tmp_path)

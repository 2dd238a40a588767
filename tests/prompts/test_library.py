"""Prompts are typed, versioned files."""

import pytest

from kit.errors import InvalidInput, NotFound
from prompts.library import FOLDER, brand, prompt, versions


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_every_prompt_renders(path: object) -> None:
    """With a value for each parameter, no hole is left."""
    found = prompt(path.stem)  # type: ignore[attr-defined]
    text = found.render(**{name: kind("1") for name, kind in found.parameters.items()})
    assert "{{" not in text


def test_a_missing_or_mistyped_parameter_is_refused() -> None:
    """A prompt never goes out half filled."""
    with pytest.raises(InvalidInput, match="takes"):
        prompt("repair").render()
    with pytest.raises(InvalidInput, match="must be a str"):
        prompt("repair").render(problems=3)
    with pytest.raises(NotFound, match="'nothing'"):
        prompt("nothing")


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    """A value that looks like a parameter stays text."""
    assert "{{shop}}" in prompt("repair").render(problems="{{shop}}")


def test_versions_name_every_prompt_and_the_brand() -> None:
    """Turns record what they were made with; the digest changes with any edit."""
    recorded = versions("support", "repair")
    assert {"support", "repair", "brand"} == recorded.keys()
    assert recorded["brand"] == brand().version
    assert all(len(version.split("-")[1]) == 8 for version in recorded.values())


def test_banned_phrases_are_lower_case() -> None:
    """They are compared with folded replies."""
    assert all(phrase == phrase.casefold() for phrase in brand().banned)

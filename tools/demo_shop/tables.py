"""The hand-written tables in `data/`, read once when first needed."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"

POLICIES = Path(__file__).parent / "policies"
"""The folder with the shop's knowledge base in Markdown."""


@cache
def table(name: str) -> dict[str, Any]:
    """Give the table `data/<name>.toml`; callers must not change it."""
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def table_names(folder: str) -> tuple[str, ...]:
    """Name the tables in `data/<folder>/` in alphabetical order, as `table` takes them."""
    return tuple(f"{folder}/{path.stem}" for path in sorted((_DATA / folder).glob("*.toml")))

"""A shop's own attributes, from ``attributes.toml`` in its data directory. No file: the registry as it is.

[[attribute]]
name = "bike.frame"                         # lower case, digits, _ and . ; of no other attribute
says = "rides a frame of size {}"           # how a fact reads, with {} for the value
about = "the frame size of their bike"      # what an extractor takes it from
kind = "size"                               # word (if left out), name, size, money, date, occasion, length
many = false                                # true: several values at once (if left out: false)
excludes = "bike.frame_refused"             # optional: the attribute that cannot hold the same value
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from kit.errors import InvalidInput, SettingsError
from memory.attributes import Attribute, Kind, Registry

FILE = "attributes.toml"
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")
_HEADER = re.compile(r"^\s*\[\[\s*attribute\s*\]\]", re.MULTILINE)
_TEXTS = ("name", "says", "about")
_KEYS = frozenset((*_TEXTS, "kind", "many", "excludes"))


def load_registry(folder: Path) -> Registry:
    """The built-in attributes and the shop's own. Raises ``SettingsError``, which names file, line and attribute."""
    path = folder / FILE
    if not path.exists():
        return Registry()
    try:
        text = path.read_text("utf-8")
        table = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}; mend the file, or move it away") from error
    rows = table.get("attribute", [])
    unknown = sorted(table.keys() - {"attribute"})
    if unknown or not isinstance(rows, list):
        raise SettingsError(f"{path}: it may hold [[attribute]] tables only, not {', '.join(unknown) or '[attribute]'}")
    lines = [text.count("\n", 0, header.end()) + 1 for header in _HEADER.finditer(text)]
    found: list[Attribute] = []
    for number, row in enumerate(rows):
        where = f"{path}, line {lines[number]}" if number < len(lines) else f"{path}, attribute {number + 1}"
        try:
            found.append(_attribute(row))
            Registry().with_attributes(*(_alone(attribute) for attribute in found))
        except InvalidInput as error:
            raise SettingsError(f"{where}: {error.message}") from error
    try:
        return Registry().with_attributes(*found)
    except InvalidInput as error:
        raise SettingsError(f"{path}: {error.message}") from error


def _alone(attribute: Attribute) -> Attribute:
    """Without what it excludes, which may stand further down the file."""
    return Attribute(attribute.name, attribute.says, attribute.about, attribute.kind, attribute.many)


def _attribute(row: Any) -> Attribute:
    named = f"attribute {row['name']!r}" if isinstance(row, dict) and "name" in row else "an attribute"
    if not isinstance(row, dict) or row.keys() - _KEYS:
        extra = ", ".join(sorted(row.keys() - _KEYS)) if isinstance(row, dict) else repr(row)
        raise InvalidInput(f"{named} has {extra}; it may have {', '.join(sorted(_KEYS))}")
    for key in _TEXTS:
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise InvalidInput(f"{named} has no {key}; write it as a text")
    if not _NAME.fullmatch(row["name"]):
        raise InvalidInput(f"{named} is no name; use lower case, digits, _ and . as in 'bike.frame'")
    if row["says"].replace("{}", "", 1) != re.sub(r"[{}]", "", row["says"]) or "{}" not in row["says"]:
        raise InvalidInput(f"{named} says {row['says']!r}; it needs {{}} once, in the place of the value")
    kinds = [kind.value for kind in Kind]
    if row.get("kind", "word") not in kinds:
        raise InvalidInput(f"{named} is of the kind {row['kind']!r}; there are {', '.join(kinds)}")
    if not isinstance(row.get("many", False), bool) or not isinstance(row.get("excludes", ""), str):
        raise InvalidInput(f"{named}: many is true or false, and excludes the name of an attribute")
    return Attribute(
        row["name"], row["says"], row["about"], Kind(row.get("kind", "word")), row.get("many", False),
        row.get("excludes"),
    )  # fmt: skip

"""How well an extractor reads a gold file: JSON lines with ``text``, ``at``, ``facts``, ``wishes``, ``withdrawn``.

``facts`` are ``attribute=value``, with a leading ``-`` where it is no longer so; a wish has ``item`` and
``requirements`` (``attribute=value``); ``withdrawn`` lists the items of wishes that are over. Each fact, each wish's
item, each requirement and each withdrawal counts as one.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit.errors import InvalidInput
from memory.extraction.port import Extraction, Extractor

_AT = datetime(2026, 3, 2, 12, tzinfo=UTC)  # where a line names no time


@dataclass(frozen=True)
class Item:
    """One thing said, and the row of the report that it counts in (``city``, ``wish``, ``wish color`` …)."""

    row: str
    said: str


@dataclass
class Tally:
    """Found and said; found and not said; said and not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is said; 1 where nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of what is said that was found; 1 where nothing is said."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def to_json(self) -> dict[str, float]:
        return {
            "right": self.right, "wrong": self.wrong, "missed": self.missed, "precision": round(self.precision, 4),
            "recall": round(self.recall, 4), "f1": round(self.f1, 4),
        }  # fmt: skip


@dataclass(frozen=True)
class Score:
    """Over all and by row; ``errors`` name each line that was read otherwise than the gold says."""

    extractor: str
    lines: int
    overall: Tally
    rows: Mapping[str, Tally]
    errors: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "extractor": self.extractor,
            "lines": self.lines,
            "overall": self.overall.to_json(),
            "attributes": {row: tally.to_json() for row, tally in sorted(self.rows.items())},
        }


def score(extractor: Extractor, gold: Iterable[Mapping[str, Any]]) -> Score:
    """Reads every line of a gold set and counts."""
    overall, rows, errors, lines = Tally(), defaultdict[str, Tally](Tally), list[str](), 0
    for line in gold:
        lines += 1
        found = set(found_in(extractor.extract(str(line["text"]), _at(line))))
        said = set(said_in(line))
        for outcome, items in (("right", found & said), ("wrong", found - said), ("missed", said - found)):
            for item in items:
                for tally in (overall, rows[item.row]):
                    setattr(tally, outcome, getattr(tally, outcome) + 1)
        if found != said:
            wrong, missed = (sorted(item.said for item in items) for items in (found - said, said - found))
            errors.append(f"{line['text']}\n    wrong {wrong}, missed {missed}")
    return Score(extractor.name, lines, overall, rows, tuple(errors))


def found_in(extraction: Extraction) -> Iterator[Item]:
    """What an extraction says, as the gold files say it."""
    for fact in extraction.facts:
        value = f"={fact.value}" if fact.value else ""
        yield Item(fact.attribute, f"{'-' * fact.retracts}{fact.attribute}{value}")
    for wish in extraction.wishes:
        yield from _wish(wish.item, (f"{asked.attribute}={asked.value}" for asked in wish.requirements))
    for closing in extraction.closings:
        if closing.item:
            yield Item("withdrawn", f"withdrawn {closing.item}")


def said_in(line: Mapping[str, Any]) -> Iterator[Item]:
    """What a line of a gold file says."""
    for fact in line["facts"]:
        yield Item(str(fact).lstrip("-").split("=")[0], str(fact))
    for wish in line["wishes"]:
        yield from _wish(str(wish["item"]), (str(asked) for asked in wish["requirements"]))
    for item in line.get("withdrawn", ()):
        yield Item("withdrawn", f"withdrawn {item}")


def load(path: Path) -> list[dict[str, Any]]:
    """The lines of a gold file. Raises ``InvalidInput`` that names the line that is none."""
    lines = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except ValueError as error:
            raise InvalidInput(f"{path}, line {number}: {error}") from None
        if not isinstance(line, dict) or not {"text", "facts", "wishes"} <= line.keys():
            raise InvalidInput(f"{path}, line {number}: a line is an object with text, facts and wishes")
        lines.append(line)
    return lines


def _wish(item: str, asked: Iterable[str]) -> Iterator[Item]:
    yield Item("wish", f"wish {item}")
    yield from (Item(f"wish {one.split('=')[0]}", f"wish {item}: {one}") for one in asked)


def _at(line: Mapping[str, Any]) -> datetime:
    if "at" not in line:
        return _AT
    at = datetime.fromisoformat(str(line["at"]))
    return at if at.tzinfo else at.replace(tzinfo=UTC)

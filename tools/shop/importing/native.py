"""The native format: JSON Lines, checked as a whole, then written in batches. See ``docs/native-format.md``."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tools.shop.importing.checking import Checker
from tools.shop.importing.entries import Entry
from tools.shop.importing.fields import reasons
from tools.shop.importing.native_lines import ADAPTER, ShopLine
from tools.shop.importing.native_records import record_of
from tools.shop.importing.report import ImportRejected, ImportReport, Parts, Progress, Rejected
from tools.shop.importing.writing import write_entries

SOURCE = "native"


def import_native(
    lines: Iterable[str], parts: Parts, *, skip_rejected: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Imports a file's lines. All are checked before anything is written.

    Raises ``ImportRejected``, with nothing written, if a line is bad and ``skip_rejected`` is false; the report lists
    the bad lines otherwise. An import that was interrupted is simply run again.
    """
    report = ImportReport("native")
    checker = Checker(parts, SOURCE)
    entries, count = [], 0
    for number, line in enumerate(lines, start=1):
        count = number
        if line.strip("\ufeff \t\r\n"):
            try:
                entries.append(_entry(number, line.removeprefix("\ufeff") if number == 1 else line, checker))
            except ValueError as error:
                report.rejected.append(Rejected(number, str(error)))
    judged, rejected = checker.check(entries)
    report.rejected = sorted((*report.rejected, *rejected), key=lambda bad: bad.line)
    if report.rejected and not skip_rejected:
        raise ImportRejected(report.rejected, count)
    write_entries(judged, parts, SOURCE, report, progress)
    return report


def read_lines(path: Path) -> Iterator[str]:
    """A file's lines, one at a time. Bytes that are not UTF-8 get their line rejected, not the whole file."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        yield from file


def _entry(number: int, line: str, checker: Checker) -> Entry:
    content = _parsed(line)
    try:
        read = ADAPTER.validate_python(content)
    except ValidationError as error:
        raise ValueError(reasons(error, within=1)) from None
    if isinstance(read, ShopLine):
        checker.currency = read.currency
    return Entry.of(number, record_of(read, checker.currency, checker.region), content)


def _parsed(line: str) -> dict[str, Any]:
    if not line.isascii() and any("\ud800" <= character <= "\udfff" for character in line):
        raise ValueError("is not UTF-8 text")
    try:
        content = json.loads(line, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    if not isinstance(content, dict):
        raise ValueError("is not a JSON object")
    if "\\u" in line:
        _whole(content)
    return content


def _refuse(constant: str) -> None:
    raise ValueError(f"holds {constant}, which is not JSON")


def _whole(content: Any) -> None:
    """Raises ``ValueError`` for what no database can keep: half a surrogate pair, or NUL."""
    text = json.dumps(content, ensure_ascii=False).replace("\\\\", "")
    if "\\u0000" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("holds \\u0000 or half a surrogate pair, which is not a character")

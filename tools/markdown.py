"""Markdown cut at its headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt

LONGEST = 1_500  # characters of a passage: what an embedder reads of a text, and a person at a glance
_FRONT_MATTER = re.compile(r"\A---\s*\n.*?\n---\s*(?:\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Section:
    """The text under one heading. ``heading`` names those above it too: ``Refunds / Gift cards``; empty above all."""

    title: str
    heading: str
    text: str


@dataclass(frozen=True)
class _Heading:
    level: int
    text: str
    first: int  # its first line
    after: int  # the line after it


def sections(text: str, name: str) -> Iterator[Section]:
    """The document's sections that have a text, in order; its title is its first level-one heading, or ``name``.

    A long section comes in several parts, cut between paragraphs.
    """
    text = _FRONT_MATTER.sub("", text)
    lines = text.splitlines()
    headings = _headings(text)
    title = next((heading.text for heading in headings if heading.level == 1), _spoken(name))
    path: list[_Heading] = []
    starts = [_Heading(0, "", 0, 0), *headings]
    for heading, following in zip(starts, [*headings, None], strict=True):
        path = [above for above in path if above.level < heading.level] + [heading]
        body = "\n".join(lines[heading.after : following.first if following else len(lines)]).strip()
        named = " / ".join(above.text for above in path if above.text and (above.level, above.text) != (1, title))
        for part in _parts(body):
            yield Section(title, named, part)


def _headings(text: str) -> list[_Heading]:
    tokens = MarkdownIt("commonmark").parse(text)
    return [
        _Heading(int(token.tag[1:]), inline.content.strip(), token.map[0], token.map[1])
        for token, inline in pairwise(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def _parts(body: str) -> Iterator[str]:
    """Paragraphs together, as many as fit."""
    part = ""
    for paragraph in re.split(r"\n\s*\n", body):
        if part and len(part) + len(paragraph) > LONGEST:
            yield part
            part = ""
        part = f"{part}\n\n{paragraph}" if part else paragraph
    if part.strip():
        yield part


def _spoken(name: str) -> str:
    return re.sub(r"[-_]+", " ", name).strip().capitalize()

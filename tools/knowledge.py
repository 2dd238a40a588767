"""The shop's knowledge: Markdown documents, cut at their headings into passages that are found by meaning and words."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import Session, select

from kit.errors import InvalidInput
from kit.ids import derived_id
from kit.lexical import bm25, term_counts, terms
from kit.vectors.index import SemanticIndex
from tools.markdown import Section, sections
from tools.registry import Arguments, Effect, ToolContext, tool
from tools.shop.tables import UNDATED, Passage

COLLECTION = "passage"
# The cosine similarity from which a passage answers a question, read off the demo shop's policies: of 25 questions that
# they answer 23 have a passage at .36 or above, of 20 that they don't 19 stay below (all-MiniLM-L6-v2).
ANSWERS = 0.36
_SHOWN = 4
_NEAREST = 40
_LEXICAL = 0.3  # the most that shared words can add to the similarity; half of it at a BM25 score of ``_HALFWAY``
_HALFWAY = 5.0


def load_knowledge(session: Session, index: SemanticIndex, folder: Path) -> int:
    """Makes the Markdown files under ``folder`` the shop's knowledge, in the caller's unit of work.

    Only passages that changed are staged anew, and those that are gone are removed. Gives the number of passages.
    Raises ``InvalidInput`` for a folder that is not there, or a file that is not UTF-8.
    """
    if not folder.is_dir():
        raise InvalidInput(f"there is no folder {str(folder)!r} to load knowledge from")
    wanted = {passage.id: (passage, at) for passage, at in _passages(folder)}
    known = {passage.id: passage for passage in session.exec(select(Passage)).all()}
    for gone in known.keys() - wanted.keys():
        session.delete(known[gone])
        index.remove(session, COLLECTION, gone)
    for passage_id, (passage, at) in wanted.items():
        if passage_id not in known or known[passage_id].digest != passage.digest:
            session.merge(passage)
            _stage(session, index, passage, at)
    session.flush()
    return len(wanted)


def _passages(folder: Path) -> Iterator[tuple[Passage, datetime]]:
    for path in sorted(folder.rglob("*.md")):
        document = path.relative_to(folder).as_posix()
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidInput(f"{document!r} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        seen: dict[str, int] = {}
        for section in sections(text, path.stem):
            count = seen[section.heading] = seen.get(section.heading, -1) + 1
            yield _passage(document, section, count), at


def _passage(document: str, section: Section, count: int) -> Passage:
    parts = (section.title, section.heading, section.text)
    return Passage(
        id=derived_id("psg", UNDATED, document, section.heading, str(count)),
        document=document,
        title=section.title,
        section=section.heading,
        text=section.text,
        digest=hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _stage(session: Session, index: SemanticIndex, passage: Passage, at: datetime) -> None:
    index.put(session, COLLECTION, passage.id, _spoken(passage), at=at, details={"document": passage.document})


def _spoken(passage: Passage) -> str:
    return "\n".join(part for part in (passage.title, passage.section, passage.text) if part)


@dataclass(frozen=True)
class Found:
    """A passage for a question. ``near`` is its cosine similarity; ``score`` adds what its words have in common."""

    passage: Passage
    near: float
    score: float


def find_passages(context: ToolContext, question: str, count: int = _SHOWN) -> list[Found]:
    """The passages that bear most on a question, best first. Call it outside a unit of work."""
    near = {hit.item_id: hit.score for hit in context.index.search(COLLECTION, question, _NEAREST)}
    with context.database.read() as session:
        passages = session.exec(select(Passage).order_by(Passage.document, Passage.id)).all()
    counts = [term_counts(_spoken(passage)) for passage in passages]
    found = [
        Found(passage, near.get(passage.id, 0.0), near.get(passage.id, 0.0) + _LEXICAL * lexical / (lexical + _HALFWAY))
        for passage, lexical in zip(passages, bm25(terms(question), counts), strict=True)
    ]
    return sorted(found, key=lambda one: (-one.score, one.passage.id))[:count]


class SearchKnowledge(Arguments):
    """The question."""

    question: Annotated[str, Field(min_length=1, description="as the customer asks it, in full")]


@tool(Effect.READ)
def search_knowledge(context: ToolContext, arguments: SearchKnowledge) -> Mapping[str, Any]:
    """Looks a question up in the shop's own documents: returns, shipping, payment, sizes, care, privacy, hours …

    Use it before saying anything about how the shop does things. Say only what the passages say.
    ``answered`` is false when nothing there is near the question: then say that you don't know, and offer a person.
    Example question: "How long do I have to return sale items?"
    """
    found = find_passages(context, arguments.question)
    return {
        "passages": [
            {
                "title": one.passage.title,
                "section": one.passage.section,
                "text": one.passage.text,
                "document": one.passage.document,
                "score": round(one.score, 3),
            }
            for one in found
        ],
        "answered": any(one.near >= ANSWERS for one in found),
    }

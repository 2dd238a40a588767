"""The sentences of a text that answer a question, quoted as they stand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.local_model.patterns import phrases
from agents.local_model.reading import plain
from kit.lexical import terms
from kit.vectors.embedder import Embedder

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“\"'(])|\n+")
_MARKUP = re.compile(r"^\s*(?:[-*+]|\d+\.|#+|>|\|)\s*|\*\*|__|`", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
# A text that speaks to a model rather than to a shopper is nobody's answer.
_TO_A_MODEL = phrases(
    r"""
    (?:ignore|disregard|forget)\b.{0,40}\b(?:instructions?|rules|prompt|above)|system prompt|as an ai
    you are (?:now )?an? (?:ai|assistant|model)|(?:call|use|invoke) the (?:tool|function)
    """
)
_MOST_SENTENCES = 40
_WORDS_WEIGHT = 0.35
_CLOSE = 0.12  # a second sentence is quoted if it is this close to the best
_MOST_CHARS = 420
_NEAR_TOP = 0.05  # passages whose score is this close to the best are read as well


@dataclass(frozen=True)
class Quote:
    """Sentences of one text, in its own order; ``title`` is the document they stand in."""

    text: str
    title: str
    likeness: float


class Quoting:
    """Chooses sentences by likeness to the question: cosine of embeddings, and words in common."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def from_passages(self, question: str, passages: Sequence[Mapping[str, Any]]) -> Quote | None:
        """The decisive sentences of the passage that answers best, or ``None`` without a readable one."""
        best = max((float(passage.get("score") or 0.0) for passage in passages), default=0.0)
        read = [passage for passage in passages if float(passage.get("score") or 0.0) >= best - _NEAR_TOP]
        quotes = [
            quote
            for passage in read
            if (quote := self.from_text(question, str(passage.get("text", "")), _title(passage), _heading(passage)))
        ]
        return max(quotes, key=lambda quote: quote.likeness, default=None)

    def from_text(self, question: str, text: str, title: str = "", heading: str = "") -> Quote | None:
        """The one or two sentences of ``text``, which stands under ``heading``, that are most like the question."""
        said = readable(text)[:_MOST_SENTENCES]
        if not said:
            return None
        likeness = self._likeness(question, said, heading)
        ranked = sorted(range(len(said)), key=lambda i: (-likeness[i], i))
        chosen = [ranked[0]]
        for i in ranked[1:3]:
            whole = sum(len(said[j]) for j in chosen) + len(said[i])
            if likeness[i] >= likeness[ranked[0]] - _CLOSE and whole <= _MOST_CHARS and len(chosen) < 2:
                chosen.append(i)
        return Quote(" ".join(said[i] for i in sorted(chosen)), title, likeness[ranked[0]])

    def _likeness(self, question: str, said: Sequence[str], heading: str) -> list[float]:
        asked = set(terms(question))
        vectors = self._embedder.embed([plain(question), *(f"{heading}: {sentence}" for sentence in said)])
        cosines = vectors[1:] @ vectors[0]
        shares = [len(asked & set(terms(sentence))) / (len(asked) or 1) for sentence in said]
        return [round(float(cosine) + _WORDS_WEIGHT * share, 3) for cosine, share in zip(cosines, shares, strict=True)]


def _title(passage: Mapping[str, Any]) -> str:
    return str(passage.get("title") or passage.get("document") or "")


def _heading(passage: Mapping[str, Any]) -> str:
    return str(passage.get("section") or passage.get("title") or "")


def readable(text: str) -> list[str]:
    """The sentences of a Markdown text without its marks, and without what is addressed to a model."""
    cleaned = _LINK.sub(r"\1", _MARKUP.sub("", text))
    said = [" ".join(part.split()) for part in _END.split(cleaned)]
    return [part for part in said if len(part.split()) > 2 and not _TO_A_MODEL.search(part)]

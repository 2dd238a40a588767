"""Words as search terms, and BM25 over them.

Language-neutral: Unicode compatibility form, case and accents folded, Chinese, Japanese and Korean runs as bigrams,
order numbers and SKUs kept whole beside their parts; English words are stemmed, and the commonest ones dropped.
A term never holds ``?`` or ``@``: these begin the marks that say what a text does besides having words.

BM25: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009 (k1 = 1.2, b = 0.75).
"""

import math
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Protocol

K1, B = 1.2, 0.75
_STEMMING = threading.Lock()
_WORD = re.compile(r"#?\w+(?:[-_.]\w+)*")
_PART = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
ASKS, DATES = "?", "@date"
_ASKING = re.compile("[?\uff1f\u061f\u037e]")
_DATING = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|ago|last|next|since|days?|weeks?|weekends?|months?|years?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|spring|summer|autumn|fall|winter|\d{4})\b",
    re.IGNORECASE,
)
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "him",
        "his",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "me",
        "my",
        "of",
        "on",
        "or",
        "our",
        "she",
        "so",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "was",
        "we",
        "were",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - snowballstemmer's name


def terms(text: str) -> list[str]:
    """The search terms of ``text`` in order, repeated as often as they stand there."""
    found: list[str] = []
    for run in _WORD.findall(fold(text)):
        for cjk in _CJK.findall(run):
            found.extend([cjk] if len(cjk) == 1 else [cjk[i : i + 2] for i in range(len(cjk) - 1)])
        rest = _CJK.sub(" ", run)
        parts = _PART.findall(rest)
        if len(parts) > 1 or "#" in rest:
            found.append(rest.strip().lstrip("#"))
        if not (len(parts) == 1 and "#" in rest):
            found.extend(_stem(part) for part in parts if part not in _STOP)
    return found


def term_counts(text: str) -> dict[str, int]:
    """How often each term stands in ``text``, and once each of its marks."""
    return dict(Counter((*terms(text), *marks(text))))


def marks(text: str) -> list[str]:
    """What can be said of a text besides its words: that it ``ASKS`` something, that it ``DATES`` something.

    Kept with the term counts, so that a reader of these needs no text. No text has a mark for a term.
    """
    return [mark for mark, pattern in ((ASKS, _ASKING), (DATES, _DATING)) if pattern.search(text)]


def fold(text: str) -> str:
    """Compatibility form, lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()  # a compatibility letter has its case only once it is plain
    decomposed = unicodedata.normalize("NFKD", plain)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def bm25(query: Iterable[str], documents: Sequence[Mapping[str, int]]) -> list[float]:
    """The BM25 score of each document (its term counts) for the query's terms, document frequencies from these."""
    if not documents:
        return []
    lengths = [sum(document.values()) for document in documents]
    mean = sum(lengths) / len(documents) or 1.0
    scores = [0.0] * len(documents)
    for term in set(query):
        having = [i for i, document in enumerate(documents) if term in document]
        if not having:
            continue
        idf = math.log(1 + (len(documents) - len(having) + 0.5) / (len(having) + 0.5))
        for i in having:
            count = documents[i][term]
            scores[i] += idf * count * (K1 + 1) / (count + K1 * (1 - B + B * lengths[i] / mean))
    return scores


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    if word.isdigit() or not word.isascii():
        return word
    with _STEMMING:  # a Snowball stemmer keeps the word it works on in itself
        return _stemmer().stemWord(word)


@cache
def _stemmer() -> _Stemmer:
    import snowballstemmer

    stemmer: _Stemmer = snowballstemmer.stemmer("english")
    return stemmer

"""Recall: which of a customer's turns, facts, wishes and words bear on the moment.

All of the customer's items are scored, exactly: BM25 over the term counts stored with each, cosine over the vectors,
both standardised over these items and added (the z-score sum of DESIGN.md's third decision).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from kit.ids import CustomerId
from kit.lexical import bm25, terms
from kit.vectors.index import SemanticIndex

COLLECTIONS = ("turn", "fact", "wish", "word")


@dataclass(frozen=True)
class Recalled:
    """One item that came back. ``why`` has the scores that brought it, where an explanation was asked for."""

    item_id: str
    kind: str
    text: str
    at: datetime
    details: Mapping[str, str]
    score: float
    why: Mapping[str, float] = field(default_factory=dict)


def recall(
    session: Session,
    index: SemanticIndex,
    customer_id: CustomerId,
    query: str,
    *,
    count: int,
    without: Sequence[str] = (),
    explain: bool = False,
) -> list[Recalled]:
    """The ``count`` items that bear most on ``query``, best first; ``without`` names items to leave out."""
    items = [item for item in index.owned(session, customer_id, COLLECTIONS) if item.item_id not in set(without)]
    if not items or not query.strip():
        return []
    lexical = np.array(bm25(terms(query), [item.terms for item in items]))
    dense = index.matrix(items) @ index.vector(query)
    scores = _standard(lexical) + _standard(dense.astype(np.float64))
    best = np.argsort(-scores, kind="stable")[:count]
    return [
        Recalled(
            items[i].item_id,
            items[i].collection,
            items[i].text,
            items[i].at,
            items[i].details,
            float(scores[i]),
            {"lexical": float(lexical[i]), "dense": float(dense[i])} if explain else {},
        )
        for i in best
    ]


def _standard(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Zero mean and unit deviation; all zero where they don't differ."""
    spread = scores.std()
    return (scores - scores.mean()) / spread if spread > 0 else np.zeros_like(scores)

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
from kit.lexical import terms
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
    items = index.owned(session, customer_id, COLLECTIONS)
    kept = np.array([item_id not in set(without) for item_id in items.item_ids], np.bool_)
    if not kept.any() or not query.strip():
        return []
    items = items if kept.all() else items.take(np.flatnonzero(kept))
    lexical = items.terms.bm25(terms(query))
    dense = (items.vectors @ index.vector(query)).astype(np.float64)
    scores = _standard(lexical) + _standard(dense)
    best = [int(i) for i in np.argsort(-scores, kind="stable")[:count]]
    found = index.texts(session, [items.key(i) for i in best])
    return [
        Recalled(
            items.item_ids[i],
            items.collections[i],
            found[items.key(i)].text,
            found[items.key(i)].at,
            found[items.key(i)].details,
            float(scores[i]),
            {"lexical": float(lexical[i]), "dense": float(dense[i])} if explain else {},
        )
        for i in best
    ]


def _standard(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Zero mean and unit deviation; all zero where they don't differ."""
    spread = scores.std()
    return (scores - scores.mean()) / spread if spread > 0 else np.zeros_like(scores)

"""Who gets which message: nobody whom something bars, and everybody else one, the one worth most."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tools.campaigns.barriers import Barrier, Barriers
from tools.campaigns.kinds import Kind, Reason
from tools.campaigns.occasion import Candidate, Occasion

Worth = Callable[[Kind, int], Fraction]  # of writing to one person, by the kind and the price for them


@dataclass(frozen=True)
class Chosen:
    """An occasion with those who get its message, most promising first, and what bars the others, by customer."""

    occasion: Occasion
    members: Sequence[Candidate]
    barred: Mapping[str, Barrier]


def choose(occasions: Sequence[Occasion], barriers: Barriers, worth: Worth) -> list[Chosen]:
    """Sorts out everybody. Between equals the kind's order decides, then the occasion's id."""
    barred = [_barred(occasion, barriers) for occasion in occasions]
    best: dict[str, tuple[Fraction, int, str]] = {}
    for occasion, out in zip(occasions, barred, strict=True):
        for candidate in occasion.candidates:
            if candidate.customer_id not in out:
                mine = _rank(occasion, candidate, worth)
                best[candidate.customer_id] = min(mine, best.get(candidate.customer_id, mine))
    return [_settled(occasion, out, best, worth) for occasion, out in zip(occasions, barred, strict=True)]


def _barred(occasion: Occasion, barriers: Barriers) -> dict[str, Barrier]:
    found = ((candidate.customer_id, barriers.against(candidate)) for candidate in occasion.candidates)
    return {customer_id: barrier for customer_id, barrier in found if barrier}


def _rank(occasion: Occasion, candidate: Candidate, worth: Worth) -> tuple[Fraction, int, str]:
    return -worth(occasion.kind, candidate.price_minor), list(Kind).index(occasion.kind), occasion.id


def _settled(
    occasion: Occasion, out: Mapping[str, Barrier], best: Mapping[str, tuple[Fraction, int, str]], worth: Worth
) -> Chosen:
    elsewhere: dict[str, Barrier] = {
        candidate.customer_id: Barrier(Reason.BETTER, best[candidate.customer_id][2])
        for candidate in occasion.candidates
        if candidate.customer_id not in out and best[candidate.customer_id][2] != occasion.id
    }
    barred = dict(out) | elsewhere
    members = [candidate for candidate in occasion.candidates if candidate.customer_id not in barred]
    members.sort(key=lambda candidate: candidate.customer_id)
    members.sort(key=lambda candidate: (worth(occasion.kind, candidate.price_minor), candidate.at), reverse=True)
    return Chosen(occasion, members, barred)

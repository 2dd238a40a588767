"""What a model is handed of a customer's memory, within a token budget, each line traceable.

The order is fixed: who it is, open matters, facts, wishes, and what bears on the question last,
so that the stable part comes first and providers' prompt caches hit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit.tokens import TokenCounter
from memory.profile import Profile
from memory.recall.recalled import Recalled
from memory.wishes import describe, requirements_of


@dataclass(frozen=True)
class ContextLine:
    """One line, and the turn, event, fact or wish it stands on."""

    text: str
    source_id: str


@dataclass(frozen=True)
class Context:
    """The lines that fit. ``exact`` says whether ``tokens`` is a count or an upper bound."""

    lines: Sequence[ContextLine]
    tokens: int
    exact: bool

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def build_context(profile: Profile, recalled: Iterable[Recalled], counter: TokenCounter, budget: int) -> Context:
    """As many lines, in order of weight, as ``budget`` tokens hold; a line that is too long is left out whole."""
    kept: list[ContextLine] = []
    used = 0
    for line in (*_standing(profile), *_recalled(recalled)):
        cost = counter.count("\n".join([*(other.text for other in kept), line.text]))
        if cost <= budget:
            kept.append(line)
            used = cost
    return Context(tuple(kept), used, counter.exact)


def _standing(profile: Profile) -> Iterable[ContextLine]:
    yield ContextLine(profile.headline(), profile.customer_id)
    for matter in profile.open_matters:
        said = "has an open complaint, ticket" if matter.kind == "complaint_open" else "has an order on its way:"
        yield ContextLine(f"- {said} {matter.about} (since {matter.since:%Y-%m-%d})", matter.source_id)
    for known in profile.facts:
        quote = known.sources[-1].quote
        yield ContextLine(f'- {known.sentence} (said "{quote}", {known.sources[-1].at:%Y-%m-%d})', known.fact.id)
    for wish in profile.wishes:
        wanted = describe(wish.item, requirements_of(wish))
        yield ContextLine(f'- wishes for a {wanted} (said "{wish.quote}", {wish.voiced_at:%Y-%m-%d})', wish.id)


def _recalled(recalled: Iterable[Recalled]) -> Iterable[ContextLine]:
    for item in recalled:
        if item.kind in ("turn", "word"):
            speaker = item.details.get("speaker", "customer")
            yield ContextLine(f"- {item.at:%Y-%m-%d}, {speaker}: {item.text}", item.item_id)

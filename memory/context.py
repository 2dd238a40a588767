"""What a model is handed of a customer's memory, within a token budget, each line traceable.

The order is fixed: who it is, open matters, open wishes, facts, and what bears on the question last. The standing part
depends on profile and budget alone, not on the question, so its bytes stay the same from turn to turn and providers'
prompt caches hit. It takes at most ``STANDING`` of the budget, so that recall always has room.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit.tokens import TokenCounter
from memory.cutting import cut
from memory.profile import Profile
from memory.recall.recalled import Recalled
from memory.wishes import describe, requirements_of

STANDING = 0.5
_ONE_TURN = 0.6  # of what recall has: a long turn leaves room for others
_SAME = 0.8  # a quote of so much of its turn says the turn


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
    """As many lines, in order of weight, as ``budget`` tokens hold. ``recalled`` comes best first."""
    standing = _fitting(_standing(profile), counter, budget)
    left = budget - _cost(standing, counter)
    lines = [*standing, *_recalled(_untold(recalled, profile, standing), counter, left)]
    # Counts of lines need not add up to the count of the whole.
    while lines and counter.count(Context(lines, 0, True).text) > budget:
        lines.pop()
    whole = Context(tuple(lines), 0, counter.exact)
    return Context(whole.lines, counter.count(whole.text), counter.exact)


def _standing(profile: Profile) -> Iterable[ContextLine]:
    yield ContextLine(profile.headline(), profile.customer_id)
    for matter in profile.open_matters:
        said = "has an open complaint, ticket" if matter.kind == "complaint_open" else "has an order on its way:"
        yield ContextLine(f"- {said} {matter.about} (since {matter.since:%Y-%m-%d})", matter.source_id)
    for wish in profile.wishes:
        wanted = describe(wish.item, requirements_of(wish))
        yield ContextLine(f'- wishes for a {wanted} (said "{wish.quote}", {wish.voiced_at:%Y-%m-%d})', wish.id)
    for known in profile.facts:
        quote = known.sources[-1].quote
        yield ContextLine(f'- {known.sentence} (said "{quote}", {known.sources[-1].at:%Y-%m-%d})', known.fact.id)


def _fitting(lines: Iterable[ContextLine], counter: TokenCounter, budget: int) -> list[ContextLine]:
    """The first line if the budget holds it, and of the others what fits into the standing part's share."""
    kept: list[ContextLine] = []
    for line in lines:
        share = STANDING * budget if kept else budget
        if _cost([*kept, line], counter) <= share:
            kept.append(line)
        elif not kept:
            break
    return kept


def _cost(lines: Sequence[ContextLine], counter: TokenCounter) -> int:
    return sum(counter.count(f"{line.text}\n") for line in lines)


def _untold(recalled: Iterable[Recalled], profile: Profile, standing: Sequence[ContextLine]) -> Iterable[Recalled]:
    """What the standing lines do not say already, and nothing twice."""
    told = {line.source_id for line in standing}
    quotes = [(source.source_id, source.quote) for k in profile.facts if k.fact.id in told for source in k.sources[-1:]]
    quotes += [(wish.source_id, wish.quote) for wish in profile.wishes if wish.id in told]
    seen: set[str] = set()
    for item in recalled:
        text = " ".join(item.text.split())
        quoted = any(
            source == item.item_id and quote in item.text and len(quote) >= _SAME * len(item.text)
            for source, quote in quotes
        )
        if item.item_id not in told and not quoted and f"{item.at} {text}" not in seen:
            seen.add(f"{item.at} {text}")
            yield item


def _recalled(items: Iterable[Recalled], counter: TokenCounter, left: int) -> list[ContextLine]:
    """The best that fit, long ones cut; turns that follow each other in their conversation stand together, in order."""
    most = int(_ONE_TURN * left)
    chosen: list[tuple[Recalled, str]] = []
    for item in items:
        text = _cut(item, counter, min(most, left))
        if text:
            chosen.append((item, text))
            left -= counter.count(f"{_head(item)}{text}\n")
    lines: list[ContextLine] = []
    for block in _blocks(chosen):
        for place, (item, text) in enumerate(block):
            head = f"  {_speaker(item)}: " if place else _head(item)
            lines.append(ContextLine(f"{head}{text}", item.item_id))
    return lines


def _cut(item: Recalled, counter: TokenCounter, most: int) -> str:
    """The item's text on one line, of at most so many tokens with what stands before it."""
    head = _head(item)
    return cut(" ".join(item.text.split()), lambda part: counter.count(f"{head}{part}\n") <= most)


def _blocks(chosen: Sequence[tuple[Recalled, str]]) -> Iterable[Sequence[tuple[Recalled, str]]]:
    """Runs of neighbouring turns, each where its best stands."""
    turns = {(item.thread, item.place): (item, text) for item, text in chosen if item.thread}
    done: set[str] = set()
    for item, text in chosen:
        if item.item_id in done:
            continue
        run = [(item, text)]
        if item.thread:
            first = last = item.place
            while (item.thread, first - 1) in turns:
                first -= 1
            while (item.thread, last + 1) in turns:
                last += 1
            run = [turns[item.thread, place] for place in range(first, last + 1)]
        done.update(other.item_id for other, _ in run)
        yield run


def _head(item: Recalled) -> str:
    if item.kind in ("turn", "word"):
        return f"- {item.at:%Y-%m-%d}, {_speaker(item)}: "
    return "- " if item.kind == "event" else f"- {item.at:%Y-%m-%d}: "


def _speaker(item: Recalled) -> str:
    return item.details.get("speaker", "customer")

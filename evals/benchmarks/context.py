"""The context's budget on LoCoMo: tokens used, and the share of evidence that survives, at several budgets.

A question's share is that of its evidence turns with a line of their own; a cut turn counts, with the part of its
text that is left.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import mean
from typing import Any

from evals.benchmarks import locomo
from evals.benchmarks.remembering import remembered
from kit.vectors.embedder import Embedder
from memory.context import Context
from memory.customer_memory import CustomerMemory
from memory.tables import Turn

BUDGETS = (500, 1000, 4000)
Say = Callable[[str], None]


def measure(path: Path, embedder: Embedder, say: Say) -> dict[str, Any]:
    """``budgets.N.tokens|most_tokens|evidence|lines`` as means over questions, and whether tokens are counts."""
    used: dict[int, list[tuple[float, Context]]] = {budget: [] for budget in BUDGETS}
    talks = locomo.read(path)
    for number, talk in enumerate(talks, start=1):
        say(f"conversation {number} of {len(talks)}: {len(talk.turns)} turns, {len(talk.questions)} questions")
        with remembered(talk, embedder) as memory:
            texts = _turns(memory, talk)
            for question in talk.questions:
                for budget in BUDGETS:
                    context = memory.context(question.text, budget)
                    used[budget].append((_survived(context, question, texts), context))
    return {
        "questions": len(used[BUDGETS[0]]),
        "exact": used[BUDGETS[0]][0][1].exact,
        "budgets": {
            str(budget): {
                "tokens": round(mean(context.tokens for _, context in pairs), 1),
                "most_tokens": max(context.tokens for _, context in pairs),
                "evidence": round(mean(share for share, _ in pairs), 4),
                "lines": round(mean(len(context.lines) for _, context in pairs), 1),
            }
            for budget, pairs in used.items()
        },
    }


def in_words(found: Mapping[str, Any]) -> str:
    """A table for people."""
    kind = "tokens" if found["exact"] else "tokens (upper bounds: the text's bytes)"
    lines = [
        f"{found['questions']} questions, {kind}",
        f"{'budget':>7} {'used':>8} {'most':>6} {'lines':>6} {'evidence':>9}",
    ]
    for budget, row in found["budgets"].items():
        lines.append(
            f"{budget:>7} {row['tokens']:8.1f} {row['most_tokens']:6} {row['lines']:6.1f} {row['evidence']:9.3f}"
        )
    return "\n".join(lines)


def _turns(memory: CustomerMemory, talk: locomo.Conversation) -> dict[str, Turn]:
    """The turns in memory by LoCoMo's ids, which they were sent under."""
    sessions = {turn.session for turn in talk.turns}
    return {
        turn.message_id: turn
        for session in sessions
        for turn in memory.turns(f"cnv_{session}", last=len(talk.turns))
    }  # fmt: skip


def _survived(context: Context, question: locomo.Asked, turns: Mapping[str, Turn]) -> float:
    lines = {line.source_id: line.text for line in context.lines}
    return mean(_part(lines.get(turns[turn].id), turns[turn].text) for turn in question.evidence)


def _part(line: str | None, text: str) -> float:
    """How much of the turn's text stands in its line."""
    if line is None:
        return 0.0
    whole = " ".join(text.split())
    if line.endswith(whole):
        return 1.0
    return min(1.0, len(line.removesuffix(" …").split(": ", 1)[-1]) / len(whole))

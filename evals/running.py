"""Plays a suite's cases against the live support agent, each on a fresh shop of its own."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.runtime import Runtime, Shopper
from evals.case import Case, Suite
from evals.scorer import Played, score_end, score_turn
from kit.clock import SystemClock
from kit.errors import InvalidInput
from kit.settings import Settings
from kit.vectors.embedder import Embedder
from tools.knowledge import load_knowledge
from tools.shop.importing import import_native


@dataclass(frozen=True)
class CaseResult:
    """How one case went. ``broken`` has a sentence for every criterion that does not hold."""

    name: str
    about: str
    played: list[Played]
    broken: list[str]
    made_by: dict[str, Any]

    @property
    def passed(self) -> bool:
        return not self.broken

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "about": self.about,
            "passed": self.passed,
            "broken": self.broken,
            "made_by": self.made_by,
            "turns": [
                {"says": t.says, "reply": t.reply, "tools": [dict(call) for call in t.tools]} for t in self.played
            ],
        }


def run_suite(
    suite: Suite,
    beside: Path,
    settings: Settings,
    embedder: Embedder,
    on_case: Callable[[CaseResult], None] = lambda _: None,
) -> list[CaseResult]:
    """Plays every case; ``beside`` is the folder of the suite's file. Settings choose the model."""
    results = []
    for case in suite.cases:
        with tempfile.TemporaryDirectory(prefix="rapport-eval-") as folder:
            fresh = settings.model_copy(update={"data": Path(folder), "database_url": None})
            result = asyncio.run(
                _play(case, suite, beside, Runtime.open(fresh, clock=SystemClock(), embedder=embedder))
            )
        on_case(result)
        results.append(result)
    return results


async def _play(case: Case, suite: Suite, beside: Path, runtime: Runtime) -> CaseResult:
    try:
        _stock(runtime, suite, beside)
        shopper = _shopper(case, runtime)
        played: list[Played] = []
        broken: list[str] = []
        conversation: str | None = None
        for number, turn in enumerate(case.turns):
            done: dict[str, Any] = {}
            async for event in runtime.chat(
                shopper, turn.says, conversation_id=conversation, message_id=f"{case.name}-{number}", channel="eval"
            ):
                if event.kind in ("done", "error"):
                    done = event.data
            played.append(Played(turn.says, str(done.get("reply", "")), done.get("tools", [])))
            if "reply" not in done:
                broken.append(f"turn {number + 1}: ended in the error {done.get('message')!r}")
                break
            conversation = str(done["conversation_id"])
            broken += [f"turn {number + 1}: {problem}" for problem in score_turn(turn, played[-1])]
        with runtime.database.read() as session:
            customer = runtime.memory.of(session, shopper.customer_id)
            broken += [f"at the end: {problem}" for problem in score_end(case.end, customer, session)]
            last = customer.turns(conversation, 1) if conversation else []
        return CaseResult(case.name, case.about, played, broken, last[0].made_by if last else {})
    finally:
        await runtime.aclose()


def _stock(runtime: Runtime, suite: Suite, beside: Path) -> None:
    with (beside / suite.shop).open(encoding="utf-8") as lines:
        import_native(lines, runtime.tool_context())
    if suite.knowledge:
        with runtime.database.begin() as session:
            load_knowledge(session, runtime.index, beside / suite.knowledge)


def _shopper(case: Case, runtime: Runtime) -> Shopper:
    with runtime.database.begin() as session:
        if case.shopper is None:
            return Shopper(runtime.memory.enter(session, {"anonymous": f"eval-{case.name}"}), verified=False)
        customer_id = runtime.memory.find(session, "email", case.shopper)
        if customer_id is None:
            raise InvalidInput(f"case {case.name!r}: the shop has no customer with the e-mail {case.shopper!r}")
        return Shopper(customer_id, verified=True)

"""What ``./rapport eval`` runs."""

import json
from collections.abc import Callable

from evals.case import load_suite
from evals.running import CaseResult, run_suite
from kit.settings import Settings
from kit.vectors.choosing import embedder_for
from kit.vectors.embedder import Embedder

DEFAULT_SUITE = "support_basics"


def run(
    settings: Settings,
    *,
    suite: str = DEFAULT_SUITE,
    as_json: bool = False,
    say: Callable[[str], None] = lambda _: None,
    embedder: Embedder | None = None,
) -> int:
    """Runs a suite and reports through ``say``. Gives the exit code: 0 when every case passed, else 1."""
    loaded, path = load_suite(suite)
    model = "local" if settings.openai_api_key is None else settings.model
    report = (lambda _: None) if as_json else (lambda result: say(_line(result)))
    results = run_suite(loaded, path.parent, settings, embedder or embedder_for(settings), report)
    passed = sum(result.passed for result in results)
    if as_json:
        whole = {"suite": loaded.name, "model": model, "passed": passed, "failed": len(results) - passed}
        say(json.dumps({**whole, "cases": [result.to_json() for result in results]}, ensure_ascii=False, indent=1))
    else:
        say(f"{loaded.name} with the model {model}: {passed} passed, {len(results) - passed} failed")
    return 0 if passed == len(results) else 1


def _line(result: CaseResult) -> str:
    verdict = "pass" if result.passed else "FAIL"
    lines = [f"{verdict}  {result.name}: {result.about}"]
    lines += [f"      {problem}" for problem in result.broken]
    if result.broken:
        lines += [f"      shopper: {turn.says}\n      agent:   {turn.reply}" for turn in result.played]
    return "\n".join(lines)

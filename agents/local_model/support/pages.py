"""Quoting the shop's own pages."""

from agents.local_model.case import Case
from agents.local_model.plans import Outcome

_LIKE = 0.35  # a sentence less like the question than this answers something else


def page_says(case: Case, question: str, pages: Outcome, least: float = _LIKE) -> str:
    """The decisive sentences with the page they stand on; empty where the pages don't answer."""
    if not pages.ok or not pages.data.get("answered"):
        return ""
    quote = case.quoting.from_passages(question, pages.rows("passages"))
    return f"Our page on {quote.title} says: “{quote.text}”" if quote and quote.likeness >= least else ""

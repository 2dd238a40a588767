"""A fake per port of memory's, for tests of whatever stands on them."""

from collections.abc import Mapping
from datetime import datetime

from memory.extraction.port import Extraction, FoundWish


class StatedExtractor:
    """Finds in a text what it was told to find there, and nothing in any other."""

    name = "stated/1"

    def __init__(self, found: Mapping[str, Extraction] | None = None) -> None:
        self.found = dict(found or {})

    def extract(self, text: str, at: datetime) -> Extraction:  # noqa: ARG002 - the port's
        return self.found.get(text, Extraction())

    def sought(self, text: str) -> FoundWish | None:
        wishes = self.found.get(text, Extraction()).wishes
        return wishes[0] if wishes else None

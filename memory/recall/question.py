"""What a query asks for: its words without the names of those who speak, who is meant, and when.

A name in "What did Dana promise?" says who spoke, not what was said: her own turns hardly ever hold it, those of
who addresses her do. So names of speakers leave the words, for terms and for meaning alike, and raise the turns of
that speaker instead.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.lexical import terms
from memory.recall.calendar import Calendar, Interval
from memory.recall.when import interval

_ASKS_WHEN = re.compile(
    r"\bwhen\b|\b(?:what|which) (?:year|month|date|day|time|week)\b"
    r"|\bhow long\b|\bhow many (?:days|weeks|months|years)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Question:
    """A query understood. ``words`` are what meaning is sought for; ``speaker`` is the one meant, or empty."""

    query: str
    words: str
    terms: tuple[str, ...]
    speaker: str
    interval: Interval | None
    asks_when: bool


def understand(query: str, names: Mapping[str, Sequence[str]], calendar: Calendar) -> Question:
    """``names`` gives for each speaker the names they go by."""
    patterns = {speaker: _pattern(known) for speaker, known in names.items() if any(known)}
    meant = [speaker for speaker, pattern in patterns.items() if pattern.search(query)]
    words = query
    for speaker in meant:
        words = patterns[speaker].sub(" ", words)
    words = " ".join(words.split())
    found = terms(words)
    return Question(
        query,
        words if found else query,
        tuple(dict.fromkeys(found)),
        meant[0] if len(meant) == 1 else "",
        interval(query, calendar),
        bool(_ASKS_WHEN.search(query)),
    )


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?:['’]s?)?(?!\w)", re.IGNORECASE)

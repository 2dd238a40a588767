"""Does what a reply claims stand in what the agent has seen?

Held against tool results, the memory it was handed, and the conversation: order and ticket numbers, amounts of money,
long numbers (tracking, phone), percentages and addresses of e-mail or web. A claim that stands nowhere is a problem;
so is a phrase that the brand bans.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ORDER = re.compile(r"#\w*\d\w*|\b[A-Z]{1,4}-?\d{4,}\b")
_MONEY = re.compile(r"[$€£¥]\s?\d[\d,]*(?:\.\d+)?|\b\d[\d,]*(?:\.\d+)?\s?(?:USD|EUR|GBP|dollars|euros|pounds)\b")
_DECIMAL = re.compile(r"\b\d[\d,]*\.\d{2}\b")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_LONG_NUMBER = re.compile(r"\b\d{6,}\b")
_PERCENT = re.compile(r"\b\d+(?:\.\d+)?\s?%")
_ADDRESS = re.compile(r"\bhttps?://\S+|\b[\w.+-]+@[\w-]+\.[\w.]+\b|\b(?:tkt|ord|cus)_\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True)
class Problem:
    """A claim without evidence, or a banned phrase; ``kind`` is ``order``, ``money``, ``number``, ``percent`` …"""

    kind: str
    claim: str


class Evidence:
    """Everything an agent may lean on in one turn: ``texts`` it was given, and what the shopper ``said``.

    An amount must stand in the texts as money (a house number is no price); the shopper's own numbers may be repeated.
    """

    def __init__(self, texts: Iterable[str], banned: Sequence[str] = (), said: Iterable[str] = ()) -> None:
        given, spoken = "\n".join(texts), "\n".join(said)
        self._plain = f"{given}\n{spoken}".casefold()
        amounts = [*_MONEY.findall(given), *_DECIMAL.findall(given), *_NUMBER.findall(spoken)]
        self._amounts = {_amount(amount) for amount in amounts}
        self._banned = banned

    def problems(self, reply: str) -> list[Problem]:
        """What of ``reply`` stands nowhere."""
        found = [Problem("banned", phrase) for phrase in self._banned if phrase in reply.casefold()]
        for kind, pattern in (
            ("order", _ORDER),
            ("number", _LONG_NUMBER),
            ("percent", _PERCENT),
            ("address", _ADDRESS),
        ):
            found += [Problem(kind, claim) for claim in pattern.findall(reply) if not self._holds(claim)]
        found += [Problem("money", claim) for claim in _MONEY.findall(reply) if _amount(claim) not in self._amounts]
        return list(dict.fromkeys(found))

    def _holds(self, claim: str) -> bool:
        plain = claim.casefold().rstrip(".,;:!?)")
        return plain in self._plain or plain.replace(" ", "") in self._plain


def _amount(text: str) -> str:
    """``$1,129.00`` and ``1129`` are one amount."""
    digits = re.sub(r"[^\d.]", "", text).strip(".")
    if not digits:
        return ""
    whole, _, cents = digits.partition(".")
    return f"{whole.lstrip('0') or '0'}.{cents.rstrip('0')}".rstrip(".")


class SentenceGate:
    """Releases streamed text sentence by sentence, each once its check is passed; stops at the first that is not."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._held = ""
        self._shut = False

    def feed(self, piece: str) -> str:
        """What may go out now."""
        self._held += piece
        ends = [match.end() for match in _SENTENCE_END.finditer(self._held)]
        starts = [0, *ends]
        ready = [self._held[start:end] for start, end in zip(starts, ends, strict=False)]
        self._held = self._held[starts[-1] :]
        return "".join(self._release(sentence) for sentence in ready)

    def finish(self) -> str:
        """The rest, at the end of the stream."""
        ready, self._held = self._held, ""
        return self._release(ready)

    def _release(self, text: str) -> str:
        self._shut = self._shut or bool(self._evidence.problems(text))
        return "" if self._shut else text

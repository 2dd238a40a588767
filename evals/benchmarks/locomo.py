"""LoCoMo: long conversations of two people, with questions and the ids of the turns that hold the evidence.

Source: Maharana et al., Evaluating Very Long-Term Conversational Memory of LLM Agents, ACL 2024 (CC BY-NC 4.0).
A picture's caption is part of its turn's text. Evidence ids are read wherever they stand in a string
(``"D8:6; D9:17"``); those of no turn are passed over, and so are questions without evidence.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kit.errors import InvalidInput

_EVIDENCE = re.compile(r"D(\d+):0*(\d+)")
_BETWEEN_TURNS = timedelta(seconds=30)  # sessions are dated, turns are not


@dataclass(frozen=True)
class Said:
    """One turn of one session."""

    id: str
    session: int
    speaker: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Asked:
    """A question of one of the five categories, and the ids of its evidence turns."""

    text: str
    category: int
    evidence: frozenset[str]


@dataclass(frozen=True)
class Conversation:
    """``first`` is the person whose memory it is taken to be."""

    first: str
    turns: Sequence[Said]
    questions: Sequence[Asked]


def read(path: Path) -> list[Conversation]:
    """The conversations of a file. Raises ``InvalidInput`` for one that is not LoCoMo's."""
    try:
        return [_conversation(sample) for sample in json.loads(path.read_text("utf-8"))]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(f"{path} is not a LoCoMo file: {type(error).__name__} {error}") from None


def _conversation(sample: Mapping[str, Any]) -> Conversation:
    talk = sample["conversation"]
    numbers = sorted(int(key.split("_")[1]) for key in talk if re.fullmatch(r"session_\d+", key))
    turns = [
        Said(turn["dia_id"], number, turn["speaker"], _text(turn), _begun(talk, number) + place * _BETWEEN_TURNS)
        for number in numbers
        for place, turn in enumerate(talk[f"session_{number}"])
    ]
    ids = {turn.id for turn in turns}
    asked = [
        Asked(str(entry["question"]), int(entry["category"]), _evidence(entry.get("evidence") or []) & ids)
        for entry in sample["qa"]
    ]
    return Conversation(talk["speaker_a"], turns, [question for question in asked if question.evidence])


def _text(turn: Mapping[str, Any]) -> str:
    caption = turn.get("blip_caption")
    return f"{turn['text']} [shares a photo: {caption}]" if caption else str(turn["text"])


def _begun(talk: Mapping[str, Any], number: int) -> datetime:
    return datetime.strptime(talk[f"session_{number}_date_time"], "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)


def _evidence(named: Sequence[Any]) -> frozenset[str]:
    return frozenset(f"D{int(session)}:{int(turn)}" for one in named for session, turn in _EVIDENCE.findall(str(one)))

"""Memory's ``Extractor`` over a chat model with structured output."""

import json
import logging
from datetime import datetime
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from agents.extraction.checking import Checked, checked
from agents.extraction.schema import schema, told
from kit.errors import Unavailable
from memory.attributes import Registry
from memory.extraction.port import Extraction, FoundWish
from prompts.library import prompt

log = logging.getLogger(__name__)
LONGEST = 8_000  # characters of a message that a model is shown


class Unreadable(Unavailable):
    """The model gave no reading of a message."""

    code = "unreadable"


class LLMExtractor:
    """Reads one message by one call. Each statement names the model and the prompt's version."""

    def __init__(self, model: BaseChatModel, model_name: str, registry: Registry) -> None:
        self._registry = registry
        self._prompt = prompt("extraction")
        self._name = f"llm/{model_name}/{self._prompt.version}"
        self._reader = model.with_structured_output(schema(registry), method="json_schema", include_raw=True)

    @property
    def name(self) -> str:
        return self._name

    def read(self, text: str, at: datetime) -> Checked:
        """What stands of the model's answer. Raises ``Unreadable``: it failed, refused, or answered no such JSON."""
        shown = text[:LONGEST]
        if not shown.strip():
            return Checked(Extraction())
        today = f"{at:%A}, {at:%Y-%m-%d}"
        system = self._prompt.render(attributes=told(self._registry), today=today)
        try:
            answer: Any = self._reader.invoke([SystemMessage(system), HumanMessage(shown)])
        except Exception as error:  # whatever a provider's client raises
            raise Unreadable(f"the model could not be asked: {type(error).__name__}: {str(error)[:200]}") from error
        try:
            found = checked(_json(answer), shown, self._registry)
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"the model gave no reading: {error}") from error
        if found.dropped:
            log.info("of a reading by %s was dropped: %s", self._name, dict(found.dropped))
        return found

    def extract(self, text: str, at: datetime) -> Extraction:
        """As ``read``; empty where nothing could be read."""
        try:
            return self.read(text, at).extraction
        except Unreadable:
            return Extraction()

    def sought(self, text: str) -> FoundWish | None:  # noqa: ARG002
        """A model is not asked what a search means: that happens within the turn."""
        return None


def _json(answer: Any) -> object:
    """The JSON as the model wrote it: half an answer is none, though LangChain would mend it.

    Raises ``ValueError`` that says what came instead.
    """
    raw = answer.get("raw") if isinstance(answer, dict) else None
    refusal = getattr(raw, "additional_kwargs", {}).get("refusal")
    if refusal:
        raise ValueError(f"it refused: {str(refusal)[:200]}")
    content = getattr(raw, "content", None)
    if isinstance(content, str) and content.strip():
        return json.loads(content)
    return answer.get("parsed") if isinstance(answer, dict) else None

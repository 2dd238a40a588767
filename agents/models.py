"""Which chat model answers: an OpenAI-compatible one where a key is set, else the built-in local one."""

from typing import Literal

from langchain_core.language_models import BaseChatModel

from agents.local_model.model import LocalModel
from agents.loop import Models
from kit.settings import Settings
from kit.vectors.embedder import Embedder

LOCAL = "local"
_RETRIES = 2


def models_for(role: Literal["support", "marketing"], settings: Settings, embedder: Embedder) -> Models:
    """``OPENAI_API_KEY`` (and ``OPENAI_BASE_URL`` for vLLM, Ollama, llama.cpp …) selects langchain-openai."""
    local = LocalModel(role=role, embedder=embedder)
    if settings.openai_api_key is None:
        return Models(LOCAL, local, LOCAL, local, settings.model_timeout_s)
    return Models(settings.model, _openai(settings), LOCAL, local, settings.model_timeout_s)


def reader_for(settings: Settings) -> BaseChatModel | None:
    """The model that reads turns again afterwards, once a try: its queue tries again. ``None`` where none is set."""
    return None if settings.openai_api_key is None else _openai(settings, retries=0)


def _openai(settings: Settings, retries: int = _RETRIES) -> BaseChatModel:
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(
        model=settings.model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        timeout=settings.model_timeout_s,
        max_retries=retries,
        stream_usage=True,
    )

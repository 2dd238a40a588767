"""Configuration, read once from the environment into one frozen ``Settings``; the rest is handed what it needs."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from kit.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent

# Read by the launcher, not by us: known, so that they are not taken for slips of the pen.
_LAUNCHER = {"RAPPORT_PYTHON"}


class Settings(BaseModel):
    """All settings. Each field's ``alias`` is the environment variable it is read from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Annotated[Path, Field(alias="RAPPORT_DATA", description="the data directory: one is one shop")] = (
        ROOT / "data"
    )
    database_url: Annotated[
        str | None,
        Field(
            alias="RAPPORT_DATABASE_URL",
            pattern=r"^(sqlite|postgresql)(\+\w+)?://",
            description="sqlite:///… or postgresql://…; a SQLite file in the data directory without it",
        ),
    ] = None
    chroma_url: Annotated[
        str | None,
        Field(
            alias="RAPPORT_CHROMA_URL",
            pattern=r"^https?://[^/?#]+/?$",
            description="a Chroma server, as in http://127.0.0.1:8000; embedded in the data directory without it",
        ),
    ] = None
    host: Annotated[str, Field(alias="RAPPORT_HOST", description="address the service listens on")] = "127.0.0.1"
    port: Annotated[int, Field(alias="RAPPORT_PORT", ge=1, le=65535, description="port it listens on")] = 8080
    secret: Annotated[
        SecretStr | None,
        Field(
            alias="RAPPORT_SECRET",
            min_length=32,
            description="signs sessions and verifies shopper tokens; made and kept in the data directory without it",
        ),
    ] = None
    openai_api_key: Annotated[SecretStr | None, Field(alias="OPENAI_API_KEY", min_length=1)] = None
    openai_base_url: Annotated[str | None, Field(alias="OPENAI_BASE_URL", pattern=r"^https?://")] = None
    model: Annotated[str, Field(alias="RAPPORT_MODEL", min_length=1, description="the chat model's name")] = (
        "gpt-5-mini"
    )
    embedder: Annotated[
        str,
        Field(
            alias="RAPPORT_EMBEDDER",
            pattern=r"^(all-MiniLM-L6-v2|sentence-transformers:\S.*|openai:\S+)$",
            description="all-MiniLM-L6-v2, sentence-transformers:NAME or PATH, or openai:NAME",
        ),
    ] = "all-MiniLM-L6-v2"
    model_timeout_s: Annotated[float, Field(alias="RAPPORT_MODEL_TIMEOUT", gt=0, le=600)] = 30.0
    context_tokens: Annotated[
        int, Field(alias="RAPPORT_CONTEXT_TOKENS", ge=100, le=100_000, description="memory handed to a model")
    ] = 1_000
    max_message_chars: Annotated[int, Field(alias="RAPPORT_MAX_MESSAGE_CHARS", ge=100, le=1_000_000)] = 16_000
    threads: Annotated[int, Field(alias="RAPPORT_THREADS", ge=1, le=256, description="for tools and memory")] = 8
    datasets: Annotated[Path, Field(alias="RAPPORT_DATASETS", description="public data for benchmarks and tests")] = (
        ROOT.parent / "shared" / "data"
    )

    @property
    def sql_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data / 'rapport.db'}"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Reads ``RAPPORT_…`` and ``OPENAI_…``. An empty variable counts as unset.

    Raises ``SettingsError`` that names the variable, its value and what it should be.
    """
    environment = os.environ if environment is None else environment
    known = {field.alias for field in Settings.model_fields.values() if field.alias}
    for name in environment:
        if name.startswith("RAPPORT_") and name not in known | _LAUNCHER:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else f"; there are {', '.join(sorted(known))}"
            raise SettingsError(f"unknown setting {name}={environment[name]!r}{hint}")
    given = {name: value for name, value in environment.items() if name in known and value.strip()}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise SettingsError("; ".join(_explained(problem, given) for problem in error.errors())) from None


def _explained(problem: object, given: Mapping[str, str]) -> str:
    assert isinstance(problem, dict)
    name = str(problem["loc"][0])
    secret = "KEY" in name or "SECRET" in name
    shown = "(hidden)" if secret else repr(given.get(name))
    return f"{name}={shown} is not valid: {str(problem['msg'])[0].lower()}{str(problem['msg'])[1:]}"

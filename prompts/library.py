"""Prompts from files: Markdown with a TOML head that gives the version and the typed parameters."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kit.errors import InvalidInput, NotFound

FOLDER = Path(__file__).parent
_TYPES: Mapping[str, type] = {"str": str, "int": int, "bool": bool}
_HOLE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Prompt:
    """One prompt. ``version`` is the file's number and eight digits of its SHA-256, so that no edit goes unseen."""

    name: str
    version: str
    parameters: Mapping[str, type]
    template: str

    def render(self, **values: object) -> str:
        """The text with every parameter filled in. Raises ``InvalidInput`` for a missing, unknown or mistyped one."""
        if values.keys() != self.parameters.keys():
            raise InvalidInput(f"prompt {self.name!r} takes {sorted(self.parameters)}, and was given {sorted(values)}")
        for name, value in values.items():
            if not isinstance(value, self.parameters[name]):
                raise InvalidInput(
                    f"prompt {self.name!r}: {name} must be a {self.parameters[name].__name__}: {value!r}"
                )
        return _HOLE.sub(lambda hole: _spoken(values[hole[1]]), self.template)


@dataclass(frozen=True)
class Brand:
    """The brand's voice; ``banned`` phrases are in lower case."""

    version: str
    name: str
    voice: str
    do: tuple[str, ...]
    dont: tuple[str, ...]
    banned: tuple[str, ...]

    def spoken(self) -> str:
        """As a model is told."""
        lines = [f"Voice: {self.voice}.", *(f"- {rule}" for rule in self.do), *(f"- {rule}" for rule in self.dont)]
        return "\n".join(lines)


@cache
def prompt(name: str) -> Prompt:
    """The prompt in ``prompts/NAME.md``. Raises ``NotFound``, or ``InvalidInput`` for a file that is not one."""
    path = FOLDER / f"{name}.md"
    if not path.is_file():
        raise NotFound(f"there is no prompt {name!r} in {FOLDER}")
    text = path.read_text("utf-8")
    _, head, body = text.split("+++\n", 2)
    meta = tomllib.loads(head)
    parameters = {key: _TYPES[kind] for key, kind in meta.get("parameters", {}).items()}
    if set(_HOLE.findall(body)) != parameters.keys():
        raise InvalidInput(
            f"{path}: the text uses {sorted(set(_HOLE.findall(body)))}, the head has {sorted(parameters)}"
        )
    return Prompt(name, _version(meta["version"], text), parameters, body.strip())


@cache
def brand() -> Brand:
    """The voice in ``prompts/brand.toml``."""
    text = (FOLDER / "brand.toml").read_text("utf-8")
    read = tomllib.loads(text)
    return Brand(
        _version(read["version"], text), read["name"], read["voice"], tuple(read["do"]), tuple(read["dont"]),
        tuple(phrase.casefold() for phrase in read["banned"]),
    )  # fmt: skip


def versions(*names: str) -> dict[str, str]:
    """The versions of these prompts and of the brand's voice, as turns and eval results record them."""
    return {**{name: prompt(name).version for name in names}, "brand": brand().version}


def _version(number: int, text: str) -> str:
    return f"{number}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _spoken(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)

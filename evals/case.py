"""Cases: what a shopper says, and what must then be so. A case without criteria is an error, never a pass."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kit.errors import InvalidInput, NotFound

SUITES = Path(__file__).parent / "suites"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExpectedCall(_Strict):
    """A tool that must have been called, with at least these arguments (compared without regard to case)."""

    name: str
    arguments: dict[str, Any] = Field(default_factory=dict)


class EndState(_Strict):
    """What must stand in the database after the last turn."""

    facts: dict[str, str] = Field(default_factory=dict)  # attribute → value
    wish: list[str] = Field(default_factory=list)  # item, then "attribute=value" of an open wish
    tickets: int | None = None  # open tickets of this customer
    orders: dict[str, str] = Field(default_factory=dict)  # number → status


class Turn(_Strict):
    """One message of the shopper and what must come of it. Texts are compared without regard to case."""

    says: str
    calls: list[ExpectedCall] = Field(default_factory=list)
    calls_nothing_of: list[str] = Field(default_factory=list)
    said: list[str] = Field(default_factory=list)  # each must stand in the reply; "a|b" means either
    not_said: list[str] = Field(default_factory=list)


class Case(_Strict):
    """A conversation with its criteria. ``shopper`` is an e-mail of the fixture shop, or none for a guest."""

    name: str
    about: str
    shopper: str | None = None
    turns: Annotated[list[Turn], Field(min_length=1)]
    end: EndState = EndState()

    @model_validator(mode="after")
    def _has_criteria(self) -> "Case":
        end = self.end
        if not (
            any(turn.calls or turn.calls_nothing_of or turn.said or turn.not_said for turn in self.turns)
            or end.facts or end.wish or end.orders or end.tickets is not None
        ):  # fmt: skip
            raise ValueError(f"case {self.name!r} has no criteria; say what must be called, said or so at its end")
        return self


class Suite(_Strict):
    """Cases on one shop. ``shop`` is a file in the native import format, beside the suite's."""

    name: str
    about: str
    shop: str
    knowledge: str | None = None  # a folder of Markdown, beside the suite's file
    cases: Annotated[list[Case], Field(min_length=1)]


def load_suite(name: str) -> tuple[Suite, Path]:
    """A suite by its name (``evals/suites/NAME.toml``) or its path; and its file.

    Raises ``NotFound``, or ``InvalidInput`` that names the case and the field.
    """
    path = Path(name) if name.endswith(".toml") else SUITES / f"{name}.toml"
    if not path.is_file():
        there = ", ".join(sorted(found.stem for found in SUITES.glob("*.toml")))
        raise NotFound(f"there is no suite {name!r}; there are {there}, or give a path that ends in .toml")
    try:
        suite = Suite.model_validate(tomllib.loads(path.read_text("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{path} is not valid TOML: {error}") from None
    except ValidationError as error:
        raise InvalidInput(f"{path} is not a suite: {'; '.join(_explained(error))}") from None
    names = [case.name for case in suite.cases]
    if twice := {case for case in names if names.count(case) > 1}:
        raise InvalidInput(f"{path}: the name {min(twice)!r} is given to two cases")
    return suite, path


def _explained(error: ValidationError) -> Sequence[str]:
    return [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()]

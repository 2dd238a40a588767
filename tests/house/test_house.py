"""The house stands as it is drawn."""

import importlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kit", "memory", "prompts", "tools", "agents", "evals", "api")


@pytest.mark.parametrize("name", PACKAGES)
def test_our_packages_are_the_ones_imported(name: str) -> None:
    """Other distributions have packages called agents, evals and tools; ours come first, each with its docstring."""
    package = importlib.import_module(name)
    assert ROOT / name / "__init__.py" == Path(str(package.__file__))
    assert package.__doc__


def test_importing_a_floor_loads_nothing_heavy() -> None:
    """torch, Chroma and sentence-transformers load when first used, not at import."""
    heavy = ("torch", "chromadb", "sentence_transformers", "onnx", "onnxruntime", "tiktoken", "langchain_openai")
    code = f"import agents.runtime, api.app, evals.commands, sys; print([m for m in {heavy} if m in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert "[]" == ran.stdout.strip()


def test_every_folder_of_code_says_what_it_is_for() -> None:
    """Each package's __init__ has a docstring and no code."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            init = path.parent / "__init__.py"
            assert init.is_file(), f"{path.parent} has no __init__.py"
            assert init.read_text("utf-8").lstrip().startswith('"""'), f"{init} has no docstring"


def test_commands_can_be_run() -> None:
    """The launcher and the CI script are executable."""
    for name in ("rapport", ".ci/run"):
        assert (ROOT / name).stat().st_mode & stat.S_IXUSR


def test_dependencies_are_pinned() -> None:
    """Every dependency of pyproject.toml stands in constraints.txt with one version."""
    import re
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = {
        line.split("==")[0].lower().replace("_", "-") for line in (ROOT / "constraints.txt").read_text().split("\n")
    }
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {re.split(r"[\[<>=~!]", requirement)[0].lower() for requirement in wanted}
    assert set() == names - pinned

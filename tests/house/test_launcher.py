"""The launcher makes its environment once, repairs it, and works from anywhere: on a tree without dependencies."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with our launcher, no dependencies, and a command that says where it runs."""
    tree = tmp_path_factory.mktemp("tree")
    (tree / "kit").mkdir()
    (tree / "api" / "cli").mkdir(parents=True)
    shutil.copy(ROOT / "rapport", tree / "rapport")
    shutil.copy(ROOT / "kit" / "bootstrap.py", tree / "kit" / "bootstrap.py")
    (tree / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = []\noptional-dependencies.dev = []\n')
    (tree / "constraints.txt").write_text("")
    (tree / "api" / "__init__.py").write_text("")
    (tree / "api" / "cli" / "__init__.py").write_text("")
    (tree / "api" / "cli" / "__main__.py").write_text("import os, sys\nprint('ran', sys.argv[1:], os.getcwd())\n")
    return tree


def launch(tree: Path, *arguments: str, cwd: Path | None = None) -> tuple[str, bool]:
    """What the command printed, and whether an environment was made for it."""
    command = [str(tree / "rapport"), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=cwd or tree, check=True)
    return ran.stdout.strip(), "Setting up" in ran.stderr


def test_the_environment_is_made_once(tree: Path, tmp_path: Path) -> None:
    """The first command makes it; the next, from another folder and through a link, does not."""
    said, made = launch(tree, "demo", "--port", "9000")
    assert f"ran ['demo', '--port', '9000'] {tree}" == said
    assert made is True
    link = tmp_path / "link"
    link.symlink_to(tree / "rapport")
    ran = subprocess.run([str(link), "chat"], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert (f"ran ['chat'] {tmp_path}", "") == (ran.stdout.strip(), ran.stderr)


def test_a_half_made_environment_is_repaired(tree: Path) -> None:
    """Without its stamp, without a package, without its Python, after new pins: each is made whole again."""
    launch(tree)
    venv = tree / ".venv"
    (site,) = venv.glob("lib/python3*/site-packages")
    damages = {
        "stamp": lambda: (venv / ".rapport-base").unlink(),
        "package": lambda: shutil.rmtree(site / "pip"),
        "python": lambda: (venv / "bin" / "python").unlink(),
        "pins": lambda: (tree / "constraints.txt").write_text("six==1.16.0\n"),
    }
    for name, damage in damages.items():
        damage()
        assert launch(tree)[1] is True, name
        assert launch(tree)[1] is False, name
    assert (site / "pip").is_dir()


def test_the_tests_environment_serves_every_command(tree: Path) -> None:
    """What `test` installed is enough for the others; an extra package does not make it anew."""
    assert launch(tree, "test")[1] is True
    (site,) = (tree / ".venv").glob("lib/python3*/site-packages")
    (site / "somebodys_debugger").mkdir()
    (tree / ".venv" / ".rapport-base").unlink(missing_ok=True)
    assert launch(tree, "demo")[1] is False

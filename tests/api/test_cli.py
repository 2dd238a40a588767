"""The command line: what each command prints, where, and with which exit code. The agents are fake."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click.testing
import pytest

from kit.errors import Unavailable
from kit.settings import ROOT
from kit.tokens import TokenCounter

Run = Callable[..., click.testing.Result]


def test_chat_prints_one_json_object(run: Run, stocked: Any) -> None:
    """Reply, conversation, tools, proposal and handoff; nothing else on stdout."""
    result = run("chat", "--once", "hello", "--json")
    answer = json.loads(result.stdout)
    assert {"reply", "conversation_id", "tools", "proposal", "handoff"} == set(answer)
    assert ("You said: hello", [], None) == (answer["reply"], answer["tools"], answer["handoff"])


def test_chat_as_a_customer_is_signed_in(run: Run, stocked: Any) -> None:
    """By e-mail, in whatever case; a guest without it."""
    run("chat", "--as", "ADA@example.com", "--once", "hello")
    run("chat", "--once", "hello")
    assert [True, False] == [turn["shopper"].verified for turn in stocked.turns]


def test_chat_prints_the_reply_alone(run: Run, stocked: Any) -> None:
    """So that it can be piped."""
    assert "You said: hello\n" == run("chat", "--once", "hello").stdout


def test_chat_goes_on_with_a_guests_conversation(run: Run, stocked: Any) -> None:
    """As the same guest."""
    first = json.loads(run("chat", "--once", "hello", "--json").stdout)
    run("chat", "--once", "again", "--conversation", first["conversation_id"])
    assert stocked.turns[1]["shopper"] == stocked.turns[0]["shopper"]
    unknown = run("chat", "--once", "again", "--conversation", "cnv_unknown")
    assert (
        1,
        True,
    ) == (unknown.exit_code, unknown.stderr.startswith("rapport: there is no conversation 'cnv_unknown'"))


def test_chat_as_an_unknown_customer_says_what_to_do(run: Run, stocked: Any) -> None:
    """A usage error: exit code 2."""
    result = run("chat", "--as", "nobody@example.com", "--once", "hello")
    assert (2, True, "") == (result.exit_code, "customer find" in result.stderr, result.stdout)


def test_chat_holds_a_conversation(run: Run, stocked: Any) -> None:
    """Line by line until the input ends; empty lines are passed over."""
    result = run("chat", input="hello\n\nagain\n")
    assert 0 == result.exit_code
    assert ["hello", "again"] == [turn["text"] for turn in stocked.turns]
    assert "You said: again" in result.stdout


def test_without_a_shop_the_commands_say_how_to_get_one(run: Run) -> None:
    """Both ways."""
    for arguments in (["chat", "--once", "hello"], ["ask", "what?"], ["customer", "show", "C1"]):
        result = run(*arguments)
        assert 1 == result.exit_code
        assert result.stderr.startswith("rapport: ")
        assert "./rapport demo" in result.stderr
        assert "./rapport import" in result.stderr


def test_a_turn_that_fails_is_one_line_on_stderr(run: Run, stocked: Any) -> None:
    """Exit code 1, nothing on stdout."""
    stocked.trouble = Unavailable("the model cannot be reached; try again")

    async def chat(*_: Any, **__: Any) -> Any:
        from agents.stream import StreamEvent

        yield StreamEvent("error", {"code": "unavailable", "message": "the model cannot be reached"})

    stocked.chat = chat
    result = run("chat", "--once", "hello", "--json")
    assert (1, "", "rapport: the model cannot be reached\n") == (result.exit_code, result.stdout, result.stderr)


def test_ask_prints_the_answer_or_one_json_object(run: Run, stocked: Any) -> None:
    """The marketer is whoever sits at the terminal."""
    assert "terminal asked: what to send?\n" == run("ask", "what to send?").stdout
    answer = json.loads(run("ask", "what to send?", "--json").stdout)
    assert {"reply": "terminal asked: what to send?", "opportunities": [], "tools": []} == answer


def test_customer_show_finds_by_email_shop_id_and_id(run: Run, stocked: Any) -> None:
    """The same memory each time, with quotes."""
    by_email = json.loads(run("customer", "show", "ada@example.com", "--json").stdout)
    by_shop_id = json.loads(run("customer", "show", "C1", "--json").stdout)
    by_id = json.loads(run("customer", "show", by_email["customer_id"], "--json").stdout)
    assert by_email == by_shop_id == by_id
    shown = run("customer", "show", "C1").stdout
    assert "Ada O'Hara" in shown
    assert "lives in Chicago" in shown
    assert 1 == run("customer", "show", "nobody@example.com").exit_code


def test_customer_find_searches(run: Run, stocked: Any) -> None:
    """A line for each."""
    assert "ada@example.com" in run("customer", "find", "hara").stdout


def test_keys_are_made_listed_and_revoked(run: Run) -> None:
    """The key itself is all that stands on stdout when it is made, and is never shown again."""
    made = run("keys", "create", "--scope", "marketer", "--scope", "desk", "--name", "Mia")
    key = made.stdout.strip()
    assert key.startswith("rk_")
    listed = run("keys", "list")
    assert (True, False) == ("Mia" in listed.stdout, key in listed.stdout)
    assert 1 == run("keys", "create", "--scope", "desk", "--name", "Mia").exit_code
    assert 0 == run("keys", "revoke", "Mia").exit_code
    assert json.loads(run("keys", "list", "--json").stdout)["keys"][0]["revoked_at"]
    assert run("keys", "revoke", "Mia").stderr.startswith("rapport: there is no key in force")


@pytest.mark.parametrize(
    "arguments",
    [
        ["chat", "--json"],
        ["keys", "create", "--name", "x"],
        ["keys", "create", "--scope", "king", "--name", "x"],
        ["import", "csv", "x"],
        ["import", "native", "no-such-file"],
        ["serve", "--port", "0"],
        ["nonsense"],
    ],
)
def test_asking_the_wrong_way_is_exit_code_2(run: Run, arguments: list[str]) -> None:
    """With the usage on stderr."""
    result = run(*arguments)
    assert (2, "") == (result.exit_code, result.stdout)
    assert "Usage: rapport" in result.stderr


def test_a_bad_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 1 and one line."""
    monkeypatch.setenv("RAPPORT_PORT", "eighty")
    result = run("chat", "--once", "hello")
    assert (1, True) == (result.exit_code, "RAPPORT_PORT='eighty'" in result.stderr)


def test_a_port_in_use_is_named_with_what_to_do(run: Run) -> None:
    """Before anything is loaded."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in ("serve", "demo"):
            result = run(command, "--port", str(port))
            assert 1 == result.exit_code
            assert f"port {port} " in result.stderr
            assert "--port" in result.stderr
            assert "RAPPORT_PORT" in result.stderr


def test_index_status_counts(run: Run, stocked: Any) -> None:
    """By collection, with what is waiting."""
    status = json.loads(run("index", "status", "--json").stdout)
    assert 1 == status["collections"]["turn"]
    assert status["pending"] >= 1


def test_doctor_looks_at_every_part(run: Run, stocked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """And goes on after one that fails; exit code 1 then."""
    monkeypatch.setattr("kit.tokens.token_counter", lambda: TokenCounter(None))
    monkeypatch.setenv("RAPPORT_DATABASE_URL", f"sqlite:///{stocked.settings.data / 'rapport.db'}")
    result = run("doctor")
    for part in ("python", "disk", "database", "shop", "secret", "embedder", "token counter", "model"):
        assert f"{part}:" in result.stdout
    assert 0 == result.exit_code, result.output
    (stocked.settings.data / "secret").write_text("short")
    assert 1 == run("doctor").exit_code


def launcher(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the real ``./rapport``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAPPORT_", "OPENAI_"))}
    return subprocess.run(
        [str(ROOT / "rapport"), *arguments], capture_output=True, text=True, env={**kept, **environment}, check=False
    )


def test_the_launcher_helps() -> None:
    """It lists the commands."""
    result = launcher("--help")
    assert (0, True) == (result.returncode, "demo" in result.stdout)


def test_help_imports_nothing_heavy() -> None:
    """That keeps it under half a second."""
    heavy = {"torch", "chromadb", "langgraph", "langchain_core", "fastapi", "sqlalchemy", "numpy"}
    program = f"import sys, api.cli.main; print({heavy!r} & set(sys.modules) or 'nothing')"
    result = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert ("nothing\n", "") == (result.stdout, result.stderr)


def test_the_launcher_says_that_a_database_is_damaged(tmp_path: Path) -> None:
    """In one line with what to do, not in a traceback."""
    (tmp_path / "rapport.db").write_bytes(b"this is not a database, whatever its name says" * 100)
    result = launcher("db", "upgrade", RAPPORT_DATA=str(tmp_path))
    assert (1, "") == (result.returncode, result.stdout)
    assert result.stderr.startswith("rapport: the database")
    assert "damaged" in result.stderr
    assert 1 == result.stderr.count("\n")

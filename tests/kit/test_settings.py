"""Settings come from the environment, and a bad one says which, what and what to do."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from kit.errors import SettingsError
from kit.settings import load_settings


def test_defaults_need_no_variable() -> None:
    """An empty environment gives a local shop on loopback."""
    settings = load_settings({})
    assert (settings.host, settings.port, settings.openai_api_key) == ("127.0.0.1", 8080, None)
    assert settings.sql_url == f"sqlite:///{settings.data / 'rapport.db'}"


def test_variables_are_read() -> None:
    """RAPPORT_ and OPENAI_ variables are taken, others are not ours."""
    settings = load_settings(
        {"RAPPORT_DATA": "/srv/shop", "RAPPORT_PORT": "9000", "OPENAI_API_KEY": "sk-1", "HOME": "/"}
    )
    assert (Path("/srv/shop"), 9000) == (settings.data, settings.port)
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAPPORT_PORT", "0"),
        ("RAPPORT_PORT", "many"),
        ("RAPPORT_DATABASE_URL", "mysql://x"),
        ("OPENAI_BASE_URL", "ftp://x"),
    ],
)
def test_a_bad_value_is_named(name: str, value: str) -> None:
    """The error names the variable and its value."""
    with pytest.raises(SettingsError) as raised:
        load_settings({name: value})
    assert name in raised.value.message
    assert repr(value) in raised.value.message


def test_a_bad_secret_is_not_shown() -> None:
    """A secret that is too short is not repeated in the error."""
    with pytest.raises(SettingsError) as raised:
        load_settings({"RAPPORT_SECRET": "hunter2"})
    assert "RAPPORT_SECRET" in raised.value.message
    assert "hunter2" not in raised.value.message


def test_a_slip_of_the_pen_gets_a_hint() -> None:
    """An unknown RAPPORT_ variable is refused with the nearest name."""
    with pytest.raises(SettingsError, match="did you mean RAPPORT_PORT"):
        load_settings({"RAPPORT_PROT": "9000"})


def test_settings_are_frozen() -> None:
    """Nobody changes settings after they were read."""
    with pytest.raises(ValidationError):
        load_settings({}).port = 1

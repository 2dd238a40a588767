"""Ids, money, time and errors."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import errors
from kit.clock import SetClock, SystemClock, as_utc
from kit.errors import RapportError
from kit.ids import derived_id, new_id
from kit.money import Money, format_minor, parse_minor

MOMENT = datetime(2026, 3, 2, 23, tzinfo=UTC)


def test_ids_sort_by_time() -> None:
    """A later id sorts after an earlier one, and every one is new."""
    ids = [new_id("cus", MOMENT + timedelta(milliseconds=i)) for i in range(50)]
    assert sorted(ids) == ids
    assert len(set(ids)) == 50
    assert all(i.startswith("cus_") and len(i) == 30 for i in ids)


@given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
def test_derived_ids_are_equal_only_for_equal_parts(a: list[str], b: list[str]) -> None:
    """The same parts give the same id; other parts another."""
    same = derived_id("evt", MOMENT, *a) == derived_id("evt", MOMENT, *b)
    assert ("\x1f".join(a) == "\x1f".join(b)) == same


@given(st.integers(min_value=0, max_value=10**12))
def test_money_is_read_back_as_written(minor: int) -> None:
    """Formatting and parsing are inverse."""
    text = format_minor(minor, "USD").replace("$", "").replace(",", "")
    assert minor == parse_minor(text, "USD")


def test_money_reads_well() -> None:
    """Thousands, sign and currency stand where people look for them."""
    assert str(Money(112900, "USD")) == "$1,129.00"
    assert format_minor(-5, "EUR") == "-€0.05"
    assert format_minor(1200, "JPY") == "¥1,200"
    assert format_minor(990, "CHF") == "9.90 CHF"


@pytest.mark.parametrize("value", ["1.234", "abc", "", "NaN", "Infinity", "1e400000"])
def test_what_is_no_amount_is_refused(value: str) -> None:
    """Too many decimals and words are no amounts."""
    with pytest.raises(ValueError, match="amount"):
        parse_minor(value, "USD")


def test_clocks_are_aware() -> None:
    """Every time has an offset, and a time without one is refused."""
    assert SystemClock().now().tzinfo is UTC
    clock = SetClock(MOMENT)
    clock.advance(timedelta(hours=10))
    assert clock.now() == MOMENT + timedelta(hours=10)
    with pytest.raises(ValueError, match="no offset"):
        as_utc(datetime(2026, 3, 2))  # noqa: DTZ001


def test_every_error_has_a_code_of_its_own() -> None:
    """Codes tell errors apart; the docstring is the default message."""
    classes = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, RapportError)]
    codes = [c.code for c in classes]
    assert len(set(codes)) == len(codes)
    assert all(c().message == (c.__doc__ or "").strip() for c in classes)

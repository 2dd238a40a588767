"""Time expressions, as of Monday, 2 March 2026."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from memory.recall.calendar import Calendar
from memory.recall.when import interval

NOW = datetime(2026, 3, 2, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("what did I say yesterday?", "2026-03-01", "2026-03-01"),
        ("the day before yesterday", "2026-02-28", "2026-02-28"),
        ("what happened last week", "2026-02-23", "2026-03-01"),
        ("two weeks ago", "2026-02-16", "2026-02-22"),
        ("3 days ago", "2026-02-27", "2026-02-27"),
        ("a month ago", "2026-02-01", "2026-02-28"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("this month", "2026-03-01", "2026-03-31"),
        ("on Saturday", "2026-02-28", "2026-02-28"),
        ("last Monday", "2026-02-23", "2026-02-23"),
        ("last weekend", "2026-02-28", "2026-03-01"),
        ("what did I buy last spring?", "2025-03-01", "2025-05-31"),
        ("in the summer", "2025-06-01", "2025-08-31"),
        ("last winter", "2025-12-01", "2026-02-28"),
        ("last fall", "2025-09-01", "2025-11-30"),
        ("in May", "2025-05-01", "2025-05-31"),
        ("in February", "2026-02-01", "2026-02-28"),
        ("in May 2023", "2023-05-01", "2023-05-31"),
        ("in May last year", "2025-05-01", "2025-05-31"),
        ("in 2024", "2024-01-01", "2024-12-31"),
        ("in spring 2024", "2024-03-01", "2024-05-31"),
        ("on May 3, 2023", "2023-05-03", "2023-05-03"),
        ("on 3rd of May", "2025-05-03", "2025-05-03"),
        ("on 2025-12-24", "2025-12-24", "2025-12-24"),
        ("between March and May 2025", "2025-03-01", "2025-05-31"),
        ("from June 2024 to August 2024", "2024-06-01", "2024-08-31"),
        ("since January", "2026-01-01", "2026-03-02"),
        ("in the last 3 days", "2026-02-27", "2026-03-02"),
    ],
)
def test_what_people_say_of_time(text: str, first: str, last: str) -> None:
    """Days from the first to the last, both included."""
    found = interval(text, Calendar(NOW, "UTC"))
    assert found is not None
    assert (first, last) == (str(found.start.date()), str((found.end - timedelta(days=1)).date()))


@pytest.mark.parametrize("text", ["may I return it?", "the fall from the ladder", "my last order", "24 boots", ""])
def test_what_speaks_of_no_time(text: str) -> None:
    """Words that only look like a time are none."""
    assert interval(text, Calendar(NOW, "UTC")) is None


def test_days_are_those_of_the_customer() -> None:
    """At 23:00 UTC it is tomorrow in Sydney, and its summer is December to February."""
    sydney = Calendar(NOW, "Australia/Sydney")
    today, summer = interval("today", sydney), interval("last summer", sydney)
    assert today is not None
    assert summer is not None
    assert datetime(2026, 3, 2, 13, tzinfo=UTC) == today.start
    assert date(2025, 12, 1) == sydney.local(summer.start)
    assert date(2026, 3, 1) == sydney.local(summer.end)


@given(st.text())
@example("9999 years ago")
@example("in the last 9999 years")
@example("on 9999-12-31")
@example("before 0001-01-01")
def test_any_text_is_understood_or_not(text: str) -> None:
    """No text breaks it, and what begins ends."""
    found = interval(text, Calendar(NOW, "nowhere"))
    assert found is None or found.start < found.end

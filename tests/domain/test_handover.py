"""The rule of transfer: by when a dossier must have left the desk, and what is overdue now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.calendar import CalendarDay, DayKind, make_calendar, parse_hours
from counter_app.domain.handover import handover_due, overdue_before

CUTOFF = time(15)
USUAL = parse_hours("07:30-11:30,13:30-17:00")
MORNING = parse_hours("07:30-11:30")
CULTURE_DAY = CalendarDay(date(2026, 11, 24), DayKind.HOLIDAY, "Ngày Văn hóa Việt Nam")
CALENDAR = make_calendar(weekday_hours=USUAL, saturday_hours=MORNING, days=[CULTURE_DAY])


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-23T09:00", "2026-11-23T17:00"),
        ("2026-11-23T15:00", "2026-11-23T17:00"),
        ("2026-11-23T15:01", "2026-11-25T11:30"),  # the 24th is a day off
        ("2026-11-24T10:00", "2026-11-25T11:30"),
        ("2026-11-27T16:00", "2026-11-28T11:30"),
        ("2026-11-28T12:00", "2026-11-30T11:30"),  # after a Saturday's closing
    ],
)
def test_a_dossier_leaves_the_same_day_or_the_next_morning(received, due):
    answer = handover_due(CALENDAR, datetime.fromisoformat(received), CUTOFF)
    assert answer == datetime.fromisoformat(due)


moments = st.integers(0, 60 * 24 * 21).map(
    lambda minutes: datetime(2026, 11, 16) + timedelta(minutes=minutes)
)


@given(moments, moments)
def test_what_is_overdue_is_exactly_what_should_have_left(received, now):
    received, now = sorted((received, now))
    is_overdue = received <= overdue_before(CALENDAR, now, CUTOFF)
    assert is_overdue is (handover_due(CALENDAR, received, CUTOFF) < now)

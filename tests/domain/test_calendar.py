"""The calendar: hours, the order in which dated rows hold, two facts a day, counting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.calendar import (
    CalendarDay,
    DayKind,
    Session,
    format_hours,
    make_calendar,
    parse_hours,
)

USUAL = parse_hours("07:30-11:30,13:00-17:00")
MORNING = parse_hours("07:30-11:30")
MONDAY, SATURDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 28), date(2026, 11, 29)


def calendar_with(*days, **given_):
    return make_calendar(**{"weekday_hours": USUAL, "days": days, **given_})


# -- hours ------------------------------------------------------------------------------------


def test_hours_are_read_in_any_order_and_may_touch():
    assert parse_hours(" 13:00-17:00 , 07:30-11:30") == (Session(450, 690), Session(780, 1020))
    assert format_hours(parse_hours("11:30-17:00,07:30-11:30")) == "07:30-11:30,11:30-17:00"
    assert parse_hours("00:00-23:59") == (Session(0, 1439),)
    assert parse_hours("  ") == ()
    assert format_hours(()) == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("07:30-12:30,12:00-17:00", "chồng lên nhau"),
        ("07:30-11:30,07:30-11:30", "chồng lên nhau"),
        ("22:00-06:00", "trong cùng một ngày"),
        ("08:00-08:00", "bắt đầu trước"),
        ("07:30-24:00", "Không đọc được"),
        ("7:30-11:30", "Không đọc được"),
        ("07:60-11:30", "Không đọc được"),
        ("07:30", "Không đọc được"),
        ("07:30-11:30;13:00-17:00", "Không đọc được"),
        ("07:30-11:30,", "Không đọc được"),
        ("sáng", "Không đọc được"),
    ],
)
def test_broken_hours_are_refused_in_a_sentence(text, message):
    with pytest.raises(ValueError, match=message):
        parse_hours(text)


@given(st.lists(st.tuples(st.integers(0, 1439), st.integers(0, 1439)), max_size=4))
def test_hours_that_can_be_built_are_written_and_read_back(pairs):
    sessions = [Session(*sorted(pair)) for pair in pairs if pair[0] != pair[1]]
    text = ",".join(map(str, sessions))
    try:
        hours = parse_hours(text)
    except ValueError:
        minutes = [minute for start, end in sessions for minute in range(start, end)]
        assert len(minutes) > len(set(minutes))
    else:
        assert parse_hours(format_hours(hours)) == hours == tuple(sorted(sessions))


# -- which row holds --------------------------------------------------------------------------


def test_an_ordinary_week_has_five_working_days_and_its_own_saturday():
    calendar = calendar_with(saturday_hours=MORNING)
    week = [calendar.working_sessions(MONDAY + timedelta(days=n)) for n in range(7)]
    assert week == [USUAL] * 5 + [MORNING, ()]


@pytest.mark.parametrize(
    ("kinds", "hours"),
    [
        ({DayKind.MAKEUP}, USUAL),
        ({DayKind.MAKEUP, DayKind.HOLIDAY}, ()),
        ({DayKind.MAKEUP, DayKind.SPECIAL}, MORNING),
        ({DayKind.HOLIDAY, DayKind.SPECIAL}, MORNING),
        ({DayKind.MAKEUP, DayKind.HOLIDAY, DayKind.SPECIAL}, MORNING),
    ],
)
@pytest.mark.parametrize("day", [MONDAY, SATURDAY, SUNDAY])
def test_a_special_day_wins_over_a_holiday_and_that_over_a_make_up_day(kinds, hours, day):
    rows = [CalendarDay(day, k, hours=MORNING if k is DayKind.SPECIAL else None) for k in kinds]
    for order in (rows, rows[::-1]):
        assert calendar_with(*order).working_sessions(day) == hours


def test_of_two_rows_of_one_kind_the_later_holds():
    first = CalendarDay(MONDAY, DayKind.HOLIDAY, "một")
    second = CalendarDay(MONDAY, DayKind.HOLIDAY, "hai")
    calendar = calendar_with(first, second)
    assert calendar.day(MONDAY) is second
    assert calendar.dated_days(2026) == (second,)
    assert calendar.day(SUNDAY) is None


def test_a_make_up_day_has_the_weekday_hours_even_if_there_are_none():
    sunday = CalendarDay(SUNDAY, DayKind.MAKEUP)
    assert (
        calendar_with(sunday, weekday_hours=(), saturday_hours=MORNING).working_sessions(SUNDAY)
        == ()
    )


def test_only_a_special_day_has_hours_of_its_own():
    with pytest.raises(ValueError, match="ngày riêng"):
        CalendarDay(MONDAY, DayKind.MAKEUP, hours=MORNING)
    closed = CalendarDay(MONDAY, DayKind.SPECIAL)
    assert not calendar_with(closed).is_desk_open(MONDAY)


# -- two facts --------------------------------------------------------------------------------


def test_a_saturday_that_does_not_count_opens_the_desk_only():
    calendar = calendar_with(saturday_hours=MORNING, saturday_counts=False)
    assert calendar.desk_sessions(SATURDAY) == MORNING
    assert calendar.working_sessions(SATURDAY) == ()
    assert calendar.is_desk_open(SATURDAY)
    assert not calendar.is_working_day(SATURDAY)
    assert calendar.is_working_day(MONDAY)


def test_a_special_or_make_up_day_may_open_the_desk_without_counting():
    special = CalendarDay(SUNDAY, DayKind.SPECIAL, hours=MORNING, counts=False)
    makeup = CalendarDay(SATURDAY, DayKind.MAKEUP, counts=False)
    calendar = calendar_with(special, makeup)
    assert calendar.desk_sessions(SUNDAY) == MORNING
    assert calendar.desk_sessions(SATURDAY) == USUAL
    assert not calendar.is_working_day(SUNDAY)
    assert not calendar.is_working_day(SATURDAY)


def test_a_counting_special_saturday_counts_though_saturdays_do_not():
    special = CalendarDay(SATURDAY, DayKind.SPECIAL, hours=MORNING)
    calendar = calendar_with(special, saturday_hours=MORNING, saturday_counts=False)
    assert calendar.is_working_day(SATURDAY)


# -- what is official -------------------------------------------------------------------------


def test_every_year_is_confirmed_unless_some_are_named():
    assert calendar_with().is_confirmed(2050)
    calendar = calendar_with(confirmed_years=[2025, 2026])
    assert calendar.is_confirmed(2026)
    assert not calendar.is_confirmed(2027)
    assert calendar.is_certain(date(2025, 1, 1), date(2026, 12, 31))
    assert not calendar.is_certain(date(2026, 12, 31), date(2027, 1, 1))


def test_only_an_unconfirmed_day_that_changes_something_makes_answers_uncertain():
    off = CalendarDay(MONDAY, DayKind.HOLIDAY, confirmed=False)
    on_sunday = CalendarDay(SUNDAY, DayKind.HOLIDAY, confirmed=False)
    calendar = calendar_with(off, on_sunday)
    assert not calendar.is_certain(MONDAY, MONDAY)
    assert not calendar.is_certain(MONDAY - timedelta(days=9), MONDAY + timedelta(days=9))
    assert calendar.is_certain(MONDAY + timedelta(days=1), SUNDAY)
    assert calendar.is_certain(MONDAY - timedelta(days=9), MONDAY - timedelta(days=1))


# -- counting ---------------------------------------------------------------------------------


@given(
    st.dates(date(1995, 1, 1), date(2060, 1, 1)),
    st.dates(date(1995, 1, 1), date(2060, 1, 1)),
    st.integers(1, 400),
)
def test_adding_and_counting_working_days_agree_with_a_walk(day, other, count):
    calendar = calendar_with(
        CalendarDay(MONDAY, DayKind.HOLIDAY), CalendarDay(SUNDAY, DayKind.MAKEUP)
    )
    calendar.is_working_day(day)
    calendar.next_working_day(other)  # the table may begin anywhere
    walked, left = day, count
    while left:
        walked += timedelta(days=1)
        left -= calendar.is_working_day(walked)
    assert calendar.add_working_days(day, count) == walked
    assert calendar.working_days_between(day, walked) == count
    assert calendar.working_days_between(walked, day) == 0
    back = calendar.add_working_days(walked, -count)
    assert back <= day or not calendar.is_working_day(day)
    assert calendar.working_days_between(back, walked) == count
    assert calendar.add_working_days(day, 0) == day


def test_a_year_counts_its_working_days():
    assert calendar_with().working_days(2026) == 261
    with_rows = calendar_with(
        CalendarDay(MONDAY, DayKind.HOLIDAY),
        CalendarDay(SUNDAY, DayKind.MAKEUP),
        CalendarDay(SUNDAY - timedelta(days=7), DayKind.MAKEUP),
    )
    assert with_rows.working_days(2026) == 262
    assert with_rows.working_days(2027) == 261


def test_a_calendar_without_hours_says_so_instead_of_counting_for_ever():
    calendar = make_calendar(weekday_hours=())
    assert not calendar.ever_opens
    for ask in (calendar.check_opens, lambda: calendar.next_working_day(MONDAY)):
        with pytest.raises(ValueError, match="giờ làm việc"):
            ask()


def test_overlapping_hours_are_refused_also_when_built_by_hand():
    with pytest.raises(ValueError, match="chồng lên nhau"):
        make_calendar(weekday_hours=(Session(450, 700), Session(690, 800)))

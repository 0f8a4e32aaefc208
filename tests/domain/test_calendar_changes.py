"""What a changed calendar does to a promise: later or not at all, and only where it is touched."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.calendar import CalendarDay, DayKind, make_calendar, parse_hours
from counter_app.domain.calendar_changes import (
    Fate,
    Term,
    changed_days,
    decided_days,
    parse_days,
    recount,
)
from counter_app.domain.days import DayError
from counter_app.domain.deadlines import NO_CUTOFF, Counting, parse_limit, promise

MONDAY = datetime(2026, 3, 2, 9, 0)
DAYS = [date(2026, 3, 1) + timedelta(days=step) for step in range(60)]
LIMITS = st.sampled_from(["1wd", "3wd", "10wd", "15cd", "1mo", "4h", "0wd"])


def calendar_with(*days: CalendarDay, years: tuple[int, ...] | None = None):
    return make_calendar(
        weekday_hours=parse_hours("07:30-11:30,13:30-17:00"), days=days, confirmed_years=years
    )


def off(day: date, *, confirmed: bool = True) -> CalendarDay:
    return CalendarDay(day, DayKind.HOLIDAY, "nghỉ", confirmed=confirmed)


def counted(calendar, limit: str, *, base: datetime = MONDAY) -> Term:
    found = promise(calendar, received=base, limit=parse_limit(limit))
    return Term(base, parse_limit(limit), Counting.DAY, NO_CUTOFF, found.due_at, found.provisional)


dated = st.lists(
    st.builds(
        CalendarDay,
        st.sampled_from(DAYS),
        st.sampled_from([DayKind.HOLIDAY, DayKind.MAKEUP]),
        st.just("x"),
    ),
    max_size=8,
)


@given(limit=LIMITS, before=dated, more=dated, is_listed=st.booleans())
def test_a_printed_date_never_moves_earlier(limit, before, more, is_listed):
    old, new = calendar_with(*before), calendar_with(*before, *more)
    term = counted(old, limit)
    if is_listed:
        term = term._replace(limit=None)
    found = recount([old], new, term)
    assert found is None or found.due_at > term.legal_due_at


@given(limit=LIMITS, before=dated)
def test_the_same_calendar_touches_nothing(limit, before):
    calendar = calendar_with(*before)
    term = counted(calendar, limit)
    assert recount([calendar], calendar, term) is None
    assert recount([calendar], calendar, term._replace(limit=None)) is None


@given(limit=LIMITS, before=dated, more=dated)
def test_what_was_moved_once_is_not_touched_again(limit, before, more):
    old, new = calendar_with(*before), calendar_with(*before, *more)
    term = counted(old, limit)
    found = recount([old], new, term)
    if found is not None:
        assert recount([new], new, term._replace(legal_due_at=found.due_at)) is None
        assert recount([old, new], new, term._replace(legal_due_at=found.due_at)) is None


@given(limit=LIMITS, before=dated, more=dated)
def test_a_moved_promise_is_what_the_new_calendar_would_have_promised(limit, before, more):
    old, new = calendar_with(*before), calendar_with(*before, *more)
    term = counted(old, limit)
    found = recount([old], new, term)
    assert found is None or found.due_at == counted(new, limit).legal_due_at


def test_a_day_off_after_the_due_day_touches_nothing():
    old = calendar_with()
    term = counted(old, "3wd")
    assert term.legal_due_at == datetime(2026, 3, 5, 17, 0)
    assert recount([old], calendar_with(off(date(2026, 3, 6))), term) is None


def test_a_day_off_before_the_due_day_moves_it_to_the_next_working_day():
    old, new = calendar_with(), calendar_with(off(date(2026, 3, 4)))
    found = recount([old], new, counted(old, "3wd"))
    assert found == (datetime(2026, 3, 6, 17, 0), False, Fate.MOVED)


def test_a_promise_nobody_told_the_count_of_keeps_its_working_days():
    old, new = calendar_with(), calendar_with(off(date(2026, 3, 4)))
    told = Term(MONDAY, None, Counting.DAY, NO_CUTOFF, datetime(2026, 3, 5, 16, 0))
    assert recount([old], new, told) == (datetime(2026, 3, 6, 16, 0), False, Fate.MOVED)


def test_a_promise_by_our_count_made_earlier_on_paper_keeps_its_working_days():
    old, new = calendar_with(), calendar_with(off(date(2026, 3, 6)))
    told = counted(old, "10wd")._replace(legal_due_at=datetime(2026, 3, 5, 17, 0))
    assert recount([old], new, told) is None


def test_a_provisional_promise_is_on_the_list_when_its_year_is_announced():
    base = datetime(2027, 1, 4, 9, 0)
    old, new = calendar_with(years=(2026,)), calendar_with(years=(2026, 2027))
    term = counted(old, "3wd", base=base)
    assert term.is_provisional
    assert recount([old], new, term) == (term.legal_due_at, False, Fate.CONFIRMED)
    assert recount([old], old, term) is None


def test_a_provisional_day_off_that_is_cancelled_keeps_the_printed_day():
    maybe = off(date(2026, 3, 4), confirmed=False)
    old, new = calendar_with(maybe), calendar_with()
    term = counted(old, "3wd")
    assert term.is_provisional
    assert recount([old], new, term) == (datetime(2026, 3, 6, 17, 0), False, Fate.KEPT)


def test_a_promise_made_between_two_edits_is_known_by_its_own_calendar():
    first, second = calendar_with(), calendar_with(off(date(2026, 3, 4)))
    third = calendar_with(off(date(2026, 3, 4)), off(date(2026, 3, 6)))
    term = counted(second, "3wd")
    found = recount([first, second], third, term)
    assert found is not None
    assert found.due_at == datetime(2026, 3, 9, 17, 0)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("24/11", ["24/11/2026"]),
        ("24112026", ["24/11/2026"]),
        ("30/4-2/5", ["30/04/2026", "01/05/2026", "02/05/2026"]),
        ("30/04 đến 01/05/2026", ["30/04/2026", "01/05/2026"]),
        ("2026-11-24, 26/11", ["24/11/2026", "26/11/2026"]),
        ("31/12/2026 – 01/01/2027", ["31/12/2026", "01/01/2027"]),
    ],
)
def test_days_are_read_as_decisions_write_them(text, days):
    assert [f"{day:%d/%m/%Y}" for day in parse_days(text, 2026)] == days


@pytest.mark.parametrize(
    "text", ["", " ; ", "31/02", "02/05 - 30/04", "thứ hai", "1/1 - 31/12", "1/2 - 2/2 - 3/2"]
)
def test_what_is_no_day_is_said_in_a_sentence(text):
    with pytest.raises(DayError, match=r"\.$"):
        parse_days(text, 2026)


def test_a_changed_day_is_said_in_words_and_an_unchanged_one_isn_t():
    half = decided_days(
        [date(2026, 3, 7)],
        kind=DayKind.SPECIAL,
        name="Trực thứ Bảy",
        hours="07:30-11:30",
        counts=False,
        source="QĐ 5",
    )
    old, new = calendar_with(), calendar_with(off(date(2026, 3, 4)), off(date(2026, 3, 8)), *half)
    told = changed_days(old, new, [date(2026, 3, 8), date(2026, 3, 7), date(2026, 3, 4)])
    assert [(c.date.day, c.before, c.after) for c in told] == [
        (4, "làm việc 07:30-11:30,13:30-17:00", "nghỉ"),
        (7, "nghỉ", "mở quầy 07:30-11:30, không tính hạn"),
    ]

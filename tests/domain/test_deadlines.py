"""Due moments against a slow oracle, and the laws every way of counting keeps."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import deadline_oracle as oracle
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from counter_app.domain.calendar import (
    CalendarDay,
    DayKind,
    Session,
    make_calendar,
    parse_hours,
)
from counter_app.domain.deadlines import (
    NO_CUTOFF,
    Boundary,
    Counting,
    CutOff,
    CutOffKind,
    DeadlineError,
    Limit,
    LimitUnit,
    Pause,
    StepKind,
    Timeliness,
    classify,
    classify_open,
    due,
    due_moment,
    parse_counting,
    parse_cutoff,
    parse_limit,
    parse_pauses,
    promise,
)

BASE = date(2026, 11, 16)
USUAL = parse_hours("07:30-11:30,13:00-17:00")
CULTURE_DAY = CalendarDay(date(2026, 11, 24), DayKind.HOLIDAY, "Ngày Văn hóa Việt Nam")
CALENDAR = make_calendar(weekday_hours=USUAL, days=[CULTURE_DAY])

HOURS = st.sampled_from(
    [
        USUAL,
        parse_hours("07:00-11:45,13:15-17:00"),
        parse_hours("07:30-11:30,11:30-16:30"),
        parse_hours("00:00-23:59"),
        parse_hours("08:00-08:01"),
    ]
)
SATURDAYS = st.sampled_from(
    [(), parse_hours("07:30-11:30"), parse_hours("08:00-12:00,13:00-15:00")]
)
SPECIAL_HOURS = st.sampled_from([(), parse_hours("07:30-10:00"), parse_hours("15:01-23:59")])
DAYS = st.integers(0, 24).map(lambda count: BASE + timedelta(days=count))
# The minutes at which something begins or ends somewhere, and any other.
MINUTES = st.one_of(
    st.sampled_from([0, 449, 450, 451, 690, 780, 899, 900, 901, 989, 990, 1019, 1020, 1021, 1439]),
    st.integers(0, 1439),
)
MOMENTS = st.builds(
    lambda day, minute: datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute),
    DAYS,
    MINUTES,
)
LIMITS = st.one_of(
    st.builds(Limit, st.integers(0, 4), st.just(LimitUnit.WORKING_DAYS)),
    st.builds(Limit, st.integers(1, 20), st.just(LimitUnit.CALENDAR_DAYS)),
    st.builds(Limit, st.integers(1, 2), st.just(LimitUnit.MONTHS)),
    st.builds(Limit, st.integers(1, 20), st.just(LimitUnit.WORKING_HOURS)),
    st.builds(Limit, st.integers(1, 600), st.just(LimitUnit.WORKING_MINUTES)),
    st.builds(Limit, st.integers(1, 60), st.just(LimitUnit.CLOCK_HOURS)),
)
CUTOFFS = st.builds(CutOff, st.sampled_from(CutOffKind), st.sampled_from([900, 660, 0, 1439]))
COUNTINGS = st.sampled_from(Counting)


def questions(pauses):
    return st.fixed_dictionaries(
        {"limit": LIMITS, "counting": COUNTINGS, "cutoff": CUTOFFS, "pauses": pauses}
    )


@st.composite
def pause_lists(draw, *, may_be_open=True):
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        start, end = sorted([draw(MOMENTS), draw(MOMENTS)])
        is_open = may_be_open and draw(st.integers(0, 5)) == 0
        pauses.append(Pause(start, None if is_open else end))
    return tuple(pauses)


@st.composite
def offices(draw):
    return oracle.Office(
        weekday=draw(HOURS),
        saturday=draw(SATURDAYS),
        holidays=frozenset(draw(st.lists(DAYS, max_size=5))),
        makeups=frozenset(draw(st.lists(DAYS, max_size=3))),
        specials=draw(st.dictionaries(DAYS, SPECIAL_HOURS, max_size=3)),
    )


def calendar_of(office):
    days = [CalendarDay(day, DayKind.HOLIDAY) for day in office.holidays]
    days += [CalendarDay(day, DayKind.MAKEUP) for day in office.makeups]
    days += [CalendarDay(d, DayKind.SPECIAL, hours=h) for d, h in office.specials.items()]
    return make_calendar(
        weekday_hours=office.weekday, saturday_hours=office.saturday, days=reversed(days)
    )


CALENDARS = offices().map(calendar_of)


@settings(max_examples=250)
@given(offices(), MOMENTS, questions(pause_lists()))
def test_the_due_moment_is_the_slow_oracles_and_the_proof_agrees(office, received, asked):
    limit = asked["limit"]
    if office.weekday == (Session(480, 481),):  # one minute a day: keep the oracle's walk short
        assume(limit.unit not in {LimitUnit.WORKING_DAYS, LimitUnit.WORKING_HOURS})
        asked["limit"] = Limit(min(limit.amount, 2), limit.unit)
    answer = due(calendar_of(office), received=received, **asked)
    assert answer.due_at == oracle.due(office, received, **asked)
    assert_proof_agrees(answer)


def assert_proof_agrees(answer):
    question, steps = answer.question, answer.steps
    limit, received_on = question.limit, question.received.date()
    assert steps[0].kind is StepKind.RECEIPT
    assert steps[0].date == received_on
    ends = [step for step in steps if step.kind is StepKind.DUE]
    if answer.due_at is None:
        assert not ends
        assert "chưa có hạn trả" in steps[-1].text
        return
    assert ends == [steps[-1]]
    assert steps[-1].date == answer.due_at.date()
    assert f"hẹn trả {answer.due_at:%H:%M}" in steps[-1].text
    walked = [step.date for step in steps[(1 if len(steps) > 1 else 0) :]]
    first = received_on + timedelta(days=steps[-1].date != received_on)
    assert walked == [first + timedelta(days=n) for n in range(len(walked))]
    if answer.bound is Counting.HOUR:
        assert sum(step.minutes for step in steps) == minutes_of(limit)
    else:
        assert all(step.minutes is None for step in steps)
        counted = [s for s in steps if "ngày " in s.text and s.kind is not StepKind.RECEIPT]
        numbers = [
            int(s.text.split(": ngày ")[1].split(",")[0].split()[0])
            for s in counted
            if ": ngày " in s.text
        ]
        assert numbers == list(range(1, len(numbers) + 1))
        if limit.unit in {LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS}:
            assert len(numbers) == limit.amount


def minutes_of(limit):
    return limit.amount * {"wd": 480, "h": 60, "m": 1, "ch": 60}[limit.unit.value]


@settings(max_examples=150)
@given(CALENDARS, MOMENTS, questions(pause_lists()))
def test_a_promise_is_the_earlier_of_both_schools_and_says_which_bound(calendar, received, asked):
    answer = promise(calendar, received=received, **asked)
    limit, counting = asked["limit"], asked["counting"]
    by_school = {
        school: due(calendar, received=received, **{**asked, "counting": school}).due_at
        for school in ([Counting.DAY] if counting is Counting.DAY else Counting)
    }
    known = [moment for moment in by_school.values() if moment is not None]
    assert answer.due_at == min(known, default=None)
    assert_proof_agrees(answer)
    if counting is Counting.HOUR and limit.unit is LimitUnit.WORKING_DAYS and limit.amount:
        assert answer.counting is Counting.HOUR
        assert answer.due_at == by_school[answer.bound]
        if None not in by_school.values():
            last = answer.steps[-1].reason
            assert last.startswith(
                f"tính theo {'giờ' if answer.bound is Counting.HOUR else 'ngày'}"
            )


@given(CALENDARS, MOMENTS, MOMENTS, questions(pause_lists(may_be_open=False)))
def test_a_later_receipt_is_never_due_earlier(calendar, one, other, asked):
    # A pause before receipt adds no day, and two receipts can share the last day of a month.
    if asked["limit"].unit is LimitUnit.MONTHS:
        asked["pauses"] = ()
    earlier, later = sorted([one, other])
    first = due(calendar, received=earlier, **asked).due_at
    assert earlier < first <= due(calendar, received=later, **asked).due_at


@given(CALENDARS, MOMENTS, st.integers(1, 300), st.integers(1, 300), st.sampled_from(["wd", "h"]))
def test_limits_add_up_without_cut_off_and_pauses(calendar, received, one, other, unit):
    unit = LimitUnit(unit)

    def step(moment, amount):
        return due(calendar, received=moment, limit=Limit(amount, unit)).due_at

    assert step(step(received, one), other) == step(received, one + other)


@given(CALENDARS, MOMENTS, questions(pause_lists(may_be_open=False)))
def test_a_pause_never_shortens_a_limit(calendar, received, asked):
    without = due(calendar, received=received, **{**asked, "pauses": ()}).due_at
    assert due(calendar, received=received, **asked).due_at >= without
    later = [pause for pause in asked["pauses"] if pause.start > without]
    assert due(calendar, received=received, **{**asked, "pauses": later}).due_at == without


@given(CALENDARS, st.lists(st.tuples(MOMENTS, st.integers(0, 9999)), min_size=1, max_size=4))
def test_the_quick_look_up_gives_the_same_moment(calendar, questions):
    for received, amount in questions:
        limit = Limit(amount, LimitUnit.WORKING_DAYS)
        assert due_moment(calendar, received, limit) == (
            due(calendar, received=received, limit=limit).due_at
        )


def test_the_quick_look_up_answers_before_and_far_behind_its_table():
    calendar = make_calendar(weekday_hours=USUAL)
    two_days = parse_limit("2wd")
    for year in (2026, 2025, 1990, 2150, 2027, 9000):
        received = datetime(year, 6, 5, 9)
        expected = oracle.due(oracle.Office(USUAL), received, limit=two_days)
        assert due_moment(calendar, received, two_days) == expected


def test_the_proof_reads_as_it_is_drawn():
    answer = promise(CALENDAR, received=datetime(2026, 11, 20, 9), limit=parse_limit("3wd"))
    assert [step.text for step in answer.steps] == [
        "T6 20/11: nhận, không tính",
        "T7 21/11: nghỉ cuối tuần",
        "CN 22/11: nghỉ cuối tuần",
        "T2 23/11: ngày 1",
        "T3 24/11: nghỉ Ngày Văn hóa Việt Nam",
        "T4 25/11: ngày 2",
        "T5 26/11: ngày 3, hẹn trả 17:00",
    ]


def lines(received, limit, **given_):
    answer = promise(CALENDAR, received=received, limit=parse_limit(limit), **given_)
    return [step.text for step in answer.steps]


def test_a_receipt_after_the_cut_off_says_from_when_it_counts():
    assert lines(datetime(2026, 11, 20, 15, 30), "1wd", cutoff=parse_cutoff("next-day-start")) == [
        "T6 20/11: nhận 15:30, sau 15:00, tính như nhận lúc 07:30 T2 23/11",
        "T7 21/11: nghỉ cuối tuần",
        "CN 22/11: nghỉ cuối tuần",
        "T2 23/11: coi như ngày nhận, không tính",
        "T3 24/11: nghỉ Ngày Văn hóa Việt Nam",
        "T4 25/11: ngày 1, hẹn trả 17:00",
    ]


def test_a_same_day_result_says_why_it_comes_later():
    late = lines(datetime(2026, 11, 23, 15, 1), "0wd", cutoff=parse_cutoff("next-day-result"))
    assert late[0] == "T2 23/11: nhận 15:01, sau 15:00 nên trả vào ngày làm việc sau"
    assert late[-1] == "T4 25/11: hẹn trả 17:00"
    assert lines(datetime(2026, 11, 23, 17), "0wd")[0] == "T2 23/11: nhận 17:00, sau giờ làm việc"
    assert lines(datetime(2026, 11, 24, 9), "0wd") == [
        "T3 24/11: nhận 09:00, nghỉ Ngày Văn hóa Việt Nam",
        "T4 25/11: hẹn trả 17:00",
    ]
    assert lines(datetime(2026, 11, 23, 9), "0wd") == [
        "T2 23/11: nhận 09:00",
        "T2 23/11: hẹn trả 17:00",
    ]


def test_hours_are_told_in_hours_and_the_binding_school_is_named():
    assert lines(datetime(2026, 11, 23, 10), "1wd", counting=Counting.HOUR) == [
        "T2 23/11: nhận 10:00, tính 5 giờ 30 phút",
        "T3 24/11: nghỉ Ngày Văn hóa Việt Nam",
        (
            "T4 25/11: tính 2 giờ 30 phút, hẹn trả 10:00,"
            " tính theo giờ, sớm hơn tính theo ngày (17:00 T4 25/11)"
        ),
    ]
    short_days = make_calendar(weekday_hours=parse_hours("08:00-11:00"))
    answer = promise(
        short_days,
        received=datetime(2026, 11, 23, 8),
        limit=parse_limit("1wd"),
        counting=Counting.HOUR,
    )
    assert answer.bound is Counting.DAY
    assert answer.rival_due_at == datetime(2026, 11, 25, 10)
    assert answer.steps[-1].text == (
        "T3 24/11: ngày 1, hẹn trả 11:00, tính theo ngày, sớm hơn tính theo giờ (10:00 T4 25/11)"
    )


def test_calendar_days_say_how_the_end_moves_on():
    told = lines(datetime(2026, 11, 20, 9), "2cd")
    assert told == [
        "T6 20/11: nhận, không tính",
        "T7 21/11: ngày 1",
        "CN 22/11: ngày 2, nghỉ cuối tuần nên lùi sang ngày làm việc sau",
        "T2 23/11: hẹn trả 17:00",
    ]
    assert lines(datetime(2026, 12, 1, 9), "1mo")[-1] == (
        "T6 01/01/2027: ngày 31, đủ 1 tháng, hẹn trả 17:00"
    )


def test_pauses_make_up_and_special_days_are_named():
    calendar = make_calendar(
        weekday_hours=USUAL,
        days=[
            CalendarDay(date(2026, 11, 28), DayKind.MAKEUP, "Làm bù"),
            CalendarDay(
                date(2026, 11, 30), DayKind.SPECIAL, "bão", hours=parse_hours("07:30-10:00")
            ),
            CalendarDay(date(2026, 12, 1), DayKind.SPECIAL, "bão"),
            CalendarDay(date(2026, 12, 2), DayKind.HOLIDAY, "Nghỉ bù Quốc khánh", confirmed=False),
            CalendarDay(
                date(2026, 12, 5),
                DayKind.SPECIAL,
                "thứ Bảy vì dân",
                hours=parse_hours("07:30-11:30"),
                counts=False,
            ),
        ],
    )
    answer = promise(
        calendar,
        received=datetime(2026, 11, 26, 9),
        limit=parse_limit("4wd"),
        pauses=parse_pauses("2026-11-27T16:00/2026-11-28T08:00"),
    )
    assert answer.provisional
    assert [step.text for step in answer.steps][1:] == [
        "T6 27/11: tạm dừng tính hạn",
        "T7 28/11: ngày 1 (làm bù)",
        "CN 29/11: nghỉ cuối tuần",
        "T2 30/11: ngày 2 (giờ riêng 07:30-10:00: bão)",
        "T3 01/12: đóng cửa: bão",
        "T4 02/12: nghỉ bù Quốc khánh (lịch chưa xác nhận)",
        "T5 03/12: ngày 3",
        "T6 04/12: ngày 4, hẹn trả 17:00",
    ]
    later = promise(calendar, received=datetime(2026, 12, 4, 9), limit=parse_limit("1wd"))
    by_hours = promise(calendar, received=datetime(2026, 12, 5, 9), limit=parse_limit("90m"))
    assert [step.text for step in by_hours.steps] == [
        "T7 05/12: nhận 09:00, không tính",
        "CN 06/12: nghỉ cuối tuần",
        "T2 07/12: tính 1 giờ 30 phút, hẹn trả 09:00",
    ]
    assert later.steps[1].text == "T7 05/12: mở quầy (thứ Bảy vì dân), không tính"


def test_an_open_pause_leaves_no_due_moment_and_says_since_when():
    answer = promise(
        CALENDAR,
        received=datetime(2026, 11, 20, 9),
        limit=parse_limit("3wd"),
        pauses=parse_pauses("2026-11-23T15:00/"),
    )
    assert answer.due_at is None
    assert answer.steps[-1].text == "T2 23/11: tạm dừng từ 15:00 T2 23/11, chưa có hạn trả"
    assert [step.date.day for step in answer.steps] == [20, 21, 22, 23]


@pytest.mark.parametrize(
    ("limit", "last_minute"),
    [("1wd", None), ("8h", datetime(2026, 11, 23, 17)), ("480m", datetime(2026, 11, 23, 17))],
)
def test_an_open_pause_from_the_closing_on_holds_days_but_no_hours(limit, last_minute):
    received = datetime(2026, 11, 23, 7, 30) if last_minute else datetime(2026, 11, 20, 9)
    pauses = parse_pauses("2026-11-23T17:00/")
    answer = due(CALENDAR, received=received, limit=parse_limit(limit), pauses=pauses)
    assert answer.due_at == last_minute


@pytest.mark.parametrize("end", ["2026-11-23T16:00", ""])
@pytest.mark.parametrize("limit", ["2ch", "2h", "120m"])
def test_a_limit_in_hours_is_used_up_by_the_minute_a_pause_begins(limit, end):
    given_ = {"received": datetime(2026, 11, 23, 9), "limit": parse_limit(limit)}
    exact = due(CALENDAR, pauses=parse_pauses(f"2026-11-23T11:00/{end}"), **given_)
    assert exact.due_at == datetime(2026, 11, 23, 11)
    sooner = due(CALENDAR, pauses=parse_pauses(f"2026-11-23T10:59/{end}"), **given_)
    assert sooner.due_at == (datetime(2026, 11, 23, 16, 1) if end else None)


def test_pauses_that_touch_or_hold_nothing_are_one_pause_or_none():
    given_ = {"received": datetime(2026, 11, 23, 9), "limit": parse_limit("4ch")}
    touching = parse_pauses("2026-11-23T11:00/2026-11-23T12:00;2026-11-23T12:00/2026-11-23T13:00")
    assert due(CALENDAR, pauses=touching, **given_).due_at == datetime(2026, 11, 23, 15)
    nothing = parse_pauses("2026-11-23T11:00/2026-11-23T11:00")
    assert due(CALENDAR, pauses=nothing, **given_).due_at == datetime(2026, 11, 23, 13)


def test_seconds_of_the_receipt_are_cut_off():
    answer = due(
        CALENDAR,
        received=datetime(2026, 11, 23, 15, 0, 59),
        limit=parse_limit("0wd"),
        cutoff=parse_cutoff("next-day-result"),
    )
    assert answer.due_at == datetime(2026, 11, 23, 17)


# -- provisional answers ----------------------------------------------------------------------


def test_an_answer_is_provisional_as_soon_as_it_touches_an_unannounced_year():
    calendar = make_calendar(weekday_hours=USUAL, confirmed_years={2026})
    received = datetime(2026, 12, 30, 9)
    assert not due(calendar, received=received, limit=parse_limit("1wd")).provisional
    assert due(calendar, received=received, limit=parse_limit("2wd")).provisional
    assert due(calendar, received=datetime(2027, 5, 5, 9), limit=parse_limit("0wd")).provisional
    # Clock hours run through nights and days off: no calendar can move them.
    assert not due(
        calendar, received=datetime(2027, 5, 5, 9), limit=parse_limit("12ch")
    ).provisional


def test_an_answer_is_provisional_if_it_rests_on_an_unconfirmed_day():
    unsure = CalendarDay(date(2026, 11, 24), DayKind.HOLIDAY, "?", confirmed=False)
    sunday = CalendarDay(date(2026, 11, 29), DayKind.HOLIDAY, "?", confirmed=False)
    calendar = make_calendar(weekday_hours=USUAL, days=[unsure, sunday], confirmed_years={2026})
    two_days = parse_limit("2wd")
    assert due(calendar, received=datetime(2026, 11, 23, 9), limit=two_days).provisional
    assert not due(calendar, received=datetime(2026, 11, 19, 9), limit=two_days).provisional
    # A day off on a Sunday changes nothing, so nothing rests on it.
    assert not due(calendar, received=datetime(2026, 11, 27, 9), limit=two_days).provisional


def test_an_answer_without_a_due_moment_is_provisional_by_the_days_it_walked():
    calendar = make_calendar(weekday_hours=USUAL, confirmed_years={2026})
    answers = [
        due(
            calendar,
            received=datetime(2026, 12, 30, 9),
            limit=parse_limit("9wd"),
            pauses=parse_pauses(pause),
        )
        for pause in ("2026-12-31T09:00/", "2027-01-04T09:00/", "2026-12-01T00:00/")
    ]
    assert [answer.provisional for answer in answers] == [False, True, False]
    assert [answer.due_at for answer in answers] == [None, None, None]


# -- what has no answer -----------------------------------------------------------------------


def closed_days(first, count):
    return [CalendarDay(first + timedelta(days=n), DayKind.HOLIDAY) for n in range(count)]


@pytest.mark.parametrize("limit", ["0wd", "1wd", "1h", "2cd", "1mo"])
def test_four_thousand_closed_days_are_an_error_and_one_fewer_are_not(limit):
    received = datetime(2026, 11, 23, 17, 30)
    opens = datetime(2026, 11, 23) + timedelta(days=4000)
    assert opens.weekday() < 5
    fewer = make_calendar(weekday_hours=USUAL, days=closed_days(date(2026, 11, 24), 3999))
    answer = due(fewer, received=received, limit=parse_limit(limit))
    assert answer.due_at.date() == opens.date()
    more = make_calendar(weekday_hours=USUAL, days=closed_days(date(2026, 11, 24), 4000))
    with pytest.raises(DeadlineError, match="ngày mở cửa nào"):
        due(more, received=received, limit=parse_limit(limit))
    with pytest.raises(DeadlineError):
        due_moment(more, received, parse_limit("1wd"))
    # Used up before the closure, or by the clock, the limit ends all the same.
    assert due(more, received=datetime(2026, 11, 20, 9), limit=parse_limit("1wd")).due_at.day == 23
    assert due(more, received=received, limit=parse_limit("5ch")).due_at.hour == 22


def test_a_long_closure_ends_nothing_for_a_limit_that_an_open_pause_holds():
    calendar = make_calendar(weekday_hours=USUAL, days=closed_days(date(2026, 11, 25), 4000))
    pauses = parse_pauses("2026-11-24T09:00/")
    answer = due(
        calendar, received=datetime(2026, 11, 23, 9), limit=parse_limit("3wd"), pauses=pauses
    )
    assert answer.due_at is None


def test_a_week_without_hours_is_an_error_whatever_special_days_say():
    special = CalendarDay(date(2026, 11, 24), DayKind.SPECIAL, hours=USUAL)
    saturdays = parse_hours("07:30-11:30")
    for calendar in (
        make_calendar(weekday_hours=(), days=[special]),
        make_calendar(weekday_hours=(), saturday_hours=saturdays, saturday_counts=False),
    ):
        with pytest.raises(DeadlineError, match="giờ làm việc"):
            due(calendar, received=datetime(2026, 11, 23, 9), limit=parse_limit("1wd"))


@pytest.mark.parametrize("limit", ["9999mo", "9999cd", "9999wd", "9999h", "9999ch"])
def test_a_limit_beyond_the_last_year_is_an_error(limit):
    with pytest.raises(DeadlineError, match="9999"):
        due(CALENDAR, received=datetime(9999, 6, 1, 9), limit=parse_limit(limit))


@pytest.mark.parametrize("limit", ["0wd", "3wd", "3h", "3ch", "3cd"])
def test_a_receipt_on_the_last_day_there_is_gives_an_answer_or_an_error(limit):
    with pytest.raises(DeadlineError):
        due(CALENDAR, received=datetime(9999, 12, 31, 23, 59), limit=parse_limit(limit))


def test_a_pause_of_centuries_is_no_reason_to_wait():
    pauses = parse_pauses("2026-11-23T12:00/9000-01-01T00:00")
    for limit in ("3wd", "3h", "0wd"):
        answer = due(
            CALENDAR, received=datetime(2026, 11, 23, 9), limit=parse_limit(limit), pauses=pauses
        )
        assert answer.due_at.year == 9000


def test_a_pause_that_runs_backwards_is_refused():
    backwards = Pause(datetime(2026, 11, 24, 9), datetime(2026, 11, 23, 9))
    with pytest.raises(ValueError, match="kết thúc trước đó"):
        due(
            CALENDAR,
            received=datetime(2026, 11, 23, 9),
            limit=parse_limit("1wd"),
            pauses=[backwards],
        )


# -- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3wd", "3 ngày làm việc"),
        ("0wd", "trong ngày"),
        ("15cd", "15 ngày"),
        ("2mo", "2 tháng"),
        ("4h", "4 giờ làm việc"),
        ("90m", "90 phút làm việc"),
        ("12ch", "12 giờ"),
        ("9999cd", "9.999 ngày"),
    ],
)
def test_a_limit_is_read_written_and_said(text, words):
    limit = parse_limit(f" {text} ")
    assert str(limit) == text
    assert limit.in_words() == words


@pytest.mark.parametrize(
    "text",
    ["", "3", "wd", "3 wd", "-1wd", "0cd", "0h", "0mo", "0m", "0ch", "10000wd", "1.5h", "3WD",
     "3 ngày", "٣wd", "3wd4h"],
)  # fmt: skip
def test_an_unreadable_limit_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match="hạn"):
        parse_limit(text)


def test_countings_and_cut_offs_are_read_and_empty_means_the_default():
    assert parse_counting("") is Counting.DAY
    assert parse_counting(" hour ") is Counting.HOUR
    assert parse_cutoff("") == parse_cutoff("none") == NO_CUTOFF
    assert parse_cutoff("next-day-start") == CutOff(CutOffKind.NEXT_DAY_START, 900)
    later = parse_cutoff("next-day-result@16:05")
    assert later == CutOff(CutOffKind.NEXT_DAY_RESULT, 965)
    assert str(later) == "next-day-result@16:05"
    assert str(parse_cutoff("next-day-start@15:00")) == "next-day-start"
    assert [parse_cutoff(text).in_words() for text in ("none", "next-day-start", str(later))] == [
        "không có mốc giờ",
        "nhận sau 15:00 thì tính từ ngày làm việc tiếp theo",
        "nhận sau 16:05 thì trả kết quả vào ngày làm việc tiếp theo",
    ]
    for text in ("Day", "days", "minute"):
        with pytest.raises(ValueError, match="cách tính hạn"):
            parse_counting(text)
    for text in ("next-day", "next-day-start@24:00", "next-day-start@9:00", "next-day-start 16:00"):
        with pytest.raises(ValueError, match="mốc giờ"):
            parse_cutoff(text)


def test_pauses_are_read_in_office_time_and_cut_to_the_minute():
    assert parse_pauses("2026-11-23T20:00Z/2026-11-24T09:00:59; 2026-11-25T08:00/ ;") == (
        Pause(datetime(2026, 11, 24, 3), datetime(2026, 11, 24, 9)),
        Pause(datetime(2026, 11, 25, 8)),
    )
    assert parse_pauses("") == ()
    for text in ("2026-11-24T09:00", "/2026-11-24T09:00", "2026-11-24/", "a/b", "x"):
        with pytest.raises(ValueError, match="tạm dừng"):
            parse_pauses(text)


# -- timeliness -------------------------------------------------------------------------------

DUE_AT = datetime(2026, 11, 26, 17)


@pytest.mark.parametrize(
    ("finished_at", "by_day", "by_minute"),
    [
        (datetime(2026, 11, 25, 23, 59), Timeliness.EARLY, Timeliness.EARLY),
        (datetime(2026, 11, 26, 0, 0), Timeliness.ON_TIME, Timeliness.ON_TIME),
        (datetime(2026, 11, 26, 17, 0, 59), Timeliness.ON_TIME, Timeliness.ON_TIME),
        (datetime(2026, 11, 26, 17, 1), Timeliness.ON_TIME, Timeliness.LATE),
        (datetime(2026, 11, 27, 0, 0), Timeliness.LATE, Timeliness.LATE),
    ],
)
def test_a_result_is_early_on_a_day_before_and_late_after_the_boundary(
    finished_at, by_day, by_minute
):
    assert classify(due_at=DUE_AT, finished_at=finished_at, boundary=Boundary.DAY) is by_day
    assert classify(due_at=DUE_AT, finished_at=finished_at, boundary=Boundary.MINUTE) is by_minute
    pending = {True: Timeliness.PENDING_LATE, False: Timeliness.PENDING_IN_TIME}
    for boundary, verdict in ((Boundary.DAY, by_day), (Boundary.MINUTE, by_minute)):
        still_open = classify_open(due_at=DUE_AT, now=finished_at, boundary=boundary)
        assert still_open is pending[verdict.is_late]

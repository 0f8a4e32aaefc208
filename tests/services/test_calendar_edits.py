"""A calendar's edit lists the promises it touches, and moves them only with a decision's number."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from counter_desk import CLERK, DUE

from counter_app.domain.calendar import CalendarDay, DayKind
from counter_app.domain.calendar_changes import Fate
from counter_app.errors import InputError, MoveRefusedError, UserError
from counter_app.services import audit, calendar_edits, calendars, checks
from counter_app.services.calendar_edits import CalendarEdit
from tests.stopping import STOPPED, stop_at_the_last_of

DAY = CalendarDay(date(2026, 11, 26), DayKind.HOLIDAY, "Nghỉ của xã")
EDIT = CalendarEdit(days=(DAY,))
MOVED = datetime(2026, 11, 30, 17, 0)
DECISION = "QĐ 12/QĐ-UBND"


def confirm(desk, edit=EDIT, **values):
    return calendar_edits.confirm(
        desk.store, edit, **{"decision": DECISION, "by": CLERK, "now": desk.now, **values}
    )


def test_a_preview_names_the_promise_and_changes_nothing(desk):
    code = desk.receive(phone="0905123456")
    version = calendars.calendar(desk.store).version
    found = calendar_edits.preview(desk.store, EDIT)
    assert [(t.code, t.phone, t.before, t.after, t.fate) for t in found.touched] == [
        (code, "0905123456", DUE, MOVED, Fate.MOVED)
    ]
    assert [(c.date, c.after) for c in found.days] == [(DAY.date, "nghỉ")]
    assert found.working_days == ((2026, 249, 248),)
    assert calendars.calendar(desk.store).version == version
    assert desk.show(code).moment("due_at") == DUE


def test_a_confirmed_decision_adds_a_promise_beside_the_printed_one(desk):
    code = desk.receive()
    found = confirm(desk)
    shown = desk.show(code)
    assert [(p.kind, p.due_at, p.source) for p in shown.promises] == [
        ("first", DUE, ""),
        ("calendar", MOVED, DECISION),
    ]
    assert shown.moment("original_due_at") == DUE
    assert shown.moment("legal_due_at") == shown.moment("due_at") == MOVED
    assert shown.events[-1].by == CLERK
    assert DECISION in shown.events[-1].text
    assert [t.code for t in found.to_tell] == [code]
    assert calendar_edits.waiting(desk.store) == ()
    assert all(result.ok for result in checks.run_checks(desk.store))


def test_a_decision_that_is_stopped_changes_neither_the_calendar_nor_a_promise(desk):
    codes = [desk.receive(), desk.receive()]
    steps = [(0, 2), (0, 2), (1, 2)]  # counted anew, then a promise for each
    for last in range(len(steps)):
        stop = stop_at_the_last_of(steps[: last + 1])
        with pytest.raises(UserError, match=STOPPED):
            confirm(desk, progress=stop)
        assert [len(desk.show(code).promises) for code in codes] == [1, 1]
        assert calendars.calendar(desk.store).day(DAY.date) is None
    told = []
    confirm(desk, progress=lambda *step: told.append(step))
    assert told == steps


def test_who_was_rescheduled_to_a_later_day_is_told_no_earlier_one(desk):
    code, sooner = desk.receive(), desk.receive()
    for one, day in ((code, 3), (sooner, 30)):
        new_due = datetime(2026, 12 if day == 3 else 11, day, 17)
        desk.act("reschedule", one, new_due=new_due, reason="chờ xác minh")
    other = CalendarDay(date(2026, 11, 30), DayKind.HOLIDAY, "Nghỉ thêm")
    found = confirm(desk, CalendarEdit(days=(DAY, other)))
    letter, day = datetime(2026, 12, 3, 17), datetime(2026, 12, 1, 17)
    assert {t.code: (t.before, t.after, t.fate) for t in found.touched} == {
        code: (letter, letter, Fate.OUTLASTED),
        sooner: (MOVED, day, Fate.MOVED),
    }
    assert [t.code for t in found.to_tell] == [sooner]
    assert desk.show(code).moment("due_at") == letter
    assert desk.show(code).moment("legal_due_at") == day
    assert "ngày đã hẹn lại 03/12/2026 vẫn giữ" in desk.show(code).events[-1].text


def test_days_without_a_decision_move_no_promise_and_stay_on_the_list(desk):
    code = desk.receive()
    calendar_edits.take_in(desk.store, EDIT)
    assert desk.show(code).moment("due_at") == DUE
    later = desk.receive()
    assert desk.show(later).moment("due_at") == MOVED
    assert [t.code for t in calendar_edits.waiting(desk.store)] == [code]
    confirm(desk, CalendarEdit())
    assert desk.show(code).moment("due_at") == MOVED
    assert len(desk.show(later).promises) == 1
    assert calendar_edits.waiting(desk.store) == ()


def test_two_edits_before_the_decision_are_confirmed_together(desk):
    code = desk.receive()
    calendar_edits.take_in(desk.store, EDIT)
    between = desk.receive()
    other = CalendarDay(date(2026, 11, 27), DayKind.HOLIDAY, "Nghỉ thêm")
    calendar_edits.take_in(desk.store, CalendarEdit(days=(other,)))
    assert {t.code: t.after for t in calendar_edits.waiting(desk.store)} == {
        code: datetime(2026, 12, 1, 17, 0),
        between: datetime(2026, 12, 1, 17, 0),
    }


def test_a_list_that_waits_is_gone_when_the_days_are_taken_back(desk):
    code = desk.receive()
    before = calendars.year(desk.store, 2026)
    back = calendar_edits.inverse(desk.store, EDIT)
    calendar_edits.take_in(desk.store, EDIT)
    calendar_edits.take_back(desk.store, back)
    assert calendars.year(desk.store, 2026) == before
    assert calendar_edits.waiting(desk.store) == ()
    assert desk.show(code).moment("due_at") == DUE


def test_a_make_up_day_never_moves_a_printed_date_earlier(desk):
    code = desk.receive()
    removed = CalendarEdit(removed=((date(2026, 11, 24), DayKind.HOLIDAY),))
    assert calendar_edits.preview(desk.store, removed).touched == ()
    confirm(desk, removed, decision="")
    assert desk.show(code).moment("due_at") == DUE
    assert calendars.calendar(desk.store).is_working_day(date(2026, 11, 24))


def test_a_decision_without_a_number_changes_nothing(desk):
    code = desk.receive()
    before = calendars.year(desk.store, 2026)
    with pytest.raises(InputError, match="số quyết định"):
        confirm(desk, decision=" ")
    assert calendars.year(desk.store, 2026) == before
    assert len(desk.show(code).promises) == 1


def test_a_list_that_grew_since_it_was_shown_is_not_confirmed_unseen(desk):
    desk.receive()
    shown = calendar_edits.preview(desk.store, EDIT).touched
    second = desk.receive()
    with pytest.raises(MoveRefusedError, match="khác lúc xem"):
        confirm(desk, shown=shown)
    assert len(desk.show(second).promises) == 1
    assert not calendars.calendar(desk.store).day(DAY.date)


def test_a_provisional_promise_is_listed_and_settled_when_its_year_is_announced(desk):
    desk.set_clock(30, month=12)
    code = desk.receive()
    assert desk.state(code)["provisional"]
    announced = CalendarEdit(years=(2027,))
    found = calendar_edits.preview(desk.store, announced)
    assert [(t.code, t.fate) for t in found.touched] == [(code, Fate.CONFIRMED)]
    confirm(desk, announced)
    assert not desk.state(code)["provisional"]
    assert desk.show(code).promises[-1].kind == "calendar"
    assert found.to_tell == ()
    assert calendars.calendar(desk.store).is_confirmed(2027)


def test_what_has_ended_or_waits_for_papers_is_not_touched(desk):
    done, waits = desk.receive(), desk.receive()
    desk.act("complete", done)
    desk.act("supplement", waits, reason="thiếu bản sao")
    assert calendar_edits.preview(desk.store, EDIT).touched == ()


def test_a_pause_that_runs_moves_on_from_the_calendars_promise(desk):
    code = desk.receive()
    desk.act("await-payment", code)
    confirm(desk)
    assert desk.show(code).moment("legal_due_at") == MOVED
    desk.set_clock(25)
    desk.act("paid", code)
    # Monday's and Wednesday's closings: Monday's lies in the pause but isn't counted anyway.
    assert desk.show(code).moment("due_at") == MOVED


def test_a_calendars_promise_isn_t_what_undo_takes_back(desk):
    code = desk.receive()
    desk.act("forward", code, to="Tư pháp")
    confirm(desk)
    desk.act("undo", code, reason="nhầm đơn vị")
    assert desk.state(code)["status"] == "received"
    assert desk.show(code).moment("due_at") == MOVED


def test_a_late_dossier_that_a_decision_puts_in_time_is_listed_as_corrected(desk):
    code = desk.receive()
    desk.set_clock(28)
    assert desk.show(code).timeliness == "pending_late"
    confirm(desk)
    assert desk.show(code).timeliness == "pending_in_time"
    assert desk.state(code)["backdated"]


def test_the_list_of_people_names_the_printed_and_the_new_day(desk):
    code = desk.receive(phone="0905123456")
    found = confirm(desk)
    headings, rows = calendar_edits.people_table(found.to_tell, decision=DECISION)
    row = dict(zip(headings, rows[0], strict=True))
    assert row["Mã hồ sơ"] == code
    assert row["Điện thoại"] == "0905123456"
    assert "27/11/2026" in row["Hẹn trả đã in"]
    assert "30/11/2026" in row["Hẹn trả mới"]


def test_a_file_of_whole_years_announces_them(desk):
    entries = [
        {
            "year": 2027,
            "confirmed": True,
            "source": "x",
            "days": [{"date": "2027-01-01", "kind": "holiday"}],
        }
    ]
    edit = calendar_edits.read_entries(entries)
    assert edit.years == (2027,)
    assert [day.date for day in edit.days] == [date(2027, 1, 1)]


def test_the_log_tells_which_days_changed_and_what_they_were_before(desk):
    back = calendar_edits.inverse(desk.store, EDIT)
    calendar_edits.take_in(desk.store, EDIT)
    calendar_edits.take_back(desk.store, back)
    gone, came = (entry.words for entry in audit.entries(desk.store)[:2])
    assert came == "số lượng: 1; (trống) → 26/11/2026 nghỉ Nghỉ của xã"
    assert gone == "số lượng: 1; 26/11/2026 nghỉ Nghỉ của xã → (trống)"

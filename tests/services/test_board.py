"""The head's board counts what a plain loop counts, and every figure opens exactly its dossiers."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from counter_desk import Desk
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from test_lives import attempt, steps

from counter_app.domain.board import LOAD_FIGURES, add_up, alert, total_of
from counter_app.domain.dossier import OPEN
from counter_app.domain.moments import to_epoch
from counter_app.services import (
    apologies,
    board,
    calendars,
    catalogue,
    handover,
    linked,
    lookup,
    outage,
    papers,
    settings,
)
from counter_app.storage import dossiers


def oracle(desk: Desk, now: datetime) -> dict[tuple[str, str], dict[str, set[int]]]:
    """Return the load by unit and officer from each dossier's facts, one by one."""
    calendar = calendars.calendar(desk.store)
    today = now.date()
    tomorrow = calendar.next_working_day(today)
    week_end = date.fromordinal(today.toordinal() + 6 - today.weekday())
    found: dict[tuple[str, str], dict[str, set[int]]] = {}
    for _, uuid, _ in dossiers.all_states(desk.store):
        facts = lookup.show(desk.store, uuid, now=now)
        state, due = facts.state, facts.moment("due_at")
        if state["is_void"] or facts.status not in OPEN or state["competent_unit"]:
            continue
        key = (state["resolving_unit"], state["handling_officer"])
        line = found.setdefault(key, {name: set() for name in (*LOAD_FIGURES, "total")})
        line["total"].add(facts.id)
        if facts.timeliness == "pending_late":
            line["late"].add(facts.id)
        if due is None:
            line["paused"].add(facts.id)
            continue
        for name, holds in (
            ("today", due.date() == today),
            ("tomorrow", due.date() == tomorrow),
            ("week", today <= due.date() <= week_end),
        ):
            if holds:
                line[name].add(facts.id)
    return found


@pytest.mark.parametrize("boundary", ["day", "minute"])
@hypothesis_settings(max_examples=15)
@given(
    lives=st.lists(st.lists(steps(), max_size=5), max_size=8),
    wait=st.integers(0, 200),
)
def test_the_load_is_what_a_plain_loop_counts(copies, boundary, lives, wait):
    desk = copies()
    settings.set_setting(desk.store, key="boundary", value=boundary)
    for number, life in enumerate(lives):
        code = desk.receive(limit=("1wd", "3wd", "4h")[number % 3], limit_reason="quyết định")
        for step in life:
            attempt(desk, code, step)
    now = desk.wait(hours=wait).now
    wanted = oracle(desk, now)
    found = board.board(desk.store, now=now)
    assert {(load.unit, load.officer) for load in found.loads} == set(wanted)
    for load in found.loads:
        line = wanted[load.unit, load.officer]
        for name in (*LOAD_FIGURES, "total"):
            assert load.of(name) == len(line[name]), (load, name)
            ids = board.ids_behind(desk.store, name, unit=load.unit, officer=load.officer, now=now)
            assert set(ids) == line[name], (load, name)
            assert len(ids) == len(line[name])
    assert found.total == total_of(found.loads)
    assert found.should_have_left == handover.overdue_count(desk.store, now=now)
    owed = apologies.list_apologies(desk.store, as_of=now, owed_only=True)
    assert found.apologies_owed == len(owed)
    assert list(board.differing_load(desk.store)) == []
    for day, number in found.ahead:
        assert number == len(board.ids_behind(desk.store, "day", day=day, now=now))
    for figure, number in (
        ("unaccepted", found.unaccepted_count),
        ("waiting", found.waiting_count),
        ("should_have_left", found.should_have_left),
        ("slow_steps", len({step.dossier_id for step in found.slow_steps})),
    ):
        assert len(board.ids_behind(desk.store, figure, now=now)) == number, figure


def test_the_most_pressing_line_stands_first():
    from counter_app.domain.board import Days

    rows = [(0, 0, "A", "x", 2), (10, 0, "B", "y", 5), (-1, 0, "C", "z", 9), (11, 1, "D", "", 1)]
    loads = add_up(rows, Days(10, 11, 14))
    assert [(load.unit, load.late, load.today, load.tomorrow, load.paused) for load in loads] == [
        ("A", 2, 0, 0, 0),
        ("D", 1, 0, 1, 0),
        ("B", 0, 5, 0, 0),
        ("C", 0, 0, 0, 9),
    ]


def test_a_hand_over_that_nobody_took_is_named_from_the_next_day_on(desk):
    code = desk.receive()
    desk.act("forward", code, to="Tư pháp", officer="Hoa")
    assert board.board(desk.store, now=desk.now).unaccepted == ()
    desk.set_clock(25, 8)
    found = board.board(desk.store, now=desk.now)
    (step,) = found.unaccepted
    assert (step.code, step.who, found.unaccepted_count) == (code, "Tư pháp", 1)
    assert step.since == to_epoch(datetime(2026, 11, 23, 9))
    assert board.ids_behind(desk.store, "unaccepted", now=desk.now) == [step.dossier_id]
    handover.accept(desk.store, code, officer="Hoa", by="Hoa", now=desk.now)
    assert board.board(desk.store, now=desk.now).unaccepted_count == 0


def test_a_linked_step_past_its_own_date_is_named_until_it_is_done(desk):
    steps = [
        {"name": "Khai sinh", "unit": "Tư pháp", "limit": "1wd"},
        {"name": "Thường trú", "unit": "Công an xã", "limit": "9wd"},
    ]
    entry = {"code": "9.000001", "name": "Liên thông", "limit": "12wd", "steps": steps}
    catalogue.import_procedures(desk.store, [entry], on=desk.now.date())
    code = desk.receive(procedure_code="9.000001")
    desk.receive()
    assert board.board(desk.store, now=desk.now).slow_steps == ()
    desk.set_clock(27, 9)
    (step,) = board.board(desk.store, now=desk.now).slow_steps
    assert (step.code, step.what, step.who) == (code, "Khai sinh", "Tư pháp")
    assert step.since == to_epoch(datetime(2026, 11, 25, 17))
    assert board.ids_behind(desk.store, "slow_steps", now=desk.now) == [step.dossier_id]
    linked.finish_step(desk.store, code, step=1, by="Hoa", now=desk.now)
    assert board.board(desk.store, now=desk.now).slow_steps == ()


def test_apologies_owed_and_sent_are_counted_and_open_their_dossiers(desk):
    code = desk.receive()
    desk.set_clock(30, 9)
    found = board.board(desk.store, now=desk.now)
    assert (found.apologies_owed, found.apologies_sent) == (1, 0)
    desk.act("explain", code, reason="Chờ ý kiến")
    papers.print_apology(desk.store, code, signer="", by="Hoa", now=desk.now)
    found = board.board(desk.store, now=desk.now)
    assert (found.apologies_owed, found.apologies_sent) == (0, 1)
    assert len(board.ids_behind(desk.store, "apologies_sent", now=desk.now)) == 1
    assert board.board(desk.store, now=datetime(2026, 12, 1, 9)).apologies_sent == 0


def test_a_dossier_with_two_letters_in_a_month_stands_in_their_list_once(desk):
    code = desk.receive(limit="2wd", limit_reason="quyết định")
    desk.set_clock(25, 9)
    new_due = datetime(2026, 11, 27, 17)
    desk.act("reschedule", code, reason="Chờ xác minh", new_due=new_due)
    papers.print_apology(desk.store, code, signer="", by="Hoa", now=desk.now)
    desk.set_clock(30, 9)
    desk.act("explain", code, reason="Chờ ý kiến")
    papers.print_apology(desk.store, code, signer="", by="Hoa", now=desk.now)
    assert board.board(desk.store, now=desk.now).apologies_sent == 2
    assert len(board.ids_behind(desk.store, "apologies_sent", now=desk.now)) == 1


def test_numbers_kept_for_an_outage_stay_on_the_board_until_they_are_settled(desk):
    outage.make_kit(desk.store, count=3, by="Hoa", now=desk.now)
    assert board.board(desk.store, now=desk.now).reserved_open == 3
    number = outage.reserved(desk.store)[0].number
    outage.close_numbers(desk.store, [number], reason="Hỏng", by="Hoa", now=desk.now)
    assert board.board(desk.store, now=desk.now).reserved_open == 2


def test_what_waits_longest_stands_first(desk):
    codes = [desk.receive(applicant_name=name) for name in ("A", "B")]
    for code in reversed(codes):
        desk.wait(minutes=5).act("complete", code)
    found = board.board(desk.store, now=desk.now)
    assert [one.code for one in found.waiting] == codes[::-1]
    assert found.waiting_count == 2
    assert len(board.ids_behind(desk.store, "waiting", now=desk.now)) == 2


def test_the_quiet_line_speaks_in_office_hours_alone(desk):
    desk.receive(limit="4h", limit_reason="quyết định")
    assert board.quiet_alert(desk.store, now=datetime(2026, 11, 23, 9, 30)) == ""
    assert (
        board.quiet_alert(desk.store, now=datetime(2026, 11, 23, 14))
        == "1 hồ sơ đến hạn trước 17:00"
    )
    assert (
        board.quiet_alert(desk.store, now=datetime(2026, 11, 25, 8))
        == "1 hồ sơ quá giờ phải chuyển"
    )
    for moment in (
        datetime(2026, 11, 23, 12),
        datetime(2026, 11, 23, 18),
        datetime(2026, 11, 22, 9),
    ):
        assert board.quiet_alert(desk.store, now=moment) == ""


def test_nothing_that_presses_says_nothing():
    assert alert(due_count=0, until="11:30", late_count=0, is_open=True) == ""
    assert alert(due_count=3, until="11:30", late_count=2, is_open=False) == ""


def test_the_page_for_the_meeting_is_one_page_that_says_every_figure(desk):
    import pypdfium2

    for number in range(30):
        code = desk.receive(applicant_name=f"Người {number}")
        desk.act("forward", code, to=f"Đơn vị {number:02d}", officer=f"Cán bộ {number:02d}")
    desk.set_clock(30, 8)
    facts = board.board(desk.store, now=desk.now)
    document = pypdfium2.PdfDocument(board.board_pdf(desk.store, facts))
    assert len(document) == 1
    text = " ".join(document[0].get_textpage().get_text_range().split())
    document.close()
    assert "BẢNG ĐIỀU HÀNH" in text
    assert "14 dòng khác" in text
    assert "chưa ai nhận bàn giao: 30" in text
    assert "còn nợ 30" in text

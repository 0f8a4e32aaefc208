"""Handing over: from the desk to a unit, acknowledged, given to other hands, told row by row."""

from __future__ import annotations

from datetime import datetime

import pytest

from counter_app.domain.moments import from_epoch
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import catalogue, handover, linked, moves, reception, settings

UNIT, LAN, HOA = "Phòng Kinh tế", "Trần Thị Lan", "Lê Thị Hoa"


def forward(desk, code, officer=LAN, **values):
    return moves.forward(
        desk.store, code, to=UNIT, officer=officer, by="Lê Thị A", now=desk.now, **values
    )


def accept(desk, code, **values):
    return handover.accept(desk.store, code, by=LAN, now=desk.now, **values)


def give(desk, codes, officer=HOA, reason="nghỉ phép", **values):
    return handover.reassign(
        desk.store, codes=codes, officer=officer, reason=reason, by="A", now=desk.now, **values
    )


def test_what_came_before_three_leaves_today_and_what_came_after_tomorrow_morning(desk):
    early = desk.receive()
    desk.set_clock(23, 15, 30)
    late = desk.receive()
    leave = [desk.show(code).leave_by for code in (early, late)]
    # The 24th is a day off.
    assert leave == [datetime(2026, 11, 23, 17), datetime(2026, 11, 25, 11, 30)]
    desk.set_clock(23, 17, 1)
    assert handover.overdue_count(desk.store, now=desk.now) == 1
    desk.set_clock(25, 11, 31)
    assert handover.overdue_count(desk.store, now=desk.now) == 2
    forward(desk, early)
    rows = handover.waiting_to_leave(desk.store, now=desk.now, overdue_only=True)
    assert [row.code for row in rows] == [late]
    assert desk.show(early).leave_by is None


def test_the_hour_is_the_office_s_own(desk):
    code = desk.receive()
    settings.set_setting(desk.store, key="handover_cutoff", value="08:30")
    due = desk.show(code).leave_by
    assert due == datetime(2026, 11, 25, 11, 30)
    with pytest.raises(InputError):
        settings.set_setting(desk.store, key="handover_cutoff", value="sau giờ")


def test_a_hand_over_is_acknowledged_once_and_passing_on_asks_for_it_again(desk):
    code = desk.receive()
    with pytest.raises(MoveRefusedError):
        accept(desk, code)
    forward(desk, code)
    desk.wait(minutes=20)
    state = accept(desk, code).state
    assert (state["accepted_by"], from_epoch(state["accepted_at"])) == (LAN, desk.now)
    with pytest.raises(MoveRefusedError, match="đã được Trần Thị Lan nhận"):
        accept(desk, code)
    forward(desk, code, HOA)
    assert desk.state(code)["accepted_at"] is None
    assert accept(desk, code).state["accepted_by"] == HOA
    assert desk.problems() == []


def test_the_routing_rows_tell_who_gave_and_who_took_over(desk):
    code = desk.receive()
    forward(desk, code)
    taken = desk.wait(minutes=30).now
    accept(desk, code)
    moves.complete(desk.store, code, by="Lê Thị A", now=desk.wait(hours=1).now)
    first, last = handover.routing_of(desk.store, code)
    assert (first.unit, first.officer, first.handed_by) == (UNIT, LAN, "Lê Thị A")
    assert (first.received_by, first.received_at) == (LAN, taken)
    assert (last.from_unit, last.result) == (UNIT, "Trước hạn")


def test_an_undone_hand_over_is_no_row(desk):
    code = desk.receive()
    forward(desk, code)
    moves.undo(desk.store, code, reason="nhầm đơn vị", by="A", now=desk.now)
    assert handover.routing_of(desk.store, code) == ()
    assert desk.state(code)["forwarded_at"] is None


def test_a_row_waits_for_who_receives(desk):
    code = desk.receive()
    forward(desk, code)
    assert handover.routing_of(desk.store, code)[-1].received_at is None


def test_everything_of_one_who_is_away_goes_to_another_hand_each_by_its_own_event(desk):
    codes = [desk.receive() for _ in range(3)]
    for code in codes:
        forward(desk, code)
    moves.supplement(desk.store, codes[2], reason="Thiếu ảnh", by=LAN, now=desk.now)
    can, waiting = handover.movable(handover.held_by(desk.store, officer=LAN))
    assert [row.code for row in waiting] == [codes[2]]
    given = give(desk, [row.code for row in can])
    assert {f.code for f in given} == set(codes[:2])
    assert f"giao lại từ {LAN} cho {HOA}: nghỉ phép" in desk.show(codes[0]).events[-1].text
    assert {w.officer: w.open_count for w in handover.workloads(desk.store, now=desk.now)} == {
        LAN: 1, HOA: 2,
    }  # fmt: skip
    assert give(desk, codes[:2]) == []  # who has it already is given nothing
    assert handover.routing_of(desk.store, codes[0])[-1].handed_by == LAN
    assert desk.problems() == []


def test_one_that_can_t_be_given_leaves_all_where_they_were(desk):
    codes = [desk.receive(), desk.receive()]
    for code in codes:
        forward(desk, code)
    moves.complete(desk.store, codes[1], by="A", now=desk.now)
    with pytest.raises(MoveRefusedError):
        give(desk, codes)
    assert desk.state(codes[0])["handling_officer"] == LAN


@pytest.mark.parametrize(
    ("given", "field"), [({"reason": " "}, "reason"), ({"officer": ""}, "officer")]
)
def test_giving_on_needs_a_name_and_a_reason(desk, given, field):
    code = desk.receive()
    forward(desk, code)
    with pytest.raises(InputError) as missing:
        give(desk, [code], **given)
    assert missing.value.field == field


def test_the_workload_tells_what_is_due_late_and_not_taken_over(desk):
    code, other = desk.receive(), desk.receive()
    for one in (code, other):
        forward(desk, one)
    accept(desk, code)
    (held,) = handover.workloads(desk.store, now=desk.now)
    assert (held.open_count, held.due_count, held.late_count, held.unaccepted_count) == (2, 0, 0, 1)
    desk.set_clock(27)
    assert handover.workloads(desk.store, now=desk.now)[0].due_count == 2
    desk.set_clock(28)
    assert handover.workloads(desk.store, now=desk.now)[0].late_count == 2
    rows = handover.held_by(desk.store, unit=UNIT)
    assert [row.code for row in rows] == [code, other]


# Linked procedures

STEPS = [
    {"name": "Đăng ký khai sinh", "unit": "Tư pháp", "limit": "1wd"},
    {"name": "Đăng ký thường trú", "unit": "Công an xã", "limit": "2wd"},
    {"name": "Cấp thẻ BHYT", "unit": "BHXH", "limit": ""},
]


def receive_linked(desk, steps=STEPS):
    entry = {"code": "9.000001", "name": "Liên thông", "limit": "4wd", "steps": steps}
    catalogue.import_procedures(desk.store, [entry], on=desk.now.date())
    return desk.receive(procedure_code="9.000001", issue_receipt=True)


def due_days(desk, code):
    return [
        None if s["due_at"] is None else f"{from_epoch(s['due_at']):%d/%m %H:%M}"
        for s in desk.state(code)["steps"]
    ]


def test_each_step_has_its_own_date_and_the_whole_is_promised_once(desk):
    code = receive_linked(desk)
    assert due_days(desk, code) == ["25/11 17:00", "27/11 17:00", None]
    facts = desk.show(code)
    assert [p.due_at for p in facts.promises] == [datetime(2026, 11, 30, 17)]
    assert desk.problems() == []


def test_a_parallel_step_runs_from_receipt(desk):
    code = receive_linked(desk, [STEPS[0], {**STEPS[1], "is_parallel": True}])
    assert due_days(desk, code) == ["25/11 17:00", "26/11 17:00"]


def test_steps_that_outrun_the_whole_are_named_before_the_promise_is_made(desk):
    def told(second):
        receive_linked(desk, [STEPS[0], {**STEPS[1], "limit": second}])
        return reception.quote(desk.store, procedure_code="9.000001", received_at=desk.now).linked

    assert len(told("3wd")) == 2
    assert told("4wd")[2:] == (
        "Các bước dài hơn hạn chung. Giấy hẹn ghi hạn chung; hãy xem lại danh mục.",
    )


def test_the_receipt_prints_the_steps_dates(desk):
    code = receive_linked(desk)
    row = desk.store.row("SELECT facts FROM paper")
    assert "Đăng ký khai sinh: 17:00 25/11/2026" in row[0]
    assert "Cấp thẻ BHYT" in row[0]
    assert desk.state(code)["receipt_issued"] == 1


def test_a_slow_step_is_seen_while_the_whole_is_in_time(desk):
    from counter_app.domain.linked import standings
    from counter_app.domain.moments import to_epoch

    code = receive_linked(desk)
    desk.set_clock(26)
    first, second, third = standings(desk.state(code), now=to_epoch(desk.now), boundary="day")
    assert (first.is_late, first.is_current, second.is_late) == (True, True, False)
    assert "chậm" in first.words
    assert third.words.endswith("trong hạn chung")
    facts = linked.finish_step(desk.store, code, step=1, by="A", now=desk.now)
    first, second, _ = standings(facts.state, now=to_epoch(desk.now), boundary="day")
    assert "xong 09:00 26/11/2026, chậm" in first.words
    assert second.is_current
    assert facts.timeliness == "pending_in_time"
    with pytest.raises(MoveRefusedError, match="đã xong"):
        linked.finish_step(desk.store, code, step=1, by="A", now=desk.now)
    with pytest.raises(InputError):
        linked.finish_step(desk.store, code, step=4, by="A", now=desk.now)
    with pytest.raises(MoveRefusedError, match="không phải thủ tục liên thông"):
        linked.finish_step(desk.store, desk.receive(), step=1, by="A", now=desk.now)


def test_a_resubmission_gives_the_steps_that_are_left_new_dates(desk):
    code = receive_linked(desk)
    linked.finish_step(desk.store, code, step=1, by="A", now=desk.wait(hours=1).now)
    moves.supplement(desk.store, code, reason="Thiếu ảnh", by="A", now=desk.now)
    desk.set_clock(26)
    moves.resubmit(desk.store, code, by="A", now=desk.now)
    assert due_days(desk, code) == ["25/11 17:00", "30/11 17:00", None]
    assert desk.problems() == []


def test_a_pause_moves_the_steps_that_are_left_as_it_moves_the_whole(desk):
    code = receive_linked(desk)
    moves.await_payment(desk.store, code, by="A", now=desk.wait(hours=1).now)
    desk.set_clock(26, 9)
    facts = moves.paid(desk.store, code, by="A", now=desk.now)
    # Wednesday alone was a working day whose closing lay in the pause.
    assert due_days(desk, code) == ["26/11 17:00", "30/11 17:00", None]
    assert facts.promises[-1].due_at == datetime(2026, 12, 1, 17)
    assert desk.problems() == []


def test_the_shipped_linked_groups_have_steps_that_nobody_confirmed(desk):
    for code, count in (("2.000986", 3), ("2.001023", 2)):
        found = catalogue.procedure(desk.store, code, on=desk.now.date())
        assert len(found.steps) == count
        assert not any(step.confirmed or step.limit for step in found.steps)
        assert "steps" in found.unconfirmed


def test_an_officer_of_two_units_is_one_line_and_what_nobody_has_is_its_unit_s(desk):
    codes = [desk.receive() for _ in range(4)]
    for code, unit, officer in zip(
        codes, (UNIT, "Tư pháp", UNIT, "Tư pháp"), (LAN, LAN, "", ""), strict=True
    ):
        moves.forward(desk.store, code, to=unit, officer=officer, by="A", now=desk.now)
    loads = {(w.officer, w.unit): w for w in handover.workloads(desk.store, now=desk.now)}
    assert sorted(w.open_count for w in loads.values()) == [1, 1, 2]
    lan = next(w for w in loads.values() if w.officer == LAN)
    assert {row.code for row in handover.load_of(desk.store, lan)} == set(codes[:2])
    alone = loads["", UNIT]
    assert [row.code for row in handover.load_of(desk.store, alone)] == [codes[2]]

"""The dialogs of the acts: keyboard first, errors at the field, nothing done twice."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt

from counter_app.domain.dossier import TABLE, Move
from counter_app.errors import InputError, MoveRefusedError
from counter_app.ui.act_forms import DIALOGS, make_dialog
from tests.ui.dossier_fakes import NOW, FakeDesk, InstantRunner, make_facts, make_row


@pytest.fixture
def open_dialog(qtbot):
    """Return a function that opens an act's dialog on one dossier."""

    def make(move, *, now=NOW, refusal=None, **state):
        row = make_row(1, **{k: state.pop(k) for k in ("status", "due") if k in state})
        fake = FakeDesk([row], now=now)
        fake.refusal = refusal
        dialog = make_dialog(move, make_facts(row, **state), fake.calls(), InstantRunner())
        qtbot.addWidget(dialog)
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog, fake

    return make


def test_every_act_of_the_table_of_acts_has_its_dialog():
    steps = {rule.move for rule in TABLE if rule.moves} - {Move.RECEIVE}
    noted = {Move.CORRECT, Move.EXPLAIN, Move.ATTACH, Move.SURVEY, Move.ASK_OPINION}
    assert steps | noted | {Move.OPINION_RECEIVED, Move.SET_OFFICIAL_CODE} <= set(DIALOGS)


def test_forwarding_offers_the_sectors_unit_and_takes_one_key(open_dialog, qtbot):
    dialog, fake = open_dialog(Move.FORWARD)
    with qtbot.waitSignal(dialog.act_done):
        qtbot.keyClick(dialog, Qt.Key.Key_F9)
    now = {"at": None, "reason": ""}
    assert fake.done == [(Move.FORWARD, "u1", {"to": "Tư pháp – Hộ tịch", "officer": "", **now})]
    assert not dialog.isVisible()


def test_officers_of_the_chosen_unit_are_offered_first(open_dialog):
    dialog, _ = open_dialog(Move.FORWARD)
    assert [c.text for c in dialog._officers("")] == ["Lê Thị Bình", "Trần Văn Bảo"]


def test_enter_goes_on_and_reaches_the_verb(open_dialog, qtbot):
    dialog, fake = open_dialog(Move.FORWARD)
    dialog.to.setFocus()
    qtbot.keyClick(dialog.to, Qt.Key.Key_Return)
    assert dialog.officer.hasFocus()
    assert fake.done == []


def test_ctrl_enter_does_it_too(open_dialog, qtbot):
    dialog, fake = open_dialog(Move.COMPLETE)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert fake.done[0][0] is Move.COMPLETE


def test_escape_does_nothing_and_leaves(open_dialog, qtbot):
    dialog, fake = open_dialog(Move.UNDO)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert fake.done == []


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(open_dialog, qtbot):
    refusal = InputError("Cần ghi lý do. Nhập lý do rồi làm lại.", field="reason")
    dialog, _ = open_dialog(Move.UNDO, refusal=refusal)
    dialog.reason.setText("nhầm")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert dialog.isVisible()
    assert dialog.reason.note().text == refusal.message
    assert dialog.reason.text() == "nhầm"
    assert dialog.reason.isEnabled()


def test_a_refusal_without_a_field_stands_above_the_buttons(open_dialog, qtbot):
    dialog, _ = open_dialog(Move.COMPLETE, refusal=MoveRefusedError("Hồ sơ đã trả."))
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert dialog.error_label.text() == "Hồ sơ đã trả."


def test_completing_says_beforehand_what_the_verdict_will_be(open_dialog):
    assert "trước hạn" in open_dialog(Move.COMPLETE)[0].hint_label.text()
    today, _ = open_dialog(Move.COMPLETE, due=datetime(2026, 11, 23, 17))
    assert "đúng hạn" in today.hint_label.text()
    late, _ = open_dialog(Move.COMPLETE, due=datetime(2026, 11, 20, 17))
    assert "trễ hạn, cần văn bản xin lỗi" in late.hint_label.text()


def test_the_reason_for_a_back_dated_result_appears_when_it_is_asked_for(open_dialog, qtbot):
    refusal = InputError("Cần ghi lý do ghi lùi.", field="reason")
    dialog, _ = open_dialog(Move.COMPLETE, refusal=refusal)
    assert dialog.reason.isHidden()
    dialog.at.setText("16:00 20/11")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert dialog.reason.isVisible()
    assert dialog.values()["at"] == datetime(2026, 11, 20, 16)


def test_a_result_cannot_be_dated_into_the_future(open_dialog, qtbot):
    dialog, fake = open_dialog(Move.COMPLETE)
    dialog.at.setText("23:00")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert fake.done == []
    assert "chưa tới" in dialog.at.note().text


def test_only_a_proxy_is_asked_for_number_and_authorisation(open_dialog, qtbot):
    dialog, _ = open_dialog(Move.RETURN)
    assert not dialog.proxy_id.isEnabled()
    dialog.proxy_id.setText("045092001234")
    assert dialog.values()["proxy_id"] == ""
    dialog.collected_by.clear()
    qtbot.keyClicks(dialog.collected_by, "Tran Van Con")
    assert dialog.proxy_id.isEnabled()
    assert dialog.values()["proxy_id"] == "045092001234"
    dialog.collected_by.clear()
    qtbot.keyClicks(dialog.collected_by, "NGUOI 1")
    assert not dialog.proxy_id.isEnabled(), "the owner's name without marks is the owner"


def test_rescheduling_in_time_says_that_it_counts(open_dialog, qtbot):
    dialog, fake = open_dialog(Move.RESCHEDULE, resolving_unit="Tư pháp – Hộ tịch")
    assert "vẫn được tính" in dialog.hint_label.text()
    dialog.reason.setText("Chờ xác minh")
    dialog.new_due.setText("0112")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert fake.done[0][2] == {
        "reason": "Chờ xác minh",
        "new_due": datetime(2026, 12, 1, 17),
        "unit": "Tư pháp – Hộ tịch",
    }


def test_on_the_due_day_a_reschedule_is_only_a_late_notice(open_dialog):
    dialog, _ = open_dialog(Move.RESCHEDULE, now=datetime(2026, 11, 26, 8))
    assert "không còn được tính" in dialog.hint_label.text()
    assert dialog.do_button.verb() == "Ghi thông báo trễ"


def test_rescheduling_needs_its_day_before_anything_runs(open_dialog, qtbot):
    dialog, fake = open_dialog(Move.RESCHEDULE)
    dialog.reason.setText("Chờ xác minh")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert fake.done == []
    assert dialog.new_due.has_error()


def test_the_usual_reasons_hang_under_the_field_without_typing(open_dialog, qtbot):
    dialog, _ = open_dialog(Move.RESCHEDULE)
    dialog.reason.setFocus()
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert dialog.reason.value() == "Chờ ý kiến của cơ quan phối hợp"
    assert dialog.new_due.hasFocus()


def test_a_completed_dossier_is_explained_without_an_expected_date(open_dialog):
    dialog, _ = open_dialog(Move.EXPLAIN, status="completed")
    assert dialog.expected.isHidden()
    open_one, _ = open_dialog(Move.EXPLAIN, status="processing")
    assert open_one.expected.isVisible()


def test_the_official_code_goes_to_the_use_case_as_typed(open_dialog, qtbot):
    dialog, fake = open_dialog(Move.SET_OFFICIAL_CODE)
    qtbot.keyClicks(dialog.official, " H50.1-261120-0007 ")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert fake.done[0][2] == {"official": "H50.1-261120-0007"}


def test_taking_back_names_the_step_it_takes_back(open_dialog):
    dialog, _ = open_dialog(Move.UNDO)
    assert "Lê Thị A tiếp nhận hồ sơ" in dialog.hint_label.text()

"""The promise at the reception page: the card, the moment of receipt, limits not confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import Qt

from counter_app.ui.confirm_procedure_dialog import ProcedureAnswer
from tests.ui.reception_hands import CONTROL, enter, key, say, type_citizen
from tests.ui.reception_house import LIMITLESS, MARRIAGE, MORNING


def test_the_card_answers_while_one_types_and_does_not_move(open_window, house):
    page = open_window()
    before = page.card.save_button.geometry(), page.card.day_label.y(), page.card.geometry()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    assert page.card.day_label.text() == "Thứ Năm 26/11/2026"
    assert page.card.time_label.text() == "17:00"
    assert page.card.load_label.text() == "Hôm đó đã hẹn 14 hồ sơ"
    assert page.card.around_label.text() == "T4 25/11: 9 · T6 27/11: 0"
    assert page.card.fee_label.text() == "15.000 đ"
    assert page.card.proof.lines()[-1].endswith("hẹn trả")
    after = page.card.save_button.geometry(), page.card.day_label.y(), page.card.geometry()
    assert after == before


def test_a_long_limit_scrolls_inside_the_card(open_window, house, qtbot):
    house.due = datetime(2027, 2, 26, 17, 0)
    page = open_window()
    height = page.card.height()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    bar = page.card._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert page.card.height() == height
    key(Qt.Key.Key_PageDown, CONTROL)
    assert bar.value() > 0


def test_changing_the_procedure_takes_the_promise_away(open_window):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    page.form.go_to("procedure_code")
    say("x")
    assert page.card.day_label.text() == "–"
    assert page.form.papers() == []


def test_a_procedure_chosen_again_has_its_ticks_again(open_window):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    page.form.go_to("procedure_code")
    say("doc than")
    enter()
    assert [paper.name for paper in page.form.papers()] == ["Tờ khai"]


def test_a_day_above_the_offices_measure_is_a_warning(open_window, house):
    page = open_window()
    page.card.show_quote(replace(house._quote(MARRIAGE.code, MORNING, ""), day_load=14))
    assert page.card.load_label.text() == "Hôm đó đã hẹn 14 hồ sơ, mức đặt 14"
    assert page.card.load_label.property("tone") == "warning"
    page.card.show_quote(replace(house._quote(MARRIAGE.code, MORNING, ""), day_load=15))
    assert page.card.load_label.property("tone") == ""


def test_the_moment_is_stamped_at_the_first_key_and_kept(open_window, house):
    page = open_window()
    assert page.promise.begun is None
    say("0")
    house.now += timedelta(minutes=20)
    say("4")
    assert page.promise.begun == datetime(2026, 11, 23, 9, 12)
    assert "09:12" in page.form.moment_label.text()


def test_a_form_that_is_emptied_again_was_not_begun(open_window, house):
    page = open_window()
    say("0")
    state = page.form.number.remember()
    page.form.number.recall(("", 0, -1, 0, state[-1]))  # what a scanner's burst does
    assert page.promise.begun is None
    house.now += timedelta(minutes=40)
    say("0")
    assert page.promise.begun == datetime(2026, 11, 23, 9, 52)
    key(Qt.Key.Key_Backspace)
    assert page.promise.begun is None


def test_the_moment_is_set_back_only_with_a_reason(open_window, house):
    page = open_window("08:30", "Mất điện, nhận trên giấy")
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    key(Qt.Key.Key_G, CONTROL)
    key(Qt.Key.Key_F9)
    assert house.saved[0].received_at == datetime(2026, 11, 23, 8, 30)
    assert house.saved[0].received_reason == "Mất điện, nhận trên giấy"
    assert house.quotes[-1][1] == datetime(2026, 11, 23, 8, 30)


def test_without_a_reason_the_moment_stays(open_window, house):
    page = open_window("08:30", None)
    say("0")
    key(Qt.Key.Key_G, CONTROL)
    assert page.promise.begun == datetime(2026, 11, 23, 9, 12)


def test_a_moment_ahead_is_refused(open_window):
    page = open_window("10:30")
    say("0")
    key(Qt.Key.Key_G, CONTROL)
    assert page.promise.begun == datetime(2026, 11, 23, 9, 12)


def test_an_unconfirmed_procedure_asks_once_and_later_keeps_a_warning(open_window, house):
    asked = []

    def later(_parent, procedure):
        asked.append(procedure.code)
        return ProcedureAnswer()

    page = open_window(ask=later)
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh", procedure="khai sinh")
    assert asked == ["1.001193"]
    assert "chưa được đơn vị xác nhận" in page.card.warning_label.text()
    key(Qt.Key.Key_F9)
    assert house.saved[0].limit == ""


def test_without_any_limit_nothing_is_saved_before_one_is_given(open_window, house):
    answers = [ProcedureAnswer(), ProcedureAnswer(limit_once="5wd")]
    page = open_window(ask=lambda _parent, _procedure: answers.pop(0))
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh", procedure="chua co thoi han")
    key(Qt.Key.Key_F9)
    assert house.saved == []
    assert "F5" in page.card.error_label.text()
    key(Qt.Key.Key_F5)
    key(Qt.Key.Key_F9)
    assert house.saved[0].procedure_code == LIMITLESS.code
    assert house.saved[0].limit == "5wd"
    assert house.saved[0].limit_reason


def test_a_provisional_calendar_is_said_in_words(open_window, house):
    house.provisional = True
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    assert "tạm tính" in page.card.warning_label.text()

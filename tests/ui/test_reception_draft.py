"""Drafts of the reception page: kept through a crash, dropped by saving and clearing."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Qt

from counter_app.errors import DataFileError
from tests.ui.reception_hands import CONTROL, enter, key, say, type_citizen
from tests.ui.reception_house import MARRIAGE


def test_a_draft_outlives_a_crash_and_is_dropped_by_saving(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    page.draft.save()
    house.now += timedelta(minutes=3)
    again = open_window()
    assert again.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"
    assert [paper.name for paper in again.form.papers()] == ["Tờ khai"]
    assert again.promise.begun == datetime(2026, 11, 23, 9, 12)
    assert "09:12" in again.notice.text()
    assert again.card.day_label.text() == "Thứ Năm 26/11/2026"
    key(Qt.Key.Key_F9)
    assert len(house.saved) == 1
    assert house.draft is None


def test_the_draft_is_saved_when_the_hands_rest(open_window, house, qtbot):
    page = open_window()
    say("045")
    page.draft._timer.setInterval(0)
    say("1")
    qtbot.waitUntil(lambda: house.draft is not None)
    assert house.draft[0]["values"]["citizen_id"] == "0451"


def test_the_draft_is_saved_when_a_field_is_left(open_window, house):
    open_window()
    say("045192007777")
    enter()
    assert house.draft[0]["values"]["citizen_id"] == "045192007777"


def test_a_draft_of_a_procedure_that_is_gone_says_so(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    page.draft.save()
    del house.procedures[MARRIAGE.code]
    again = open_window()
    assert again.form.procedure.has_error()
    assert again.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"


def test_a_draft_that_cannot_be_kept_is_said_and_the_work_stays(open_window, house):
    page = open_window()
    house.draft_errors = [DataFileError("Chưa giữ được bản nháp: ổ đĩa đã đầy.")]
    say("045192007777")
    enter()
    assert "ổ đĩa đã đầy" in page.notice.text()
    assert page.form.value("citizen_id") == "045192007777"


def test_clearing_asks_when_something_was_typed(open_window, house):
    page = open_window(False, True)
    say("045192007777")
    enter()
    key(Qt.Key.Key_N, CONTROL)
    assert page.form.value("citizen_id") == "045192007777"
    key(Qt.Key.Key_N, CONTROL)
    assert page.form.is_untouched()
    assert house.draft is None
    assert page.promise.begun is None

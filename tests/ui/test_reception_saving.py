"""Saving at the reception page: what is refused lands at its field, what is saved is said."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt

from counter_app.errors import (
    ClockError,
    ConfirmationNeededError,
    DataFileError,
    InputError,
    InputErrors,
    PaperError,
)
from counter_app.ui.fields import WARNING
from tests.ui.reception_hands import CONTROL, enter, field_here, key, say, type_citizen


def test_ctrl_enter_saves_too(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    key(Qt.Key.Key_Return, CONTROL)
    assert len(house.saved) == 1


def test_a_promise_that_changed_is_shown_and_nothing_is_saved(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.due = datetime(2026, 11, 27, 17, 0)
    house.refusals = [ConfirmationNeededError("Ngày hẹn trả vừa đổi. Chưa lưu.", field="due")]
    key(Qt.Key.Key_F9)
    assert house.saved == []
    assert page.card.day_label.text() == "Thứ Sáu 27/11/2026"
    assert page.card.day_label.property("tone") == "danger"
    assert "vừa đổi" in page.card.error_label.text()
    key(Qt.Key.Key_F9)
    assert house.saved[0].expected_due_at == datetime(2026, 11, 27, 17, 0)


@pytest.mark.parametrize(
    ("field", "lands_at"),
    [
        ("citizen_id", "citizen_id"),
        ("applicant_name", "applicant_name"),
        ("birth_date", "birth_date"),
        ("address", "address"),
        ("phone", "phone"),
        ("procedure_code", "procedure_code"),
        ("documents", "documents"),
        ("content", "content"),
        ("copies", "copies"),
        ("official_code", "official_code"),
        ("email", "email"),
        ("submitter_id", "submitter_id"),
        ("tax_code", "tax_code"),
    ],
)
def test_each_refused_input_lands_at_its_field(open_window, house, field, lands_at):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.refusals = [InputErrors([InputError("Câu nói vì sao.", field=field)])]
    key(Qt.Key.Key_F9)
    assert field_here(page) == lands_at
    assert page.form.field(lands_at).note().text == "Câu nói vì sao."
    assert page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"


def test_of_several_refused_inputs_the_first_takes_the_focus(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.refusals = [
        InputErrors(
            [InputError("Sai mã.", field="official_code"), InputError("Sai số.", field="phone")]
        )
    ]
    key(Qt.Key.Key_F9)
    assert field_here(page) == "phone"
    assert page.form.field("official_code").has_error()


def test_a_refusal_without_a_field_stands_above_the_button_and_keeps_the_work(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.refusals = [DataFileError("Chưa lưu được: ổ đĩa đã đầy. Dọn bớt tệp rồi nhấn F9.")]
    key(Qt.Key.Key_F9)
    assert "ổ đĩa đã đầy" in page.card.error_label.text()
    assert page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"
    key(Qt.Key.Key_F9)
    assert len(house.saved) == 1


def test_an_odd_clock_is_asked_about_and_may_be_confirmed(open_window, house):
    page = open_window(True)
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.refusals = [ClockError("Đồng hồ máy đứng trước lần lưu cuối.")]
    key(Qt.Key.Key_F9)
    assert house.clock_confirmed == [False, True]
    assert len(house.saved) == 1


def test_an_odd_clock_that_is_not_confirmed_saves_nothing(open_window, house):
    page = open_window(False)
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.refusals = [ClockError("Đồng hồ máy đứng trước lần lưu cuối.")]
    key(Qt.Key.Key_F9)
    assert house.saved == []
    assert "Đồng hồ" in page.card.error_label.text()


def test_a_receipt_that_did_not_print_says_that_the_dossier_is_saved(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.print_errors = [PaperError("Chưa in được: máy in không phản hồi.")]
    key(Qt.Key.Key_F9)
    assert len(house.saved) == 1
    said = page.card.error_label.text()
    assert "máy in không phản hồi" in said
    assert "0001 đã lưu" in said
    key(Qt.Key.Key_R, CONTROL)
    assert house.printed == ["again-uuid-1"]


def test_an_organisation_owns_the_dossier_and_the_person_stands_for_it(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    key(Qt.Key.Key_O, CONTROL)
    say("Công ty TNHH Hướng Hóa")
    enter()
    assert field_here(page) == "tax_code"
    key(Qt.Key.Key_F9)
    request = house.saved[0]
    assert request.owner_kind == "organisation"
    assert request.applicant_name == "Công ty TNHH Hướng Hóa"
    assert request.submitter_name == "Nguyễn Thị Ngọc Ánh"
    assert request.submitter_id == "045192007777"
    assert request.citizen_id == ""


def test_a_paper_can_be_added_to_the_list(open_window, house):
    page = open_window("Đơn đề nghị  riêng")
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    key(Qt.Key.Key_I, CONTROL)
    key(Qt.Key.Key_F9)
    assert [d.name for d in house.saved[0].documents] == ["Tờ khai", "Đơn đề nghị riêng"]


def test_a_dossier_without_its_required_papers_is_saved_only_at_the_second_f9(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh", ticks=False)
    assert not page.form.documents.list.note().text
    key(Qt.Key.Key_F9)
    assert house.saved == []
    assert field_here(page) == "documents"
    note = page.form.documents.list.note()
    assert (note.text, note.tone) == ("Chưa đánh dấu giấy tờ bắt buộc (*) nào.", WARNING)
    assert note.text in page.card.error_label.text()
    key(Qt.Key.Key_F9)
    assert len(house.saved) == 1
    assert not page.form.documents.list.note().text


def test_the_word_about_missing_papers_stands_once_the_list_is_passed(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh", ticks=False)
    enter()
    assert page.form.documents.list.note().text
    page.form.go_to("documents")
    say(" ")
    assert not page.form.documents.list.note().text
    key(Qt.Key.Key_F9)
    assert len(house.saved) == 1


def test_a_warning_of_saving_that_was_not_on_screen_is_said_afterwards(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.warnings = ["Chưa ghi người đến nộp thay cho tổ chức."]
    key(Qt.Key.Key_F9)
    assert house.warnings[0] in page.notice.text()
    assert page.notice.property("tone") == WARNING

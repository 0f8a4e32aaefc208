"""Bad input at the reception page: the focus stays, and a sentence says what is expected."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.ui.reception_hands import enter, field_here, key, say, type_citizen


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("citizen_id", "04519200777", "11 chữ số"),
        ("citizen_id", "0451920077777", "13"),
        ("citizen_id", "doc than", "12 chữ số"),
        ("applicant_name", "Ánh 😀", "không in được"),
        ("applicant_name", "A" * 200, "200"),
        ("applicant_name", "045192007777", "cần có chữ"),
        ("org_name", "12-3", "cần có chữ"),
        ("submitter_name", "0905 123 456", "cần có chữ"),
        ("subject_name", "...", "cần có chữ"),
        ("citizen_id", "nguyeenx vawn", "Họ tên gõ ở ô dưới"),
        ("birth_date", "abc", "30/12/1992"),
        ("birth_date", "31021992", "31/02/1992"),
        ("birth_date", "30122030", "sau hôm nay"),
        ("phone", "12345", "Số điện thoại"),
        ("copies", "0", "từ 1 đến 999"),
        ("copies", "hai", "từ 1 đến 999"),
    ],
)
def test_bad_input_keeps_the_focus_and_says_what_is_expected(
    open_window, house, field, text, words
):
    page = open_window()
    page.form.go_to(field)
    say(text)
    enter()
    assert field_here(page) == field
    assert words in page.form.field(field).note().text
    key(Qt.Key.Key_F9)
    assert house.saved == []


def test_decomposed_letters_are_composed_when_the_field_is_left(open_window):
    page = open_window()
    page.form.go_to("applicant_name")
    page.form.name.setText("Nguye\u0302\u0303n  Thi\u0323 A\u0301nh")
    assert page.form.value("applicant_name") == "Nguyễn Thị Ánh"
    enter()
    assert page.form.name.text() == "Nguyễn Thị Ánh"


def test_an_empty_form_is_not_saved_and_says_what_is_missing(open_window, house):
    page = open_window()
    key(Qt.Key.Key_F9)
    assert house.saved == []
    assert field_here(page) == "applicant_name"
    assert page.form.procedure.has_error()


def test_a_procedure_that_was_typed_but_not_chosen_is_refused(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    page.form.go_to("procedure_code")
    say("không có thủ tục này")
    key(Qt.Key.Key_F9)
    assert house.saved == []
    assert field_here(page) == "procedure_code"


def test_an_old_number_and_a_passport_are_taken_as_such(open_window, house):
    page = open_window()
    type_citizen(page, "197123456", "Hồ Văn Ương")
    key(Qt.Key.Key_F9)
    type_citizen(page, "C1234567", "Hồ Văn Ương")
    key(Qt.Key.Key_F9)
    assert [request.id_kind for request in house.saved] == ["old", "passport"]


def test_a_number_that_does_not_fit_the_year_warns_and_lets_one_go_on(open_window, house):
    page = open_window()
    say("045192007777")
    enter()
    page.form.go_to("birth_date")
    say("30121985")
    enter()
    assert page.form.number.note().tone == "warning"
    assert field_here(page) == "sex"

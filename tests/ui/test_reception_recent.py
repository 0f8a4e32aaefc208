"""The strip of the last receipts under the reception form."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.ui.reception_hands import CONTROL, enter, field_here, key, say, type_citizen
from tests.ui.reception_house import a_row


def test_the_strip_shows_the_last_receipt_and_reprints_it(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    key(Qt.Key.Key_F9)
    assert "0001  Nguyễn Thị Ngọc Ánh  26/11" in page.recent.text()
    key(Qt.Key.Key_R, CONTROL)
    assert house.reissued == ["uuid-1"]
    assert house.printed == ["paper-1", "again-uuid-1"]


def test_a_long_name_leaves_the_due_day_in_sight(open_window, house):
    name = "Công ty TNHH Một thành viên Sản xuất và Thương mại Dược liệu Cùa, Cam Lộ"
    house.rows = [a_row(9, name=name)]
    strip = open_window().recent
    assert strip._text.shown_text() != strip._text.text(), "too long for the strip"
    assert strip._text.shown_text().startswith("0009  Công ty")
    assert strip._text.shown_text().endswith(f"{a_row(9).due:%d/%m}")


def test_an_older_receipt_is_reached_by_keys(open_window, house):
    house.rows = [a_row(9), a_row(8, name="Hồ Văn Ương"), a_row(7)]
    page = open_window()
    key(Qt.Key.Key_J, CONTROL)
    key(Qt.Key.Key_Down)
    enter()
    assert "0008" in page.recent.text()
    assert field_here(page) == "citizen_id"
    key(Qt.Key.Key_R, CONTROL)
    assert house.reissued == ["uuid-8"]


def test_the_person_is_copied_to_the_next_dossier(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    key(Qt.Key.Key_F9)
    key(Qt.Key.Key_D, CONTROL)
    assert field_here(page) == "procedure_code"
    assert page.form.value("address") == "Xã Cam Lộ, Quảng Trị"
    say("sao y")
    enter()
    key(Qt.Key.Key_F9)
    assert [r.procedure_code for r in house.saved] == ["1.004873", "2.000815"]
    assert house.saved[1].citizen_id == "045192007777"
    assert house.saved[1].birth_date == "30/12/1992"


def test_without_receipts_the_strip_says_so_and_its_keys_do_nothing(open_window, house):
    page = open_window()
    assert "chưa tiếp nhận" in page.recent.text()
    key(Qt.Key.Key_R, CONTROL)
    key(Qt.Key.Key_D, CONTROL)
    key(Qt.Key.Key_J, CONTROL)
    assert house.printed == []

"""Persons at reception: known ones, phones, cards, duplicates, swapping."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from counter_app.domain.facts import PersonFacts
from counter_app.errors import DataFileError
from counter_app.ui.confirm_procedure_dialog import ProcedureAnswer
from counter_app.ui.reception_page import ReceptionPage
from tests.ui.fakes import FakeInteraction
from tests.ui.reception_house import MARRIAGE, a_row

ANH = "045192007777||Nguyễn Thị Ngọc Ánh|30121992|Nữ|Thôn An Thái, Cam Lộ|28042021"
DUC = "045085001234|197123456|Nguyễn Văn Đức|15081985|Nam|Thôn Phan Xá|01092021"
KNOWN = PersonFacts(
    name="Nguyễn Thị Ngọc Ánh",
    citizen_id="045192007777",
    birth_date="1992-12-30",
    sex="female",
    address="Thôn An Thái, Cam Lộ",
    phone="0905123456",
)


@pytest.fixture
def open_page(qtbot, house):
    def show(*answers):
        interaction = FakeInteraction(*answers)
        page = ReceptionPage(
            house.desk(), interaction=interaction, ask=lambda _parent, _found: ProcedureAnswer()
        )
        qtbot.addWidget(page)
        page.resize(1190, 690)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.activated(refresh=True)
        page.form.go_to("citizen_id")
        page.interaction = interaction
        return page

    return show


def leave(field, text):
    """Type into a field and leave it with Enter."""
    field.setFocus()
    field.setText(text)
    field.textEdited.emit(text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def choose(page, found=MARRIAGE):
    page.form.set_procedure(found)
    page.form.procedure_chosen.emit(found)


def press(page, code):
    QTest.keyClick(QApplication.focusWidget() or page, code, Qt.KeyboardModifier.ControlModifier)


def test_a_known_number_fills_the_person_in(open_page, house):
    house.people["045192007777"] = KNOWN
    page = open_page()
    leave(page.form.number, "045192007777")
    assert page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"
    assert page.form.value("birth_date") == "30/12/1992"
    assert page.form.sex.value() == "female"
    assert page.form.value("phone") == "0905123456"
    assert page.form.number.note().tone == "muted"


def test_known_facts_never_replace_what_was_typed_and_the_difference_is_said(open_page, house):
    house.people["045192007777"] = KNOWN
    page = open_page()
    page.form.fill({"applicant_name": "Nguyễn Thị Ánh"})
    leave(page.form.number, "045192007777")
    assert page.form.value("applicant_name") == "Nguyễn Thị Ánh"
    note = page.form.number.note()
    assert note.tone == "warning"
    assert "Nguyễn Thị Ngọc Ánh" in note.text
    assert page.form.value("address") == "Thôn An Thái, Cam Lộ"


def test_another_address_is_said_quietly(open_page, house):
    house.people["045192007777"] = KNOWN
    page = open_page()
    page.form.fill({"address": "Thôn Phan Xá"})
    leave(page.form.number, "045192007777")
    assert page.form.number.note().tone == "muted"
    assert "địa chỉ" in page.form.number.note().text


def test_a_phone_only_offers_a_list(open_page, house):
    house.phones["0905123456"] = [KNOWN, PersonFacts(name="Hồ Văn Ương")]
    page = open_page(0)
    leave(page.form.phone, "0905123456")
    assert page.form.value("applicant_name") == ""
    assert "2 người" in page.form.phone.note().text
    press(page, Qt.Key.Key_P)
    assert page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"


def test_people_are_told_apart_by_year_and_place(open_page, house):
    house.phones["0905123456"] = [KNOWN]
    page = open_page(None)
    shown = []
    page.interaction.ask_choice = lambda _q, choices, **_k: shown.extend(choices)
    leave(page.form.phone, "0905123456")
    press(page, Qt.Key.Key_P)
    assert shown == ["Nguyễn Thị Ngọc Ánh · 1992 · Thôn An Thái, Cam Lộ"]
    assert page.form.value("applicant_name") == ""


def test_a_house_that_cannot_answer_says_so_and_stops_nothing(open_page, house):
    def fail(_number):
        raise DataFileError("Không đọc được dữ liệu người đã đến.")

    house.people = type("Broken", (), {"get": staticmethod(fail)})()
    page = open_page()
    leave(page.form.number, "045192007777")
    assert "Không đọc được" in page.card.error_label.text()
    assert page.form.name.hasFocus()


# Duplicates


def test_an_open_dossier_for_the_same_procedure_is_warned_about_and_opened_by_a_key(
    open_page, house, qtbot
):
    house.open_dossiers = [("045192007777", a_row(7))]
    page = open_page()
    leave(page.form.number, "045192007777")
    choose(page)
    note = page.form.procedure.note()
    assert note.tone == "warning"
    assert "TAM-01-261120-0007" in note.text
    assert "20/11/2026" in note.text
    with qtbot.waitSignal(page.page_requested) as asked:
        press(page, Qt.Key.Key_H)
    assert asked.args == ["dossiers", "code:TAM-01-261120-0007"]
    assert page.form.value("citizen_id") == "045192007777"


def test_the_duplicate_warning_outlives_the_focus_and_goes_with_another_number(open_page, house):
    house.open_dossiers = [("045192007777", a_row(7))]
    page = open_page()
    choose(page)
    page.form.go_to("citizen_id")
    leave(page.form.number, "045192007777")
    page.form.go_to("procedure_code")
    page.form.go_to("content")
    assert page.form.procedure.note().tone == "warning"
    page.form.go_to("citizen_id")
    leave(page.form.number, "045192007778")
    assert page.form.procedure.note().text == ""


def test_no_duplicate_for_another_procedure(open_page, house):
    house.open_dossiers = [("045192007777", a_row(7))]
    page = open_page()
    leave(page.form.number, "045192007777")
    choose(page, house.procedures["2.000815"])
    assert page.form.procedure.note().text == ""


# Cards


def test_a_card_fills_the_owner_of_an_empty_form(open_page):
    page = open_page()
    assert page.take_card(ANH)
    assert page.form.value("citizen_id") == "045192007777"
    assert page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"
    assert page.form.value("birth_date") == "30/12/1992"
    assert page.form.value("address") == "Thôn An Thái, Cam Lộ"
    assert page.form.phone.hasFocus()
    assert page.promise.begun is not None


def test_a_second_card_is_the_submitter_and_one_key_swaps_them(open_page):
    page = open_page()
    page.take_card(ANH)
    page.take_card(DUC)
    assert page.form.value("submitter_name") == "Nguyễn Văn Đức"
    assert page.form.is_fold_open("submitter")
    assert "Ctrl+M" in page.notice.text()
    press(page, Qt.Key.Key_M)
    assert page.form.value("applicant_name") == "Nguyễn Văn Đức"
    assert page.form.value("birth_date") == "15/08/1985"
    assert page.form.value("sex") == "male"
    assert page.form.value("submitter_name") == "Nguyễn Thị Ngọc Ánh"
    press(page, Qt.Key.Key_M)
    assert page.form.value("birth_date") == "30/12/1992"
    assert page.form.value("address") == "Thôn An Thái, Cam Lộ"


def test_a_card_scanned_into_the_submitters_number_goes_on_to_the_procedure(open_page):
    page = open_page()
    page.take_card(ANH)
    press(page, Qt.Key.Key_T)
    assert page.form.submitter_number.hasFocus()
    page.take_card(DUC)
    assert page.form.value("submitter_id") == "045085001234"
    assert page.form.procedure.hasFocus()


def test_what_is_doubtful_on_the_submitters_card_stands_beside_their_number(open_page):
    page = open_page()
    page.take_card(ANH)
    page.take_card(DUC.replace("|Nam|", "|Nữ|"))
    assert "Giới tính không khớp" in page.form.submitter_number.note().text
    press(page, Qt.Key.Key_M)
    assert page.form.submitter_number.note().text == ""


def test_the_same_card_again_fills_only_what_is_empty(open_page):
    page = open_page()
    page.form.fill({"citizen_id": "045192007777", "applicant_name": "Nguyễn Thị Ánh"})
    page.take_card(ANH)
    assert page.form.value("applicant_name") == "Nguyễn Thị Ánh"
    assert page.form.value("birth_date") == "30/12/1992"
    assert "Trên thẻ ghi khác" in page.form.number.note().text


def test_a_third_card_asks_before_it_replaces_the_submitter(open_page):
    page = open_page(False)
    page.take_card(ANH)
    page.take_card(DUC)
    page.take_card(DUC.replace("045085001234", "045085009999").replace("Đức", "Lực"))
    assert page.form.value("submitter_name") == "Nguyễn Văn Đức"
    assert len(page.interaction.asked) == 1


@pytest.mark.parametrize("text", ["045192007777||Nguyễn", "045192007777|x|A|99999999|Nữ|B|C"])
def test_a_card_that_cannot_be_read_is_said_and_changes_nothing(open_page, text):
    page = open_page()
    page.form.fill({"applicant_name": "Hồ Văn Ương"})
    assert page.take_card(text)
    assert page.notice.text()
    assert page.notice.property("tone") == "danger"
    assert page.form.value("applicant_name") == "Hồ Văn Ương"
    assert page.form.value("citizen_id") == ""


def test_a_damaged_card_is_filled_with_a_warning_in_words(open_page):
    page = open_page()
    page.take_card(ANH.replace("Nguyễn Thị Ngọc Ánh", "Nguyeenx Thij Ngocj Anhs"))
    assert page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"
    assert "Chữ trên thẻ đọc bị lỗi" in page.notice.text()
    assert page.form.name.hasFocus(), "the name is what has to be read again"


def test_another_page_may_send_a_card_or_a_number(open_page, house):
    house.people["045192007777"] = KNOWN
    page = open_page()
    page.opened_with("citizen:045192007777")
    assert page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"


def test_a_number_sent_by_another_page_never_replaces_typed_work(open_page):
    page = open_page()
    page.form.fill({"applicant_name": "Hồ Văn Ương"})
    page.opened_with("citizen:045192007777")
    assert page.form.value("citizen_id") == ""
    assert "Hồ Văn Ương" in page.notice.text()


def test_swapping_needs_someone_to_swap_with(open_page):
    page = open_page()
    page.take_card(ANH)
    press(page, Qt.Key.Key_M)
    assert page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"
    assert "Chưa có người nộp thay" in page.notice.text()


def test_copying_a_person_over_a_typed_one_asks_first(open_page, house):
    house.rows = [a_row(7)]
    page = open_page(False, True)
    page.form.fill({"applicant_name": "Trần Quốc Đạt"})
    press(page, Qt.Key.Key_D)
    assert page.form.value("applicant_name") == "Trần Quốc Đạt"
    press(page, Qt.Key.Key_D)
    assert page.form.value("applicant_name") == "Hồ Văn Ương"
    assert page.form.value("citizen_id") == "045085001234"

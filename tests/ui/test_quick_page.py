"""The quick register by keyboard, on a real data folder: sixty lines, each number given once."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from counter_app.bootstrap import open_app
from counter_app.services import browse, office, quick, till
from counter_app.ui.quick_calls import quick_calls
from counter_app.ui.quick_page import QuickPage
from counter_app.ui.till_dialog import TillDialog
from tests.ui.fakes import FakeInteraction
from tests.ui.hands import press, type_text

NOW = datetime(2026, 11, 23, 9, 12)
NAMES = [f"Nguyễn Thị Ngọc {letter}" for letter in ("Ánh", "Bưởi", "Cúc", "Đào", "Huệ", "Ổi")]
CARD = "045192007777||Nguyễn Thị Ngọc Ánh|30121992|Nữ|Xã Cam Lộ, Quảng Trị|10052021"


class Hand:
    """Presses keys where the focus is, and counts them."""

    def __init__(self):
        self.keys = 0

    def press(self, key, text="", modifiers=Qt.KeyboardModifier.NoModifier):
        self.keys += 1
        press(None, key, text, modifiers)

    def type(self, text):
        self.keys += len(text)
        type_text(None, text)

    def enter(self):
        self.press(Qt.Key.Key_Return)


@pytest.fixture
def store(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    app.store.execute("PRAGMA synchronous=off")
    yield app.store
    app.store.close()


@pytest.fixture
def page(qtbot, store):
    office.set_up(store, office_name="TTPVHCC", parent="UBND XÃ CAM LỘ", agency_code="")
    printed = []
    calls = quick_calls(
        store, clock=lambda: NOW, clerk=lambda: "Lê Thị A", print_papers=printed.append
    )
    page = QuickPage(calls, interaction=FakeInteraction())
    page.printed = printed
    qtbot.addWidget(page)
    page.resize(1190, 690)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.activated(refresh=True)
    page.first_field().setFocus()
    return page


def lines(store):
    return list(reversed(quick.lines_of(store, NOW.date())))


def test_sixty_citizens_are_entered_by_keys_alone(page, store):
    hand = Hand()
    typed = 0
    for number in range(60):
        name, pages, copies = NAMES[number % 6], str(number % 9 + 1), str(number % 3 + 1)
        typed += len(name) + len(pages)
        hand.type(name)
        hand.enter()
        hand.type(pages)
        if copies != "1":
            hand.enter()
            hand.type(copies)
            typed += len(copies)
        page.main_action()  # F9, which the frame binds
        hand.keys += 1
        assert QApplication.focusWidget() is page.row.name
    found = lines(store)
    assert [line.number for line in found] == [str(n) for n in range(1, 61)]
    assert [line.applicant_name for line in found[:6]] == NAMES
    assert [(line.pages, line.copies) for line in found[:3]] == [(1, 1), (2, 2), (3, 3)]
    assert [line.fee for line in found[:3]] == [2_000, 8_000, 15_000]
    assert page.model.rowCount() == 60
    assert browse.day_figures(store, now=NOW).arrived_today == 60
    # Beside what has to be typed: Enter, sometimes a second one, F9. A clerk who types 200 keys a
    # minute has 2,000 in ten minutes.
    assert hand.keys - typed <= 60 * 3
    assert hand.keys <= 2_000


def test_enter_walks_through_the_row_and_never_saves(page, store):
    hand = Hand()
    hand.type(NAMES[0])
    walked = []
    for _ in range(6):
        walked.append(QApplication.focusWidget())
        if QApplication.focusWidget() is page.row.pages:
            hand.type("2")
        hand.enter()
    row = page.row
    assert walked == [row.name, row.pages, row.copies, row.receipt, row.citizen, row.content]
    assert lines(store) == []
    assert page.has_unsaved_work()


def test_the_fee_is_told_while_one_types(page):
    hand = Hand()
    hand.type(NAMES[0])
    hand.enter()
    assert page.row.fee_label.text() == "–"
    hand.type("5")
    assert page.row.fee_label.text() == "7.000\u00a0đ"
    hand.enter()
    hand.type("3")
    assert page.row.fee_label.text() == "21.000\u00a0đ"


def test_a_vietnamese_keyboard_s_corrections_reach_the_field_untouched(page, store):
    hand = Hand()
    hand.type("Le")
    hand.press(Qt.Key.Key_Backspace)
    hand.type("ê Thi")
    hand.press(Qt.Key.Key_Backspace)
    hand.type("ị  Hoa ")
    assert page.row.name.text() == "Lê Thị  Hoa "
    hand.enter()
    assert page.row.name.text() == "Lê Thị Hoa"
    hand.type("1")
    page.main_action()
    assert lines(store)[0].applicant_name == "Lê Thị Hoa"


WRONG = [("", "2", "name"), ("123", "2", "name"), ("Lê A", "", "pages"), ("Lê A", "0", "pages")]


@pytest.mark.parametrize(("name", "pages", "at"), WRONG)
def test_what_is_missing_is_said_in_its_field_and_no_number_is_taken(page, store, name, pages, at):
    page.row.name.setText(name)
    page.row.pages.setText(pages)
    page.main_action()
    assert QApplication.focusWidget() is getattr(page.row, at)
    assert page.message.text()
    assert lines(store) == []
    assert quick.next_number(store, "SCT/BS", year=2026) == 1


def test_a_wrong_citizen_number_comes_back_to_its_field(page, store):
    page.row.name.setText("Lê Thị Hoa")
    page.row.pages.setText("1")
    page.row.citizen.setText("0451")
    page.main_action()
    assert QApplication.focusWidget() is page.row.citizen
    assert page.message.text()
    assert lines(store) == []


def enter(page, name=NAMES[0], pages="2", receipt=""):
    page.row.name.setText(name)
    page.row.pages.setText(pages)
    if receipt:
        page.row.receipt.setText(receipt)
    page.main_action()


def test_the_last_line_is_taken_back_with_a_reason_and_its_number_stays(page, store):
    enter(page)
    enter(page, NAMES[1])
    page._interaction.answers = ["Ghi nhầm người"]
    press(None, Qt.Key.Key_O, "", Qt.KeyboardModifier.ControlModifier)
    assert [line.cancelled for line in lines(store)] == ["", "Ghi nhầm người"]
    assert "đã hủy: Ghi nhầm người" in page.model.index(1, 8).data()
    enter(page)
    assert [line.number for line in lines(store)] == ["1", "2", "3"]
    assert page.total_label.text() == "2 dòng, đã thu 8.000\u00a0đ"


def test_declining_the_question_changes_nothing(page, store):
    enter(page)
    page._interaction.answers = [None, None]
    page.take_back()
    page.start_book()
    assert lines(store)[0].cancelled == ""
    assert quick.next_number(store, "SCT/BS", year=2026) == 2


def test_the_book_goes_on_from_the_paper_book(page, store):
    page._interaction.answers = ["1235"]
    page.start_book()
    assert page.row.number_label.text() == "1235"
    enter(page)
    assert lines(store)[0].number == "1235"
    page._interaction.answers = ["7"]
    page.start_book()
    assert "không dùng lại" in page._interaction.informed[0]


def test_the_next_leaf_of_the_receipt_book_is_offered(page, store):
    enter(page, receipt="0012")
    assert page.row.receipt.text() == "0013"
    enter(page, NAMES[1])
    assert [line.receipt_number for line in lines(store)] == ["0012", "0013"]


def test_another_kind_changes_book_and_fields_and_keeps_what_is_typed(page):
    page.row.name.setText(NAMES[0])
    page.kind.set_value("2.000884")
    assert not page.row.pages.isEnabled()
    assert page.row.fee_label.text() == "10.000\u00a0đ"
    assert "SCT/CK" in page.book_label.text()
    assert page.row.name.text() == NAMES[0]
    page.main_action()
    assert page.model.row_at(0).procedure_code == "2.000884"


def test_a_card_fills_the_row_and_never_overwrites_another_citizen(page):
    assert page.take_card(CARD)
    assert (page.row.name.value(), page.row.citizen.value()) == (NAMES[0], "045192007777")
    assert QApplication.focusWidget() is page.row.pages
    page.row.name.setText("Lê Thị Hoa")
    assert page.take_card(CARD)
    assert page.row.name.text() == "Lê Thị Hoa"
    assert "F9" in page.message.text()
    assert not page.take_card("không phải thẻ")


def test_a_receipt_is_printed_only_for_who_asks(page):
    enter(page)
    assert page.printed == []
    page.print_receipt()
    assert len(page.printed) == 1


def test_the_fields_stand_under_their_columns(page):
    header = page.table.horizontalHeader()
    viewport = page.table.viewport().mapTo(page, page.table.viewport().rect().topLeft()).x()
    for column, field in ((1, page.row.name), (2, page.row.pages), (8, page.row.content)):
        left = viewport + header.sectionViewportPosition(column)
        right = left + header.sectionSize(column)
        at = field.mapTo(page, field.rect().topLeft()).x()
        assert left <= at
        assert at + field.width() <= right


def test_the_till_tells_the_day_and_is_saved(page, qtbot, tmp_path):
    enter(page, receipt="0012")
    dialog = TillDialog(page._calls, page._interaction, page)
    qtbot.addWidget(dialog)
    assert dialog.total_label.text() == "Cộng 4.000\u00a0đ"
    path = tmp_path / "thu.pdf"
    page._interaction.answers = [path]
    dialog.save_button.click()
    assert path.read_bytes().startswith(b"%PDF")
    dialog.before_button.click()
    assert dialog.model.rowCount() == 0
    assert till.NOT_A_RECEIPT


def test_lines_of_another_moment_are_there_again(page, store, qtbot):
    enter(page)
    again = QuickPage(page._calls, interaction=FakeInteraction())
    qtbot.addWidget(again)
    again.activated(refresh=True)
    assert [again.model.row_at(0).applicant_name, again.model.rowCount()] == [NAMES[0], 1]

from __future__ import annotations

import logging
import sys

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
)

from counter_app.errors import UserError
from counter_app.ui.crash import CrashReporter, install_excepthook
from counter_app.ui.fields import Note
from counter_app.ui.interaction import QtInteraction, show_error
from counter_app.ui.question_dialog import QuestionDialog
from counter_app.ui.theme import apply_theme, metrics
from tests.ui.fakes import FakeInteraction
from tests.ui.hands import type_text

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def answer(act):
    """Do ``act`` with the modal dialog as soon as it is open."""

    def try_now():
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(0, try_now)
        else:
            act(dialog)

    QTimer.singleShot(0, try_now)


def press_button(words):
    def act(dialog):
        buttons = dialog.findChildren(QPushButton)
        button = next(b for b in buttons if b.text().partition("   ")[0] == words)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    return act


@pytest.mark.parametrize(("words", "expected"), [("Đóng lại", True), ("Ở lại", False)])
def test_a_question_has_verbs_on_its_buttons(words, expected, qapp):
    answer(press_button(words))
    assert QtInteraction().confirm("Đóng chương trình?", yes="Đóng lại", no="Ở lại") is expected


def test_what_stands_under_a_short_question_has_room_for_a_line(qapp):
    widths = []

    def look(dialog):
        widths.append(dialog.findChild(QLabel, "qt_msgbox_informativelabel").width())
        dialog.reject()

    answer(look)
    QtInteraction().confirm("Nhận?", yes="Nhận", detail="Gói của Quầy 2: 2 sự kiện mới, 0 đã có.")
    assert widths[0] >= metrics().px(440)


@pytest.mark.parametrize(
    ("typed", "kept"), [("moi", "moi.json"), ("moi.txt", "moi.txt"), ("quay 2", "quay 2.json")]
)
def test_a_name_without_an_ending_gets_the_suggested_one(typed, kept, tmp_path, monkeypatch):
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / typed), "Tệp mời (*.json)")
    )
    suggested = tmp_path / "moi-quay-02.json"
    chosen = QtInteraction().choose_file_save("Ghi", suggested=suggested, kinds="")
    assert chosen == tmp_path / kept


@pytest.mark.parametrize(("words", "is_taken"), [("Thay", True), ("Quay lại", False)])
def test_a_file_that_the_ending_leads_to_is_replaced_only_when_asked(
    words, is_taken, tmp_path, monkeypatch, qapp
):
    there = tmp_path / "moi.json"
    there.touch()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "moi"), ""))
    answer(press_button(words))
    chosen = QtInteraction().choose_file_save("Ghi", suggested=tmp_path / "a.json", kinds="")
    assert chosen == (there if is_taken else None)


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_escape_and_a_stray_enter_answer_no(key, qapp):
    answer(lambda dialog: QTest.keyClick(dialog, key))
    assert QtInteraction().confirm("Xóa bản nháp?", yes="Xóa") is False


def test_a_sentence_waits_until_it_was_seen(qapp):
    seen = []

    def read(dialog):
        assert isinstance(dialog, QMessageBox)
        seen.append((dialog.text(), [button.text() for button in dialog.buttons()]))
        press_button("Đã hiểu")(dialog)

    answer(read)
    show_error(QtInteraction(), UserError("Đĩa đầy."))
    assert seen == [("Đĩa đầy.", ["Đã hiểu"])]


def test_a_line_is_asked_until_it_can_be_used(qapp):
    def act(dialog):
        assert isinstance(dialog, QuestionDialog)
        line = dialog.findChild(QLineEdit)
        type_text(line, "x")
        press_button("Ghi lý do")(dialog)
        assert dialog.isVisible()
        line.clear()
        line.setFocus()
        type_text(line, " mưa  lũ ")
        press_button("Ghi lý do")(dialog)

    answer(act)
    text = QtInteraction().ask_text(
        "Vì sao?",
        yes="Ghi lý do",
        initial="",
        check=lambda value: Note("Ngắn quá.") if len(value) < 3 else None,
    )
    assert text == "mưa lũ"


def test_a_line_that_is_not_given_is_none(qapp):
    answer(lambda dialog: dialog.reject())
    assert QtInteraction().ask_text("Vì sao?", yes="Ghi") is None


def test_one_of_several_is_chosen_by_keyboard(qapp):
    def act(dialog):
        listing = dialog.findChild(QListWidget)
        QTest.keyClick(listing, Qt.Key.Key_Down)
        press_button("Chọn")(dialog)

    answer(act)
    assert QtInteraction().ask_choice("Bản nào?", ["một", "hai", "ba"], yes="Chọn") == 1


def test_a_choice_shows_its_lines_to_their_end(qapp):
    apply_theme(qapp)
    line = "TOGIAO-01-261123-0002   09:45 23/11/2026   Công chức Tư pháp – Hộ tịch xã Cam Lộ"

    def look(dialog):
        listing = dialog.findChild(QListWidget)
        assert listing.viewport().width() >= listing.sizeHintForColumn(0)
        first, second = (listing.visualItemRect(listing.item(n)) for n in (0, 1))
        assert first.height() >= metrics().row_height
        assert second.top() > first.bottom()
        dialog.reject()

    answer(look)
    assert QtInteraction().ask_choice("Mở tờ nào?", [line, line], yes="Mở") is None


def test_f9_takes_the_line_that_is_chosen_and_the_keys_stand_on_the_buttons(qapp):
    words = []

    def act(dialog):
        QTest.qWaitForWindowActive(dialog)
        words.extend(b.text() for b in dialog.findChildren(QPushButton))
        QTest.keyClick(dialog.findChild(QListWidget), Qt.Key.Key_Down)
        QTest.keyClick(dialog, Qt.Key.Key_F9)

    answer(act)
    assert QtInteraction().ask_choice("Bản nào?", ["một", "hai"], yes="Chọn") == 1
    assert sorted(words) == ["Chọn   F9", "Quay lại   Esc"]


@pytest.mark.parametrize("key", [Qt.Key.Key_F9, Qt.Key.Key_Return])
def test_a_bounced_key_answers_nothing_where_only_a_person_knows(key, qapp):
    stayed = []

    def act(dialog):
        QTest.qWaitForWindowActive(dialog)
        listing = dialog.findChild(QListWidget)
        QTest.keyClick(listing, key)
        stayed.append(
            (dialog.isVisible(), dialog.yes_button.isEnabled(), dialog.yes_button.toolTip())
        )
        QTest.keyClick(listing, Qt.Key.Key_Down)
        QTest.keyClick(listing, key)

    answer(act)
    chosen = QtInteraction().ask_choice(
        "Mấy giờ?", ["tám", "mười lăm"], yes="Đúng giờ này", suggests_first=False
    )
    assert stayed == [(True, False, "Chọn một dòng bằng ↑ ↓ trước.")]
    assert chosen is not None


@pytest.mark.parametrize("suggests_first", [True, False])
def test_what_somebody_was_typing_answers_no_question_that_suggests_nothing(qapp, suggests_first):
    def act(dialog):
        QTest.qWaitForWindowActive(dialog)
        listing = dialog.findChild(QListWidget)
        for key in (Qt.Key.Key_0, Qt.Key.Key_4, Qt.Key.Key_Space, Qt.Key.Key_Return):
            QTest.keyClick(listing, key)
        if dialog.isVisible():
            dialog.reject()

    answer(act)
    chosen = QtInteraction().ask_choice(
        "Mấy giờ?", ["11:39", "04:39"], yes="Đúng giờ này", suggests_first=suggests_first
    )
    assert chosen == (1 if suggests_first else None)


def test_a_choice_may_be_left(qapp):
    answer(lambda dialog: dialog.done(QDialog.DialogCode.Rejected))
    assert QtInteraction().ask_choice("Bản nào?", ["một"], yes="Chọn") is None


def test_the_stand_in_fails_when_it_is_asked_too_often():
    fake = FakeInteraction(True)
    assert fake.confirm("Một?", yes="Có") is True
    with pytest.raises(AssertionError, match="Hai"):
        fake.confirm("Hai?", yes="Có")


# Defects


def test_a_defect_is_said_calmly_once_and_logged(qapp, caplog):
    asked = FakeInteraction()
    reporter = CrashReporter(asked)
    with caplog.at_level(logging.ERROR):
        try:
            raise RuntimeError("row vanished")
        except RuntimeError as error:
            reporter(type(error), error, error.__traceback__)
    assert len(asked.informed) == 1
    assert asked.informed[0].startswith("Chương trình gặp lỗi")
    assert "RuntimeError" in caplog.text


def test_a_known_error_is_only_said(qapp, caplog):
    asked = FakeInteraction()
    error = UserError("Tệp đang mở ở chương trình khác.")
    CrashReporter(asked)(UserError, error, None)
    assert asked.informed == ["Tệp đang mở ở chương trình khác."]
    assert caplog.text == ""


def test_a_defect_inside_the_telling_is_not_told_again(qapp, caplog):
    told = []

    class Recursive(FakeInteraction):
        def inform(self, text, *, detail=""):
            told.append(text)
            reporter(ValueError, ValueError("again"), None)

    reporter = CrashReporter(Recursive())
    reporter(ValueError, ValueError("first"), None)
    assert len(told) == 1


def test_the_reporter_takes_the_place_of_the_hook(qapp, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    reporter = install_excepthook(FakeInteraction())
    assert sys.excepthook is reporter

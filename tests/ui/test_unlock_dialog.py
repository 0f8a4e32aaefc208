"""Unlocking at the start: what opens it, what is told on the way, and no way around it."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from counter_app.domain.rights import wait_after
from counter_app.errors import WrongKeyError
from counter_app.services.unlocks import Locked, Waiting
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.unlock_dialog import UnlockDialog

RIGHT = "con trau di truoc"


def lock_of(*, failures=0, seconds=0):
    """Return a lock that counts what fails, as the real one does."""
    failed = ["earlier"] * failures

    def unlock(text):
        if text != RIGHT:
            failed.append(text)
            raise WrongKeyError("Mật khẩu mở dữ liệu không đúng nên chưa mở.")

    def waiting():
        return Waiting(len(failed), seconds or wait_after(len(failed)))

    return Locked("4A7F00C2", datetime(2026, 11, 20, 8, 30), unlock, waiting)


@pytest.fixture
def dialog(qtbot):
    made = UnlockDialog(lock_of())
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_right_passphrase_opens_by_enter(dialog, qtbot):
    qtbot.keyClicks(dialog.secret, RIGHT)
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.secret, Qt.Key.Key_Return)
    assert dialog.secret.text() == ""


def test_a_wrong_one_is_told_and_the_field_is_empty_again(dialog, qtbot):
    qtbot.keyClicks(dialog.secret, "con trau")
    qtbot.keyClick(dialog.secret, Qt.Key.Key_Return)
    assert "không đúng" in dialog.message.text()
    assert dialog.secret.text() == ""
    assert dialog.isVisible()
    qtbot.keyClick(dialog.secret, Qt.Key.Key_Return)
    assert "Chưa nhập gì" in dialog.message.text()


def test_after_three_failures_one_has_to_wait(dialog, qtbot):
    for _ in range(3):
        qtbot.keyClicks(dialog.secret, "sai")
        dialog.enter()
    qtbot.keyClicks(dialog.secret, RIGHT)
    dialog.enter()
    assert dialog.isVisible()
    for _ in range(5):
        dialog._on_second()
    dialog.enter()
    assert not dialog.isVisible()


def test_who_starts_the_program_anew_waits_as_well(qtbot):
    made = UnlockDialog(lock_of(failures=4, seconds=2))
    qtbot.addWidget(made)
    made.show()
    qtbot.keyClicks(made.secret, RIGHT)
    made.enter()
    assert made.isVisible()
    assert "sai 4 lần" in made.enter_button.toolTip()
    for _ in range(2):
        made._on_second()
    made.enter()
    assert not made.isVisible()


def test_marks_and_capitals_are_told_while_they_are_typed(dialog, qtbot):
    qtbot.keyClicks(dialog.secret, "CON")
    assert "Caps Lock" in dialog.message.text()
    dialog.secret.clear()
    dialog.secret.insert("con trâu")
    dialog.secret.textEdited.emit("con trâu")
    assert "UniKey" in dialog.message.text()


def test_a_copy_says_whose_sheet_opens_it_and_the_window_goes_on_meanwhile(qtbot):
    runner = TaskRunner()
    made = UnlockDialog(lock_of(), is_copy=True, runner=runner)
    qtbot.addWidget(made)
    made.show()
    assert "Khóa số 4A7F00C2" in made.lead_label.text()
    assert "08:30 20/11/2026" in made.lead_label.text()
    assert made.leave_button.verb() == "Quay lại"
    qtbot.keyClicks(made.secret, "sai")
    made.enter()
    assert not made.secret.isEnabled()
    qtbot.waitUntil(lambda: "không đúng" in made.message.text())
    assert made.secret.text() == ""
    qtbot.keyClicks(made.secret, RIGHT)
    with qtbot.waitSignal(made.accepted):
        made.enter()
    runner.close()


def test_what_is_typed_can_be_looked_at(dialog):
    assert dialog.secret.echoMode() is QLineEdit.EchoMode.Password
    dialog.shown_box.setChecked(True)
    assert dialog.secret.echoMode() is QLineEdit.EchoMode.Normal


def test_a_code_with_a_slip_stays_to_be_mended(dialog, qtbot):
    qtbot.keyClicks(dialog.secret, "1" * 48)
    dialog.enter()
    assert len(dialog.secret.text()) == 48

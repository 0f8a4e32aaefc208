"""Who takes the desk goes on with his own work, and leaves the other's to him."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from counter_app.domain.rights import Role
from counter_app.services import users
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.question_dialog import QuestionDialog
from tests.ui.patience import PATIENCE
from tests.ui.people.people_hands import (
    ADMIN,
    CLERK,
    NOW,
    PASSWORD,
    enter,
    next_one,
)

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def test_what_one_typed_waits_for_him_and_the_next_begins_with_an_empty_form(
    qtbot, staffed, make_desk
):
    desk, _ = make_desk(staffed, True)
    enter(desk)
    mine = desk.window.current_page()
    mine.form.fill({"applicant_name": "Nguyễn Văn Đức"})
    next_one(desk, ADMIN, PASSWORD)
    theirs = desk.window.current_page()
    assert desk.window.current_key == "reception"
    assert theirs.form.value("applicant_name") == ""
    assert not mine.isVisible()
    assert CLERK in desk.window._bottom.page_text()
    theirs.form.fill({"applicant_name": "Trần Thị Bích"})
    next_one(desk, CLERK, PASSWORD)
    assert desk.window.current_page() is mine
    assert mine.form.value("applicant_name") == "Nguyễn Văn Đức"
    assert "còn nguyên" in desk.window._bottom.page_text()
    next_one(desk, ADMIN, PASSWORD)
    assert desk.window.current_page().form.value("applicant_name") == "Trần Thị Bích"


def test_a_draft_outlives_the_window_under_the_name_of_who_typed_it(qtbot, staffed, make_desk):
    desk, _ = make_desk(staffed, True)
    enter(desk)
    mine = desk.window.current_page()
    mine.form.fill({"applicant_name": "Nguyễn Văn Đức"})
    next_one(desk, ADMIN, PASSWORD)
    mine.draft.save()  # the clock's second passes after the other has signed in
    desk.close()
    staffed.store.user = ""
    again, _ = make_desk(staffed, True)
    assert again.window.current_page().form.is_untouched()
    enter(again, ADMIN)
    assert again.window.current_page().form.is_untouched()
    next_one(again, CLERK, PASSWORD)
    assert again.window.current_page().form.value("applicant_name") == "Nguyễn Văn Đức"


def test_what_was_typed_before_there_were_accounts_goes_to_the_first_who_signs_in(
    qtbot, opened, make_desk
):
    desk, _ = make_desk(opened, True)
    desk.window.current_page().form.fill({"applicant_name": "Nguyễn Văn Đức"})
    desk.window.current_page().draft.save()
    desk.close()
    users.add_user(opened.store, name=ADMIN, role=Role.ADMIN, secret=PASSWORD, now=NOW)
    opened.store.user = ""
    again, _ = make_desk(opened, True)
    enter(again, ADMIN)
    assert again.window.current_page().form.value("applicant_name") == "Nguyễn Văn Đức"


def test_a_dialog_waits_for_who_opened_it_and_a_question_is_left_unanswered(
    qtbot, staffed, make_desk
):
    desk, _ = make_desk(staffed)
    enter(desk)
    mine = DeskDialog("Chuyển xử lý", "Ghi lý do", desk.window)
    reason = QLineEdit(mine)
    mine.open()
    reason.setText("gõ dở")
    asked = QuestionDialog("Xóa?", yes="Xóa", detail="", parent=desk.window)
    answers = []

    def once_it_is_seen():  # the window turns before a dialog is shown, and takes no keys meanwhile
        if asked.isVisible():
            next_one(desk, ADMIN, PASSWORD)
        else:
            QTimer.singleShot(0, once_it_is_seen)

    QTimer.singleShot(0, once_it_is_seen)
    answers.append(asked.exec())
    assert answers == [QDialog.DialogCode.Rejected]
    assert not mine.isVisible()
    next_one(desk, CLERK, PASSWORD)
    qtbot.waitUntil(mine.isVisible)
    assert mine.isModal()
    assert reason.text() == "gõ dở"
    assert not asked.isVisible()
    # Back at his desk it goes on as ever, also when he locks and comes back himself.
    next_one(desk, CLERK, PASSWORD)
    assert mine.isVisible()
    mine.reject()


def test_a_dialog_that_ends_while_it_is_aside_does_not_come_back(qtbot, staffed, make_desk):
    desk, _ = make_desk(staffed)
    enter(desk)
    mine = DeskDialog("Trả kết quả", "Đang ghi", desk.window)
    mine.open()
    next_one(desk)
    mine.accept()
    next_one(desk, CLERK, PASSWORD)
    qtbot.waitUntil(lambda: desk.lock.dialog is None)
    QApplication.processEvents()
    assert not mine.isVisible()


def test_a_task_ends_in_the_name_of_who_began_it(qtbot, staffed, make_desk):
    desk, _ = make_desk(staffed)
    enter(desk)
    begun, may_end, told = threading.Event(), threading.Event(), []

    def work(_job):
        begun.set()
        may_end.wait(PATIENCE)
        told.append((staffed.store.user, desk._clerk()))

    desk.means.runner.run(work)
    assert begun.wait(PATIENCE)
    next_one(desk, ADMIN, PASSWORD)
    may_end.set()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [(CLERK, CLERK)]
    assert staffed.store.user == ADMIN
    desk.means.runner.run(lambda _job: told.append(staffed.store.user))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[1] == ADMIN


def test_without_accounts_a_changed_name_keeps_the_form_and_says_whose_it_will_be(
    qtbot, opened, make_desk
):
    desk, _ = make_desk(opened, True)
    page = desk.window.current_page()
    page.form.fill({"applicant_name": "Nguyễn Văn Đức"})
    desk.window.clerk_chosen.emit(CLERK)
    assert desk.window.current_page() is page
    assert page.form.value("applicant_name") == "Nguyễn Văn Đức"
    assert CLERK in desk.window._bottom.page_text()


def test_closing_tells_whose_work_is_not_saved(qtbot, staffed, make_desk):
    desk, interaction = make_desk(staffed, False, True)
    enter(desk)
    desk.window.current_page().form.fill({"applicant_name": "Nguyễn Văn Đức"})
    next_one(desk, ADMIN, PASSWORD)
    assert not desk.window.close()
    assert f"Tiếp nhận ({CLERK})" in interaction.asked[-1]

"""Signing in, locking, handing the desk over: nothing is read without a password, nothing lost."""

from __future__ import annotations

import csv
import io
import threading
from datetime import datetime

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.rights import PAGE_ACTS, Role
from counter_app.services import audit, office, reception, users
from counter_app.ui.audit_dialog import AuditDialog, audit_calls
from counter_app.ui.desk import Desk
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.desk_pages import page_specs
from counter_app.ui.own_secret_dialog import OwnSecretDialog
from counter_app.ui.question_dialog import QuestionDialog
from counter_app.ui.sign_in import Cover
from counter_app.ui.task_runner import Job, TaskCancelledError
from counter_app.ui.users_dialog import UsersDialog, users_calls
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction
from tests.ui.patience import PATIENCE

NOW = datetime(2026, 11, 23, 9, 0)
ADMIN, CLERK, OFFICER = "Trần Quản Trị", "Lê Thị A", "Phạm Thụ Lý"
PASSWORD = "mot cua 2026"


class Ticks:
    """Seconds that a test moves on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def opened(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    office.set_up(app.store, office_name="Một cửa", parent="UBND xã", agency_code="")
    yield app
    app.store.close()


@pytest.fixture
def staffed(opened):
    store = opened.store
    users.add_user(store, name=ADMIN, role=Role.ADMIN, secret=PASSWORD, now=NOW)
    store.user = ADMIN
    users.add_user(store, name=CLERK, role=Role.CLERK, secret=PASSWORD, now=NOW)
    users.add_user(store, name=OFFICER, role=Role.OFFICER, secret="472916", now=NOW)
    store.user = ""
    return opened


@pytest.fixture
def make_desk(qtbot):
    kept = []

    def make(opened, *answers):
        interaction = FakeInteraction(*answers)
        desk = Desk(
            opened.store,
            folder=opened.folder,
            clock=lambda: NOW,
            is_second=False,
            interaction=interaction,
        )
        desk.lock._ticks = Ticks()
        qtbot.addWidget(desk.window)
        desk.start()
        kept.append(desk)
        return desk, interaction

    yield make
    for desk in kept:
        desk.close()


def enter(desk, name=CLERK, secret=PASSWORD):
    dialog = desk.lock.dialog
    dialog.who.set_value(name)
    dialog.secret.setText(secret)
    dialog.enter()


def press_lock(qtbot, desk):
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    qtbot.keyClick(desk.window, Qt.Key.Key_F11, Qt.KeyboardModifier.ControlModifier)


def covers(desk):
    return [cover for cover in desk.window.findChildren(Cover) if not cover.isHidden()]


def test_without_accounts_nothing_is_asked_or_locked(qtbot, opened, make_desk):
    desk, interaction = make_desk(opened)
    press_lock(qtbot, desk)
    desk.lock.look_at_pause()
    assert desk.lock.dialog is None
    assert covers(desk) == []
    desk.window.clerk_chosen.emit(CLERK)
    assert desk._clerk() == CLERK
    assert interaction.informed == []


def test_the_window_opens_covered_until_somebody_signs_in(qtbot, staffed, make_desk):
    desk, _ = make_desk(staffed)
    assert len(covers(desk)) == 1
    assert covers(desk)[0].geometry() == desk.window.rect()
    enter(desk, secret="sai mat khau")
    assert "không đúng" in desk.lock.dialog.message.text()
    assert desk.lock.dialog.secret.text() == ""
    assert len(covers(desk)) == 1
    enter(desk)
    assert covers(desk) == []
    assert desk.lock.dialog is None
    assert (staffed.store.user, desk._clerk()) == (CLERK, CLERK)


def test_who_sat_here_last_is_offered_first(staffed, make_desk):
    desk, _ = make_desk(staffed)
    assert desk.lock.dialog.who.value() == ADMIN
    enter(desk)
    staffed.store.user = ""
    again, _ = make_desk(staffed)
    assert again.lock.dialog.who.value() == CLERK


def test_escape_is_no_way_around_the_password(qtbot, staffed, make_desk):
    desk, _ = make_desk(staffed)
    qtbot.keyClick(desk.lock.dialog, Qt.Key.Key_Escape)
    assert desk.lock.dialog is not None
    assert covers(desk)
    desk.window.scans.take_card(
        "045192007777|191234567|Nguyễn Thị Ngọc Ánh|30121992|Nữ|Xã|10052021"
    )
    desk.lock.dialog.who.set_value(CLERK)
    desk.lock.dialog.secret.setText(PASSWORD)
    qtbot.keyClick(desk.lock.dialog.secret, Qt.Key.Key_Return)
    assert covers(desk) == []


def test_the_lock_keeps_what_was_typed(qtbot, staffed, make_desk):
    desk, _ = make_desk(staffed, True)  # closing asks about what was typed
    enter(desk)
    form = desk.window.current_page().form
    form.fill({"applicant_name": "Nguyễn Văn Đức"})
    press_lock(qtbot, desk)
    qtbot.waitUntil(lambda: bool(covers(desk)))
    enter(desk)
    assert form.value("applicant_name") == "Nguyễn Văn Đức"
    staffed.store.user = ADMIN
    acts = [entry.act for entry in audit.entries(staffed.store)]
    assert acts[:2] == ["sign-in", "lock"]


def test_what_opens_while_the_desk_is_locked_is_covered_and_holds_up_nobody(
    qtbot, staffed, make_desk
):
    desk, _ = make_desk(staffed)
    enter(desk)
    desk.lock.lock()
    late = QDialog(desk.window)
    qtbot.addWidget(late)
    late.setWindowModality(Qt.WindowModality.ApplicationModal)
    QLabel("Nguyễn Thị Bí Mật", late)
    late.show()
    [cover] = late.findChildren(Cover)
    assert cover.isVisible()
    assert cover.geometry() == late.rect()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is desk.lock.dialog)
    desk.lock.dialog.secret.setText("gõ dở")
    other = QDialog(desk.window)
    qtbot.addWidget(other)
    other.show()
    qtbot.waitUntil(desk.lock.dialog.secret.hasFocus)
    assert desk.lock.dialog.secret.text() == "gõ dở"
    enter(desk)
    assert cover.isHidden()
    assert late.isVisible()
    third = QDialog(desk.window)
    qtbot.addWidget(third)
    third.show()
    assert third.findChildren(Cover) == []


def test_a_pause_locks_and_a_key_puts_it_off(qtbot, staffed, make_desk):
    desk, _ = make_desk(staffed)
    enter(desk)
    ticks = desk.lock._ticks
    ticks.now = 599
    desk.lock.look_at_pause()
    assert desk.lock.dialog is None
    qtbot.keyClick(desk.window, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    ticks.now = 700
    desk.lock.look_at_pause()
    assert desk.lock.dialog is None
    ticks.now = 599 + 600
    desk.lock.look_at_pause()
    assert desk.lock.dialog is not None


def test_the_next_clerk_takes_the_desk_with_his_pin(qtbot, staffed, make_desk):
    desk, interaction = make_desk(staffed)
    enter(desk)
    desk.window.clerk_chosen.emit(OFFICER)
    dialog = desk.lock.dialog
    assert dialog.who.value() == OFFICER
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert staffed.store.user == CLERK
    desk.window.clerk_chosen.emit(OFFICER)
    enter(desk, OFFICER, "472916")
    assert staffed.store.user == OFFICER
    # His role receives nothing, so the page that stood open is left.
    assert desk.window.current_key == "dossiers"
    desk.window.show_page("reception")
    assert "cán bộ thụ lý" in interaction.informed[-1]
    assert desk.window.current_key == "dossiers"


def test_who_is_signed_in_changes_his_own_password(qtbot, staffed, make_desk):
    desk, _ = make_desk(staffed)
    enter(desk)
    desk.window.secret_asked.emit()
    dialog = desk.window.findChild(OwnSecretDialog)
    dialog.was.setText("sai mat khau")
    dialog.secret.setText("mat khau moi")
    dialog.again.setText("mat khau mới")
    dialog.save()
    assert "khác nhau" in dialog.message.text()
    dialog.again.setText("mat khau moi")
    dialog.save()
    assert "không đúng" in dialog.message.text()
    dialog.was.setText(PASSWORD)
    dialog.save()
    assert not dialog.isVisible()
    users.sign_in(staffed.store, name=CLERK, secret="mat khau moi", now=NOW)


def test_the_tenth_clerk_is_in_the_list_too(opened, make_desk):
    names = [f"Cán bộ {number}" for number in range(10)]
    for name in names:
        office.save_officer(opened.store, name=name)
    desk, _ = make_desk(opened)
    assert [clerk.name for clerk in desk._clerks()] == names


def test_where_people_sign_in_only_who_has_an_account_is_offered_the_desk(staffed, make_desk):
    desk, _ = make_desk(staffed)
    enter(desk, name=ADMIN)
    office.save_officer(staffed.store, name="Người Lạ")
    assert [clerk.name for clerk in desk._clerks()] == [ADMIN, CLERK, OFFICER]


def test_who_has_no_account_takes_no_desk(qtbot, staffed, make_desk):
    desk, interaction = make_desk(staffed)
    enter(desk)
    desk.window.clerk_chosen.emit("Người Lạ")
    assert "chưa có tài khoản" in interaction.informed[-1]
    assert staffed.store.user == CLERK


def test_the_first_account_is_made_in_the_window_and_signed_in(qtbot, opened):
    dialog = UsersDialog(users_calls(opened.store, clock=lambda: NOW))
    qtbot.addWidget(dialog)
    assert dialog.role.value() == Role.ADMIN
    dialog.name.setText(ADMIN)
    dialog.secret.setText(PASSWORD)
    dialog.again.setText("khac")
    assert not dialog.save()
    dialog.again.setText(PASSWORD)
    assert dialog.save()
    assert opened.store.user == ADMIN
    assert dialog.role.value() == Role.CLERK  # of who comes next
    dialog.name.setText(CLERK)
    dialog.secret.setText("123456")
    dialog.again.setText("123456")
    assert not dialog.save()
    assert "dễ đoán" in dialog.secret.note().text
    for field in (dialog.secret, dialog.again):
        field.setText("472916")
    assert dialog.save()
    assert [(a.name, a.role) for a in users.accounts(opened.store)] == [
        (ADMIN, Role.ADMIN),
        (CLERK, Role.CLERK),
    ]
    dialog.table.select_row(1)
    assert dialog.disable()
    assert users.names(opened.store) == [ADMIN]


def test_the_log_is_searched_and_exported(qtbot, staffed, tmp_path):
    staffed.store.user = ADMIN
    target = tmp_path / "nhat-ky.csv"
    interaction = FakeInteraction(target)
    calls = audit_calls(staffed.store, clock=lambda: NOW)
    dialog = AuditDialog(calls, InstantRunner(), interaction)
    qtbot.addWidget(dialog)
    before = dialog.model.rowCount()
    dialog.text.setText(OFFICER)
    assert 0 < dialog.model.rowCount() < before
    dialog.text.clear()
    dialog.export()
    assert OFFICER in target.read_text("utf-8-sig")
    assert dialog.model.rowCount() == before + 1


class _LateRunner(InstantRunner):
    """Finds at once, and begins an export when the test says so."""

    def run(self, work, *, group="", **callbacks):
        if group:
            return super().run(work, group=group, **callbacks)
        self.work, self.job = work, Job(lambda *_told: None)
        return self.job


def test_an_export_of_the_log_that_is_stopped_leaves_no_file_and_no_line(qtbot, staffed, tmp_path):
    staffed.store.user = ADMIN
    target, runner = tmp_path / "nhat-ky.csv", _LateRunner()
    calls = audit_calls(staffed.store, clock=lambda: NOW)
    dialog = AuditDialog(calls, runner, FakeInteraction(target))
    qtbot.addWidget(dialog)
    dialog.show()
    lines = dialog.model.rowCount()
    dialog.export()
    assert not dialog.export_button.isEnabled()
    dialog.reject()
    with pytest.raises(TaskCancelledError):
        runner.work(runner.job)
    assert "Chưa xuất" in dialog.message.text()
    assert list(tmp_path.glob("*.csv")) == []
    dialog.show_entries()
    assert (dialog.model.rowCount(), dialog.isVisible()) == (lines, True)
    dialog.reject()
    assert not dialog.isVisible()


def test_acts_on_dossiers_are_searched_with_the_log(qtbot, staffed, tmp_path):
    store, target = staffed.store, tmp_path / "nhat-ky.csv"
    store.user = CLERK
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Văn Đức", by=CLERK)
    code = reception.receive_dossier(store, request, now=NOW).code
    store.user = ADMIN
    dialog = AuditDialog(
        audit_calls(store, clock=lambda: NOW), InstantRunner(), FakeInteraction(target)
    )
    qtbot.addWidget(dialog)
    dialog.text.setText(code)
    assert dialog.model.rowCount() == 0
    dialog.acts_box.click()
    [act] = dialog.model.rows()
    assert (act.by, act.target, act.label) == (CLERK, code, "Tiếp nhận")
    assert "hẹn trả" in act.words
    dialog.text.setText("tài khoản")
    assert {row.label for row in dialog.model.rows()} == {"Quản lý tài khoản"}
    dialog.export()
    told = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"))))
    assert [row["Đối tượng"] for row in told if row["Mã việc"] == "receive"] == [code]
    assert all(len(row["Mã băm"]) == 64 for row in told)


def test_every_page_has_its_row_in_the_table_of_rights(qtbot, staffed, make_desk):
    desk, _ = make_desk(staffed)
    enter(desk)
    pages = {spec.key for spec in page_specs(desk._pages.make)}
    assert set(PAGE_ACTS) == pages
    assert [key for key in pages if desk.lock.why_no_page(key)] == []


def test_a_locked_window_that_closes_watches_no_longer(qtbot, staffed, make_desk):
    desk, _ = make_desk(staffed)
    desk.close()
    assert covers(desk) == []
    assert QApplication.instance() is not None


# Who takes the desk goes on with his own work, and leaves the other's to him


def next_one(desk, name=OFFICER, secret="472916"):
    """Lock the screen and let another person in."""
    desk.lock.lock()
    enter(desk, name, secret)


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

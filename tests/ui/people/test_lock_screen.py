"""Signing in, locking, handing the desk over: nothing is read without a password."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel

from counter_app.domain.rights import PAGE_ACTS
from counter_app.services import audit, office, users
from counter_app.ui.desk_pages import page_specs
from counter_app.ui.own_secret_dialog import OwnSecretDialog
from counter_app.ui.sign_in import Cover
from tests.ui.people.people_hands import (
    ADMIN,
    CLERK,
    NOW,
    OFFICER,
    PASSWORD,
    covers,
    enter,
    press_lock,
)

pytestmark = pytest.mark.usefixtures("cheap_passwords")


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

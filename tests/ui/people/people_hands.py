"""Who works at the desks of these tests, and how they sign in and lock it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt

from counter_app.ui.sign_in import Cover

NOW = datetime(2026, 11, 23, 9, 0)
ADMIN, CLERK, OFFICER = "Trần Quản Trị", "Lê Thị A", "Phạm Thụ Lý"
PASSWORD = "mot cua 2026"


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


def next_one(desk, name=OFFICER, secret="472916"):
    """Lock the screen and let another person in."""
    desk.lock.lock()
    enter(desk, name, secret)

"""Hands at the reception page: keys where the focus is, and one citizen typed with Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.hands import type_text

CONTROL = Qt.KeyboardModifier.ControlModifier


def here():
    """Return the widget that has the focus."""
    return QApplication.focusWidget()


def key(code, modifiers=Qt.KeyboardModifier.NoModifier):
    """Press a key there."""
    QTest.keyClick(here(), code, modifiers)


def enter():
    """Press Enter there."""
    key(Qt.Key.Key_Return)


def say(text):
    """Type a text there."""
    type_text(here(), text)


def field_here(page):
    """Return the name of the field that has the focus."""
    return next((n for n in page.form.names() if page.form.field(n) is here()), "")


def type_citizen(page, number, name, *, procedure="doc than", ticks=True):
    """Type one citizen with Enter alone, checking the focus; the first paper is ticked."""
    steps = (
        ("citizen_id", number),
        ("applicant_name", name),
        ("birth_date", "30121992"),
        ("sex", ""),
        ("address", "Xã Cam Lộ, Quảng Trị"),
        ("phone", "0905123456"),
        ("procedure_code", procedure),
    )
    for expected, text in steps:
        assert field_here(page) == expected
        say(text)
        enter()
    if ticks and field_here(page) == "documents":
        say(" ")

"""Hands on a keyboard: QTest.keyClicks can't type Vietnamese letters, these can."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

_NONE = Qt.KeyboardModifier.NoModifier


def press(widget, key, text="", modifiers=_NONE, at=0):
    """Press and release one key as the window system does: override, press, release."""
    app = QApplication.instance()
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, int(key), modifiers, text)
        event.setTimestamp(int(at))
        if kind == QEvent.Type.ShortcutOverride:
            event.ignore()
        app.sendEvent(QApplication.focusWidget() or widget, event)


def key_of(letter):
    """Return Qt's key for a letter; 0x01000000 and above are no letters."""
    return ord(letter.upper()) if len(letter.upper()) == 1 else 0


def type_text(widget, text, *, start=0, gap=0):
    """Type letters one by one; ``start`` and ``gap`` are milliseconds for what reads the clock."""
    moment = start
    for letter in text:
        press(widget, key_of(letter), letter, at=moment)
        moment += gap
    return moment

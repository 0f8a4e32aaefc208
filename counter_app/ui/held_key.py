"""A key that does an act, held back for a moment: a scanner's second key would follow at once."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget


class HeldKey(QObject):
    """Keeps one key and does what it would have done, unless it is dropped before."""

    def __init__(self, parent: QObject) -> None:
        """Nothing is held."""
        super().__init__(parent)
        self._event: QKeyEvent | None = None
        self._watched: QObject | None = None
        self.is_passing_on = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.pass_on)

    @property
    def is_full(self) -> bool:
        """Say whether a key is held."""
        return self._event is not None

    def hold(self, watched: QObject, event: QKeyEvent, wait_ms: int) -> None:
        """Keep a key for so long."""
        self._watched, self._event = watched, event.clone()
        self._timer.start(wait_ms)

    def drop(self) -> None:
        """Forget the key: it was a scanner's."""
        self._timer.stop()
        self._event = self._watched = None

    def pass_on(self) -> None:
        """Do what the key does: its shortcut, else the key itself where the focus is."""
        self._timer.stop()
        event, watched = self._event, self._watched
        self._event = self._watched = None
        target = QApplication.focusWidget() or watched
        if event is None or not isinstance(target, QWidget) or not shiboken6.isValid(target):
            return
        shortcut = _shortcut_for(target, event)
        if shortcut is not None:
            shortcut.activated.emit()
            return
        self.is_passing_on = True
        try:
            QApplication.sendEvent(target, event)
            release = QKeyEvent(
                QEvent.Type.KeyRelease, event.key(), event.modifiers(), event.text()
            )
            if shiboken6.isValid(target):
                QApplication.sendEvent(target, release)
        finally:
            self.is_passing_on = False


def _shortcut_for(target: QWidget, event: QKeyEvent) -> QShortcut | None:
    """Return the shortcut that Qt would have chosen: the nearest one that is in reach."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    pressed = QKeySequence(QKeyCombination(held, Qt.Key(event.key())))
    found = [
        shortcut
        for shortcut in target.window().findChildren(QShortcut)
        if shortcut.isEnabled()
        and pressed in list(shortcut.keys())
        and _is_in_reach(shortcut, target)
    ]
    near = Qt.ShortcutContext.WidgetWithChildrenShortcut
    return min(found, key=lambda one: one.context() != near, default=None)


def _is_in_reach(shortcut: QShortcut, target: QWidget) -> bool:
    owner = shortcut.parent()
    if not isinstance(owner, QWidget) or not owner.isVisible() or not owner.isEnabled():
        return False
    if shortcut.context() == Qt.ShortcutContext.WidgetWithChildrenShortcut:
        return owner is target or owner.isAncestorOf(target)
    if shortcut.context() == Qt.ShortcutContext.WidgetShortcut:
        return owner is target
    return owner.window() is target.window()

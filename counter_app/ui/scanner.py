"""Scanners that type like a keyboard: a burst is known by its speed and its form.

A wedge types faster than any hand. The first keys pass into the focused field, because one key
can't be told from a person's; once the burst is certain the field gets its text back and every
further key is data: Enter, Tab, control characters and shortcuts press nothing. A key that does an
act waits a moment for a second one that comes as fast, so a code that begins with F9 presses
nothing either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from counter_app.domain.scans import ScanKind, read_scans
from counter_app.ui.fields import ENTER_KEYS
from counter_app.ui.held_key import HeldKey
from counter_app.ui.scanner_keys import MODIFIER_KEYS, ScannedKeys, acts, is_alt_digit, is_command

GAP_MS = 35  # two keys of a burst; a quick typist needs 60 and more, rolling fingers two in a row
IDLE_MS = 120  # silence that ends a burst
SURE_AFTER = 6  # keys in a row, each within GAP_MS
SURE_BEFORE_CONTROL = 3  # as many before an Enter or a Tab that comes as fast
HOLD_MS = GAP_MS + 10  # how long a key that does an act waits for a second one; 0 never waits


def refusal_words(kind: ScanKind) -> str:
    """Return the sentence for what was scanned and can't be used."""
    if kind is ScanKind.HALF_CARD:
        return _tr("Thẻ đọc chưa đủ. Ô đang gõ giữ nguyên. Quét lại thẻ lần nữa.")
    if kind is ScanKind.MIXED:
        return _tr("Hai lần quét lẫn vào nhau. Ô đang gõ giữ nguyên. Quét lại từng thẻ một.")
    return _tr("Mã vừa quét không phải thẻ căn cước hay mã hồ sơ. Ô đang gõ giữ nguyên.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("WedgeDetector", text)


@dataclass(slots=True)
class _Snapshot:
    """What a widget held before the burst; our own fields say themselves what that is."""

    widget: QWidget | None = None
    state: Any = None

    def restore(self) -> None:
        """Give the widget back what it held."""
        widget = self.widget
        if widget is None or not shiboken6.isValid(widget):
            return
        if hasattr(widget, "recall"):
            widget.recall(self.state)
        elif isinstance(widget, QLineEdit):
            text, cursor = self.state
            widget.setText(text)
            widget.setCursorPosition(cursor)
        elif isinstance(widget, (QPlainTextEdit, QTextEdit)):
            text, position = self.state
            widget.setPlainText(text)
            cursor = widget.textCursor()
            cursor.setPosition(position)
            widget.setTextCursor(cursor)
        elif isinstance(widget, QComboBox):
            widget.setCurrentIndex(self.state)


def _take_snapshot(watched: QObject) -> _Snapshot:
    widget: QObject | None = watched
    if isinstance(watched, QComboBox) and watched.isEditable():
        widget = watched.lineEdit()
    if not isinstance(widget, QWidget):
        return _Snapshot()
    if hasattr(widget, "remember"):
        return _Snapshot(widget, widget.remember())
    if isinstance(widget, QLineEdit):
        return _Snapshot(widget, (widget.text(), widget.cursorPosition()))
    if isinstance(widget, (QPlainTextEdit, QTextEdit)):
        return _Snapshot(widget, (widget.toPlainText(), widget.textCursor().position()))
    if isinstance(widget, QComboBox):
        return _Snapshot(widget, widget.currentIndex())
    return _Snapshot()


@dataclass(slots=True)
class _Burst:
    """Keys that came one after another without a pause."""

    snapshot: _Snapshot
    keys: ScannedKeys = field(default_factory=ScannedKeys)
    is_sure: bool = False

    def make_sure(self) -> None:
        """Take the first keys out of the field they went into."""
        if not self.is_sure:
            self.is_sure = True
            self.snapshot.restore()


def event_ms(event: QKeyEvent) -> float:
    """Return when a key was pressed, as the system stamped it: a busy window doesn't blur it."""
    return float(event.timestamp())


class WedgeDetector(QObject):
    """Watches the focused widget's keys and tells a scanner from a hand."""

    card_scanned = Signal(str)
    code_scanned = Signal(str)
    scan_refused = Signal(str)  # a sentence: half a card, or nothing we know
    key_pressed = Signal()  # any key, whoever typed it

    def __init__(
        self, parent: QObject | None = None, *, clock: Callable[[QKeyEvent], float] = event_ms
    ) -> None:
        """``clock`` returns the milliseconds of a key."""
        super().__init__(parent)
        self._clock = clock
        self._burst: _Burst | None = None
        self._is_hand = False  # the keyboard driver or a repeat is at work until the next pause
        self._last_ms = float("-inf")
        self._watched: QWidget | None = None
        self._held = HeldKey(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(IDLE_MS)
        self._timer.timeout.connect(self.finish)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
            self._on_focus_changed(None, app.focusWidget())

    def watch(self, window: QWidget) -> None:
        """Watch a window's own keys too: they come to it while nothing has the focus."""
        window.installEventFilter(self)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        if now is not None and getattr(now, "reads_raw_keys", False):
            now = None  # the scanner's own test wants each key as it comes
        self._watched = now
        if now is not None:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at keys only; True keeps one from its widget."""
        if self._watched is not None and watched is not self._watched:
            return False  # a key nobody wanted, on its way up: it was seen already
        if self._held.is_passing_on:
            return False
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self._on_key_pressed(watched, event):
                event.accept()  # else it would go on to the parents
                return True
            return False
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._swallows(event) or self._holds(event):
                event.accept()  # no shortcut anywhere: the key press that follows is ours
                return True
        elif kind == QEvent.Type.KeyRelease:
            return self._burst is not None and self._burst.is_sure
        return False

    def finish(self) -> None:
        """End the burst: tell what it was. Called by the pause after the last key."""
        self._timer.stop()
        burst, self._burst = self._burst, None
        self._is_hand = False
        if burst is None or not burst.is_sure:
            self._held.pass_on()
            return
        self._held.drop()
        text = burst.keys.text()
        scans = read_scans(text)
        if any(scan.kind in (ScanKind.CARD, ScanKind.CODE) for scan in scans):
            for scan in scans:
                signal = self.card_scanned if scan.kind is ScanKind.CARD else self.code_scanned
                signal.emit(scan.text)
            return
        kind = scans[0].kind if scans else ScanKind.UNKNOWN
        words = text.removesuffix("\r")
        if burst.keys.commands or kind is not ScanKind.UNKNOWN or not words.isprintable():
            self.scan_refused.emit(refusal_words(kind))
        elif "|" in words:
            self.scan_refused.emit(refusal_words(ScanKind.HALF_CARD))
        else:
            # The Enter behind plain words is dropped: it must not press anything.
            self._give_to_field(burst, words)

    @staticmethod
    def _give_to_field(burst: _Burst, text: str) -> None:
        # Fast, but of no form we know: an abbreviation that was expanded, a paste by another tool.
        widget = burst.snapshot.widget
        if widget is None or not shiboken6.isValid(widget):
            return
        if isinstance(widget, QLineEdit):
            widget.insert(text)
            widget.textEdited.emit(widget.text())
        elif isinstance(widget, (QPlainTextEdit, QTextEdit)):
            widget.insertPlainText(text)

    def _is_fast(self, event: QKeyEvent) -> bool:
        return 0 <= self._clock(event) - self._last_ms <= GAP_MS

    def _holds(self, event: QKeyEvent) -> bool:
        """Say whether a key must wait whether others come as fast behind it."""
        if not HOLD_MS or self._is_fast(event) or event.isAutoRepeat():
            return False
        if event.key() == Qt.Key.Key_F4 and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return False  # the system's own; the window asks before it closes over unsaved work
        presses = isinstance(self._watched, QAbstractButton) and (
            event.key() in (*ENTER_KEYS, Qt.Key.Key_Space)
        )
        return presses or acts(event)

    def _swallows(self, event: QKeyEvent) -> bool:
        burst = self._burst
        if event.isAutoRepeat():
            return burst is not None and burst.is_sure
        if burst is not None and burst.is_sure:
            return True
        if not self._is_fast(event):
            return False
        if acts(event) and HOLD_MS:
            return True  # no finger finds F9 a thirtieth of a second after another key
        if burst is None or self._is_hand or is_alt_digit(event):
            return False
        enough = burst.keys.keys >= SURE_BEFORE_CONTROL
        return enough and is_command(event) and event.key() != Qt.Key.Key_Backspace

    def _on_key_pressed(self, watched: QObject, event: QKeyEvent) -> bool:
        self.key_pressed.emit()
        if event.key() in MODIFIER_KEYS:
            if self._burst is not None:
                self._burst.keys.add(event)
            return self._burst is not None and self._burst.is_sure
        fast, held = self._is_fast(event), self._holds(event)
        # A second key as fast as only a scanner types: the held one was no person's either.
        swallowed = self._swallows(event) or (fast and self._held.is_full)
        self._last_ms = self._clock(event)
        self._timer.start()
        if swallowed:
            self._keep(watched, event)
        elif held:
            self._begin_with_act(watched, event)
        else:
            return self._collect(watched, event, fast=fast)
        return True

    def _collect(self, watched: QObject, event: QKeyEvent, *, fast: bool) -> bool:
        """Add a key to the burst; True once it is certain that it is one."""
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) or event.isAutoRepeat():
            # Scanners never erase: this is UniKey rewriting a syllable, or a key held down.
            if self._burst is None or not fast:
                self._burst = _Burst(_take_snapshot(watched))
            self._is_hand = True
            return False
        if not fast:
            self._burst, self._is_hand = None, False
        if self._is_hand:
            return False
        if not (is_alt_digit(event) or _writes(event)):
            self._burst = None
            return False
        if self._burst is None:
            self._burst = _Burst(_take_snapshot(watched))
        self._burst.keys.add(event)
        if self._burst.keys.keys < SURE_AFTER:
            return False
        self._burst.make_sure()
        return True

    def _begin_with_act(self, watched: QObject, event: QKeyEvent) -> None:
        self._held.pass_on()
        self._burst, self._is_hand = _Burst(_take_snapshot(watched)), False
        self._burst.keys.add(event)
        self._held.hold(watched, event, HOLD_MS)

    def _keep(self, watched: QObject, event: QKeyEvent) -> None:
        if self._burst is None:
            self._burst = _Burst(_take_snapshot(watched))
        self._held.drop()
        self._burst.make_sure()
        self._burst.keys.add(event)


def _writes(event: QKeyEvent) -> bool:
    return bool(event.text()) and not is_command(event)

"""Scanners that type like a keyboard: a burst is known by its speed and its form.

A wedge types faster than any hand. The first keys pass into the focused field, because one key
can't be told from a person's; once the burst is certain the field gets its text back and every
further key is data: Enter, Tab, control characters and shortcuts press nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from counter_app.ui.fields import ENTER_KEYS

GAP_MS = 35  # two keys of a burst; a quick typist needs 60 and more, rolling fingers two in a row
IDLE_MS = 120  # silence that ends a burst
SURE_AFTER = 6  # printable keys in a row, each within GAP_MS
SURE_BEFORE_CONTROL = 3  # as many before an Enter or a shortcut that comes as fast
MOST_CHARACTERS = 8192

_CARD_FIELDS = 7
_CODE = re.compile(r"[A-Za-z0-9]{1,12}(?:[.\-/][A-Za-z0-9]{1,12}){2,6}")
_MODIFIER_KEYS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
)
_COMMANDING = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


def looks_like_card(text: str) -> bool:
    """Say whether a burst has the form of a card's text: seven fields and more, twelve digits."""
    parts = text.strip().split("|")
    return len(parts) >= _CARD_FIELDS and parts[0].strip().isdigit()


def looks_like_code(text: str) -> bool:
    """Say whether a burst has the form of a dossier's code, ours or the official one."""
    return _CODE.fullmatch(text.strip()) is not None


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
    letters: list[str] = field(default_factory=list)
    last_ms: float = 0
    is_sure: bool = False
    had_command: bool = False  # an Enter, Tab, shortcut or control character inside it

    def add(self, text: str) -> None:
        """Keep what was typed, up to a limit no card or code reaches."""
        if len(self.letters) < MOST_CHARACTERS:
            self.letters.append(text)

    def text(self) -> str:
        """Return what was typed."""
        return "".join(self.letters)


def event_ms(event: QKeyEvent) -> float:
    """Return when a key was pressed, as the system stamped it: a busy window doesn't blur it."""
    return float(event.timestamp())


class WedgeDetector(QObject):
    """Watches the focused widget's keys and tells a scanner from a hand."""

    card_scanned = Signal(str)
    code_scanned = Signal(str)
    scan_refused = Signal(str)  # a sentence: half a card, or nothing we know

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
        self._watched = now
        if now is not None:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at keys only; True keeps one from its widget."""
        if self._watched is not None and watched is not self._watched:
            return False  # a key nobody wanted, on its way up: it was seen already
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self._on_key_pressed(watched, event):
                event.accept()  # else it would go on to the parents
                return True
            return False
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._swallows(event):
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
            return
        text = burst.text()
        if looks_like_card(text):
            self.card_scanned.emit(text)
        elif looks_like_code(text):
            self.code_scanned.emit(text.strip())
        elif burst.had_command or "|" in text or not text.removesuffix("\r").isprintable():
            self.scan_refused.emit(self._refusal(text))
        else:
            # The Enter behind plain words is dropped: it must not press anything.
            self._give_to_field(burst, text.removesuffix("\r"))

    def _refusal(self, text: str) -> str:
        if "|" in text:
            return self.tr("Thẻ đọc chưa đủ. Ô đang gõ giữ nguyên. Quét lại thẻ lần nữa.")
        return self.tr("Mã vừa quét không phải thẻ căn cước hay mã hồ sơ. Ô đang gõ giữ nguyên.")

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

    def _swallows(self, event: QKeyEvent) -> bool:
        burst = self._burst
        if burst is None or self._is_hand or event.isAutoRepeat():
            return False
        if burst.is_sure:
            return True
        enough = len(burst.letters) >= SURE_BEFORE_CONTROL
        return enough and _is_command(event) and self._is_fast(event)

    def _on_key_pressed(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.key() in _MODIFIER_KEYS:
            return self._burst is not None and self._burst.is_sure
        fast = self._is_fast(event)
        swallowed = self._swallows(event)
        self._last_ms = self._clock(event)
        self._timer.start()
        if swallowed and self._burst is not None:
            self._keep(self._burst, event)
            return True
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) or event.isAutoRepeat():
            # Scanners never erase: this is UniKey rewriting a syllable, or a key held down.
            self._burst, self._is_hand = None, True
            return False
        if not fast:
            self._burst, self._is_hand = None, False
        if self._is_hand or _is_command(event) or not event.text():
            self._burst = None
            return False
        return self._collect(watched, event)

    def _collect(self, watched: QObject, event: QKeyEvent) -> bool:
        if self._burst is None:
            self._burst = _Burst(_take_snapshot(watched))
        burst = self._burst
        burst.add(event.text())
        if len(burst.letters) < SURE_AFTER:
            return False
        self._make_sure(burst)
        return True

    @staticmethod
    def _make_sure(burst: _Burst) -> None:
        burst.is_sure = True
        burst.snapshot.restore()

    def _keep(self, burst: _Burst, event: QKeyEvent) -> None:
        if not burst.is_sure:
            self._make_sure(burst)
        is_plain_enter = event.key() in ENTER_KEYS and not event.modifiers() & _COMMANDING
        if _is_command(event) and not is_plain_enter:
            burst.had_command = True
        if event.key() in ENTER_KEYS:
            burst.add("\r")
        elif event.key() == Qt.Key.Key_Tab:
            burst.add("\t")
        elif event.text() and not event.modifiers() & _COMMANDING:
            burst.add(event.text())


def _is_command(event: QKeyEvent) -> bool:
    """Say whether a key would do something rather than write."""
    text = event.text()
    # AltGr comes as Ctrl+Alt on Windows and writes a letter.
    writes = bool(text) and text.isprintable()
    if event.modifiers() & _COMMANDING:
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        return not (writes and event.modifiers() & both == both)
    return not writes

"""Recorded scans, played to a window as the window system would: shortcuts included."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui import hands

FOLDER = Path(__file__).parent.parent / "data" / "scans"
_PAUSE_MS = 1000
_HELD = {
    "S": Qt.KeyboardModifier.ShiftModifier,
    "C": Qt.KeyboardModifier.ControlModifier,
    "A": Qt.KeyboardModifier.AltModifier,
    "K": Qt.KeyboardModifier.KeypadModifier,
}


def key_named(name):
    """Return Qt's key; a letter that no key wrote has none."""
    return getattr(Qt.Key, f"Key_{name or 'unknown'}")


def load(name):
    """Return a recording's keys as (milliseconds, key, text, modifiers)."""
    kept = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    length = kept["keys"][-1][0]
    keys = []
    for turn in range(kept["times"]):
        for at, key, text, letters in kept["keys"]:
            held = Qt.KeyboardModifier.NoModifier
            for letter in letters:
                held |= _HELD[letter]
            keys.append((at + turn * length, key_named(key), text, held))
    return keys


class Player:
    """Plays recordings; its clock is what the detector reads, so a busy machine changes nothing."""

    def __init__(self, window, detector):
        self._window = window
        self._detector = detector
        self._ms = 0
        detector._clock = lambda _event: self._ms

    def press(self, key, text="", held=Qt.KeyboardModifier.NoModifier, *, after=0):
        """Press one key so many milliseconds after the last."""
        self._ms += after
        widget = QApplication.focusWidget() or QApplication.activeModalWidget() or self._window
        if held & Qt.KeyboardModifier.KeypadModifier:
            # QTest presses and releases Alt around each key; a scanner holds it for all digits.
            hands.press(widget, key, text, held)
            return
        for action in (QTest.KeyAction.Press, QTest.KeyAction.Release):
            QTest.sendKeyEvent(action, widget, key, text, held)

    def play(self, name, *, end=True):
        """Play a recording after a pause, and let the silence behind it end it."""
        begin = self._ms + _PAUSE_MS
        for at, key, text, held in load(name):
            self._ms = begin + at
            self.press(key, text, held)
        if end:
            self._ms += _PAUSE_MS
            self._detector.finish()

"""UniKey at a field: raw Telex or VNI keys, its Backspaces, and the letters it puts instead."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from counter_app.domain.telex import decode_partial
from tests.ui.hands import key_of, press

_HAND_MS = 90
TELEX = ("Nguyeenx Thij AAnr Dduowcj", "Nguyễn Thị Ẩn Được")
VNI = ("Nguye64n Thi5 A6n3 D9u7o7c5", "Nguyễn Thị Ẩn Được")


def keystrokes(raw, *, vni):
    """Return what reaches the window: (letter, how many Backspaces come before it)."""
    strokes, word, shown = [], "", ""
    for key in raw:
        if not key.isalnum():
            strokes.append((0, key))
            word = shown = ""
            continue
        word += key
        after = decode_partial(word, vni=vni)
        kept = 0
        while kept < min(len(after), len(shown)) and after[kept] == shown[kept]:
            kept += 1
        strokes.append((len(shown) - kept, after[kept:]))
        shown = after
    return strokes


def type_with_unikey(widget, raw, *, vni, start=0):
    """Type raw keys into the field that has the focus, with UniKey answering; return the time."""
    at = start
    for erased, letters in keystrokes(raw, vni=vni):
        at += _HAND_MS
        for _ in range(erased):
            press(widget, Qt.Key.Key_Backspace, "\b", at=at)
        for letter in letters:
            key = Qt.Key.Key_unknown if erased else key_of(letter)
            press(QApplication.focusWidget() or widget, key, letter, at=at)
    return at

"""Which key sequences a shortcut may use, and how a key is written on screen.

Bare letters and digits, Alt with a digit, Alt+Z and everything with Ctrl+Shift belong to the
Vietnamese keyboards (UniKey) and to scanners that type Alt codes.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

_MODIFIERS = Qt.KeyboardModifier
_FIRST_PRINTABLE = 0x20
_FIRST_SPECIAL = 0x01000000


def forbidden_reason(sequence: QKeySequence) -> str | None:
    """Say why a sequence may not be a shortcut, or None if it may."""
    for index in range(sequence.count()):
        combination = sequence[index]  # type: ignore[index] # the stubs forget __getitem__
        held = combination.keyboardModifiers() & ~_MODIFIERS.KeypadModifier
        key = combination.key()
        printable = _FIRST_PRINTABLE <= key < _FIRST_SPECIAL
        if printable and held in (_MODIFIERS.NoModifier, _MODIFIERS.ShiftModifier):
            return "a bare letter or digit is typing"
        if held & _MODIFIERS.AltModifier and Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            return "Alt+digit is an Alt code"
        if held & _MODIFIERS.AltModifier and key == Qt.Key.Key_Z:
            return "Alt+Z switches UniKey"
        if held & _MODIFIERS.ControlModifier and held & _MODIFIERS.ShiftModifier:
            return "Ctrl+Shift switches UniKey"
    return None


def check_key(text: str) -> QKeySequence:
    """Return the sequence of a portable text such as ``Ctrl+R``.

    Raises:
        ValueError: the sequence is empty or belongs to the keyboard.
    """
    sequence = QKeySequence(text, QKeySequence.SequenceFormat.PortableText)
    reason = "no key" if sequence.isEmpty() else forbidden_reason(sequence)
    if reason:
        msg = f"{text}: {reason}"
        raise ValueError(msg)
    return sequence


# The main act of a page or dialog: one key, and two for hands that stay on the letters or digits.
MAIN_KEYS = ("F9", "Ctrl+Return", "Ctrl+Enter")


def bind_main_act(window: QWidget, act: Callable[[], object]) -> None:
    """Do a dialog's main act on its keys, once for a key that is held down."""
    for key in MAIN_KEYS:
        shortcut = QShortcut(check_key(key), window)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(act)

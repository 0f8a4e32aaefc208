"""What the keys of a scanner write: letters, Alt codes, and UniKey's corrections on top of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from counter_app.domain.scans import LONGEST_SCAN
from counter_app.ui.fields import ENTER_KEYS

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

COMMANDING = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
MODIFIER_KEYS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
)
# These with Ctrl work on text: they can't act on a dossier, and text expanders use them.
_EDITING = frozenset(
    {
        Qt.Key.Key_A,
        Qt.Key.Key_C,
        Qt.Key.Key_V,
        Qt.Key.Key_X,
        Qt.Key.Key_Y,
        Qt.Key.Key_Z,
        Qt.Key.Key_Insert,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Backspace,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)
# A letter that no key wrote: the system made it, or the Vietnamese keyboard.
_NO_KEY = (0, Qt.Key.Key_unknown)
_LONGEST_ALT_CODE = 8
_HIGHEST_LETTER = 0x10FFFF


def is_alt_digit(event: QKeyEvent) -> bool:
    """Say whether a key is one digit of a letter that is typed by its number (Alt+0225)."""
    held = event.modifiers() & COMMANDING
    return held == Qt.KeyboardModifier.AltModifier and (Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9)


def is_command(event: QKeyEvent) -> bool:
    """Say whether a key would do something rather than write."""
    text = event.text()
    # AltGr comes as Ctrl+Alt on Windows and writes a letter.
    writes = bool(text) and text.isprintable()
    if event.modifiers() & COMMANDING:
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        return not (writes and event.modifiers() & both == both)
    return not writes


def acts(event: QKeyEvent) -> bool:
    """Say whether a key may do an act: F9, Ctrl+R and their kin; Enter and Tab only go on."""
    if Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35:
        return True
    held = event.modifiers() & COMMANDING
    if not held or not is_command(event) or is_alt_digit(event) or event.key() in MODIFIER_KEYS:
        return False
    return not (held == Qt.KeyboardModifier.ControlModifier and event.key() in _EDITING)


class ScannedKeys:
    """The text that keys have written so far, and what was odd about them."""

    def __init__(self) -> None:
        """Nothing was typed yet."""
        self.keys = 0
        self.erased = 0  # Backspaces: the Vietnamese keyboard is at work
        self.alt_codes = 0
        self.commands = 0  # shortcuts, function keys, Tab: anything but an Enter
        self._letters: list[str] = []
        self._code = ""  # digits of an Alt code that isn't whole yet
        self._is_after_code = False

    def __len__(self) -> int:
        """Return how many letters stand written."""
        return len(self._letters)

    def text(self) -> str:
        """Return what was written."""
        self._end_code()
        return "".join(self._letters)

    def add(self, event: QKeyEvent) -> None:
        """Take one pressed key in."""
        if event.key() in MODIFIER_KEYS:
            self._end_code()
            return
        self.keys += 1
        if is_alt_digit(event):
            if len(self._code) < _LONGEST_ALT_CODE:
                self._code += chr(event.key())
            return
        self._end_code()
        was_after_code, self._is_after_code = self._is_after_code, False
        if was_after_code and event.key() in _NO_KEY and event.text():
            return  # the letter the system made of the code; its digits say what was meant
        if event.key() == Qt.Key.Key_Backspace:
            self.erased += 1
            del self._letters[-1:]
        elif event.key() in ENTER_KEYS:
            self.commands += bool(event.modifiers() & COMMANDING)
            self._write("\r")
        elif event.key() == Qt.Key.Key_Tab:
            self.commands += 1
            self._write("\t")
        elif is_command(event):
            self.commands += 1
            if event.text() and not event.modifiers() & COMMANDING:
                self._write(event.text())
        else:
            self._write(event.text())

    def _write(self, text: str) -> None:
        if len(self._letters) < LONGEST_SCAN:
            self._letters.append(text)

    def _end_code(self) -> None:
        if not self._code:
            return
        number, self._code = int(self._code), ""
        self._is_after_code = True
        self.alt_codes += 1
        if 0 < number <= _HIGHEST_LETTER and not 0xD800 <= number <= 0xDFFF:
            self._write(chr(number))

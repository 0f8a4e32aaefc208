"""Input fields that never change their text while someone types in it.

UniKey and its kin answer keys with Backspaces and new letters, so there is no inline completion, no
mask, no automatic capital and no hard length limit here. A field is tidied when the focus leaves it
and says in words what is wrong. Enter goes to the next field and never saves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget

from counter_app.domain.text import clean_line
from counter_app.errors import UserError
from counter_app.ui.theme import metrics

if TYPE_CHECKING:  # PySide makes a type when it is first asked for; these can wait
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent

ERROR = "danger"
WARNING = "warning"
HINT = "muted"

ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
# The focus comes back by itself after these, so nobody has left the field.
_STAYING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
_DEFAULT_LIMIT = 250
_MOST_DIGITS = 15


class Note(NamedTuple):
    """A sentence beside a field; ``tone`` is ERROR, WARNING or HINT."""

    text: str
    tone: str = ERROR


def set_tone(widget: QWidget, tone: str) -> None:
    """Give a widget the look of a tone of the style sheet."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        # What was never shown takes its look from the property when it is.
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            widget.style().unpolish(widget)
            widget.style().polish(widget)


class TextField(QLineEdit):
    """One line of text, tidied on leaving by ``tidy`` and judged by ``check``."""

    tidied = Signal(str)  # the value after the focus has left
    message_changed = Signal(str, str)  # text, tone; empty text takes the message away

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        tidy: Callable[[str], str] = clean_line,
        check: Callable[[str], Note | None] | None = None,
        max_length: int = _DEFAULT_LIMIT,
        placeholder: str = "",
        chars: int = 0,
    ) -> None:
        """``chars`` is a preferred width in letters; 0 leaves it to the layout."""
        super().__init__(parent)
        self._tidy = tidy
        self._check = check
        self._limit = max_length
        self._chars = chars
        self._note = Note("", HINT)
        self._hints: tuple[str, ...] = ()
        self.setPlaceholderText(placeholder)
        self.textEdited.connect(self._on_text_edited)

    def set_hints(self, *texts: str) -> None:
        """Set what stands in the empty field: the first text that fits, the last if none does."""
        self._hints = texts
        self._show_hint()

    def _show_hint(self) -> None:
        inside = sum(
            button.width() + metrics().step(1)
            for button in self.findChildren(QAbstractButton)
            if not button.isHidden()
        )
        room = self.width() - inside - metrics().step(6)
        measure = self.fontMetrics().horizontalAdvance
        fitting = (text for text in self._hints if measure(text) <= room)
        self.setPlaceholderText(next(fitting, self._hints[-1]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the hint that fits."""
        super().resizeEvent(event)
        if self._hints:
            self._show_hint()

    def value(self) -> str:
        """Return the tidied text; what stands in the field is not touched."""
        return self._tidy(self.text())

    def set_value(self, value: str) -> None:
        """Fill the field from the program (a card, a known person), judged at once."""
        self.setText(self._shown(value))
        self.setCursorPosition(0)
        self.validate()

    def note(self) -> Note:
        """Return the message shown now; its text is empty if there is none."""
        return self._note

    def set_note(self, note: Note | None) -> None:
        """Show a message beside the field, or take it away."""
        self._note = note or Note("", HINT)
        set_tone(self, self._note.tone if self._note.text else "")
        self.message_changed.emit(self._note.text, self._note.tone)

    def has_error(self) -> bool:
        """Say whether the value can't be used as it is."""
        return self._note.tone == ERROR and bool(self._note.text)

    def judge(self) -> Note | None:
        """Return what is to be said about the value; subclasses refine it."""
        value = self.value()
        if len(value) > self._limit:
            return Note(self._too_long(len(value)))
        if self._check is None or not value:
            return None
        try:
            return self._check(value)
        except UserError as error:
            return Note(error.message)

    def validate(self) -> bool:
        """Judge the value, show the sentence and return True if it can be used."""
        self.set_note(self.judge())
        return not self.has_error()

    def tidy_now(self) -> None:
        """Write the tidied value into the field and judge it, as leaving it does."""
        shown = self._shown(self.value())
        if shown != self.text():
            self.setText(shown)
        self.validate()
        self.tidied.emit(self.value())

    def remember(self) -> Any:
        """Return what a scanner's burst must not change."""
        start = self.selectionStart() if self.hasSelectedText() else -1
        return self.text(), self.cursorPosition(), start, self.selectionLength(), self._note

    def recall(self, state: Any) -> None:
        """Put back what ``remember`` returned."""
        text, cursor, start, length, note = state
        self.setText(text)
        self.setCursorPosition(cursor)
        if start >= 0:
            self.setSelection(start, length)
        if note != self._note:
            self.set_note(note if note.text else None)

    def _shown(self, value: str) -> str:
        return value

    def _too_long(self, length: int) -> str:
        return self.tr("Dài {length} ký tự, nhiều nhất {limit}. Rút ngắn lại.").format(
            length=length, limit=self._limit
        )

    def _on_text_edited(self, text: str) -> None:
        if len(text) > self._limit:
            self.set_note(Note(self._too_long(len(text))))
        elif self._note.text:
            self.set_note(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on; everything else is typing."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTER_KEYS and not plain:
            self.focusNextPrevChild(True)
            event.accept()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, next_: bool) -> bool:
        """An error keeps the focus on the way forward; backwards is always free."""
        if next_ and not self.validate():
            self.selectAll()
            return True
        return super().focusNextPrevChild(next_)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tidy and judge once the focus really goes elsewhere."""
        super().focusOutEvent(event)
        if event.reason() not in _STAYING and not self.isReadOnly():
            self.tidy_now()

    def sizeHint(self) -> QSize:
        """Return the width for ``chars`` letters at the height of every field."""
        hint = super().sizeHint()
        if self._chars:
            padding = metrics().step(6)
            hint.setWidth(self.fontMetrics().averageCharWidth() * self._chars + padding)
        hint.setHeight(metrics().field_height)
        return hint


class NumberField(TextField):
    """A number that names something (citizen id, phone): digits grouped only when not focused."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        groups: tuple[int, ...] = (3, 3, 6),
        check: Callable[[str], Note | None] | None = None,
        max_length: int = 40,
        placeholder: str = "",
        chars: int = 16,
    ) -> None:
        """``groups`` are the lengths of the groups; another length is shown ungrouped."""
        self._groups = groups
        super().__init__(
            parent,
            tidy=_without_separators,
            check=check,
            max_length=max_length,
            placeholder=placeholder,
            chars=chars,
        )

    def _shown(self, value: str) -> str:
        if self.hasFocus() or not value.isdigit() or len(value) != sum(self._groups):
            return value
        parts, start = [], 0
        for length in self._groups:
            parts.append(value[start : start + length])
            start += length
        return " ".join(parts)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the grouping out before anyone types, and only then."""
        plain = self.value()
        if event.reason() not in _STAYING and plain != self.text() and not self.isReadOnly():
            self.setText(plain)
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()


def _without_separators(text: str) -> str:
    return re.sub(r"[\s.\-]", "", clean_line(text))


class DateField(TextField):
    """A date typed freely: 30121992, 30/12/1992 or 1992, read on leaving."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        parse: Callable[[str], Any],
        show: Callable[[Any], str] | None = None,
        check: Callable[[Any], Note | None] | None = None,
        placeholder: str = "",
        chars: int = 12,
    ) -> None:
        """``parse`` raises UserError or ValueError; ``show`` writes what it returned."""
        super().__init__(parent, placeholder=placeholder, chars=chars, max_length=40)
        self._parse = parse
        self._write = show or show_date
        self._check_date = check

    def parsed(self) -> Any:
        """Return the parsed value, or None if the field is empty or can't be read."""
        parsed, _note = self._read()
        return parsed

    def set_parsed(self, value: Any) -> None:
        """Fill the field with a parsed value or empty it with None."""
        self.set_value("" if value is None else self._write(value))

    def judge(self) -> Note | None:
        """Return the sentence of the parser, or what ``check`` says about the date."""
        parsed, note = self._read()
        if note is None and parsed is not None and self._check_date is not None:
            return self._check_date(parsed)
        return note

    def _read(self) -> tuple[Any, Note | None]:
        text = super().value()
        if not text:
            return None, None
        try:
            return self._parse(text), None
        except UserError as error:
            return None, Note(error.message)
        except ValueError as error:
            # A rule's own error is a sentence; a bare ValueError speaks to programmers.
            said = "" if type(error) is ValueError else str(error)
            asked = self.tr("Không đọc được ngày “{text}”. Gõ 30/12/1992 hoặc 30121992.")
            return None, Note(said or asked.format(text=text))

    def _shown(self, value: str) -> str:
        parsed, note = self._read() if value == super().value() else (None, Note(""))
        return value if note is not None or parsed is None else self._write(parsed)


def show_date(value: Any) -> str:
    """Write a date as 30/12/1992 and anything else as it writes itself."""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


class LongTextField(QPlainTextEdit):
    """Some lines of free text; Enter goes on, Shift+Enter makes a new line."""

    tidied = Signal(str)
    message_changed = Signal(str, str)

    def __init__(
        self, parent: QWidget | None = None, *, lines: int = 2, max_length: int = 2000
    ) -> None:
        """``lines`` is the height in lines of text."""
        super().__init__(parent)
        self._limit = max_length
        self._note = Note("", HINT)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + metrics().step(4))
        self.textChanged.connect(self._on_text_changed)

    def value(self) -> str:
        """Return the composed text, each line tidied."""
        return "\n".join(clean_line(line) for line in self.toPlainText().split("\n")).strip()

    def set_value(self, value: str) -> None:
        """Fill the field from the program."""
        self.setPlainText(value)

    def note(self) -> Note:
        """Return the message shown now."""
        return self._note

    def set_note(self, note: Note | None) -> None:
        """Show a message beside the field, or take it away."""
        self._note = note or Note("", HINT)
        self.message_changed.emit(self._note.text, self._note.tone)

    def has_error(self) -> bool:
        """Say whether the value can't be used as it is."""
        return self._note.tone == ERROR and bool(self._note.text)

    def validate(self) -> bool:
        """Judge the length and return True if the value can be used."""
        length = len(self.value())
        text = self.tr("Dài {length} ký tự, nhiều nhất {limit}. Rút ngắn lại.")
        too_long = length > self._limit
        self.set_note(Note(text.format(length=length, limit=self._limit)) if too_long else None)
        return not too_long

    def _on_text_changed(self) -> None:
        if self._note.text:
            self.set_note(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on unless Shift is held."""
        if event.key() in ENTER_KEYS and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.focusNextPrevChild(True)
            event.accept()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tidy once the focus really goes elsewhere."""
        super().focusOutEvent(event)
        if event.reason() not in _STAYING and not self.isReadOnly():
            if self.value() != self.toPlainText():
                self.setPlainText(self.value())
            self.validate()
            self.tidied.emit(self.value())


def whole_number(text: str) -> int | None:
    """Read a number of our own digits, None for what is none.

    Python itself refuses to read thousands of them, and nobody means more than fifteen.
    """
    is_one = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if is_one else None


def are_given(needed: Sequence[tuple[TextField, str]]) -> bool:
    """Say at each empty field what belongs there and go to the first of them."""
    empty = [(field, words) for field, words in needed if not field.value()]
    for field, words in empty:
        field.set_note(Note(words))
    if empty:
        empty[0][0].setFocus(Qt.FocusReason.OtherFocusReason)
    return not empty

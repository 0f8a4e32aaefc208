"""Fields that choose: a short fixed list, and a search whose matches hang under the line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from counter_app.domain.text import clean_line
from counter_app.ui.fields import ENTER_KEYS, ERROR, HINT, Note, TextField, set_tone
from counter_app.ui.theme import metrics
from counter_app.ui.tips import plain_tip

if TYPE_CHECKING:  # PySide makes a type when it is first asked for; these can wait
    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent

    from counter_app.ui.matches import MatchList

_MAX_ROWS = 8


class Choice(NamedTuple):
    """One thing that can be chosen; ``detail`` stands muted at the right."""

    value: Any
    text: str
    detail: str = ""


class ChoiceField(QComboBox):
    """A short list; letters jump, F4 opens, Enter goes on, the wheel changes nothing."""

    value_changed = Signal(object)
    message_changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None, *, choices: Sequence[Choice] = ()) -> None:
        """Fill the list."""
        super().__init__(parent)
        self._note = Note("", HINT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(12)
        self.set_choices(choices)
        self.currentIndexChanged.connect(self._on_current_index_changed)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Replace the list, keeping the chosen value if it is still there."""
        kept = self.value()
        was_blocked = self.blockSignals(True)
        self.clear()
        for choice in choices:
            text = f"{choice.text} · {choice.detail}" if choice.detail else choice.text
            self.addItem(text, choice.value)
        self.setCurrentIndex(max(0, self._index_of(kept)) if choices else -1)
        self.blockSignals(was_blocked)

    def value(self) -> Any:
        """Return the chosen value, or None."""
        return self.currentData()

    def set_value(self, value: Any) -> None:
        """Choose a value; one that is not in the list chooses nothing."""
        self.setCurrentIndex(self._index_of(value))

    def note(self) -> Note:
        """Return the message shown now."""
        return self._note

    def set_note(self, note: Note | None) -> None:
        """Show a message beside the field, or take it away."""
        self._note = note or Note("", HINT)
        set_tone(self, self._note.tone if self._note.text else "")
        self.message_changed.emit(self._note.text, self._note.tone)

    def remember(self) -> Any:
        """Return what a scanner's burst must not change."""
        return self.currentIndex()

    def recall(self, state: Any) -> None:
        """Put back what ``remember`` returned."""
        self.setCurrentIndex(state)

    def has_error(self) -> bool:
        """Say whether an error stands beside the field."""
        return self._note.tone == ERROR and bool(self._note.text)

    def _index_of(self, value: Any) -> int:
        # findData compares QVariants, which says nothing about Python objects.
        return next((i for i in range(self.count()) if self.itemData(i) == value), -1)

    def _on_current_index_changed(self, _index: int) -> None:
        if self._note.text:
            self.set_note(None)
        self.value_changed.emit(self.value())

    def _tell_whole(self) -> None:
        """Put the chosen words into the tip where the field is too narrow for them."""
        # Both bring hundreds of enumerated words, for a question that is seldom asked.
        from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        is_cut = self.fontMetrics().horizontalAdvance(self.currentText()) > room.width()
        self.setToolTip(plain_tip(self.currentText()) if is_cut else "")

    def event(self, event: QEvent) -> bool:
        """Look whether the words are cut when they are asked for."""
        if event.type() == QEvent.Type.ToolTip:
            self._tell_whole()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on; F4, arrows and letters are the combo box's own."""
        if (
            event.key() in ENTER_KEYS
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self.focusNextPrevChild(True)
            event.accept()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: a value never changes by scrolling past it."""
        event.ignore()

    def sizeHint(self) -> QSize:
        """Keep the height of every field."""
        hint = super().sizeHint()
        hint.setHeight(metrics().field_height)
        return hint


class SearchChoice(TextField):
    """A line whose matches hang under it: arrows move, Enter chooses, the text stays as typed.

    The list is a child of the window that never takes the focus, so the Vietnamese keyboard goes
    on undisturbed; only choosing writes into the line.
    """

    chosen = Signal(object)  # the value of the chosen Choice
    unchosen = Signal()  # the text was edited after a choice
    list_width = 360  # at least, at 100 %

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        find: Callable[[str], Sequence[Choice]],
        free_text: bool = False,
        minimum: int = 1,
        placeholder: str = "",
        max_length: int = 250,
    ) -> None:
        """``free_text`` accepts what was typed without a choice; then no match is preselected."""
        super().__init__(parent, placeholder=placeholder, max_length=max_length)
        self._find = find
        self._free = free_text
        self._minimum = minimum
        self._choice: Choice | None = None
        self._popup: MatchList | None = None
        self.textEdited.connect(self._on_search_text_edited)

    def choice(self) -> Choice | None:
        """Return what was chosen, or None."""
        return self._choice

    def set_choice(self, choice: Choice | None) -> None:
        """Fill the field from the program; announces nothing."""
        self._choice = choice
        self.setText(choice.text if choice else "")
        self.setCursorPosition(0)
        self.set_note(None)
        self.close_matches()

    def judge(self) -> Note | None:
        """A text that was not chosen from the list can't be used, unless free text is welcome."""
        if self._choice is None and not self._free and clean_line(self.text()):
            return Note(self.tr("Chọn một dòng trong danh sách: gõ vài chữ, rồi ↓ và Enter."))
        return super().judge()

    def remember(self) -> Any:
        """Return the text and what was chosen."""
        return self._choice, super().remember()

    def recall(self, state: Any) -> None:
        """Put back the text and the choice."""
        choice, line = state
        self.close_matches()
        super().recall(line)
        if choice is not None and self._choice is None:
            self._choice = choice
            self.chosen.emit(choice.value)

    def matches_shown(self) -> bool:
        """Say whether the list of matches is open."""
        return self._popup is not None and self._popup.isVisible()

    def close_matches(self) -> None:
        """Close the list of matches."""
        if self._popup is not None:
            self._popup.hide()

    def open_matches(self) -> None:
        """Compute the matches for the text as typed and hang them under the line."""
        text = clean_line(self.text())
        found = self._find(text) if len(text) >= self._minimum else ()
        if not found:
            self.close_matches()
            return
        popup = self._ensure_popup()
        popup.set_choices(found)
        popup.setGeometry(self._popup_place(len(found)))
        # What nobody typed is only offered: Enter must not take it.
        popup.go_to(-1 if self._free or not text else 0)
        popup.show()
        popup.raise_()

    def _ensure_popup(self) -> MatchList:
        if self._popup is None or self._popup.parentWidget() is not self.window():
            from counter_app.ui.matches import MatchList  # not before the first search

            self._popup = MatchList(self.window())
            self._popup.clicked.connect(self._on_match_clicked)
        return self._popup

    def _popup_place(self, count: int) -> QRect:
        window = self.window()
        rows = min(count, _MAX_ROWS)
        height = rows * metrics().row_height + 2
        width = max(self.width(), metrics().px(self.list_width))
        below = self.mapTo(window, QPoint(0, self.height() + metrics().step(0.5)))
        above = self.mapTo(window, QPoint(0, 0)).y() - height - metrics().step(0.5)
        fits_below = below.y() + height <= window.height()
        top = below.y() if fits_below or above < 0 else above
        left = max(0, min(below.x(), window.width() - width - metrics().step(2)))
        return QRect(left, top, width, height)

    def _on_search_text_edited(self, _text: str) -> None:
        if self._choice is not None:
            self._choice = None
            self.unchosen.emit()
        self.open_matches()

    def _on_match_clicked(self, index: QModelIndex) -> None:
        self._choose(index.row())

    def _choose(self, row: int) -> None:
        if self._popup is None:
            return
        choice = self._popup.choice_at(row)
        self.set_choice(choice)
        self.chosen.emit(choice.value)

    def has_match(self) -> bool:
        """Say whether the list is open with the cursor on a match."""
        return self._popup is not None and self._popup.isVisible() and self._popup.row() >= 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Enter and Esc belong to the list while it is open."""
        popup = self._popup
        key = event.key()
        if popup is None or not popup.isVisible():
            if key == Qt.Key.Key_Down:
                self.open_matches()
                return
            super().keyPressEvent(event)
            return
        row, last = popup.row(), popup.count() - 1
        steps: dict[int, int] = {
            Qt.Key.Key_Down: min(row + 1, last),
            Qt.Key.Key_Up: max(row - 1, -1 if self._free else 0),
            Qt.Key.Key_PageDown: min(row + _MAX_ROWS, last),
            Qt.Key.Key_PageUp: max(row - _MAX_ROWS, 0),
        }
        if key in steps:
            popup.go_to(steps[key])
        elif key == Qt.Key.Key_Escape:
            self.close_matches()
        elif key in ENTER_KEYS and popup.row() >= 0:
            self._choose(popup.row())
            self.focusNextPrevChild(True)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Tab on an open list chooses its row, like Enter."""
        if (
            event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Tab  # type: ignore[attr-defined] # it is a QKeyEvent
            and self.has_match()
            and self._popup is not None
        ):
            self._choose(self._popup.row())
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the list when the focus leaves."""
        self.close_matches()
        super().focusOutEvent(event)

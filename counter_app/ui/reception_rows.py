"""Rows of the reception form: label, one or more fields, and one line of words beside them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from counter_app.errors import InputErrors, UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import ENTER_KEYS, ERROR, HINT, WARNING, Note, set_tone
from counter_app.ui.theme import metrics, theme
from counter_app.ui.tips import plain_tip

_LABEL, _FIELDS, _MESSAGE = range(3)
_NARROW = 680  # at 100 %: less than this leaves no room for words beside the fields
_WEIGHT = {ERROR: 3, WARNING: 2, HINT: 1}


class ClampedLabel(QLabel):
    """Some lines of text at a fixed height; the rest ends in … and stands in the tooltip."""

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        """``lines`` is the height in lines of the small font."""
        super().__init__(parent)
        self._full = ""
        self.setFont(theme().font(metrics().small_size))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setFixedHeight(self._height_of("\n".join(["Ệg"] * lines)) + 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_full_text(self, text: str) -> None:
        """Show as much of the text as fits."""
        self._full = text
        self.setToolTip(plain_tip(text))
        self._fit()

    def full_text(self) -> str:
        """Return the whole text."""
        return self._full

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _height_of(self, text: str, width: int = 10_000) -> int:
        flags = Qt.TextFlag.TextWordWrap
        return self.fontMetrics().boundingRect(0, 0, width, 10_000, flags, text).height()

    def _fits(self, text: str) -> bool:
        return self._height_of(text, self.width()) <= self.height()

    def _fit(self) -> None:
        if self._fits(self._full):
            self.setText(self._full)
            return
        low, high = 0, len(self._full)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (
                (middle, high) if self._fits(f"{self._full[:middle]} …") else (low, middle - 1)
            )
        self.setText(f"{self._full[:low].rstrip(' ,;')} …" if low else "")


class RowMessage(ClampedLabel):
    """The words beside a row's fields, or below them where the form is narrow."""

    def __init__(self, parent: QWidget | None = None, *, lines: int = 2) -> None:
        """Start empty."""
        super().__init__(lines, parent)
        self.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)

    def show_message(self, text: str, tone: str) -> None:
        """Show a sentence in its tone."""
        set_tone(self, tone if text else HINT)
        self.set_full_text(text)

    def fit_lines(self, width: int) -> None:
        """Take one line if the words fit in one, below fields of this width; else two."""
        one, two = self._height_of("Ệg"), self._height_of("Ệg\nỆg")
        fits = self._height_of(self.full_text(), width) <= one
        self.setFixedHeight((one if fits else two) + 1)


class _Row(QObject):
    """One row: its widgets and the gravest of its fields' words."""

    def __init__(self, caption: QWidget, holder: QWidget, message: RowMessage) -> None:
        super().__init__(holder)
        self.caption = caption
        self.holder = holder
        self.message = message
        self.fields: list[QWidget] = []
        self.number = 0  # its row in the grid
        self.is_wide = False
        self.is_beside = True  # the words stand right of the fields
        self.is_fixed = False  # the words have a room of their own

    def add(self, field: QWidget) -> None:
        self.fields.append(field)
        changed = getattr(field, "message_changed", None)
        if changed is not None:
            changed.connect(self._on_message_changed)

    def is_visible(self) -> bool:
        return not self.caption.isHidden()

    def set_visible(self, *, visible: bool) -> None:
        self.caption.setVisible(visible)
        self.holder.setVisible(visible)
        self.show_words()

    def show_words(self) -> None:
        has_words = bool(self.message.full_text())
        if has_words and not (self.is_beside or self.is_fixed):
            self.message.fit_lines(self.holder.width())
        self.message.setVisible(self.is_visible() and (self.is_beside or has_words))

    def _on_message_changed(self, _text: str, _tone: str) -> None:
        notes = [note for note in map(_note_of, self.fields) if note.text]
        gravest = max(notes, key=lambda note: _WEIGHT.get(note.tone, 0), default=Note("", HINT))
        self.message.show_message(gravest.text, gravest.tone)
        self.show_words()


def _note_of(field: QWidget) -> Note:
    note: Callable[[], Note] | None = getattr(field, "note", None)
    return Note("", HINT) if note is None else note()


class EndButton(ActionButton):
    """The main button that ends a ring of fields: Enter on the last field leads here.

    Without it the last field led back to the first, whose text was chosen and lost to the next key.
    """

    _rows: FormRows | None = None

    def end(self, rows: FormRows) -> None:
        """Stand after the last of these rows."""
        self._rows = rows
        rows.set_end(self)

    def focusNextPrevChild(self, next_: bool) -> bool:
        """Go on in the ring of the rows."""
        if self._rows is None:
            return super().focusNextPrevChild(next_)
        return self._rows.step_from(self, forward=next_)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A held Enter runs through the fields and stops here: only a new press does the act."""
        if event.key() in ENTER_KEYS and event.isAutoRepeat():
            event.accept()
            return
        super().keyPressEvent(event)


class FormRows(QWidget):
    """A column of rows through which Enter and Tab flow in a ring, past hidden rows.

    The ring is closed on purpose: the focus never wanders from the form into the window's frame.
    A main button can be its last member.
    """

    field_entered = Signal(QWidget)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without rows."""
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        measures = metrics()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(measures.step(3))
        self._grid.setVerticalSpacing(measures.step(1.5))
        self._grid.setColumnMinimumWidth(_LABEL, measures.px(116))
        self._grid.setColumnStretch(_FIELDS, 1)
        self._grid.setColumnStretch(_MESSAGE, 1)
        self._fields: dict[str, QWidget] = {}
        self._rows: dict[str, _Row] = {}
        self._all_rows: list[_Row] = []
        self._is_narrow = False
        self._lines = 0
        self._end: QWidget | None = None

    def add_row(
        self,
        label: str,
        *parts: tuple[str, QWidget] | tuple[str, QWidget, QWidget] | QWidget,
        wide: bool = False,
        below: QWidget | None = None,
    ) -> None:
        """Add a row of ``(name, field)`` parts and plain widgets; growing fields share the room.

        A third element is the frame that stands in the row in the field's place. A wide row takes
        the place of the words too; they stand below it while there are any, or always have their
        line there, under the widget ``below``.
        """
        caption = QLabel(label)
        set_tone(caption, HINT)
        caption.setFixedHeight(metrics().field_height)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(metrics().step(2))
        row = _Row(caption, holder, RowMessage(lines=1 if below is not None else 2))
        row.number, row.is_wide = self._take_lines(2), wide
        self._grid.addWidget(caption, row.number, _LABEL, Qt.AlignmentFlag.AlignTop)
        spoken = label
        for part in parts:
            name, widget, *frame = ("", part) if isinstance(part, QWidget) else part
            if isinstance(widget, QLabel):
                spoken = widget.text()
            elif name:
                widget.setAccessibleName(spoken)
            shown = frame[0] if frame else widget
            grows = shown.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding
            line.addWidget(shown, 1 if grows else 0)
            if name:
                row.add(widget)
                self._fields[name] = widget
                self._rows[name] = row
        if not any(line.stretch(i) for i in range(line.count())):
            line.addStretch(1)
        self._all_rows.append(row)
        if below is None:
            self._place(row)
        else:
            self._place_with_room(row, below)

    def _take_lines(self, count: int) -> int:
        """Take lines of the grid; a row's second one is for words below its fields."""
        self._lines += count
        return self._lines - count

    def _place(self, row: _Row) -> None:
        """Put a row's words right of its fields, or below them where there is no room."""
        row.is_beside = not (row.is_wide or self._is_narrow)
        top = Qt.AlignmentFlag.AlignTop
        for widget in (row.holder, row.message):
            self._grid.removeWidget(widget)
        span = 1 if row.is_beside else 2
        middle = Qt.AlignmentFlag.AlignVCenter if row.is_beside else top
        row.message.setAlignment(middle | Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(row.holder, row.number, _FIELDS, 1, span, top)
        if row.is_beside:
            self._grid.addWidget(row.message, row.number, _MESSAGE, top)
        else:
            self._grid.addWidget(row.message, row.number + 1, _FIELDS, 1, 2, top)
        row.show_words()

    def _place_with_room(self, row: _Row, below: QWidget) -> None:
        row.is_beside = False
        row.is_fixed = True
        room = QWidget()
        stack = QVBoxLayout(room)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(metrics().step(0.5))
        stack.addWidget(row.message)
        stack.addWidget(below)
        stack.addStretch(1)
        room.setFixedHeight(row.message.height() + below.height() + metrics().step(0.5))
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(row.holder, row.number, _FIELDS, 1, 2, top)
        self._grid.addWidget(room, row.number + 1, _FIELDS, 1, 2)
        row.show_words()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the words below the fields where the form is narrow."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        is_narrow = self.width() < metrics().px(_NARROW)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            for row in self._all_rows:
                if not row.is_fixed:
                    self._place(row)

    def sizeHint(self) -> QSize:
        """Ask for the height that the words need at this width."""
        hint = super().sizeHint()
        if self.width() and self._grid.hasHeightForWidth():
            hint.setHeight(max(hint.height(), self._grid.totalHeightForWidth(self.width())))
        return hint

    def add_wide(self, widget: QWidget, *, indented: bool = False) -> None:
        """Add a widget over the whole width, or under the fields only."""
        number = self._take_lines(1)
        if indented:
            self._grid.addWidget(widget, number, _FIELDS, 1, 2)
        else:
            self._grid.addWidget(widget, number, _LABEL, 1, 3)

    def field(self, name: str) -> QWidget:
        """Return the field of that name."""
        return self._fields[name]

    def names(self) -> list[str]:
        """Return the names of all fields in their order."""
        return list(self._fields)

    def set_row_visible(self, name: str, *, visible: bool) -> None:
        """Show or hide the whole row of a field."""
        self._rows[name].set_visible(visible=visible)

    def is_row_visible(self, name: str) -> bool:
        """Say whether the row of a field is unfolded."""
        return self._rows[name].is_visible()

    def go_to(self, name: str) -> None:
        """Give a field the focus, its row unfolded, its text chosen as Tab would."""
        self.set_row_visible(name, visible=True)
        field = self._fields[name]
        field.setFocus(Qt.FocusReason.TabFocusReason)
        self.field_entered.emit(field)

    def focusNextPrevChild(self, next_: bool) -> bool:
        """Go along the ring of visible fields."""
        here = QApplication.focusWidget()
        if here is None or not self.step_from(here, forward=next_):
            return super().focusNextPrevChild(next_)
        return True

    def set_end(self, button: QWidget) -> None:
        """Let the ring pass over a button outside the rows."""
        self._end = button

    def step_from(self, here: QWidget, *, forward: bool) -> bool:
        """Go to the neighbour in the ring; False if ``here`` is no member of it."""
        ring = [
            field
            for name, field in self._fields.items()
            if self.is_row_visible(name)
            and field.isEnabled()
            and field.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if self._end is not None and self._end.isEnabled():
            ring.append(self._end)
        members = (i for i, field in enumerate(ring) if here in (field, field.focusProxy()))
        place = next(members, None)
        if place is None:
            return False
        field = ring[(place + (1 if forward else -1)) % len(ring)]
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        field.setFocus(reason)
        self.field_entered.emit(field)
        return True

    def wrong_fields(self) -> list[str]:
        """Judge every field and return the names of those that can't be used."""
        return [name for name, field in self._fields.items() if not _validate(field)]

    def notes(self) -> list[Note]:
        """Return the words that stand beside the fields."""
        return [note for note in map(_note_of, self._fields.values()) if note.text]

    def show_note(self, name: str, note: Note | None) -> None:
        """Show words at a field, or take them away."""
        setter: Callable[[Note | None], None] | None = getattr(self._fields[name], "set_note", None)
        if setter is not None:
            setter(note)

    def show_error(self, error: UserError) -> list[UserError]:
        """Put each sentence at its field and go to the first; return those without a field."""
        errors = error.errors if isinstance(error, InputErrors) else [error]
        homeless: list[UserError] = []
        known: list[str] = []
        for one in errors:
            if one.field in self._fields:
                self.show_note(one.field, Note(one.message, ERROR))
                known.append(one.field)
            else:
                homeless.append(one)
        if known:
            self.go_to(min(known, key=self.names().index))
        return homeless


def _validate(field: QWidget) -> bool:
    validate: Callable[[], bool] | None = getattr(field, "validate", None)
    return validate is None or validate()

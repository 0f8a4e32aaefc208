"""Rows of the reception form: label, one or more fields, and one line of words beside them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
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
from counter_app.ui.fields import ERROR, HINT, WARNING, Note, set_tone
from counter_app.ui.forms import MessageLabel
from counter_app.ui.theme import metrics

_LABEL, _FIELDS, _MESSAGE = range(3)
_WEIGHT = {ERROR: 3, WARNING: 2, HINT: 1}


class _Row(QObject):
    """One row: its widgets and the gravest of its fields' words."""

    def __init__(
        self, widgets: list[QWidget], message: MessageLabel, parent: QObject, *, wide: bool
    ) -> None:
        super().__init__(parent)
        self.widgets = widgets
        self._wide = wide
        self.fields: list[QWidget] = []
        self._message = message

    def add(self, field: QWidget) -> None:
        self.fields.append(field)
        changed = getattr(field, "message_changed", None)
        if changed is not None:
            changed.connect(self._on_message_changed)

    def _on_message_changed(self, _text: str, _tone: str) -> None:
        notes = [note for note in map(_note_of, self.fields) if note.text]
        gravest = max(notes, key=lambda note: _WEIGHT.get(note.tone, 0), default=Note("", HINT))
        self._message.show_message(gravest.text, gravest.tone)
        self._message.setToolTip(gravest.text)
        if self._wide:
            self._message.setVisible(bool(gravest.text) and not self.widgets[0].isHidden())


def _note_of(field: QWidget) -> Note:
    note: Callable[[], Note] | None = getattr(field, "note", None)
    return Note("", HINT) if note is None else note()


class FormRows(QWidget):
    """A column of rows through which Enter and Tab flow in a ring, past hidden rows.

    The ring is closed on purpose: the focus never wanders from the form into the window's frame.
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
        number = self._grid.rowCount()
        caption = QLabel(label)
        set_tone(caption, HINT)
        caption.setFixedHeight(metrics().field_height)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(metrics().step(2))
        self._grid.addWidget(caption, number, _LABEL, Qt.AlignmentFlag.AlignTop)
        span = 2 if wide else 1
        self._grid.addWidget(holder, number, _FIELDS, 1, span, Qt.AlignmentFlag.AlignTop)
        message = self._place_message(number, wide=wide, below=below)
        widgets: list[QWidget] = [caption, holder] if wide else [caption, holder, message]
        row = _Row(widgets, message, self, wide=wide and below is None)
        for part in parts:
            name, widget, *frame = ("", part) if isinstance(part, QWidget) else part
            shown = frame[0] if frame else widget
            grows = shown.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding
            line.addWidget(shown, 1 if grows else 0)
            if name:
                row.add(widget)
                self._fields[name] = widget
                self._rows[name] = row
        if not any(line.stretch(i) for i in range(line.count())):
            line.addStretch(1)

    def _place_message(self, number: int, *, wide: bool, below: QWidget | None) -> MessageLabel:
        message = MessageLabel()
        if below is not None:
            stack = QVBoxLayout()
            stack.setSpacing(0)
            stack.addWidget(below)
            stack.addWidget(message)
            message.setFixedHeight(message.fontMetrics().lineSpacing() + metrics().step(0.5))
            self._grid.addLayout(stack, number + 1, _FIELDS, 1, 2)
        elif wide:
            self._grid.addWidget(message, number + 1, _FIELDS, 1, 2)
            message.hide()
        else:
            message.setMinimumHeight(metrics().field_height)
            self._grid.addWidget(message, number, _MESSAGE, Qt.AlignmentFlag.AlignTop)
        return message

    def add_wide(self, widget: QWidget, *, indented: bool = False) -> None:
        """Add a widget over the whole width, or under the fields only."""
        number = self._grid.rowCount()
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
        for widget in self._rows[name].widgets:
            widget.setVisible(visible)

    def is_row_visible(self, name: str) -> bool:
        """Say whether the row of a field is unfolded."""
        return not self._rows[name].widgets[0].isHidden()

    def go_to(self, name: str) -> None:
        """Give a field the focus, its row unfolded, its text chosen as Tab would."""
        self.set_row_visible(name, visible=True)
        field = self._fields[name]
        field.setFocus(Qt.FocusReason.TabFocusReason)
        self.field_entered.emit(field)

    def focusNextPrevChild(self, next_: bool) -> bool:
        """Go along the ring of visible fields."""
        ring = [
            name
            for name, field in self._fields.items()
            if self.is_row_visible(name)
            and field.isEnabled()
            and field.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        here = QApplication.focusWidget()
        place = next((i for i, name in enumerate(ring) if self._fields[name] is here), None)
        if place is None:
            return super().focusNextPrevChild(next_)
        field = self._fields[ring[(place + (1 if next_ else -1)) % len(ring)]]
        reason = Qt.FocusReason.TabFocusReason if next_ else Qt.FocusReason.BacktabFocusReason
        field.setFocus(reason)
        self.field_entered.emit(field)
        return True

    def wrong_fields(self) -> list[str]:
        """Judge every field and return the names of those that can't be used."""
        return [name for name, field in self._fields.items() if not _validate(field)]

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

"""Rows of a form: label left, field, message right of it or below; nothing else moves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from counter_app.errors import InputErrors, UserError
from counter_app.ui.fields import ERROR, HINT, Note, set_tone
from counter_app.ui.theme import metrics, theme

_LABEL, _FIELD, _MESSAGE = range(3)


class MessageLabel(QLabel):
    """The sentence that belongs to a field; it keeps its place when it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self.setFont(theme().font(metrics().small_size))
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)

    def show_message(self, text: str, tone: str) -> None:
        """Show a sentence in its tone."""
        set_tone(self, tone if text else HINT)
        self.setText(text)


class FormGrid(QWidget):
    """A column of fields, each with a place for what is to be said of it."""

    def __init__(
        self, parent: QWidget | None = None, *, beside: bool = True, label_width: int = 120
    ) -> None:
        """``beside`` puts messages right of the field, else in a reserved line below it.

        ``label_width`` is given for 100 %.
        """
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._beside = beside
        self._fields: dict[str, QWidget] = {}
        self._messages: dict[str, MessageLabel] = {}
        self._rows: dict[str, list[QWidget]] = {}
        measures = metrics()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(measures.step(3))
        self._grid.setVerticalSpacing(measures.step(2) if beside else 0)
        self._grid.setColumnMinimumWidth(_LABEL, measures.px(label_width))
        self._grid.setColumnStretch(_FIELD, 3)
        if beside:
            self._grid.setColumnStretch(_MESSAGE, 2)

    def add_row(
        self, label: str, field: QWidget, *, name: str, after: QWidget | None = None
    ) -> None:
        """Add a field; ``name`` is what ``UserError.field`` says, ``after`` stands right of it."""
        row = self._grid.rowCount()
        caption = QLabel(label)
        set_tone(caption, HINT)
        if not field.accessibleName():
            field.setAccessibleName(label)  # a screen reader says what stands left of it
        message = MessageLabel()
        changed = getattr(field, "message_changed", None)
        if changed is not None:
            changed.connect(message.show_message)
        top = Qt.AlignmentFlag.AlignTop
        caption.setFixedHeight(metrics().field_height)
        self._grid.addWidget(caption, row, _LABEL, top)
        if field.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Fixed:
            self._grid.addWidget(field, row, _FIELD, top | Qt.AlignmentFlag.AlignLeft)
        else:
            self._grid.addWidget(field, row, _FIELD)
        widgets = [caption, field, message]
        if self._beside:
            message.setMinimumHeight(metrics().field_height)
            self._grid.addWidget(message, row, _MESSAGE, top)
        else:
            message.setMinimumHeight(metrics().step(5))
            self._grid.addWidget(message, row + 1, _FIELD, 1, 2)
        if after is not None:
            self._grid.addWidget(after, row, _MESSAGE)
            widgets.append(after)
        self._fields[name] = field
        self._messages[name] = message
        self._rows[name] = widgets

    def sizeHint(self) -> QSize:
        """Ask for the height that the words need at this width."""
        hint = super().sizeHint()
        if self.width() and self._grid.hasHeightForWidth():
            hint.setHeight(max(hint.height(), self._grid.totalHeightForWidth(self.width())))
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask anew: narrow words are high."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def add_wide(self, widget: QWidget) -> None:
        """Add a widget over the whole width: a heading, a list of papers."""
        self._grid.addWidget(widget, self._grid.rowCount(), _LABEL, 1, 3)

    def field(self, name: str) -> QWidget:
        """Return the field of that name."""
        return self._fields[name]

    def set_row_visible(self, name: str, *, visible: bool) -> None:
        """Show or hide a field with its label and message."""
        for widget in self._rows[name]:
            widget.setVisible(visible)

    def validate(self) -> bool:
        """Judge every visible field; the first that can't be used takes the focus."""
        for name, field in self._fields.items():
            if not hasattr(field, "set_note"):  # it can't take back what the last try said of it
                self._set_note(name, None)
        wrong = [f for f in self._fields.values() if not f.isHidden() and not _validate(f)]
        if wrong:
            wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return not wrong

    def show_error(self, error: UserError) -> bool:
        """Show an error's sentence at its field and go there; False if no field answers to it."""
        errors = error.errors if isinstance(error, InputErrors) else [error]
        known = [e for e in errors if e.field in self._fields]
        for one in known:
            self._set_note(one.field or "", Note(one.message, ERROR))
        if known:
            first = known[0].field or ""
            self.set_row_visible(first, visible=True)
            self._fields[first].setFocus(Qt.FocusReason.OtherFocusReason)
        return len(known) == len(errors)

    def show_note(self, name: str, note: Note | None) -> None:
        """Show a warning or hint at a field, or take it away."""
        self._set_note(name, note)

    def clear_notes(self) -> None:
        """Take every message away."""
        for name in self._fields:
            self._set_note(name, None)

    def _set_note(self, name: str, note: Note | None) -> None:
        setter: Callable[[Note | None], None] | None
        setter = getattr(self._fields[name], "set_note", None)
        if setter is not None:
            setter(note)
        else:  # a button, or a list that judges nothing: its row has a place for words all the same
            self._messages[name].show_message(*(note or Note("", HINT)))


def _validate(field: QWidget) -> bool:
    validate: Callable[[], bool] | None = getattr(field, "validate", None)
    return validate is None or validate()

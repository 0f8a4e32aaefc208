"""The names of the people at the desk, in the first-run wizard."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from counter_app.ui.fields import ENTER_KEYS, Note, TextField
from counter_app.ui.reception_person import judge_text
from counter_app.ui.theme import metrics

_LONGEST = 200


class PeopleField(QWidget):
    """Names of the people at this desk: Enter adds one, the chosen line is who works now."""

    message_changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without names."""
        super().__init__(parent)
        self.line = _NameLine(
            check=judge_text,
            max_length=_LONGEST,
            placeholder=self.tr("gõ họ tên rồi Enter để thêm"),
        )
        self.line.add_asked.connect(self.add)
        self.line.message_changed.connect(self.message_changed)
        self.line.setAccessibleName(self.tr("Họ tên cán bộ"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Cán bộ của quầy"))
        self.list.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.list.setProperty("kind", "lines")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(metrics().row_height * 3 + 2)
        self.list.currentRowChanged.connect(self._on_current_row_changed)
        self.line.moved.connect(self._on_moved)
        self.line.removed.connect(self.remove_current)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics().step(1))
        column.addWidget(self.line)
        column.addWidget(self.list)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.line)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def add(self, name: str) -> None:
        """Add a name once; the first is the one who works now."""
        if name and name not in self.names():
            self.list.addItem(QListWidgetItem(name))
            if self.list.currentRow() < 0:
                self.list.setCurrentRow(0)
            self._mark()
        self.line.clear()

    def names(self) -> list[str]:
        """Return the names in their order."""
        items = (self.list.item(i) for i in range(self.list.count()))
        return [str(item.data(_NAME_ROLE) or item.text()) for item in items]

    def value(self) -> dict[str, Any]:
        """Return the names and who works now; a name still in the line counts."""
        names = self.names()
        typed = self.line.value()
        if typed and typed not in names:
            names.append(typed)
        row = max(0, self.list.currentRow())
        return {"names": names, "current": names[row] if names else ""} if names else {}

    def set_value(self, value: dict[str, Any]) -> None:
        """Show names again."""
        self.list.clear()
        for name in (value or {}).get("names", []):
            self.add(str(name))
        current = (value or {}).get("current", "")
        if current in self.names():
            self.list.setCurrentRow(self.names().index(current))

    def remove_current(self) -> None:
        """Take the chosen name off the list."""
        self.list.takeItem(self.list.currentRow())
        self._mark()

    def note(self) -> Note:
        """Return the message shown now."""
        return self.line.note()

    def set_note(self, note: Note | None) -> None:
        """Show a message beside the names."""
        self.line.set_note(note)

    def validate(self) -> bool:
        """Judge the name that is being typed."""
        return self.line.validate()

    def _on_moved(self, step: int) -> None:
        row = self.list.currentRow() + step
        if 0 <= row < self.list.count():
            self.list.setCurrentRow(row)

    def _on_current_row_changed(self, _row: int) -> None:
        self._mark()

    def _mark(self) -> None:
        for number in range(self.list.count()):
            item = self.list.item(number)
            name = str(item.data(_NAME_ROLE) or item.text())
            item.setData(_NAME_ROLE, name)
            is_here = number == self.list.currentRow()
            words = self.tr("{name}   đang trực quầy").format(name=name)
            item.setText(words if is_here else name)


_NAME_ROLE = Qt.ItemDataRole.UserRole


class _NameLine(TextField):
    """The line of a name; Enter adds what stands in it, arrows choose in the list below."""

    add_asked = Signal(str)
    moved = Signal(int)
    removed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in ENTER_KEYS and not event.modifiers() and self.value():
            if self.validate():
                self.add_asked.emit(self.value())
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Delete and not self.text():
            self.removed.emit()
        else:
            super().keyPressEvent(event)

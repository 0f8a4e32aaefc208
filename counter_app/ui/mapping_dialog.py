"""Which column of ours each heading of another system means; kept by name for the next list."""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from counter_app.domain.dossier import CHANNEL_LABELS, STATUS_LABELS
from counter_app.domain.lists import LIST_COLUMNS
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import Note, TextField, set_tone
from counter_app.ui.import_calls import Mapping
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.theme import metrics, theme
from counter_app.ui.translation import in_window

_LONGEST_EXAMPLE = 60


def _states() -> list[Choice]:
    return [Choice(status.value, in_window(label)) for status, label in STATUS_LABELS.items()]


def _channels() -> list[Choice]:
    return [Choice(channel.value, in_window(label)) for channel, label in CHANNEL_LABELS.items()]


class MappingDialog(ScreenDialog):
    """One line a heading: what it is called there, what it is here."""

    def __init__(
        self,
        mapping: Mapping,
        headings: Sequence[str],
        *,
        suggested_name: str,
        examples: Table[str, str] | None = None,
        words: Table[str, Table[str, int]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Begin with what was recognised; ``headings`` are the list's own, in their order.

        ``examples`` are cells of the list by heading; ``words`` are its words for states and
        channels that nobody has explained, with how often they stand.
        """
        super().__init__(parent)
        self._examples = examples or {}
        self._words = words or {}
        self.setWindowTitle(self.tr("Cách đọc danh sách"))
        self._mapping = mapping
        self._choices: dict[str, ChoiceField] = {}
        self._meanings: dict[str, dict[str, ChoiceField]] = {"status": {}, "channel": {}}
        step = metrics().step
        layout = QVBoxLayout(self)
        layout.setContentsMargins(step(5), step(5), step(5), step(5))
        layout.setSpacing(step(3))
        lead = QLabel(
            self.tr("Chọn mỗi cột của hệ thống kia là thông tin nào. Cột không cần thì bỏ qua.")
        )
        lead.setWordWrap(True)
        layout.addWidget(lead)
        layout.addWidget(self._make_lines(headings), 1)
        layout.addLayout(self._make_name(suggested_name))
        layout.addLayout(self._make_buttons())
        self.resize(metrics().px(620), metrics().px(560))

    def _make_lines(self, headings: Sequence[str]) -> QScrollArea:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, metrics().step(2), 0)
        grid.setHorizontalSpacing(metrics().step(4))
        options = [
            Choice("", self.tr("Bỏ qua")),
            *(Choice(c.name, c.heading) for c in LIST_COLUMNS),
        ]
        names = list(dict.fromkeys(h for h in headings if h.strip()))
        for row, heading in enumerate(names):
            label = QLabel(self._with_example(heading))
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            field = ChoiceField(choices=options)
            field.setAccessibleName(heading)
            field.set_value(self._mapping.headings.get(heading, ""))
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            self._choices[heading] = field
        self._add_words(grid, len(names))
        grid.setRowStretch(grid.rowCount(), 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        return area

    def _with_example(self, heading: str) -> str:
        cell = " ".join(self._examples.get(heading, "").split())
        if not cell:
            return heading
        shown = cell if len(cell) <= _LONGEST_EXAMPLE else f"{cell[: _LONGEST_EXAMPLE - 1]}…"
        return self.tr("{heading}\nví dụ: {cell}").format(heading=heading, cell=shown)

    def _add_words(self, grid: QGridLayout, row: int) -> None:
        """Ask what that system's words for states and channels mean; known answers stand there."""
        for kind, title, known, choices in (
            ("status", self.tr("Trạng thái của hệ thống kia"), self._mapping.statuses, _states()),
            ("channel", self.tr("Hình thức của hệ thống kia"), self._mapping.channels, _channels()),
        ):
            counts = self._words.get(kind, {})
            words = list(dict.fromkeys([*known, *counts]))
            if not words:
                continue
            heading = QLabel(title)
            heading.setFont(theme().font(strong=True))
            grid.addWidget(heading, row, 0, 1, 2)
            row += 1
            options = [Choice("", self.tr("chưa rõ: loại các dòng này")), *choices]
            for word in words:
                told = word
                if word in counts:
                    told = self.tr("{word} ({count} dòng)").format(word=word, count=counts[word])
                label = QLabel(told)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setWordWrap(True)
                field = ChoiceField(choices=options)
                field.setAccessibleName(word)
                field.set_value(known.get(word, ""))
                grid.addWidget(label, row, 0)
                grid.addWidget(field, row, 1)
                self._meanings[kind][word] = field
                row += 1

    def _make_name(self, suggested: str) -> QHBoxLayout:
        row = QHBoxLayout()
        label = QLabel(self.tr("Tên cách đọc"))
        label.setFont(theme().font(strong=True))
        self._name_field = TextField(max_length=60)
        self._name_field.set_value(suggested)
        self._name_field.setAccessibleName(label.text())
        row.addWidget(label)
        row.addWidget(self._name_field, 1)
        return row

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._note = QLabel()
        set_tone(self._note, "danger")
        self._note.setWordWrap(True)
        leave = ActionButton(self.tr("Thôi"), key="Esc", kind="quiet", icon="close")
        leave.clicked.connect(self.reject)
        save = ActionButton(self.tr("Lưu cách đọc"), key="F9", kind="main", icon="save")
        save.clicked.connect(self.accept)
        row.addWidget(self._note, 1)
        row.addWidget(leave)
        row.addWidget(save)
        return row

    def mapping(self) -> Mapping:
        """Return the way of reading as it was chosen."""
        headings = {heading: str(field.value() or "") for heading, field in self._choices.items()}
        statuses, channels = (
            {
                word: str(field.value())
                for word, field in self._meanings[kind].items()
                if field.value()
            }
            for kind in ("status", "channel")
        )
        return replace(
            self._mapping,
            name=self.name(),
            headings=headings,
            statuses=statuses,
            channels=channels,
        )

    def name(self) -> str:
        """Return the name it is kept under."""
        return str(self._name_field.value())

    def accept(self) -> None:
        """Close once it has a name and no column was chosen twice."""
        chosen = [value for field in self._choices.values() if (value := field.value())]
        doubled = next((value for value in chosen if chosen.count(value) > 1), None)
        if doubled is not None:
            heading = next(c.heading for c in LIST_COLUMNS if c.name == doubled)
            self._note.setText(self.tr("“{heading}” được chọn hai lần.").format(heading=heading))
            return
        if not self.name():
            self._name_field.set_note(Note(self.tr("Đặt tên để dùng lại lần sau.")))
            self._name_field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F9 and Ctrl+Enter save; a bare Enter only goes on."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_F9 or (is_enter and with_control):
            self.accept()
        elif not is_enter:
            super().keyPressEvent(event)

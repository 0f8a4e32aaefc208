"""Lọc danh sách: conditions that hold together, kept by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from counter_app.domain.days import parse_day
from counter_app.domain.dossier import CHANNEL_LABELS, STATUS_LABELS
from counter_app.domain.list_filter import DUE_WORDS, LONGEST_NAME, ListFilter, check_filter
from counter_app.errors import InputError, UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import ENTER_KEYS, DateField, Note, TextField
from counter_app.ui.filter_calls import FilterCalls
from counter_app.ui.forms import FormGrid
from counter_app.ui.keys import bind_main_act, check_key
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.theme import metrics
from counter_app.ui.translation import in_window
from counter_app.ui.turns import take_turn

_CHOICES = ("status", "due", "unit", "officer", "sector", "procedure", "channel")
_DAYS = ("received_from", "received_until", "due_from", "due_until")


def _said(labels: Mapping[Any, str]) -> list[tuple[Any, str]]:
    """Return labels of the domain as a list says them: in the window's language, capitals first."""
    return [(key, in_window(text[:1].upper() + text[1:])) for key, text in labels.items()]


class FilterDialog(ScreenDialog):
    """Chooses what the list shows; F9 shows it, Ctrl+S keeps it under a name."""

    filter_chosen = Signal(object, str)  # ListFilter, its name if it is a saved one

    def __init__(
        self, calls: FilterCalls, chosen: ListFilter, parent: QWidget | None = None
    ) -> None:
        """Start with what is shown now."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Lọc danh sách"))
        self._calls = calls
        self._saved: Mapping[str, ListFilter] = {}
        self._make_fields()
        take_turn(self)
        step = metrics().step
        column = QVBoxLayout(self)
        column.setContentsMargins(step(5), step(5), step(5), step(5))
        column.setSpacing(step(3))
        column.addWidget(self.top_form)
        sides = QHBoxLayout()
        sides.setSpacing(step(6))
        for form in (self.left_form, self.right_form):
            sides.addWidget(form, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(sides)
        column.addStretch(1)
        column.addLayout(self._make_buttons())
        self.resize(metrics().px(860), metrics().px(520))
        self._show_saved()
        self.show_filter(chosen)
        self.saved.value_changed.connect(self._on_saved_chosen)

    def _make_fields(self) -> None:
        calls = self._calls
        self.saved = ChoiceField()
        self.name = TextField(max_length=LONGEST_NAME)
        self.text = TextField(max_length=200)
        units, officers = calls.people()
        every = ("open", self.tr("Đang giải quyết, mọi bước"))
        self.status = self._choice([every, *_said(STATUS_LABELS)])
        self.due = self._choice(
            (key, in_window(text.capitalize())) for key, text in DUE_WORDS.items()
        )
        self.unit = self._choice((name, name) for name in units)
        self.officer = self._choice((name, name) for name in officers)
        self.sector = self._choice((name, name) for name in calls.sectors())
        self.procedure = self._choice(calls.procedures().items())
        self.channel = self._choice(
            (key, in_window(label)) for key, label in CHANNEL_LABELS.items()
        )
        self.days = {name: DateField(parse=parse_day) for name in _DAYS}
        self.top_form = FormGrid(beside=False)
        self.top_form.add_row(self.tr("Bộ lọc đã lưu"), self.saved, name="saved")
        self.left_form, self.right_form = FormGrid(beside=False), FormGrid(beside=False)
        for form, rows in (
            (
                self.left_form,
                (
                    (self.tr("Trạng thái"), self.status, "status"),
                    (self.tr("Hạn"), self.due, "due"),
                    (self.tr("Nhận từ ngày"), self.days["received_from"], "received_from"),
                    (self.tr("Nhận đến ngày"), self.days["received_until"], "received_until"),
                    (self.tr("Hẹn trả từ ngày"), self.days["due_from"], "due_from"),
                    (self.tr("Hẹn trả đến ngày"), self.days["due_until"], "due_until"),
                ),
            ),
            (
                self.right_form,
                (
                    (self.tr("Đơn vị"), self.unit, "unit"),
                    (self.tr("Cán bộ"), self.officer, "officer"),
                    (self.tr("Lĩnh vực"), self.sector, "sector"),
                    (self.tr("Thủ tục"), self.procedure, "procedure"),
                    (self.tr("Hình thức nộp"), self.channel, "channel"),
                    (self.tr("Có các chữ"), self.text, "text"),
                    (self.tr("Lưu với tên"), self.name, "name"),
                ),
            ),
        ):
            for label, field, name in rows:
                form.add_row(label, field, name=name)

    def _choice(self, pairs: Iterable[tuple[str, str]]) -> ChoiceField:
        everything = Choice("", self.tr("Tất cả"))
        field = ChoiceField(choices=[everything, *(Choice(str(k), text) for k, text in pairs)])
        # The names of procedures are long: the field keeps to its column, its list shows them.
        field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return field

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics().step(2))
        self.forget_button = ActionButton(self.tr("Xóa bộ lọc đã lưu"), kind="quiet")
        self.clear_button = ActionButton(self.tr("Bỏ hết điều kiện"), key="Ctrl+E", kind="quiet")
        close = ActionButton(self.tr("Đóng"), key="Esc")
        self.save_button = ActionButton(self.tr("Lưu bộ lọc"), key="Ctrl+S", icon="save")
        self.main_button = ActionButton(self.tr("Lọc"), key="F9", kind="main", icon="search")
        for button, slot in (
            (self.forget_button, self.forget),
            (self.clear_button, self.clear),
            (close, self.reject),
            (self.save_button, self.save),
            (self.main_button, self.apply),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(slot)
        row.addWidget(self.forget_button)
        row.addWidget(self.clear_button)
        row.addStretch(1)
        for button in (close, self.save_button, self.main_button):
            row.addWidget(button)
        bind_main_act(self, self.apply)
        for key, act in (("Ctrl+S", self.save), ("Ctrl+E", self.clear)):
            QShortcut(check_key(key), self).activated.connect(act)
        return row

    # What is chosen

    def _fields(self) -> dict[str, ChoiceField]:
        fields: Sequence[ChoiceField] = (
            self.status, self.due, self.unit, self.officer, self.sector, self.procedure,
            self.channel,
        )  # fmt: skip
        return dict(zip(_CHOICES, fields, strict=True))

    def show_filter(self, chosen: ListFilter) -> None:
        """Fill the fields; a name that the office no longer knows can still be filtered by."""
        for name, field in self._fields().items():
            value = getattr(chosen, name)
            if value and field.findData(value) < 0:
                field.addItem(value, value)
            field.set_value(value)
        for name, day in self.days.items():
            day.set_parsed(getattr(chosen, name))
        self.text.set_value(chosen.text)

    def chosen(self) -> ListFilter:
        """Return what the fields say.

        Raises:
            InputError: a day that can't be read, or days in the wrong order.
        """
        if not (self.left_form.validate() and self.right_form.validate()):
            raise InputError("", field="received_from")
        values: dict[str, Any] = {
            name: str(field.value() or "") for name, field in self._fields().items()
        }
        values |= {name: day.parsed() for name, day in self.days.items()}
        found = ListFilter(**values, text=self.text.text().strip())
        try:
            check_filter(found)
        except ValueError as error:
            wrong = "due_until" if "hẹn trả" in str(error) else "received_until"
            raise InputError(str(error), field=wrong) from error
        return found

    def _show_saved(self, name: str = "") -> None:
        self._saved = self._calls.saved()
        self.saved.blockSignals(True)
        nothing = Choice("", self.tr("Chọn điều kiện ở dưới"))
        self.saved.set_choices([nothing, *(Choice(one, one) for one in self._saved)])
        self.saved.set_value(name)
        self.saved.blockSignals(False)
        self.forget_button.setEnabled(bool(name))

    def _on_saved_chosen(self, name: object) -> None:
        self.forget_button.setEnabled(bool(name))
        self.name.set_value(str(name or ""))
        self.show_filter(self._saved.get(str(name), ListFilter()))

    # Acts

    def apply(self) -> None:
        """Show what is chosen (F9)."""
        try:
            chosen = self.chosen()
        except UserError as error:
            self._show_error(error)
            return
        name = next((name for name, one in self._saved.items() if one == chosen), "")
        self.accept()
        self.filter_chosen.emit(chosen, name)

    def save(self) -> None:
        """Keep what is chosen under its name (Ctrl+S)."""
        name = self.name.text().strip()
        try:
            self._calls.save(name, self.chosen())
        except UserError as error:
            self._show_error(error)
            return
        self._show_saved(name)

    def forget(self) -> None:
        """Take the chosen saved filter away; the fields stay as they are."""
        name = str(self.saved.value() or "")
        if name:
            self._calls.forget(name)
            self._show_saved()

    def clear(self) -> None:
        """Take every condition away (Ctrl+E)."""
        self.show_filter(ListFilter())
        self.status.setFocus()

    def _show_error(self, error: UserError) -> None:
        if error.message:
            form = self.right_form if error.field == "name" else self.left_form
            if not form.show_error(error):
                self.right_form.show_note("name", Note(error.message))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let a bare Enter go on and nothing more."""
        if event.key() not in ENTER_KEYS:
            super().keyPressEvent(event)

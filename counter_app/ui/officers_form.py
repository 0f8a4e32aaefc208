"""The people of the office: a list, and one line to add a person or change what is known of him."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from counter_app.domain.facts import OfficerFacts
from counter_app.domain.rights import Act
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import Note, TextField
from counter_app.ui.forms import FormGrid
from counter_app.ui.settings_calls import SettingsCalls
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.theme import metrics


class OfficersForm(QWidget):
    """Who works here; the names are offered wherever an officer is chosen."""

    users_asked = Signal()
    audit_asked = Signal()
    person_asked = Signal()
    saved = Signal(str, object, object)  # label, value before, callable that writes a value

    def __init__(self, calls: SettingsCalls, parent: QWidget | None = None) -> None:
        """Start empty; ``show_values`` fills the list."""
        super().__init__(parent)
        self._calls = calls
        self.model = RowTableModel(
            [
                Column(self.tr("Họ tên"), "name", width=220),
                Column(self.tr("Chức danh"), "position", width=240),
                Column(self.tr("Đơn vị"), "unit", width=240),
            ],
            self,
        )
        self.table = TableView(
            empty_text=self.tr("Chưa có cán bộ nào. Nhập họ tên bên dưới rồi nhấn F9.")
        )
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Cán bộ"))
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.table.setMinimumHeight(metrics().px(200))
        self.name = TextField()
        self.position = TextField(placeholder=self.tr("ví dụ Công chức tiếp nhận"))
        self.unit = TextField(placeholder=self.tr("để trống nếu ở quầy"))
        self.form = FormGrid(label_width=190)
        self.form.add_row(self.tr("Họ tên"), self.name, name="name")
        self.form.add_row(self.tr("Chức danh"), self.position, name="position")
        self.form.add_row(self.tr("Đơn vị"), self.unit, name="unit")
        self.save_button = ActionButton(
            self.tr("Lưu cán bộ"), key="F9", kind="main", act=Act.OFFICERS
        )
        self.leave_button = ActionButton(self.tr("Ngừng dùng tên đang chọn"), act=Act.OFFICERS)
        self.users_button = ActionButton(
            self.tr("Tài khoản đăng nhập"), icon="person", act=Act.USERS
        )
        self.audit_button = ActionButton(self.tr("Nhật ký"), icon="list", act=Act.AUDIT)
        self.users_button.clicked.connect(self.users_asked)
        self.audit_button.clicked.connect(self.audit_asked)
        self.person_button = ActionButton(
            self.tr("Dữ liệu một người"), icon="search", act=Act.PERSON_EXPORT
        )
        self.person_button.clicked.connect(self.person_asked)
        line = QHBoxLayout()
        line.addWidget(self.save_button)
        line.addWidget(self.leave_button)
        line.addStretch(1)
        line.addWidget(self.users_button)
        line.addWidget(self.audit_button)
        line.addWidget(self.person_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics().step(3))
        column.addWidget(self.table, 1)
        column.addWidget(self.form)
        column.addLayout(line)
        self.table.row_selected.connect(self._on_row_selected)
        self.save_button.clicked.connect(self.save)
        self.leave_button.clicked.connect(self.retire)

    def show_values(self) -> None:
        """Show who works here now."""
        self.model.set_rows(self._calls.officers())
        self.leave_button.set_reason(
            None if self.table.current_row() else self.tr("Chọn một người trong danh sách.")
        )

    def _on_row_selected(self, officer: OfficerFacts | None) -> None:
        self.leave_button.set_reason(
            None if officer else self.tr("Chọn một người trong danh sách.")
        )
        if officer is not None:
            for field, text in (
                (self.name, officer.name),
                (self.position, officer.position),
                (self.unit, officer.unit),
            ):
                field.setText(text)

    def save(self) -> bool:
        """Save the person that was typed: a known name is changed, a new one is added."""
        if not self.name.value():
            self.name.set_note(Note(self.tr("Nhập họ tên rồi nhấn F9.")))
            self.name.setFocus()
            return False
        wanted = OfficerFacts(self.name.value(), self.position.value(), self.unit.value())
        before = next((o for o in self._calls.officers() if o.name == wanted.name), None)
        if before == wanted or not self._write(wanted, is_active=True):
            return False
        for field in (self.name, self.position, self.unit):
            field.clear()
        self.saved.emit(wanted.name, (before or wanted, before is not None), self._restore)
        return True

    def retire(self) -> bool:
        """Take the chosen name off the list; papers that carry it stay as they are."""
        officer = self.table.current_row()
        if officer is None or not self._write(officer, is_active=False):
            return False
        self.saved.emit(officer.name, (officer, True), self._restore)
        return True

    def _restore(self, value: Any) -> None:
        officer, was_active = value
        self._write(officer, is_active=was_active)

    def _write(self, officer: OfficerFacts, *, is_active: bool) -> bool:
        try:
            self._calls.save_officer(
                name=officer.name,
                position=officer.position,
                unit=officer.unit,
                is_active=is_active,
            )
        except UserError as error:
            if not self.form.show_error(error):
                self.name.set_note(Note(error.message))
            return False
        self.show_values()
        return True

"""The audit log in the window (nhật ký): searched, and handed to an inspector as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QWidget

from counter_app.atomic import write_atomically
from counter_app.domain.words import format_number
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.fields import TextField
from counter_app.ui.forms import FormGrid
from counter_app.ui.interaction import Interaction
from counter_app.ui.tables import Column, RowTableModel, TableView

if TYPE_CHECKING:
    from counter_app.services.store import Store

_MOST = 500
_ACTS = 1000  # told within the time that nobody feels


def _tr(text: str) -> str:
    return QCoreApplication.translate("audit_dialog", text)


@dataclass(frozen=True, slots=True)
class AuditCalls:
    """The use cases of the window of the log."""

    now: Callable[[], datetime]
    entries: Callable[[str], Sequence[Any]]
    with_acts: Callable[[str], Sequence[Any]]  # those on the newest dossiers too
    export: Callable[[], bytes]


def audit_calls(store: Store, *, clock: Callable[[], datetime]) -> AuditCalls:
    """Bind the services to one store."""
    from counter_app.services import audit, audit_acts

    return AuditCalls(
        now=clock,
        entries=lambda text: audit.entries(store, text=text, limit=_MOST),
        with_acts=lambda text: audit_acts.search(store, text=text, limit=_MOST, among=_ACTS),
        export=lambda: audit.export_csv(store),
    )


class AuditDialog(DeskDialog):
    """The newest lines; a text finds them by person, act, setting or value."""

    def __init__(
        self, calls: AuditCalls, interaction: Interaction, parent: QWidget | None = None
    ) -> None:
        """Show the newest lines."""
        super().__init__(
            _tr("Nhật ký"),
            _tr(
                "Đăng nhập, xem số đầy đủ, in danh sách, xuất, nhập, sao lưu và mọi thay đổi cài "
                "đặt. Giá trị trước và sau của từng hồ sơ nằm ở Diễn biến của hồ sơ. Không ai sửa "
                "được."
            ),
            parent,
        )
        self._calls = calls
        self._interaction = interaction
        self.text = TextField(placeholder=self.tr("tên người, việc, cài đặt, giá trị"))
        self.form = FormGrid(label_width=60)
        self.form.add_row(self.tr("Tìm"), self.text, name="text")
        self.model = RowTableModel(
            [
                Column(self.tr("Lúc"), self._at, width=140, figures=True),
                Column(self.tr("Người"), "by", width=170),
                Column(self.tr("Quầy"), "counter", width=80),
                Column(self.tr("Việc"), "label", width=210),
                Column(self.tr("Đối tượng"), "target", width=170),
                Column(self.tr("Chi tiết"), "words", width=300, tooltip=self._words),
            ],
            self,
        )
        self.table = TableView(empty_text=self.tr("Không có dòng nào."))
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Nhật ký"))
        self.acts_box = QCheckBox(
            self.tr("Cả việc trên hồ sơ ở quầy này, {count} việc mới nhất").format(
                count=format_number(_ACTS)
            )
        )
        self.acts_box.toggled.connect(self._on_acts_toggled)
        self.column.addWidget(self.form)
        self.column.addWidget(self.acts_box)
        self.column.addWidget(self.table, 1)
        self.export_button = ActionButton(
            self.tr("Xuất CSV cho thanh tra"), key="F9", kind="main", icon="save"
        )
        self.add_buttons(self.export_button)
        self.text.textChanged.connect(self._on_text_changed)
        self.export_button.clicked.connect(self.export)
        self.show_entries()
        self.fit(1180, 640)
        self.text.setFocus()

    def _at(self, row: Any) -> str:
        return f"{row.at:%d/%m/%Y %H:%M}"

    def _words(self, row: Any) -> str:
        return str(row.words)

    def _on_text_changed(self, _text: str) -> None:
        self.show_entries()

    def _on_acts_toggled(self, _is_on: bool) -> None:
        self.show_entries()

    def show_entries(self) -> None:
        """Show the lines that hold what was typed."""
        ask = self._calls.with_acts if self.acts_box.isChecked() else self._calls.entries
        found = list(ask(self.text.value()))
        self.model.set_rows(found)
        is_cut = len(found) == _MOST
        text = self.tr("{count} dòng mới nhất.") if is_cut else self.tr("{count} dòng.")
        self.say(text.format(count=len(found)))

    def export(self) -> None:
        """Write the whole log to a file (F9); that too is a line of it."""
        suggested = Path.home() / f"nhat-ky-{self._calls.now():%Y%m%d}.csv"
        target = self._interaction.choose_file_save(
            self.tr("Xuất nhật ký"), suggested=suggested, kinds=self.tr("Tệp CSV (*.csv)")
        )
        if target is None:
            return
        try:
            write_atomically(target, self._calls.export())
        except UserError as error:
            self.say(error.message, "danger")
            return
        self.show_entries()
        self.say(self.tr("Đã xuất nhật ký ra {name}.").format(name=target.name))

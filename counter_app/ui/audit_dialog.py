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
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.translation import in_window

if TYPE_CHECKING:
    from counter_app.services.store import Store

    Progress = Callable[[int, int], object]

_MOST = 500
_ACTS = 1000  # told within the time that nobody feels


def _tr(text: str) -> str:
    return QCoreApplication.translate("audit_dialog", text)


@dataclass(frozen=True, slots=True)
class AuditCalls:
    """The use cases of the window of the log."""

    now: Callable[[], datetime]
    find: Callable[[str, bool, Progress], Sequence[Any]]  # with the acts on the newest dossiers
    export: Callable[[Path, bool, Progress], None]  # with those on all dossiers


def audit_calls(store: Store, *, clock: Callable[[], datetime]) -> AuditCalls:
    """Bind the services to one store."""
    from counter_app.services import audit, audit_acts

    def find(text: str, with_acts: bool, progress: Progress) -> Sequence[Any]:
        if with_acts:
            return audit_acts.search(store, text=text, limit=_MOST, among=_ACTS, progress=progress)
        return audit.entries(store, text=text, limit=_MOST, progress=progress)

    def export(target: Path, with_acts: bool, progress: Progress) -> None:
        write = audit_acts.export_csv if with_acts else audit.export_csv
        write_atomically(target, write(store, progress=progress))

    return AuditCalls(now=clock, find=find, export=export)


class AuditDialog(DeskDialog):
    """The newest lines; a text finds them by person, act, setting or value."""

    def __init__(
        self,
        calls: AuditCalls,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Show the newest lines as soon as they are found."""
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
        self._runner = runner
        self._job: Job | None = None
        self._is_exporting = False
        self._exported = False  # what it said stays until something else is looked for
        self._interaction = interaction
        self.text = TextField(placeholder=self.tr("tên người, việc, cài đặt, giá trị"))
        self.form = FormGrid(label_width=60)
        self.form.add_row(self.tr("Tìm"), self.text, name="text")
        self.model = RowTableModel(
            [
                Column(self.tr("Lúc"), self._at, width=140, figures=True),
                Column(self.tr("Người"), "by", width=170),
                Column(self.tr("Quầy"), "counter", width=80),
                Column(self.tr("Việc"), lambda row: in_window(row.label), width=210),
                Column(self.tr("Đối tượng"), "target", width=170),
                Column(self.tr("Chi tiết"), "words", width=300, tooltip=self._words),
            ],
            self,
        )
        self.table = TableView(empty_text=self.tr("Không có dòng nào."))
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Nhật ký"))
        self.acts_box = QCheckBox(
            self.tr(
                "Cả việc trên hồ sơ ở quầy này: tìm trong {count} việc mới nhất, xuất tất cả"
            ).format(count=format_number(_ACTS))
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
        """Look for the lines that hold what was typed."""
        find, text, with_acts = self._calls.find, self.text.value(), self.acts_box.isChecked()
        self._runner.run(
            lambda job: find(text, with_acts, job.progress),
            on_done=self._on_found,
            on_error=self._on_failed,
            owner=self,
            group=f"log {id(self)}",
        )

    def _on_found(self, found: Sequence[Any]) -> None:
        self.model.set_rows(list(found))
        if not (self._is_exporting or self._exported):
            is_cut = len(found) == _MOST
            text = self.tr("{count} dòng mới nhất.") if is_cut else self.tr("{count} dòng.")
            self.say(text.format(count=len(found)))
        self._exported = False

    def _on_failed(self, error: UserError) -> None:
        self.say(error.message, "danger")

    def export(self) -> None:
        """Write the whole log to a file (F9), as ticked with every act on a dossier of this desk.

        That too is a line of it.
        """
        if self._is_exporting:
            return
        suggested = Path.home() / f"nhat-ky-{self._calls.now():%Y%m%d}.csv"
        target = self._interaction.choose_file_save(
            self.tr("Xuất nhật ký"), suggested=suggested, kinds=self.tr("Tệp CSV (*.csv)")
        )
        if target is None:
            return
        write, with_acts = self._calls.export, self.acts_box.isChecked()
        self.export_button.set_reason(self.tr("Đang xuất."))
        self.leave_button.set_verb(self.tr("Dừng"))
        self._is_exporting = True
        self._job = self._runner.run(
            lambda job: write(target, with_acts, job.progress),
            on_done=lambda _none: self._on_exported(target),
            on_error=self._on_not_exported,
            on_progress=self._on_exporting,
            owner=self,
        )

    def _on_exporting(self, done: int, _total: int, _text: str) -> None:
        self.say(self.tr("Đang xuất: {count} dòng…").format(count=format_number(done)))

    def _on_exported(self, target: Path) -> None:
        self._rest()
        self.say(self.tr("Đã xuất toàn bộ nhật ký ra {name}.").format(name=target.name))
        self._exported = True
        self.show_entries()

    def _on_not_exported(self, error: UserError) -> None:
        self._rest()
        self._on_failed(error)

    def _rest(self) -> None:
        self._is_exporting = False
        self.export_button.set_reason(None)
        self.leave_button.set_verb(self.tr("Đóng"))

    def reject(self) -> None:
        """Stop an export that is under way, which leaves no file; else close."""
        if not self._is_exporting or self._job is None:
            super().reject()
            return
        self._job.cancel()
        self._rest()
        self.say(self.tr("Đã dừng. Chưa xuất tệp nào."))

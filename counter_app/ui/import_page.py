"""Đồng bộ: a day's list of another system goes in, after a look in plain words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from counter_app.domain.words import format_number
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import set_tone
from counter_app.ui.import_calls import ImportCalls, ImportReport
from counter_app.ui.interaction import Interaction
from counter_app.ui.mapping_dialog import MappingDialog
from counter_app.ui.page import Page
from counter_app.ui.sync_calls import Progress
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.task_runner import Brake, Job, TaskRunner
from counter_app.ui.theme import metrics, theme

_KINDS = "Danh sách (*.csv *.xlsx *.xls *.ods)"
_MOST_LINES = 500


class _Line(NamedTuple):
    """One line of the report: where, and what a person should know."""

    where: str
    column: str
    message: str


class ImportPage(Page):
    """Choose a list, see what it would do, take it in."""

    imported = Signal()  # counts elsewhere in the window are old
    conflicts_asked = Signal()

    def __init__(
        self,
        calls: ImportCalls,
        *,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Nothing is read before a file is chosen."""
        super().__init__(parent)
        self.title = self.tr("Đồng bộ")
        self.help_text = self.tr(
            "Nhập danh sách hồ sơ hằng ngày xuất từ hệ thống của tỉnh (CSV hoặc Excel). Chương "
            "trình đọc thử trước và nói rõ sẽ thêm, cập nhật hay loại dòng nào; chỉ khi nhấn Nhập "
            "mới ghi. Bảng chép từ trang web hay từ Excel (Ctrl+C ở đó) dán vào đây bằng Ctrl+V, "
            "cũng xem trước như một tệp. Nhập lại cùng một tệp không làm thay đổi gì."
        )
        self._calls = calls
        self._runner = runner
        self._interaction = interaction
        self._path: Path | None = None
        self._report: ImportReport | None = None
        self._is_done = False
        self._added = ""  # what was added to a pasted table, in words
        self._job: Job | None = None
        self._brake = Brake()
        self._lay_out()
        self._refresh_buttons()

    def _lay_out(self) -> None:
        step = metrics().step
        layout = QVBoxLayout(self)
        layout.setContentsMargins(step(6), step(5), step(6), step(5))
        layout.setSpacing(step(3))
        heading = QLabel(self.tr("Nhập danh sách từ hệ thống khác"))
        heading.setFont(theme().font(metrics().title_size, strong=True))
        layout.addWidget(heading)
        lead = QLabel(
            self.tr(
                "Chọn tệp xuất hằng ngày của hệ thống tỉnh. Chương trình đọc thử trước, "
                "chưa ghi gì."
            )
        )
        lead.setWordWrap(True)
        set_tone(lead, "muted")
        layout.addWidget(lead)
        layout.addLayout(self._make_chooser())
        self._summary = QLabel()
        self._summary.setWordWrap(True)
        self._summary.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._summary)
        self._model = RowTableModel(
            [
                Column(self.tr("Dòng"), "where", width=90, figures=True),
                Column(self.tr("Cột"), "column", width=180),
                Column(self.tr("Điều cần xem"), "message", width=600),
            ]
        )
        self._table = TableView(empty_text=self.tr("Chưa có điều gì cần xem."))
        self._table.setAccessibleName(self.tr("Các dòng cần xem"))
        self._table.set_model(self._model)
        layout.addWidget(self._table, 1)
        layout.addLayout(self._make_buttons())

    def _make_chooser(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics().step(2))
        self._file_edit = QLineEdit()
        self._file_edit.setReadOnly(True)
        self._file_edit.setAccessibleName(self.tr("Tệp danh sách"))
        self._file_edit.setPlaceholderText(self.tr("Chưa chọn tệp"))
        self._choose_button = ActionButton(
            self.tr("Chọn tệp…"), key="Ctrl+O", kind="quiet", icon="list"
        )
        self._choose_button.clicked.connect(self.choose_file)
        self._paste_button = ActionButton(
            self.tr("Dán bảng"), key="Ctrl+V", kind="quiet", icon="plus"
        )
        self._paste_button.clicked.connect(self.paste)
        self._mapping_choice = ChoiceField(choices=self._mapping_choices())
        self._mapping_choice.setAccessibleName(self.tr("Cách đọc"))
        self._mapping_choice.value_changed.connect(self._on_mapping_changed)
        row.addWidget(self._file_edit, 1)
        row.addWidget(self._choose_button)
        row.addWidget(self._paste_button)
        row.addWidget(QLabel(self.tr("Cách đọc")))
        row.addWidget(self._mapping_choice)
        self._mapping_button = ActionButton(
            self.tr("Sửa cách đọc…"), key="", kind="quiet", icon="list"
        )
        self._mapping_button.clicked.connect(self.edit_mapping)
        row.addWidget(self._mapping_button)
        self.add_key("Ctrl+O", self.choose_file)
        self.add_key("Ctrl+V", self.paste)
        return row

    def _mapping_choices(self) -> list[Choice]:
        automatic = Choice("", self.tr("Tự nhận ra cột"))
        return [automatic, *(Choice(name, name) for name in self._calls.mapping_names())]

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics().step(2))
        self._rejected_button = ActionButton(
            self.tr("Lưu các dòng bị loại…"), key="", kind="quiet", icon="save"
        )
        self._rejected_button.clicked.connect(self.save_rejected)
        self._conflicts_button = ActionButton(
            self.tr("Xem và quyết định…"), key="Ctrl+M", kind="quiet", icon="swap"
        )
        self._conflicts_button.clicked.connect(self.conflicts_asked)
        self.add_key("Ctrl+M", self.conflicts_asked.emit)
        self._cancel_button = ActionButton(self.tr("Ngừng"), key="", kind="quiet", icon="close")
        self._cancel_button.clicked.connect(self.cancel)
        self._main_button = ActionButton(self.tr("Nhập"), key="F9", kind="main", icon="export")
        self._main_button.clicked.connect(self.main_action)
        row.addWidget(self._rejected_button)
        row.addWidget(self._conflicts_button)
        row.addStretch(1)
        row.addWidget(self._cancel_button)
        row.addWidget(self._main_button)
        return row

    def stand_within(self) -> None:
        """Leave the margins to the page this one stands in."""
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, 0)

    # Acts

    def first_field(self) -> QWidget:
        """Return the button that begins the work here."""
        return self._choose_button

    def choose_file(self) -> None:
        """Ask for the list and read it without keeping anything."""
        path = self._interaction.choose_file_open(
            self.tr("Chọn danh sách hồ sơ"), kinds=self.tr(_KINDS)
        )
        if path is not None:
            self.look_at(path)

    def look_at(self, path: Path) -> None:
        """Read a list and say what it would do."""
        self._path = path
        self._added = ""
        self._file_edit.setText(str(path))
        self._run(self._calls.try_out, is_done=False)

    def paste(self) -> None:
        """Look at a table that was copied from a web page or from Excel."""
        if self._job is not None:
            return
        held = QGuiApplication.clipboard().mimeData()
        try:
            path, added = self._calls.pasted(
                held.text(), held.html(), str(self._mapping_choice.value() or "")
            )
        except UserError as error:
            self._say(error.message, "danger")
            return
        self.look_at(path)
        self._added = added
        self._file_edit.setText(self.tr("Bảng vừa dán"))

    def edit_mapping(self) -> None:
        """Say what the headings of this list mean, keep it by name, read the list again."""
        report = self._report
        if report is None or report.mapping is None or self._path is None:
            return
        name = str(self._mapping_choice.value() or "") or self.tr("Hệ thống tỉnh")
        dialog = MappingDialog(
            report.mapping,
            report.headings,
            suggested_name=name,
            examples=report.examples,
            words=report.reading.unknown_words if report.reading else {},
            parent=self,
        )
        if not dialog.exec():
            return
        self._calls.keep_mapping(dialog.name(), dialog.mapping())
        self._mapping_choice.set_choices(self._mapping_choices())
        self._mapping_choice.set_value(dialog.name())
        self._run(self._calls.try_out, is_done=False)

    def _on_mapping_changed(self, _value: object) -> None:
        if self._path is not None and self._job is None:
            self._run(self._calls.try_out, is_done=False)

    def main_action(self) -> None:
        """Take the list in, once its dry run was seen."""
        if self._job is not None or self._why_not():
            return
        self._run(self._calls.take_in, is_done=True)

    def cancel(self) -> None:
        """Ask what is running to stop; whether it did so in time is said when it ends."""
        if self._job is not None:
            self._brake.pull(self.tr("Đã ngừng. Chưa ghi gì."))
            self._say(self.tr("Đang ngừng…"), "muted")

    def save_rejected(self) -> None:
        """Write the rejected rows with their reasons, to be mended and imported again."""
        report, path = self._report, self._path
        if report is None or path is None or not report.rejected_rows:
            return
        chosen = self._interaction.choose_file_save(
            self.tr("Lưu các dòng bị loại"),
            suggested=path.with_name(f"{path.stem}-bi-loai.csv"),
            kinds=self.tr("Tệp CSV (*.csv)"),
        )
        if chosen is None:
            return
        try:
            self._calls.save_rejected(report, chosen)
        except UserError as error:
            self._interaction.inform(error.message)
            return
        self.state_text_changed.emit(self.tr("Đã lưu {name}.").format(name=chosen.name))

    # Running and showing

    def _run(self, call: Callable[[Path, str, Progress], ImportReport], *, is_done: bool) -> None:
        path, mapping = self._path, str(self._mapping_choice.value() or "")
        if path is None:
            return
        self._is_done = is_done
        self._report = None
        self._model.set_rows([])
        self._say(self.tr("Đang đọc {name}…").format(name=path.name), "muted")
        brake = self._brake = Brake()
        self._job = self._runner.run(
            lambda job: call(path, mapping, brake.on(job)),
            on_done=self._on_read,
            on_error=self._on_failed,
            on_progress=self._on_progress,
            owner=self,
            group="import",
        )
        self._refresh_buttons()

    def _on_progress(self, done: int, total: int, _text: str) -> None:
        text = self.tr("Đang xử lý {done}/{total} dòng…")
        if not total:
            text = self.tr("Đã đọc {done} dòng…")
        self._say(text.format(done=format_number(done), total=format_number(total)), "muted")

    def _on_failed(self, error: UserError) -> None:
        self._job = None
        self._say(error.message, "danger")
        self._refresh_buttons()

    def _on_read(self, report: ImportReport) -> None:
        self._job = None
        self._report = report
        self._say(self._words(report), "" if self._is_done else "accent")
        lines = [_Line(str(e.line), e.column, e.message) for e in report.errors]
        lines += [_Line("", "", note) for note in report.notes]
        lines += [_Line(str(n.line), n.column, n.message) for n in report.row_notes]
        self._model.set_rows(lines[:_MOST_LINES])
        if self._is_done:
            self.state_text_changed.emit(self.tr("Đã nhập danh sách."))
            self.imported.emit()
        self._refresh_buttons()

    def _words(self, report: ImportReport) -> str:
        start = self.tr("Đã nhập:") if self._is_done else self.tr("Đọc thử, chưa ghi gì:")
        counts = self.tr(
            "{rows} dòng – {new} hồ sơ mới, {updated} cập nhật, {unchanged} không đổi, "
            "{rejected} bị loại, {conflicts} cần người quyết định."
        ).format(
            rows=format_number(report.rows),
            new=format_number(report.new),
            updated=format_number(report.updated),
            unchanged=format_number(report.unchanged),
            rejected=format_number(report.rejected),
            conflicts=format_number(report.conflicts),
        )
        return " ".join(part for part in (start, counts, self._added) if part)

    def _say(self, text: str, tone: str) -> None:
        self._summary.setText(text)
        set_tone(self._summary, tone)

    def _why_not(self) -> str:
        if self._path is None:
            return self.tr("chưa chọn tệp")
        if self._report is None or self._is_done:
            return self.tr("chọn tệp khác để nhập tiếp")
        if not (self._report.new or self._report.updated or self._report.conflicts):
            return self.tr("tệp này không có gì mới")
        return ""

    def _refresh_buttons(self) -> None:
        is_running = self._job is not None
        self._main_button.set_reason(self.tr("đang đọc") if is_running else self._why_not() or None)
        self._cancel_button.setVisible(is_running)
        self._choose_button.setEnabled(not is_running)
        self._paste_button.setEnabled(not is_running)
        self._mapping_button.setEnabled(self._report is not None)
        rejected = self._report is not None and bool(self._report.rejected_rows)
        self._rejected_button.setVisible(rejected)
        is_asked = self._is_done and self._report is not None and bool(self._report.conflicts)
        self._conflicts_button.setVisible(is_asked)

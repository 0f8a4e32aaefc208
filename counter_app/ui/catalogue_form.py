"""The catalogue in the settings: a file is tried out first, then taken in; all of it goes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.catalogue_changes import KIND_LABELS, CatalogueChange, ChangeKind
from counter_app.domain.rights import Act
from counter_app.domain.words import format_date, format_number
from counter_app.errors import InputErrors, UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import set_tone
from counter_app.ui.forms import MessageLabel
from counter_app.ui.interaction import Interaction
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics
from counter_app.ui.translation import in_window

if TYPE_CHECKING:
    from counter_app.services.store import Store

_KINDS_IN = "Danh mục (*.csv *.xlsx *.xls *.ods *.json)"
_KINDS_OUT = "Excel (*.xlsx);;CSV (*.csv);;JSON (*.json)"


def _tr(text: str) -> str:
    return QCoreApplication.translate("catalogue_form", text)


@dataclass(frozen=True, slots=True)
class CatalogueCalls:
    """The use cases of the catalogue's files."""

    now: Callable[[], datetime]
    preview: Callable[[Path], Sequence[CatalogueChange]]
    take_in: Callable[[Path], Sequence[CatalogueChange]]
    export: Callable[[Path], int]


def catalogue_calls(store: Store, *, clock: Callable[[], datetime]) -> CatalogueCalls:
    """Bind the services to one store."""
    from counter_app.services import catalogue_files, data_files

    def preview(path: Path) -> Sequence[CatalogueChange]:
        entries = data_files.read_entries(path)
        return catalogue_files.preview_import(store, entries, on=clock().date())

    def take_in(path: Path) -> Sequence[CatalogueChange]:
        entries = data_files.read_entries(path)
        return catalogue_files.import_entries(store, entries, on=clock().date())

    return CatalogueCalls(
        now=clock,
        preview=preview,
        take_in=take_in,
        export=lambda path: catalogue_files.export(store, path, on=clock().date()),
    )


def _differs(change: CatalogueChange) -> str:
    return "; ".join(
        f"{in_window(f.label)}: {f.before or _tr('(trống)')} → {f.after or _tr('(trống)')}"
        for f in change.fields
    )


def _columns() -> list[Column]:
    return [
        Column(_tr("Mã"), "code", width=110, figures=True),
        Column(_tr("Thủ tục"), "name", width=224),
        Column(_tr("Thay đổi"), lambda change: in_window(KIND_LABELS[change.kind]), width=190),
        Column(_tr("Áp dụng từ"), "valid_from", show=format_date, width=104, figures=True),
        Column(
            _tr("Đang giải quyết"),
            lambda change: change.open_count or None,
            width=136,
            align_right=True,
            tooltip=lambda change: change.words,
        ),
        Column(_tr("Khác ở"), _differs, tooltip=_differs),
    ]


class CatalogueForm(QWidget):
    """Import with a preview, export by the file's ending."""

    saved = Signal(str, object, object)  # every group of settings has it
    told = Signal(str)

    def __init__(
        self,
        calls: CatalogueCalls,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Nothing is read before a file is chosen."""
        super().__init__(parent)
        self._calls, self._runner, self._interaction = calls, runner, interaction
        self._path: Path | None = None
        self._is_busy = False
        self.choose_button = ActionButton(self.tr("Chọn tệp danh mục…"), icon="list")
        self.export_button = ActionButton(self.tr("Xuất danh mục…"), icon="export")
        self.take_button = ActionButton(
            self.tr("Nhập danh mục"), key="F9", kind="main", act=Act.CATALOGUE
        )
        self.file_label = QLabel()
        set_tone(self.file_label, "muted")
        self.table = TableView(
            empty_text=self.tr(
                "Chọn một tệp CSV, Excel hoặc JSON để xem trước nó sẽ thay đổi gì; chưa lưu gì."
            )
        )
        self.model = RowTableModel(_columns(), self)
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Các thay đổi của danh mục"))
        self.message = MessageLabel()
        self.message.setMinimumHeight(metrics().step(10))
        self._lay_out()
        self.choose_button.clicked.connect(self.choose)
        self.export_button.clicked.connect(self.export)
        self.take_button.clicked.connect(self.take_in)
        self._show_nothing()

    def _lay_out(self) -> None:
        measures = metrics()
        about = QLabel(
            self.tr(
                "Hồ sơ đã nhận giữ nguyên thời hạn và phí của phiên bản khi nhận. Muốn đổi từ một "
                "ngày, ghi ngày ấy ở cột áp dụng từ (valid_from): đó là phiên bản mới, bản cũ còn "
                "nguyên."
            )
        )
        about.setWordWrap(True)
        set_tone(about, "muted")
        top = QHBoxLayout()
        top.setSpacing(measures.step(2))
        top.addWidget(self.choose_button)
        top.addWidget(self.export_button)
        top.addWidget(self.file_label, 1)
        top.addWidget(self.take_button)
        self.table.setMinimumHeight(measures.px(320))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(measures.step(3))
        column.addWidget(about)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addWidget(self.message)

    def show_values(self) -> None:
        """A group of settings has it: what is tried out stays."""

    def choose(self) -> None:
        """Choose a file and try it out; nothing is saved."""
        path = self._interaction.choose_file_open(
            self.tr("Chọn tệp danh mục thủ tục"), kinds=_KINDS_IN
        )
        if path is not None:
            self._path = path
            self._run(lambda: self._calls.preview(path), self._on_previewed)

    def take_in(self) -> None:
        """Take the file in (F9), as it was tried out."""
        path = self._path
        if path is not None and not self._is_busy and self.take_button.isEnabled():
            self._run(lambda: self._calls.take_in(path), self._on_taken)

    def export(self) -> None:
        """Write what is in force to a file."""
        suggested = Path.home() / f"danh-muc-{self._calls.now():%Y%m%d}.xlsx"
        path = self._interaction.choose_file_save(
            self.tr("Xuất danh mục"), suggested=suggested, kinds=_KINDS_OUT
        )
        if path is not None:
            self._run(
                lambda: self._calls.export(path), lambda count: self._on_exported(path, count)
            )

    def _run(self, work: Callable[[], Any], on_done: Callable[[Any], None]) -> None:
        self._set_busy(is_busy=True)
        self.message.show_message("", "")
        self._runner.run(lambda _job: work(), on_done=on_done, on_error=self._on_failed, owner=self)

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        for button in (self.choose_button, self.export_button):
            button.setEnabled(not is_busy)

    def _show_nothing(self) -> None:
        self._path = None
        self.file_label.setText("")
        self.model.set_rows([])
        self.take_button.set_reason(self.tr("Chưa chọn tệp."))

    def _on_previewed(self, found: Sequence[CatalogueChange]) -> None:
        self._set_busy(is_busy=False)
        changed = [change for change in found if change.kind is not ChangeKind.SAME]
        self.model.set_rows(changed)
        name = self._path.name if self._path else ""
        self.file_label.setText(
            self.tr("{name}: {changed} thay đổi, {same} mục không đổi").format(
                name=name,
                changed=format_number(len(changed)),
                same=format_number(len(found) - len(changed)),
            )
        )
        self.take_button.set_reason(None if changed else self.tr("Tệp này không thay đổi gì."))
        edits = sum(1 for change in changed if change.kind is ChangeKind.EDIT)
        if edits:
            self.message.show_message(
                self.tr(
                    "{count} mục sửa đè lên phiên bản đang có cùng ngày áp dụng. Nếu là quy định "
                    "mới, ghi ngày áp dụng mới trong tệp để giữ phiên bản cũ."
                ).format(count=format_number(edits)),
                "warning",
            )

    def _on_taken(self, found: Sequence[CatalogueChange]) -> None:
        self._set_busy(is_busy=False)
        count = sum(1 for change in found if change.kind is not ChangeKind.SAME)
        self._show_nothing()
        text = self.tr("Đã nhập danh mục: {count} thay đổi.").format(count=format_number(count))
        self.message.show_message(text, "muted")
        self.told.emit(text)

    def _on_exported(self, path: Path, count: int) -> None:
        self._set_busy(is_busy=False)
        text = self.tr("Đã xuất {count} thủ tục ra {name}.").format(
            count=format_number(count), name=path.name
        )
        self.message.show_message(text, "muted")
        self.told.emit(text)

    def _on_failed(self, error: UserError) -> None:
        self._set_busy(is_busy=False)
        self._show_nothing()
        told = error.message
        if isinstance(error, InputErrors):
            told = "\n".join(one.message for one in error.errors[:3])
            if len(error.errors) > 3:
                told += "\n" + self.tr("… và {count} lỗi khác.").format(count=len(error.errors) - 3)
        self.message.show_message(told, "danger")

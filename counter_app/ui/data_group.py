"""Dữ liệu: where copies go, which there are, a rehearsal of going back, going back, the checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counter_app.domain.rights import Act
from counter_app.domain.words import format_moment, format_number
from counter_app.errors import LockedError, UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.data_calls import DataCalls
from counter_app.ui.flow import FlowLayout
from counter_app.ui.forms import MessageLabel
from counter_app.ui.interaction import Interaction
from counter_app.ui.restore_dialog import RestoreDialog
from counter_app.ui.settings_forms import SettingsForm, text_entry
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from counter_app.domain.facts import CheckResult
    from counter_app.services.backup_facts import BackupOutcome, Copy, Drill, RestorePlan
    from counter_app.services.losses import Loss
    from counter_app.ui.unlock_dialog import UnlockDialog

_MEGABYTE = 1 << 20
_SHOWN = 5


class DataGroup(QWidget):
    """The settings of copies, the copies themselves, and what can be done with one."""

    saved = Signal(str, object, object)  # as SettingsForm tells it
    told = Signal(str)
    backed_up = Signal(object)  # what a round of copies could not do
    encryption_requested = Signal()
    loss_shown = Signal(object)  # what the check found missing
    restored = Signal()  # the window must close: what it shows is another file's

    def __init__(
        self,
        calls: DataCalls,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Values and copies are read when the group is shown."""
        super().__init__(parent)
        self._calls, self._runner, self._interaction = calls, runner, interaction
        self.dialog: RestoreDialog | None = None
        self.unlocking: UnlockDialog | None = None
        self._notice = ""  # of a place that wasn't there at the last copy
        self.settings = SettingsForm(
            [
                text_entry(
                    "backup_hours",
                    self.tr("Tự sao lưu sau (giờ)"),
                    expects=self.tr("số giờ từ 1 đến 24"),
                    hint=self.tr("Trong lúc làm việc và khi đóng chương trình."),
                ),
                text_entry(
                    "backup_folder",
                    self.tr("Thư mục thứ hai"),
                    placeholder=self.tr("ví dụ D:\\sao-luu"),
                    hint=self.tr("Nên ở ổ đĩa khác. Thư mục phải có sẵn."),
                ),
                text_entry(
                    "backup_stick",
                    self.tr("Thư mục trên USB"),
                    placeholder=self.tr("ví dụ E:\\sao-luu"),
                    hint=self.tr("Không cắm thì dòng cuối cửa sổ nhắc; cắm vào sẽ tự chép."),
                ),
                text_entry(
                    "retention_years",
                    self.tr("Lưu dữ liệu cá nhân (năm)"),
                    expects=self.tr("số năm từ 0 đến 100"),
                    hint=self.tr("Hết số năm ấy mới xóa được ở Cán bộ; 0 là chưa quy định."),
                ),
            ],
            read=calls.read,
            write=calls.write,
        )
        self.settings.saved.connect(self.saved)
        self.model = RowTableModel(self._columns(), self)
        self.table = TableView(empty_text=self.tr("Chưa có bản sao lưu nào. Nhấn F9 để sao lưu."))
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Các bản sao lưu"))
        self.table.setMinimumHeight(metrics().px(120))
        self.message = MessageLabel()
        self.backup_button = ActionButton(self.tr("Sao lưu ngay"), key="F9", kind="main")
        self.drill_button = ActionButton(self.tr("Diễn tập khôi phục"))
        self.restore_button = ActionButton(self.tr("Khôi phục từ bản này…"), act=Act.RESTORE)
        self.file_button = ActionButton(self.tr("Khôi phục từ tệp…"), act=Act.RESTORE)
        self.check_button = ActionButton(self.tr("Kiểm tra toàn bộ"))
        self.encryption_button = ActionButton(self.tr("Mã hóa dữ liệu…"), act=Act.ENCRYPTION)
        self.loss_button = ActionButton(self.tr("Ghi nhận phần đã mất…"), act=Act.ACCEPT_LOSS)
        self.loss_button.hide()
        self._missing: Sequence[Loss] = ()
        self._lay_out()
        self.backup_button.clicked.connect(self.back_up)
        self.drill_button.clicked.connect(self.drill)
        self.restore_button.clicked.connect(self.restore)
        self.file_button.clicked.connect(self.restore_file)
        self.check_button.clicked.connect(self.check)
        self.encryption_button.clicked.connect(self.encryption_requested)
        self.loss_button.clicked.connect(lambda: self.loss_shown.emit(self._missing))
        self.table.row_selected.connect(self._follow_selection)
        self._follow_selection(None)

    def _columns(self) -> list[Column]:
        return [
            Column(self.tr("Sao lưu lúc"), "made_at", show=format_moment, width=150, figures=True),
            Column(
                self.tr("Dung lượng"),
                lambda copy: self.tr("{size} MB").format(
                    size=format_number(max(1, round(copy.size / _MEGABYTE)))
                ),
                width=100,
                align_right=True,
                figures=True,
            ),
            Column(
                self.tr("Ở đâu"),
                lambda copy: str(copy.path.parent),
                tooltip=lambda copy: str(copy.path),
            ),
        ]

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics().step(3))
        column.addWidget(self.settings)
        column.addWidget(self.table, 1)
        column.addWidget(self.message)
        foot = FlowLayout(gap=metrics().step(2))  # large letters take a second line
        for button in (
            self.backup_button,
            self.drill_button,
            self.restore_button,
            self.file_button,
            self.check_button,
            self.encryption_button,
            self.loss_button,
        ):
            foot.addWidget(button)
        column.addLayout(foot)

    # What is shown

    def show_values(self) -> None:
        """Show what holds now; the copies once they can be seen."""
        self.settings.show_values()
        if self.isVisible():
            self._read_copies()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the copies when the group is chosen."""
        super().showEvent(event)
        self._read_copies()

    def _read_copies(self) -> None:
        self._runner.run(
            lambda _job: self._calls.copies(),
            on_done=self._show_copies,
            on_error=self._on_failed,
            owner=self,
            group="copies",
        )

    def _show_copies(self, copies: Sequence[Copy]) -> None:
        self.model.set_rows(copies)
        if copies:
            self.table.selectRow(0)
        self._follow_selection(None)

    def _follow_selection(self, _row: object) -> None:
        reason = None if self._selected() is not None else self.tr("Chọn một bản sao lưu trước.")
        self.drill_button.set_reason(reason)
        self.restore_button.set_reason(reason)

    def _selected(self) -> Copy | None:
        index = self.table.currentIndex()
        return self.model.row_at(index) if index.isValid() else None

    # Acts

    def _work(self, words: str, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Do something in the background; the buttons wait."""
        self.message.show_message(words, "muted")
        self._hold(is_held=True)

        def finish(result: Any) -> None:
            self._hold(is_held=False)
            done(result)

        def failed(error: UserError) -> None:
            if isinstance(error, LockedError):
                self._ask_key(error, lambda: self._work(words, work, done))
            else:
                self._on_failed(error)

        self._runner.run(lambda _job: work(), on_done=finish, on_error=failed, owner=self)

    def _ask_key(self, error: LockedError, again: Callable[[], None]) -> None:
        """Ask for the key of a copy, which is another than that of the data; then do it again."""
        from counter_app.ui.unlock_dialog import UnlockDialog  # hardly ever needed

        self._hold(is_held=False)
        self.message.show_message(self.tr("Chưa thay đổi gì."), "muted")
        try:
            locked = self._calls.locked(error)
        except UserError as damaged:
            self._on_failed(damaged)
            return
        dialog = UnlockDialog(locked, self, is_copy=True, runner=self._runner)
        dialog.accepted.connect(again)
        dialog.open()
        self.unlocking = dialog

    def _hold(self, *, is_held: bool) -> None:
        waiting = self.tr("Đang làm việc trước, chờ một lát.") if is_held else None
        for button in (self.backup_button, self.file_button, self.check_button):
            button.set_reason(waiting)
        if is_held:
            self.drill_button.set_reason(waiting)
            self.restore_button.set_reason(waiting)
        else:
            self._follow_selection(None)

    def _on_failed(self, error: UserError) -> None:
        self.window().setEnabled(True)
        self._hold(is_held=False)
        self.message.show_message(error.message, "danger")

    def back_up(self) -> None:
        """Make a copy now and carry it to the second places (F9)."""
        self._work(
            self.tr("Đang sao lưu…"), lambda: self._calls.back_up(lambda *_: None), self._on_made
        )

    def _on_made(self, outcome: BackupOutcome) -> None:
        self._read_copies()
        self.backed_up.emit(outcome)
        self._tell(outcome)

    @Slot(object)
    def follow(self, outcome: BackupOutcome) -> None:
        """Take back what stands here of a place that a later round of copies has found."""
        if self._notice and self.message.text() == self._notice:
            self._tell(outcome)

    def _tell(self, outcome: BackupOutcome) -> None:
        self._notice = ""
        if outcome.problems:
            self.message.show_message(outcome.problems[0], "danger")
            return
        text = self.tr("Đã sao lưu và đã thử đọc lại: {name}.").format(name=outcome.made.name)
        if outcome.missing:
            places = ", ".join(str(place) for place in outcome.missing)
            text += " " + self.tr("Không thấy {place}.").format(place=places)
            self._notice = text
        self.message.show_message(text, "warning" if outcome.missing else "muted")

    def drill(self) -> None:
        """Rehearse going back to the chosen copy; nothing is touched."""
        copy = self._selected()
        if copy is None:
            return
        self._work(
            self.tr("Đang diễn tập khôi phục trên một bản chép riêng…"),
            lambda: self._calls.drill(copy.path, lambda *_: None),
            self._on_drilled,
        )

    def _on_drilled(self, drill: Drill) -> None:
        if drill.is_good:
            text = self.tr(
                "Diễn tập tốt: bản {name} khôi phục được {count} hồ sơ, mọi phép kiểm tra đều đạt. "
                "Dữ liệu đang dùng không bị động đến."
            ).format(name=drill.path.name, count=format_number(drill.dossiers))
            self.message.show_message(text, "muted")
            return
        text = self.tr("Bản {name} KHÔNG khôi phục trọn vẹn được: {what}").format(
            name=drill.path.name, what=drill.problems[0]
        )
        self.message.show_message(text, "danger")

    def check(self) -> None:
        """Run every check on the data in use."""

        def work() -> tuple[Sequence[CheckResult], Sequence[Loss]]:
            results = self._calls.check()
            return results, () if all(one.ok for one in results) else self._calls.missing()

        self._work(self.tr("Đang kiểm tra toàn bộ…"), work, self._on_checked)

    def _on_checked(self, found: tuple[Sequence[CheckResult], Sequence[Loss]]) -> None:
        results, self._missing = found
        self.loss_button.setVisible(bool(self._missing))
        problems = [
            f"{problem['where']}: {problem['what']}. {problem['mend']}"
            for result in results
            for problem in result.problems
        ]
        if not problems:
            text = self.tr("Đã kiểm tra {count} mục, đều đạt.")
            self.message.show_message(text.format(count=len(results)), "muted")
            return
        more = len(problems) - _SHOWN
        shown = problems[:_SHOWN]
        if more > 0:
            shown.append(self.tr("… và {count} chỗ nữa").format(count=format_number(more)))
        if self._missing:
            shown.append(
                self.tr(
                    "Có phần dữ liệu đã lưu mà nay không còn. Xem thiếu gì, nghĩa là gì và làm gì "
                    "ở “Ghi nhận phần đã mất…”; xem không làm thay đổi gì."
                )
            )
        self.message.show_message("\n".join(shown), "danger")

    def restore_file(self) -> None:
        """Choose a copy that lies elsewhere and go back to it."""
        path = self._interaction.choose_file_open(
            self.tr("Chọn bản sao lưu"), kinds=self.tr("Bản sao lưu (*.db)")
        )
        if path is not None:
            self._plan(path)

    def restore(self) -> None:
        """Show what going back to the chosen copy would lose; then ask."""
        copy = self._selected()
        if copy is not None:
            self._plan(copy.path)

    def _plan(self, path: Path) -> None:
        self._work(
            self.tr("Đang so bản sao lưu với dữ liệu hiện tại…"),
            lambda: self._calls.plan(path),
            lambda plan: self._ask(path, plan),
        )

    def _ask(self, path: Path, plan: RestorePlan) -> None:
        self.message.show_message(self.tr("Chưa thay đổi gì."), "muted")
        dialog = RestoreDialog(plan, self)
        dialog.accepted.connect(lambda: self._restore(path))
        dialog.open()
        self.dialog = dialog

    def _restore(self, path: Path) -> None:
        self.window().setEnabled(False)
        self._work(self.tr("Đang khôi phục…"), lambda: self._calls.restore(path), self._on_restored)

    def _on_restored(self, kept: Path) -> None:
        self.window().setEnabled(True)
        self._interaction.inform(
            self.tr(
                "Đã khôi phục. Dữ liệu trước đó được giữ ở {path}. Chương trình đóng lại bây giờ; "
                "mở lại để làm tiếp."
            ).format(path=kept)
        )
        self.restored.emit()

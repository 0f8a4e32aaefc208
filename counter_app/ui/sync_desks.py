"""Giữa các quầy: what leaves, what came, what needs a person, with one key for each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from counter_app.domain.words import format_moment, format_number
from counter_app.errors import BundleError, UserError
from counter_app.ui.fields import set_tone
from counter_app.ui.interaction import Interaction
from counter_app.ui.sync_calls import (
    BundleFile,
    BundleReport,
    ExportReport,
    FileMark,
    Overview,
    Progress,
    ScanSum,
    SyncCalls,
)
from counter_app.ui.sync_layout import DesksLayout
from counter_app.ui.sync_words import (
    dry_words,
    files_words,
    gap_words,
    in_words,
    out_words,
    person_words,
)
from counter_app.ui.tables import RowTableModel, TableView
from counter_app.ui.task_runner import Brake, Job, TaskRunner


class DesksPane(DesksLayout):
    """Export and import of bundles, the desks, the runs that were kept."""

    exchanged = Signal()  # counts elsewhere in the window are old
    conflicts_asked = Signal()

    def __init__(
        self,
        calls: SyncCalls,
        *,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Nothing is read before the pane is shown."""
        super().__init__(calls, runner=runner, interaction=interaction, parent=parent)
        self._calls, self._runner, self._interaction = calls, runner, interaction
        self._job: Job | None = None
        self._seen: Overview | None = None
        self._brake = Brake()
        # What couldn't be taken in, as it was then: it doesn't stand in the way of the others.
        self._refused: set[tuple[Path, FileMark]] = set()
        self.stick.looked.connect(self._on_looked)
        self.stick.refused.connect(self._on_refused)
        self.export_button.clicked.connect(self.main_action)
        self.files_button.clicked.connect(self.export_with_files)
        self.import_button.clicked.connect(self.take_in)
        self.conflicts_button.clicked.connect(self.conflicts_asked)
        self.print_button.clicked.connect(self.print_report)
        self.undo_button.clicked.connect(self.undo)
        self.cancel_button.clicked.connect(self.cancel)
        self.runs.selectionModel().currentRowChanged.connect(self._refresh_buttons)
        self.files.selectionModel().currentRowChanged.connect(self._refresh_buttons)
        for key, slot in (
            ("Ctrl+O", self.stick.choose_folder),
            ("Ctrl+I", self.take_in),
            ("Ctrl+G", self.export_with_files),
            ("Ctrl+M", self.conflicts_asked.emit),
            ("Ctrl+P", self.print_report),
            ("F5", self.stick.look),
        ):
            self.add_key(key, slot)

    # What the page calls

    def first_field(self) -> QWidget:
        """Begin where the stick is chosen."""
        return self.stick.place

    def activated(self, *, refresh: bool) -> None:
        """Show what holds now and look at the place."""
        self._show_facts()
        self.stick.look()

    def has_unsaved_work(self) -> bool:
        """Keep the window open while a bundle is being taken in or written."""
        return self._job is not None

    # Showing

    def _on_looked(self, files: list[BundleFile]) -> None:
        shown = [
            row._replace(standing="refused") if (row.path, row.mark) in self._refused else row
            for row in files
        ]
        self._keep_row(self.files, shown)
        self._tell_incoming()
        self._refresh_buttons()

    @staticmethod
    def _keep_row(table: TableView, rows: list[Any]) -> None:
        """Show rows anew with the cursor where it was."""
        at = table.currentIndex().row()
        model = table.model()
        if isinstance(model, RowTableModel):
            model.set_rows(rows)
        if at >= 0:
            table.select_row(min(at, len(rows) - 1))

    def new_files(self) -> list[BundleFile]:
        """Return the bundles here that this desk hasn't taken in, oldest first."""
        model = self.files.model()
        rows: list[BundleFile] = model.rows() if isinstance(model, RowTableModel) else []
        return [row for row in reversed(rows) if row.standing == "new"]

    def _show_facts(self) -> None:
        found = self._seen = self._calls.overview()
        self._keep_row(self.desks, found.desks)
        self._keep_row(self.runs, list(self._calls.runs()))
        self.out_label.setText(out_words(found))
        set_tone(self.out_label, "" if found.outgoing else "muted")
        self.person_label.setText(person_words(found))
        needs = found.conflicts or found.missing or found.differing
        set_tone(self.person_label, "warning" if needs else "muted")
        self.gap_label.setText(gap_words(found))
        self.gap_label.setVisible(bool(found.number_gaps))
        self._tell_incoming()
        self._refresh_buttons()

    def _tell_incoming(self) -> None:
        count = len(self.new_files())
        self.in_label.setText(in_words(self._seen, count))
        set_tone(self.in_label, "accent" if count else "muted")

    def _say(self, text: str, tone: str = "muted") -> None:
        self.message.setText(text)
        set_tone(self.message, tone)

    def _refresh_buttons(self, *_: object) -> None:
        busy = self.tr("đang làm việc khác") if self._job is not None else ""
        no_place = "" if self.stick.folder() else self.tr("cắm USB hoặc chọn thư mục trước")
        for button in (self.export_button, self.files_button):
            button.set_reason(busy or no_place or None)
        none_new = "" if self._next_file() else self.tr("không có gói mới ở nơi đã chọn")
        self.import_button.set_reason(busy or none_new or None)
        is_any = self._seen is not None and bool(self._seen.conflicts)
        self.conflicts_button.set_reason(None if is_any else self.tr("không có gì để quyết định"))
        run = self.runs.current_row()
        is_import = run is not None and run.kind == "import"
        choose = self.tr("chọn một lần nhận gói ở bảng dưới")
        self.print_button.set_reason(None if is_import else choose)
        can_undo = is_import and run.undone_at is None and not busy
        self.undo_button.set_reason(None if can_undo else choose)
        self.cancel_button.setVisible(self._job is not None)
        if self._job is not None and self.stick.isAncestorOf(self.focusWidget() or self):
            # A field in what is disabled loses the focus to nobody, and the page its keys.
            self.files.setFocus()
        self.stick.setEnabled(self._job is None)

    def _next_file(self) -> BundleFile | None:
        """Return the bundle under the cursor if it isn't taken in, else the oldest new one."""
        chosen = self.files.current_row()
        if chosen is not None and chosen.standing in {"new", "refused"}:
            return chosen
        return next(iter(self.new_files()), None)

    # Acts

    def main_action(self) -> None:
        """Write a bundle to the chosen place (F9)."""
        self._export(with_files=False)

    def _export(self, *, with_files: bool) -> None:
        folder = self.stick.folder()
        if self._job is not None or folder is None:
            return
        calls = self._calls
        self._start(
            lambda progress: calls.export(folder, with_files, progress),
            self.tr("Đang xuất gói…"),
            self._on_exported,
        )

    def export_with_files(self) -> None:
        """Say how large the attached files are that could go along, ask, write (Ctrl+G)."""
        if self._job is not None or self.stick.folder() is None:
            return
        calls = self._calls
        self._start(
            lambda _progress: calls.files_to_send(),
            self.tr("Đang cộng cỡ các tệp đính kèm…"),
            self._ask_files,
        )

    def _ask_files(self, found: ScanSum) -> None:
        self._job = None
        self._refresh_buttons()
        if not found.files:
            self._say(
                self.tr("Bảy ngày qua không có tệp đính kèm nào ở máy này: xuất gói bằng F9.")
            )
            return
        if not self._interaction.confirm(
            self.tr("Xuất gói kèm {count} tệp đính kèm, {size} MB?").format(
                count=format_number(found.files), size=found.megabytes
            ),
            yes=self.tr("Xuất kèm tệp"),
            no=self.tr("Để sau"),
            detail=files_words(found),
        ):
            self._say(self.tr("Chưa xuất gói nào."))
            return
        self._export(with_files=True)

    def _on_exported(self, made: tuple[Path, ExportReport]) -> None:
        path, report = made
        words = self.tr("Đã xuất {count} sự kiện vào {name}. Rút USB an toàn rồi mang sang.")
        if report.files:
            words = self.tr(
                "Đã xuất {count} sự kiện và {files} tệp vào {name}. Rút USB an toàn rồi mang sang."
            )
        self._end(
            words.format(
                count=format_number(report.events),
                files=format_number(report.files),
                name=path.name,
            ),
            "accent",
        )

    def take_in(self) -> None:
        """Read the next new bundle without keeping anything, ask in words, take it in (Ctrl+I)."""
        file = self._next_file()
        if self._job is not None or file is None:
            return
        calls, path = self._calls, file.path

        def asked(report: BundleReport) -> None:
            self._job = None
            self._ask(path, report)

        def refused(error: UserError) -> None:
            if isinstance(error, BundleError):
                self._refused.add((path, file.mark))
            self._on_failed(error)

        self._start(
            lambda progress: calls.try_out(path, progress),
            self.tr("Đang đọc thử {name}, chưa ghi gì…").format(name=path.name),
            asked,
            refused,
        )

    def _ask(self, path: Path, report: BundleReport) -> None:
        self._refresh_buttons()
        if not self._interaction.confirm(
            self.tr("Đọc thử xong, chưa ghi gì. Nhận gói này?"),
            yes=self.tr("Nhận gói"),
            no=self.tr("Để sau"),
            detail=dry_words(report),
        ):
            self._say(self.tr("Chưa nhận gói nào."))
            return
        calls = self._calls
        self._start(
            lambda progress: calls.take_in(path, progress),
            self.tr("Đang nhận {name}…").format(name=path.name),
            self._on_taken,
        )

    def _on_taken(self, report: BundleReport) -> None:
        self._end("", "")
        left = len(self.new_files()) - 1
        words = self.tr("Đã nhận gói của {counter}: {new} sự kiện mới.").format(
            counter=report.counter, new=format_number(report.new)
        )
        if report.conflicts:
            words += " " + self.tr("{count} chỗ cần quyết định (Ctrl+M).").format(
                count=report.conflicts
            )
        if left > 0:
            words += " " + self.tr("Còn {count} gói mới: nhấn Ctrl+I.").format(count=left)
        self._say(words, "accent")
        self.runs.select_row(0)

    def print_report(self) -> None:
        """Print the report of the chosen import (Ctrl+P)."""
        run = self.runs.current_row()
        if run is not None and run.kind == "import":
            self._calls.print_report(run.id)

    def undo(self) -> None:
        """Take the chosen import back, after a question."""
        run = self.runs.current_row()
        if run is None or run.kind != "import" or run.undone_at or self._job is not None:
            return
        question = self.tr("Hoàn tác lần nhận gói của {counter} lúc {at}?").format(
            counter=run.counter_name, at=format_moment(run.at)
        )
        if not self._interaction.confirm(
            question,
            yes=self.tr("Hoàn tác"),
            no=self.tr("Giữ lại"),
            detail=self.tr(
                "Các sự kiện của gói vẫn nằm trong lịch sử nhưng không được tính nữa. Nhận lại gói "
                "thì được tính lại."
            ),
        ):
            return
        calls, number = self._calls, run.id
        self._start(
            lambda progress: calls.undo(number, progress),
            self.tr("Đang hoàn tác…"),
            self._on_undone,
        )

    def _on_undone(self, count: int) -> None:
        self._end(
            self.tr("Đã hoàn tác: {count} sự kiện không được tính nữa.").format(
                count=format_number(count)
            ),
            "accent",
        )

    def cancel(self) -> None:
        """Ask what is running to stop; whether it did so in time is said when it ends."""
        if self._job is not None:
            self._brake.pull(self.tr("Đã ngừng. Không có gì thay đổi."))
            self._say(self.tr("Đang ngừng…"))

    # Running

    def _start(
        self,
        work: Callable[[Progress], Any],
        words: str,
        on_done: Callable[[Any], None],
        on_error: Callable[[UserError], None] | None = None,
    ) -> None:
        self._say(words)
        brake = self._brake = Brake()
        self._job = self._runner.run(
            lambda job: work(brake.on(job)),
            on_done=on_done,
            on_error=on_error or self._on_failed,
            on_progress=self._on_progress,
            owner=self,
        )
        self._refresh_buttons()

    def _on_progress(self, done: int, total: int, _text: str) -> None:
        words = self.tr("Đang làm: {done}/{total}…")
        self._say(words.format(done=format_number(done), total=format_number(total)))

    def _on_refused(self, words: str) -> None:
        self._say(words, "danger")

    def _on_failed(self, error: UserError) -> None:
        self._end(error.message, "danger")

    def _end(self, words: str, tone: str) -> None:
        self._job = None
        self._say(words, tone)
        self._show_facts()
        self.stick.look_anew()
        self.exchanged.emit()
        if words and not self.isVisible():  # else it stands above, and cuts what stands below
            self.state_text_changed.emit(words)

"""What is done with a report that was counted: shown on paper, written, handed in, compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from counter_app.domain.figures import Report
from counter_app.domain.report_words import period_name
from counter_app.errors import UserError
from counter_app.ui.interaction import Interaction
from counter_app.ui.paper_dialog import PaperDialog
from counter_app.ui.report_calls import Frozen, Prepared, ReportCalls
from counter_app.ui.report_dialogs import DifferencesDialog
from counter_app.ui.task_runner import Job, TaskRunner

_KINDS = "Excel (*.xlsx);;PDF (*.pdf);;CSV (*.csv)"


class ReportActs(QObject):
    """The acts of the page; slow ones run beside the window's thread and can be stopped."""

    said = Signal(str)
    busy_changed = Signal(bool)
    progressed = Signal(str)
    dossier_wanted = Signal(str)  # its code

    def __init__(
        self, calls: ReportCalls, runner: TaskRunner, interaction: Interaction, page: QWidget
    ) -> None:
        """``page`` is what dialogs stand over."""
        super().__init__(page)
        self._calls = calls
        self._runner = runner
        self._interaction = interaction
        self._page = page
        self._jobs: dict[str, Job] = {}  # by their groups
        self._unstoppable: set[str] = set()

    @property
    def is_busy(self) -> bool:
        """Say whether something is under way."""
        return bool(self._jobs)

    @property
    def can_stop(self) -> bool:
        """Say whether something is under way that can be stopped."""
        return bool(self._jobs.keys() - self._unstoppable)

    def start(
        self,
        work: Callable[[Job], Any],
        on_done: Callable[[Any], None],
        group: str,
        *,
        can_stop: bool = True,
    ) -> None:
        """Do something slow; ``on_done`` gets its result on the window's thread.

        What is still under way of the same group gives way; other groups go on.
        """

        def done(result: Any) -> None:
            self._end(group)
            on_done(result)

        def failed(error: UserError) -> None:
            self._end(group)
            self._interaction.inform(error.message)

        if not can_stop:
            self._unstoppable.add(group)
        self._jobs[group] = self._runner.run(
            work,
            on_done=done,
            on_error=failed,
            on_progress=self._on_progress,
            owner=self,
            group=group,
        )
        self.busy_changed.emit(True)

    def cancel(self) -> None:
        """Stop all that can be stopped; nothing of it was written."""
        groups = self._jobs.keys() - self._unstoppable
        for group in groups:
            self.withdraw(group)
        if groups:
            self.progressed.emit(self.tr("Đã ngừng."))

    def withdraw(self, group: str) -> None:
        """Stop what is under way of a group: its answer is wanted no more."""
        job = self._jobs.get(group)
        if job is not None:
            job.cancel()
            self._end(group)

    def _end(self, group: str) -> None:
        self._jobs.pop(group, None)
        self._unstoppable.discard(group)
        self.progressed.emit("")
        self.busy_changed.emit(self.is_busy)

    def _on_progress(self, done: int, total: int, text: str) -> None:
        words = text or self.tr("Đang đếm")
        self.progressed.emit(f"{words} {done * 100 // max(total, 1)} %")

    # Paper and files

    def show_report(self, report: Report, *, with_register: bool) -> None:
        """Show the report as it will print."""
        pdf = self._calls.files.pdf
        self._show_paper(
            report, self.tr("Báo cáo {name}"), lambda job: pdf(report, with_register, job)
        )

    def show_charts(self, report: Report) -> None:
        """Show the page of charts as it will print."""
        charts = self._calls.files.charts
        self._show_paper(report, self.tr("Biểu đồ {name}"), lambda job: charts(report, job))

    def _show_paper(self, report: Report, title: str, make: Callable[[Job], bytes]) -> None:
        dialog = PaperDialog(
            title.format(name=period_name(report.period)),
            make=make,
            runner=self._runner,
            print_again=lambda: self._calls.print_pdf(dialog.preview.document() or b""),
            save=lambda data: self._save_bytes(report, data),
            parent=self._page,
        )
        dialog.print_button.set_verb(self.tr("In"))
        dialog.open()

    @staticmethod
    def _suggested(report: Report, ending: str) -> Path:
        first, last = report.period
        return Path.home() / f"bao-cao-{first:%Y%m%d}-{last:%Y%m%d}{ending}"

    def _save_bytes(self, report: Report, data: bytes) -> None:
        from counter_app.ui.printing import save_and_tell

        suggested = self._suggested(report, ".pdf")
        told = save_and_tell(data, interaction=self._interaction, suggested=suggested)
        if told:
            self.said.emit(told)

    def save(self, report: Report, *, with_register: bool) -> None:
        """Write the report as a workbook, PDF or CSV, by the ending of its name."""
        path = self._interaction.choose_file_save(
            self.tr("Lưu báo cáo"), suggested=self._suggested(report, ".xlsx"), kinds=_KINDS
        )
        if path is None:
            return

        def done(_nothing: None) -> None:
            self.said.emit(self.tr("Đã lưu {name}.").format(name=path.name))

        save = self._calls.files.save
        self.start(lambda job: save(report, with_register, path, job), done, "report-file")

    # Chốt kỳ

    def freeze(self, report: Report) -> None:
        """Keep the figures as they are handed in."""
        question = self.tr(
            "Chốt báo cáo {name}? Số liệu và danh sách hồ sơ được giữ nguyên như đã nộp và không "
            "sửa được nữa."
        )
        name = period_name(report.period)
        if not self._interaction.confirm(
            question.format(name=name), yes=self.tr("Chốt"), no=self.tr("Chưa chốt")
        ):
            return
        calls = self._calls

        def kept(one: Frozen) -> None:
            text = self.tr("Đã chốt báo cáo số {number}, {name}.")
            self.said.emit(text.format(number=one.id, name=one.name))

        def counted(prepared: Prepared) -> None:
            # Written in one stroke that nobody stops: "Đã ngừng" must mean that it isn't kept.
            self.start(lambda _job: calls.freeze(prepared), kept, "report-keep", can_stop=False)

        by = calls.clerk()
        self.start(lambda job: calls.prepare(report, by, job), counted, "report-freeze")

    def compare(self) -> None:
        """Choose a report that was handed in and count it anew."""
        known = list(self._calls.frozen())
        if not known:
            self._interaction.inform(self.tr("Chưa chốt báo cáo nào."))
            return
        texts = [
            self.tr("Số {number}: {name}, chốt {day} ({by})").format(
                number=one.id, name=one.name, day=f"{one.frozen_at:%d/%m/%Y}", by=one.by
            )
            for one in known
        ]
        place = self._interaction.ask_choice(
            self.tr("Đếm lại báo cáo nào?"), texts, yes=self.tr("Đếm lại")
        )
        if place is not None:
            self._compare(known[place])

    def _compare(self, kept: Frozen) -> None:
        def done(found: list) -> None:
            if not found:
                text = self.tr("Đếm lại khớp với báo cáo số {number} đã chốt.")
                self._interaction.inform(text.format(number=kept.id))
                return
            dialog = DifferencesDialog(kept, found, parent=self._page)
            dialog.dossier_wanted.connect(self.dossier_wanted)
            dialog.open()

        compare = self._calls.compare
        self.start(lambda job: compare(kept.id, job), done, "report-compare")

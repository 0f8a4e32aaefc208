"""Turning all the data (encrypting, or back) once the window is gone: progress, and its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QProgressBar

from counter_app.errors import DataFileError, UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.encryption_calls import Conversion
from counter_app.ui.fields import ERROR
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from counter_app.services.encryption import Outcome


def _tr(text: str) -> str:
    return QCoreApplication.translate("encryption", text)


class _Brake:
    """Lets a person stop while the old file is still in its place, and not afterwards."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.is_wanted = threading.Event()
        self.is_past = False

    def progress(self, done: int, total: int) -> None:
        """Report; the first whole count says that the copy stands."""
        if self.is_wanted.is_set() and not self.is_past:
            raise DataFileError(_tr("Đã ngừng. Dữ liệu còn nguyên như trước."))
        self.is_past = self.is_past or done >= total
        self._job.progress(done, total)


class ConvertingDialog(DeskDialog):
    """Works as soon as it is shown; it can be stopped until the new file stands."""

    def __init__(self, conversion: Conversion, *, close_store: Callable[[], None]) -> None:
        """``close_store`` lets the connection of the task's thread go."""
        super().__init__(
            _tr("Mã hóa dữ liệu"), _tr("Đừng tắt máy. Mất điện giữa chừng thì dữ liệu cũ vẫn còn.")
        )
        self._conversion = conversion
        self._runner = TaskRunner(self, after_task=close_store)
        self._brake: _Brake | None = None
        self.is_over = False
        self.has_failed = False
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.column.addWidget(self.bar)
        self.column.addStretch(1)
        self.message.setMinimumHeight(metrics().step(16))
        self.main_button = ActionButton(self.tr("Đóng chương trình"), key="F9", kind="main")
        self.main_button.set_reason(self.tr("Đang làm, chờ một lát…"))
        self.main_button.clicked.connect(self.accept)
        self.add_buttons(self.main_button)
        self.leave_button.set_verb(self.tr("Ngừng"))
        self.fit(620, 320)
        self.say(conversion.doing)
        self._runner.run(
            self._work,
            on_done=self._on_done,
            on_error=self._on_failed,
            on_progress=self._on_progress,
            owner=self,
        )

    def _work(self, job: Job) -> Outcome:
        self._brake = _Brake(job)
        return self._conversion.work(self._brake.progress)

    def _on_progress(self, done: int, total: int, _text: str) -> None:
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        if self._brake is not None and self._brake.is_past:
            self.leave_button.set_reason(self.tr("Sắp xong, không ngừng được nữa."))

    def _on_done(self, outcome: Outcome) -> None:
        words = [self._conversion.done, *outcome.problems]
        if outcome.plain_copies:
            words.append(
                _tr(
                    "Còn {count} bản sao lưu cũ để thường: mở lại chương trình, vào Cài đặt, mục "
                    "Dữ liệu, Mã hóa dữ liệu để xóa."
                ).format(count=len(outcome.plain_copies))
            )
        self._end("\n".join(words), "warning" if outcome.problems else "")

    def _on_failed(self, error: UserError) -> None:
        self.has_failed = True
        self._end(error.message, ERROR)

    def _end(self, text: str, tone: str) -> None:
        self.is_over = True
        self.lead_label.hide()
        self.bar.setRange(0, 1)
        self.bar.setValue(0 if self.has_failed else 1)
        self.say(text, tone)
        self.leave_button.hide()
        self.main_button.set_reason(None)
        self.main_button.setFocus()

    def accept(self) -> None:
        """End, once it is over (F9)."""
        if self.is_over:
            self._runner.close()
            super().accept()

    def reject(self) -> None:
        """Ask the work to stop (Esc); the window stays until it has."""
        if self.is_over:
            self.accept()
        elif self._brake is not None and not self._brake.is_past:
            self._brake.is_wanted.set()
            self.say(self.tr("Đang ngừng…"))

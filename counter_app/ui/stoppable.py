"""The work of a dialog that runs in a task, and that its closing button stops meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from counter_app.domain.words import format_number
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import HINT
from counter_app.ui.forms import MessageLabel
from counter_app.ui.task_runner import Brake, TaskRunner

Progress = Callable[[int, int], None]


class Stoppable(QObject):
    """One piece of work at a time; how far it is, is said in the dialog's line of messages."""

    turned = Signal(bool)  # whether something runs now

    def __init__(
        self,
        runner: TaskRunner,
        dialog: QDialog,
        leave_button: ActionButton,
        message: MessageLabel,
    ) -> None:
        """``leave_button`` becomes the one that stops; ``message`` says how far the work is."""
        super().__init__(dialog)
        self._runner, self._dialog = runner, dialog
        self._leave, self._message = leave_button, message
        self._brake: Brake | None = None

    @property
    def is_running(self) -> bool:
        """Say whether something is under way."""
        return self._brake is not None

    def start(
        self,
        work: Callable[[Progress], Any],
        on_done: Callable[[Any], object],
        on_error: Callable[[UserError], object],
    ) -> None:
        """Work in a task; what comes after it may start the next."""
        brake = self._brake = Brake()
        self._show()

        def ended(then: Callable[[Any], object], with_what: Any) -> None:
            self._brake = None
            self._show()
            then(with_what)

        self._runner.run(
            lambda job: work(brake.on(job)),
            on_done=lambda result: ended(on_done, result),
            on_error=lambda error: ended(on_error, error),
            on_progress=self._on_progress,
            owner=self._dialog,
        )

    def stop(self) -> bool:
        """Ask what runs to stop, whether it did is said when it ends; False if nothing does."""
        if self._brake is None:
            return False
        self._brake.pull(self.tr("Đã ngừng. Không có gì thay đổi."))
        self._message.show_message(self.tr("Đang ngừng…"), HINT)
        return True

    def _on_progress(self, done: int, total: int, _text: str) -> None:
        words = self.tr("Đang làm: {done}/{total}…")
        text = words.format(done=format_number(done), total=format_number(total))
        self._message.show_message(text, HINT)

    def _show(self) -> None:
        self._leave.set_verb(self.tr("Ngừng") if self.is_running else self.tr("Đóng"))
        self.turned.emit(self.is_running)

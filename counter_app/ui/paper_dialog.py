"""An issued paper on screen, as it was printed: look at it, print it, keep it as a file."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.preview import PdfPreview
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import metrics


class PaperDialog(ScreenDialog):
    """Shows one paper; ``print_again`` records a reprint, ``save`` only writes a file."""

    def __init__(
        self,
        title: str,
        *,
        make: Callable[[Job], bytes],
        runner: TaskRunner,
        print_again: Callable[[], object],
        save: Callable[[bytes], object],
        parent: QWidget | None = None,
    ) -> None:
        """``make`` runs in a task, may tell its progress, and stops when the dialog is closed."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self._print_again = print_again
        self._save = save
        edge = metrics().step(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.setSpacing(metrics().step(3))
        self.preview = PdfPreview(runner, empty_text=self.tr("Đang dựng giấy…"))
        layout.addWidget(self.preview, 1)
        layout.addLayout(self._make_buttons())
        self.resize(metrics().px(960), metrics().px(680))

        self._job = runner.run(
            make,
            on_done=self._on_made,
            on_error=self._on_failed,
            on_progress=self._on_progress,
            owner=self,
        )
        self.finished.connect(self._job.cancel)

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics().step(2))
        row.addStretch(1)
        close = ActionButton(self.tr("Đóng"), key="Esc")
        close.clicked.connect(self.reject)
        self.save_button = ActionButton(self.tr("Lưu thành tệp PDF"), key="Ctrl+S", icon="save")
        self.save_button.clicked.connect(self.save)
        self.print_button = ActionButton(self.tr("In lại"), key="F9", kind="main", icon="print")
        self.print_button.clicked.connect(self.print_again)
        for button in (close, self.save_button, self.print_button):
            row.addWidget(button)
        for key, slot in (("F9", self.print_again), ("Ctrl+S", self.save)):
            QShortcut(QKeySequence(key), self).activated.connect(slot)
        for button in (self.save_button, self.print_button):
            button.setEnabled(False)
        self.print_button.setDefault(True)
        return row

    def _on_made(self, data: bytes) -> None:
        self.preview.set_document(data)
        self.save_button.setEnabled(True)
        self.print_button.setEnabled(True)
        self.print_button.setFocus()

    def _on_progress(self, done: int, total: int, _text: str) -> None:
        words = self.tr("Đang dựng giấy… {percent} %. Esc để ngừng.")
        self.preview.set_message(words.format(percent=done * 100 // max(total, 1)))

    def _on_failed(self, error: UserError) -> None:
        self.preview.set_message(error.message)

    def print_again(self) -> None:
        """Record the reprint and hand the paper to the printer."""
        if self.print_button.isEnabled():
            self._print_again()
            self.accept()

    def save(self) -> None:
        """Keep the paper as a file; this is no reprint."""
        data = self.preview.document()
        if data is not None:
            self._save(data)

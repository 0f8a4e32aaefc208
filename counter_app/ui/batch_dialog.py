"""Printing a whole list (in hàng loạt): issued as one act, drawn page by page, stopped at will."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from counter_app.errors import UserError
from counter_app.ui.batch_calls import BatchCalls
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import ENTER_KEYS, set_tone
from counter_app.ui.forms import FormGrid
from counter_app.ui.keys import bind_main_act, check_key
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import metrics

Codes = Callable[[Job], list[str]]


class BatchDialog(ScreenDialog):
    """Which form, then how far it is; at the end the file is printed or kept."""

    def __init__(
        self, calls: BatchCalls, codes: Codes, runner: TaskRunner, parent: QWidget | None = None
    ) -> None:
        """``codes`` reads the list's dossiers in a task."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("In hàng loạt"))
        self._calls = calls
        self._codes = codes
        self._runner = runner
        self._job: Job | None = None
        self._is_issued = False
        self._data: bytes | None = None
        step = metrics().step
        column = QVBoxLayout(self)
        column.setContentsMargins(step(5), step(5), step(5), step(5))
        column.setSpacing(step(4))
        lead = QLabel(
            self.tr(
                "In một loại giấy cho mọi hồ sơ của danh sách đang xem, thành một tệp. Giấy chưa "
                "có thì phát hành, giấy đã có thì in lại; hồ sơ không cần giấy này được bỏ qua."
            )
        )
        lead.setWordWrap(True)
        column.addWidget(lead)
        self.kind = ChoiceField(choices=[Choice(k, name) for k, name in calls.kinds().items()])
        form = FormGrid(beside=False)
        form.add_row(self.tr("Loại giấy"), self.kind, name="kind")
        self.form = form
        column.addWidget(form)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setMinimumHeight(self.fontMetrics().lineSpacing() * 2)
        set_tone(self.told, "muted")
        column.addWidget(self.bar)
        column.addWidget(self.told)
        column.addStretch(1)
        column.addLayout(self._make_buttons())
        self.resize(metrics().px(600), metrics().px(340))

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics().step(2))
        row.addStretch(1)
        self.close_button = ActionButton(self.tr("Đóng"), key="Esc")
        self.close_button.clicked.connect(self.reject)
        self.save_button = ActionButton(self.tr("Lưu thành tệp PDF"), key="Ctrl+S", icon="save")
        self.save_button.clicked.connect(self.save)
        self.main_button = ActionButton(self.tr("Bắt đầu"), key="F9", kind="main", icon="print")
        self.main_button.clicked.connect(self.go_on)
        for button in (self.close_button, self.save_button, self.main_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        bind_main_act(self, self.go_on)
        QShortcut(check_key("Ctrl+S"), self).activated.connect(self.save)
        self.save_button.setEnabled(False)
        return row

    def go_on(self) -> None:
        """Start, or hand the finished file to the printer (F9)."""
        if self._job is not None:
            return
        if self._data is not None:
            self._calls.print_pdf(self._data)
            self.accept()
            return
        self._start()

    def _start(self) -> None:
        kind, calls, codes = str(self.kind.value() or ""), self._calls, self._codes
        self._is_issued = False

        def work(job: Job) -> bytes:
            found = codes(job)
            issued = calls.issue(
                found, kind, lambda done, total: job.progress(done, total, "issue")
            )
            # From here on the papers are issued; stopping only leaves the file unmade.
            job.progress(0, len(issued), "make")
            return calls.make(issued, lambda done, total: job.progress(done, total, "make"))

        self.kind.setEnabled(False)
        self.main_button.set_reason(self.tr("Đang in."))
        self.close_button.set_verb(self.tr("Dừng"))
        self.told.setText(self.tr("Đang đọc danh sách…"))
        self.bar.setRange(0, 0)
        self._job = self._runner.run(
            work,
            on_done=self._on_done,
            on_error=self._on_failed,
            on_progress=self._on_progress,
            owner=self,
        )

    def _on_progress(self, done: int, total: int, stage: str) -> None:
        self._is_issued = self._is_issued or stage == "make"
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        text = self.tr("Đang ghi nhận phát hành: {done}/{total} hồ sơ")
        if stage == "make":
            text = self.tr("Đang dựng giấy: {done}/{total} trang")
        self.told.setText(text.format(done=done, total=total))

    def _on_done(self, data: bytes) -> None:
        self._rest()
        self._data = data
        self.bar.setRange(0, 1)
        self.bar.setValue(1)
        self.told.setText(self.tr("Đã dựng xong. In ngay hoặc lưu thành tệp PDF."))
        self.main_button.set_verb(self.tr("In"))
        self.save_button.setEnabled(True)
        self.main_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_failed(self, error: UserError) -> None:
        self._rest()
        self.kind.setEnabled(True)
        self.bar.setRange(0, 1)
        self.bar.reset()
        told = error.message
        if self._is_issued:
            told += " " + self.tr("Giấy đã được ghi nhận phát hành; in lại thì lấy được tệp.")
        self.told.setText(told)

    def _rest(self) -> None:
        self._job = None
        self.main_button.set_reason(None)
        self.close_button.set_verb(self.tr("Đóng"))

    def save(self) -> None:
        """Keep the finished file (Ctrl+S)."""
        if self._data is not None:
            self._calls.save_pdf(self._data)

    def reject(self) -> None:
        """Stop what is under way and say what is recorded; else close."""
        if self._job is None:
            super().reject()
            return
        self._job.cancel()
        self._rest()
        self.kind.setEnabled(True)
        self.bar.setRange(0, 1)
        self.bar.reset()
        self.told.setText(
            self.tr("Đã dừng khi dựng giấy. Giấy đã được ghi nhận phát hành; in lại là có tệp.")
            if self._is_issued
            else self.tr("Đã dừng. Chưa phát hành giấy nào.")
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let a bare Enter go on and nothing more."""
        if event.key() not in ENTER_KEYS:
            super().keyPressEvent(event)

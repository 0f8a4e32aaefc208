"""The register and the notice board's lists (sổ theo dõi, niêm yết): chosen, looked at, printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import ENTER_KEYS, TextField
from counter_app.ui.forms import FormGrid
from counter_app.ui.keys import bind_main_act, check_key
from counter_app.ui.preview import PdfPreview
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from counter_app.services.store import Store

REGISTER, POSTING, PROCEDURE = "register", "posting", "procedure"


@dataclass(frozen=True, slots=True)
class BooksCalls:
    """The use cases of the window: what there is to choose, and the files."""

    years: Callable[[], Sequence[int]]
    sectors: Callable[[], Sequence[str]]
    register: Callable[[int, str, Callable[[int, int], None]], bytes]
    posting: Callable[[str], bytes]
    procedure: Callable[[str], bytes]
    print_pdf: Callable[[bytes], object]
    save_pdf: Callable[[bytes], object]


def books_calls(
    store: Store,
    *,
    clock: Callable[[], datetime],
    print_pdf: Callable[[bytes], object],
    save_pdf: Callable[[bytes], object],
) -> BooksCalls:
    """Bind the services to one store."""
    from counter_app.services import catalogue, posting, register

    def years() -> list[int]:
        this = clock().year
        return [this, this - 1, this - 2]

    def sectors() -> list[str]:
        found = catalogue.procedures(store, on=clock().date())
        return sorted({one.sector for one in found if one.sector})

    return BooksCalls(
        years=years,
        sectors=sectors,
        register=lambda year, sector, progress: register.register_pdf(
            store, year=year, sector=sector, now=clock(), progress=progress
        ),
        posting=lambda sector: posting.posting_pdf(store, sector=sector, now=clock()),
        procedure=lambda code: posting.procedure_pdf(store, code, now=clock()),
        print_pdf=print_pdf,
        save_pdf=save_pdf,
    )


class BooksDialog(ScreenDialog):
    """What to print on the left, its pages on the right."""

    def __init__(
        self, calls: BooksCalls, runner: TaskRunner, parent: QWidget | None = None
    ) -> None:
        """Nothing is made before it is asked for: a register gives numbers when it is made."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sổ theo dõi và niêm yết"))
        self._calls = calls
        self._runner = runner
        step = metrics().step
        self.what = ChoiceField(
            choices=[
                Choice(REGISTER, self.tr("Sổ theo dõi hồ sơ")),
                Choice(POSTING, self.tr("Danh mục niêm yết")),
                Choice(PROCEDURE, self.tr("Bản đầy đủ một thủ tục")),
            ]
        )
        self.year = ChoiceField(choices=[Choice(year, str(year)) for year in calls.years()])
        every = Choice("", self.tr("Tất cả lĩnh vực"))
        self.sector = ChoiceField(choices=[every, *(Choice(s, s) for s in calls.sectors())])
        self.code = TextField(placeholder=self.tr("ví dụ 1.004873"))
        self.form = FormGrid(beside=False, label_width=90)
        for label, field, name in (
            (self.tr("Giấy tờ"), self.what, "what"),
            (self.tr("Năm"), self.year, "year"),
            (self.tr("Lĩnh vực"), self.sector, "sector"),
            (self.tr("Mã thủ tục"), self.code, "code"),
        ):
            self.form.add_row(label, field, name=name)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.preview = PdfPreview(runner, empty_text=self.tr("Chọn giấy tờ rồi nhấn F9 để xem."))
        left = QVBoxLayout()
        left.setSpacing(step(3))
        left.addWidget(self.form)
        left.addWidget(self.told)
        left.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(step(4))
        body.addLayout(left, 2)
        body.addWidget(self.preview, 5)
        column = QVBoxLayout(self)
        column.setContentsMargins(step(4), step(4), step(4), step(4))
        column.setSpacing(step(3))
        column.addLayout(body, 1)
        column.addLayout(self._make_buttons())
        self.what.value_changed.connect(self._on_changed)
        for field in (self.year, self.sector):
            field.value_changed.connect(self._forget)
        self.code.textEdited.connect(self._forget)
        self._on_changed()
        self.resize(metrics().px(1100), metrics().px(640))

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics().step(2))
        row.addStretch(1)
        close = ActionButton(self.tr("Đóng"), key="Esc")
        close.clicked.connect(self.reject)
        self.save_button = ActionButton(self.tr("Lưu thành tệp PDF"), key="Ctrl+S", icon="save")
        self.save_button.clicked.connect(self.save)
        self.main_button = ActionButton(self.tr("Xem"), key="F9", kind="main", icon="print")
        self.main_button.clicked.connect(self.go_on)
        for button in (close, self.save_button, self.main_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        bind_main_act(self, self.go_on)
        QShortcut(check_key("Ctrl+S"), self).activated.connect(self.save)
        return row

    def _on_changed(self, *_value: object) -> None:
        what = self.what.value()
        self.form.set_row_visible("year", visible=what == REGISTER)
        self.form.set_row_visible("sector", visible=what != PROCEDURE)
        self.form.set_row_visible("code", visible=what == PROCEDURE)
        self._forget()

    def _forget(self, *_value: object) -> None:
        """What is shown is no longer what is chosen."""
        self.preview.set_document(None)
        self.told.clear()
        self.save_button.setEnabled(False)
        self.main_button.set_verb(self.tr("Xem"))

    def go_on(self) -> None:
        """Make what is chosen, or print it once it is seen (F9)."""
        data = self.preview.document()
        if data is not None:
            self._calls.print_pdf(data)
            return
        if not self.main_button.isEnabled():
            return
        calls, what = self._calls, self.what.value()
        year, sector = int(self.year.value()), str(self.sector.value() or "")
        code = self.code.value()

        def work(job: Job) -> bytes:
            if what == REGISTER:
                return calls.register(year, sector, job.progress)
            return calls.posting(sector) if what == POSTING else calls.procedure(code)

        self.main_button.set_reason(self.tr("Đang dựng."))
        self.told.setText(self.tr("Đang dựng giấy…"))
        self._runner.run(
            work,
            on_done=self._on_done,
            on_error=self._on_failed,
            on_progress=self._on_progress,
            owner=self,
            group=f"books {id(self)}",
        )

    def _on_progress(self, done: int, total: int, _text: str) -> None:
        text = self.tr("Đã dựng {done}/{total} quyển.")
        self.told.setText(text.format(done=done, total=total))

    def _on_done(self, data: bytes) -> None:
        self.main_button.set_reason(None)
        self.main_button.set_verb(self.tr("In"))
        self.save_button.setEnabled(True)
        self.told.clear()
        self.preview.set_document(data)

    def _on_failed(self, error: UserError) -> None:
        self.main_button.set_reason(None)
        self.told.setText(error.message)

    def save(self) -> None:
        """Keep what is shown as a file (Ctrl+S)."""
        data = self.preview.document()
        if data is not None:
            self._calls.save_pdf(data)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let a bare Enter go on and nothing more."""
        if event.key() not in ENTER_KEYS:
            super().keyPressEvent(event)

"""Nhắc nhận kết quả: whom to call, and what came of each call; nothing is moved by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.contacts import OUTCOME_LABELS, Outcome
from counter_app.domain.days import DayError
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.day_fields import parse_coming_day
from counter_app.ui.fields import DateField, TextField, set_tone
from counter_app.ui.forms import FormGrid, MessageLabel
from counter_app.ui.keys import bind_main_act
from counter_app.ui.pile_calls import ReminderCalls
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics, theme
from counter_app.ui.translation import in_window
from counter_app.ui.words import group_digits

if TYPE_CHECKING:
    from datetime import date

    from counter_app.services.handing import Uncollected


def _tr(text: str) -> str:
    return QCoreApplication.translate("reminder_dialog", text)


def _columns() -> list[Column]:
    return [
        Column(_tr("Mã hồ sơ"), "code", width=195, figures=True),
        Column(_tr("Chủ hồ sơ"), "applicant_name", width=170),
        Column(
            _tr("Điện thoại"),
            lambda row: group_digits(row.phone) or _tr("không có"),
            width=120,
            figures=True,
        ),
        Column(_tr("Chờ"), "days", show=lambda n: _tr("{n} ngày").format(n=n), width=80),
        Column(_tr("Thủ tục"), "procedure_name", width=150),
        Column(
            _tr("Cuộc gọi gần nhất"),
            lambda row: row.last_call or _tr("chưa gọi"),
            width=120,
            tone=lambda row: None if row.last_call else "muted",
            tooltip=lambda row: row.last_call,
        ),
    ]


class ReminderDialog(ScreenDialog):
    """The list of results that nobody fetched; F9 notes the call to the chosen one."""

    contacted = Signal(object)  # DossierFacts after the note
    dossier_wanted = Signal(str)  # uuid: Enter on a line opens it

    def __init__(
        self, calls: ReminderCalls, runner: TaskRunner, parent: QWidget | None = None
    ) -> None:
        """Open with the list as it is now."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Nhắc nhận kết quả"))
        self.setMinimumSize(metrics().px(980), metrics().px(560))
        self._calls, self._runner = calls, runner
        self._is_busy = False
        self._build()
        self._lay_out()
        self._connect()
        self.refresh()
        self.table.setFocus()

    def _build(self) -> None:
        self.model = RowTableModel(_columns(), self)
        words = self.tr("Không có kết quả nào chờ quá {days} ngày.")
        self.table = TableView(empty_text=words.format(days=self._calls.days()))
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("Kết quả lâu chưa ai đến nhận"))
        for place, column in enumerate(self.model.columns):
            self.table.setColumnWidth(place, metrics().px(column.width))
        self.table.horizontalHeader().setStretchLastSection(True)
        self.outcome = ChoiceField(
            choices=[Choice(str(one), in_window(label)) for one, label in OUTCOME_LABELS.items()]
        )
        self.until = DateField(
            parse=self._parse_day, placeholder=self.tr("ngày hẹn, ví dụ 01/12"), chars=16
        )
        self.note = TextField(max_length=300, placeholder=self.tr("không bắt buộc"))
        self.form = FormGrid(beside=True, label_width=132)
        self.form.add_row(self.tr("Kết quả cuộc gọi"), self.outcome, name="outcome")
        self.form.add_row(self.tr("Hẹn đến nhận"), self.until, name="until")
        self.form.add_row(self.tr("Ghi chú"), self.note, name="note")
        self.form.set_row_visible("until", visible=False)
        self.who_label = QLabel()
        self.who_label.setFont(theme().font(strong=True))
        self.who_label.setTextFormat(Qt.TextFormat.PlainText)
        self.message = MessageLabel()
        self.do_button = ActionButton(self.tr("Ghi cuộc gọi"), key="F9", kind="main")
        self.leave_button = ActionButton(self.tr("Đóng"), key="Esc", kind="quiet")

    def _parse_day(self, text: str) -> date:
        try:
            return parse_coming_day(text, today=self._calls.now().date())
        except DayError as error:
            raise UserError(str(error)) from error

    def _lay_out(self) -> None:
        measures = metrics()
        edge = measures.step(6)
        heading = QLabel(self.tr("Nhắc nhận kết quả"))
        heading.setFont(theme().font(measures.title_size, strong=True))
        self.about = QLabel()
        set_tone(self.about, "muted")
        self.message.setMinimumHeight(measures.step(5))
        buttons = QHBoxLayout()
        for button in (self.leave_button, self.do_button):
            button.setAutoDefault(False)
        buttons.addWidget(self.leave_button)
        buttons.addStretch(1)
        buttons.addWidget(self.do_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, measures.step(4), edge, measures.step(4))
        column.setSpacing(measures.step(2))
        column.addWidget(heading)
        column.addWidget(self.about)
        column.addWidget(self.table, 1)
        column.addWidget(self.who_label)
        column.addWidget(self.form)
        column.addWidget(self.message)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.table.row_selected.connect(self._on_row_selected)
        self.table.row_opened.connect(self._on_row_opened)
        self.outcome.value_changed.connect(self._on_outcome_changed)
        self.do_button.clicked.connect(self.submit)
        self.leave_button.clicked.connect(self.reject)
        bind_main_act(self, self.submit)

    def refresh(self, chosen: int = 0) -> None:
        """Read the list anew; the line at ``chosen`` is chosen."""
        try:
            rows = list(self._calls.rows())
        except UserError as error:
            self.message.show_message(error.message, "danger")
            return
        self.model.set_rows(rows)
        words = self.tr("{count} kết quả có quá {days} ngày mà chưa ai đến nhận.")
        self.about.setText(words.format(count=len(rows), days=self._calls.days()))
        self.table.select_row(min(chosen, len(rows) - 1) if rows else -1)
        self._on_row_selected(self.table.current_row())

    def _on_row_selected(self, row: Uncollected | None) -> None:
        self.do_button.setEnabled(row is not None and not self._is_busy)
        if row is None:
            self.who_label.setText("")
            return
        phone = group_digits(row.phone) or self.tr("không có số điện thoại")
        self.who_label.setText(f"{row.applicant_name}  ·  {phone}")

    def _on_row_opened(self, row: Uncollected) -> None:
        self.dossier_wanted.emit(row.uuid)
        self.accept()

    def _on_outcome_changed(self, outcome: object) -> None:
        self.form.set_row_visible("until", visible=outcome == Outcome.PROMISED)

    def submit(self) -> None:
        """Note the call (F9) and go on to the next one."""
        row = self.table.current_row()
        if row is None or self._is_busy or not self.form.validate():
            return
        outcome = str(self.outcome.value())
        until = self.until.parsed() if outcome == Outcome.PROMISED else None
        note, contact = self.note.value(), self._calls.contact
        self._is_busy = True
        self._runner.run(
            lambda _job: contact(row.uuid, outcome, until, note),
            on_done=self._on_noted,
            on_error=self._on_failed,
            owner=self,
        )

    def _on_noted(self, facts: object) -> None:
        self._is_busy = False
        number = self.table.currentIndex().row()
        name = self.model.row_at(number).applicant_name
        words = self.tr("Đã ghi cuộc gọi cho {name}.")
        self.message.show_message(words.format(name=name), "muted")
        self.note.set_value("")
        self.until.set_value("")
        self.outcome.set_value(str(Outcome.CALLED))
        self.refresh(number + 1)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.contacted.emit(facts)

    def _on_failed(self, error: UserError) -> None:
        self._is_busy = False
        if not self.form.show_error(error):
            self.message.show_message(error.message, "danger")

"""Bàn giao: who holds what, what should have left the desk, everything of one who is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.dossier import Status
from counter_app.domain.text import fold
from counter_app.domain.words import format_number
from counter_app.errors import UserError
from counter_app.ui.act_dialogs import reason_field
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, SearchChoice
from counter_app.ui.dossier_calls import DossierQuery
from counter_app.ui.fields import Note, set_tone
from counter_app.ui.forms import FormGrid, MessageLabel
from counter_app.ui.keys import bind_main_act
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_app.domain.facts import DossierFacts, DossierRow
    from counter_app.services.handover import Workload
    from counter_app.ui.handover_calls import HandoverCalls


def _tr(text: str) -> str:
    return QCoreApplication.translate("handover_dialog", text)


class _Found(NamedTuple):
    """What the lists say now."""

    loads: Sequence[Workload]
    overdue: int


def _columns() -> list[Column]:
    def count(number: int) -> str:
        return format_number(number) if number else "–"

    return [
        Column(
            _tr("Cán bộ thụ lý"),
            lambda load: load.officer or _tr("(chưa giao cho ai)"),
            width=220,
            tone=lambda load: None if load.officer else "muted",
        ),
        Column(_tr("Đơn vị"), lambda load: load.unit.replace(",", ", "), width=260),
        Column(_tr("Đang giữ"), "open_count", show=count, width=90, align_right=True),
        Column(_tr("Đến hạn"), "due_count", show=count, width=90, align_right=True),
        Column(
            _tr("Quá hạn"),
            "late_count",
            show=count,
            width=90,
            align_right=True,
            tone=lambda load: "danger" if load.late_count else None,
        ),
        Column(
            _tr("Chưa nhận bàn giao"), "unaccepted_count", show=count, width=150, align_right=True
        ),
    ]


class HandoverDialog(ScreenDialog):
    """Enter opens the list of a line; F9 gives everything of that line to another officer."""

    list_wanted = Signal(object)  # DossierQuery
    given = Signal()

    def __init__(
        self, calls: HandoverCalls, runner: TaskRunner, parent: QWidget | None = None
    ) -> None:
        """Open with the lists as they are now."""
        super().__init__(parent)
        self._calls, self._runner = calls, runner
        self._is_busy = False
        self.setWindowTitle(self.tr("Bàn giao hồ sơ"))
        self.setMinimumSize(metrics().px(980), metrics().px(560))
        self._build()
        self._lay_out()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        self.model = RowTableModel(_columns(), self)
        self.table = TableView(empty_text=self.tr("Chưa hồ sơ nào được chuyển cho ai."))
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Ai đang giữ hồ sơ"))
        self.overdue_button = ActionButton("", kind="quiet", icon="clock")
        self.who_label = QLabel()
        self.who_label.setFont(theme().font(strong=True))
        self.who_label.setTextFormat(Qt.TextFormat.PlainText)
        self.officer = SearchChoice(find=self._officers, free_text=True, minimum=0)
        self.officer.setPlaceholderText(self.tr("gõ, hoặc ↓ để chọn"))
        self.reason = reason_field(
            lambda: [
                self.tr("Nghỉ phép"),
                self.tr("Đi công tác"),
                self.tr("Nghỉ ốm"),
                self.tr("Phân công lại"),
            ]
        )
        self.form = FormGrid(beside=True, label_width=132)
        self.form.add_row(self.tr("Giao lại cho"), self.officer, name="officer")
        self.form.add_row(self.tr("Lý do"), self.reason, name="reason")
        self.message = MessageLabel()
        self.message.setMinimumHeight(metrics().step(5))
        self.do_button = ActionButton(self.tr("Giao lại"), key="F9", kind="main")
        self.leave_button = ActionButton(self.tr("Đóng"), key="Esc", kind="quiet")

    def _lay_out(self) -> None:
        measures = metrics()
        edge = measures.step(6)
        heading = QLabel(self.tr("Bàn giao hồ sơ"))
        heading.setFont(theme().font(measures.title_size, strong=True))
        about = QLabel(
            self.tr("Enter mở danh sách của dòng đang chọn; F9 giao lại hồ sơ của dòng đó.")
        )
        set_tone(about, "muted")
        top = QHBoxLayout()
        top.addWidget(heading)
        top.addStretch(1)
        top.addWidget(self.overdue_button)
        buttons = QHBoxLayout()
        for button in (self.leave_button, self.do_button, self.overdue_button):
            button.setAutoDefault(False)
        buttons.addWidget(self.leave_button)
        buttons.addStretch(1)
        buttons.addWidget(self.do_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, measures.step(4), edge, measures.step(4))
        column.setSpacing(measures.step(2))
        column.addLayout(top)
        column.addWidget(about)
        column.addWidget(self.table, 1)
        column.addWidget(self.who_label)
        column.addWidget(self.form)
        column.addWidget(self.message)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.table.row_selected.connect(self._on_row_selected)
        self.table.row_opened.connect(self._on_row_opened)
        self.overdue_button.clicked.connect(self._on_overdue_clicked)
        self.do_button.clicked.connect(self.submit)
        self.leave_button.clicked.connect(self.reject)
        bind_main_act(self, self.submit)

    def _officers(self, text: str) -> list[Choice]:
        wanted = fold(text)
        here = [o for o in self._calls.officers() if wanted in fold(o.name)]
        return [Choice(o.name, o.name, o.unit or o.position) for o in here[:6]]

    def refresh(self) -> None:
        """Read the lists anew, in the task runner."""
        calls = self._calls
        self._runner.run(
            lambda _job: _Found(calls.workloads(), calls.overdue()),
            on_done=self._on_found,
            on_error=self._on_failed,
            owner=self,
        )

    def _on_found(self, found: _Found) -> None:
        self.model.set_rows(found.loads)
        if found.loads:
            self.table.select_row(0)
        else:
            self._on_row_selected(None)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if found.overdue:
            text = self.tr("{count} hồ sơ còn ở quầy, quá giờ phải chuyển")
            self.overdue_button.set_verb(text.format(count=format_number(found.overdue)))
        else:
            self.overdue_button.set_verb(self.tr("Không hồ sơ nào quá giờ phải chuyển"))
        self.overdue_button.setEnabled(bool(found.overdue))

    def _on_failed(self, error: UserError) -> None:
        self._set_busy(is_busy=False)
        if not self.form.show_error(error):
            self.message.show_message(error.message, "danger")

    def _on_row_selected(self, load: Workload | None) -> None:
        self.message.show_message("", "")
        if load is None:
            self.who_label.setText("")
            self.do_button.set_reason(self.tr("Chưa có hồ sơ nào để giao lại."))
            return
        self.do_button.set_reason(None)
        text = self.tr("{count} hồ sơ của {who}")
        self.who_label.setText(
            text.format(count=format_number(load.open_count), who=load.officer or load.unit)
        )

    def _on_row_opened(self, load: Workload) -> None:
        self.accept()
        unit = "" if load.officer else load.unit
        self.list_wanted.emit(DossierQuery(officer=load.officer, unit=unit))

    def _on_overdue_clicked(self) -> None:
        self.accept()
        self.list_wanted.emit(DossierQuery(filter="not_forwarded"))

    def submit(self) -> None:
        """Give what the chosen line holds to another officer (F9)."""
        load = self.table.current_row()
        if self._is_busy or load is None or not self.form.validate():
            return
        officer, reason = self.officer.value(), self.reason.value()
        if not officer:
            self.officer.set_note(Note(self.tr("Chọn cán bộ nhận hồ sơ.")))
            self.officer.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        calls = self._calls
        self._set_busy(is_busy=True)

        def give(_job: object) -> tuple[int, int]:
            held = calls.held_by(load)
            can = [row for row in held if _is_movable(row)]
            given: Sequence[DossierFacts] = calls.reassign(
                [row.uuid for row in can], officer, reason
            )
            return len(given), len(held) - len(can)

        self._runner.run(give, on_done=self._on_given, on_error=self._on_failed, owner=self)

    def _on_given(self, counts: tuple[int, int]) -> None:
        given, left = counts
        self._set_busy(is_busy=False)
        text = self.tr("Đã giao {given} hồ sơ cho {who}.").format(
            given=format_number(given), who=self.officer.value()
        )
        if left:
            text += " " + self.tr("{left} hồ sơ đang chờ người dân giữ nguyên.").format(
                left=format_number(left)
            )
        self.officer.set_choice(None)
        self.reason.set_choice(None)
        self.refresh()
        self.message.show_message(text, "muted")
        self.given.emit()

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.do_button.setEnabled(not is_busy)
        self.form.setEnabled(not is_busy)


def _is_movable(row: DossierRow) -> bool:
    return row.status in {Status.RECEIVED, Status.PROCESSING}

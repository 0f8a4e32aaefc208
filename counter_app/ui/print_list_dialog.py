"""The small list of papers that wait for a printer: print now, save as a file, drop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.words import format_moment
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import set_tone
from counter_app.ui.forms import MessageLabel
from counter_app.ui.interaction import Interaction
from counter_app.ui.keys import bind_main_act, check_key
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.theme import metrics, theme

if TYPE_CHECKING:
    from counter_app.services.print_queue import PrintJob
    from counter_app.ui.print_desk import PrintDesk


class PrintListDialog(ScreenDialog):
    """What waits, why, and the acts on the chosen one."""

    def __init__(
        self, desk: PrintDesk, interaction: Interaction, parent: QWidget | None = None
    ) -> None:
        """Show what waits now and follow it."""
        super().__init__(parent)
        self._desk, self._interaction = desk, interaction
        title = self.tr("Giấy chờ in")
        self.setWindowTitle(title)
        self.setMinimumSize(metrics().px(860), metrics().px(420))
        self.model = RowTableModel(
            [
                Column(self.tr("Giấy"), "title", width=500),
                Column(self.tr("Chờ từ"), "since", show=format_moment, width=150, figures=True),
                Column(self.tr("Tình trạng"), self._state),
            ],
            self,
        )
        self.table = TableView(empty_text=self.tr("Không có giấy nào chờ in."))
        self.table.set_model(self.model)
        self.table.setAccessibleName(title)
        self.message = MessageLabel()
        self.message.setMinimumHeight(metrics().step(10))
        self.leave_button = ActionButton(self.tr("Đóng"), key="Esc", kind="quiet")
        self.drop_button = ActionButton(self.tr("Bỏ, ghi lý do"))
        self.save_button = ActionButton(self.tr("Lưu thành tệp PDF"), key="Ctrl+S", icon="export")
        self.print_button = ActionButton(self.tr("In ngay"), key="F9", kind="main", icon="print")
        self._lay_out(title)
        desk.waiting_changed.connect(self._show)
        self.table.row_selected.connect(self._on_row_selected)
        self._show()

    def _state(self, job: PrintJob) -> str:
        words = {"waiting": self.tr("chờ máy in"), "printing": self.tr("đang in")}
        return words.get(job.state.value, self.tr("có thể đã in"))

    def _lay_out(self, title: str) -> None:
        measures = metrics()
        heading = QLabel(title)
        heading.setFont(theme().font(measures.title_size, strong=True))
        lead = QLabel(
            self.tr(
                "Máy in nhận lại thì giấy tự in theo thứ tự. “Có thể đã in” là giấy đang in thì "
                "máy tính dừng: xem khay giấy trước khi in lại."
            )
        )
        lead.setWordWrap(True)
        set_tone(lead, "muted")
        buttons = QHBoxLayout()
        buttons.setSpacing(measures.step(2))
        for button, act in (
            (self.leave_button, self.reject),
            (self.drop_button, self.drop),
            (self.save_button, self.save),
            (self.print_button, self.print_now),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(act)
            buttons.addWidget(button)
        buttons.insertStretch(1, 1)
        bind_main_act(self, self.print_now)
        QShortcut(check_key("Ctrl+S"), self).activated.connect(self.save)
        edge = measures.step(5)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(measures.step(2))
        column.addWidget(heading)
        column.addWidget(lead)
        column.addWidget(self.table, 1)
        column.addWidget(self.message)
        column.addLayout(buttons)

    def _show(self) -> None:
        self.model.set_rows(list(self._desk.jobs()))
        if self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(0, 0))
        self._on_row_selected(self.table.current_row())

    def _on_row_selected(self, job: PrintJob | None) -> None:
        reason = None if job is not None else self.tr("Chọn một giấy trong danh sách.")
        for button in (self.drop_button, self.save_button, self.print_button):
            button.set_reason(reason)
        self.message.show_message("" if job is None else job.reason, "muted")

    def print_now(self) -> None:
        """Send the chosen paper now (F9), a doubtful one too: a person has looked."""
        job = self.table.current_row()
        if job is None:
            return
        if self._desk.send(job.uuid, doubtful_too=True):
            self.message.show_message(self.tr("Đã gửi giấy tới máy in."), "accent")
        else:
            again = next((one for one in self._desk.jobs() if one.uuid == job.uuid), None)
            self.message.show_message(again.reason if again else "", "danger")

    def save(self) -> None:
        """Save the chosen paper as a file; it goes on waiting until it is dropped."""
        job = self.table.current_row()
        data = None if job is None else self._desk.data_of(job.uuid)
        if data is not None:
            self._desk.save(data, Path.home() / "giay-cho-in.pdf")

    def drop(self) -> None:
        """Take the chosen paper off the queue, with a reason."""
        job = self.table.current_row()
        if job is None:
            return
        reason = self._interaction.ask_text(
            self.tr("Bỏ “{title}” khỏi hàng chờ in?").format(title=job.title),
            yes=self.tr("Bỏ khỏi hàng chờ"),
            detail=self.tr("Ghi lý do, ví dụ đã lưu thành tệp và in ở máy khác."),
        )
        if reason is None:
            return
        try:
            self._desk.drop(job.uuid, reason=reason)
        except UserError as error:
            self.message.show_message(error.message, "danger")

"""The till of a day in the window: what was taken in, and the list as PDF or CSV."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.atomic import write_atomically
from counter_app.domain.words import date_in_words, format_amount
from counter_app.errors import UserError
from counter_app.services.till import NOT_A_RECEIPT, TillDay
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import set_tone
from counter_app.ui.interaction import Interaction
from counter_app.ui.keys import bind_main_act, check_key
from counter_app.ui.quick_calls import QuickCalls
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.theme import metrics, theme


class TillDialog(ScreenDialog):
    """One day's payments; arrows beside the date go a day back or on."""

    def __init__(
        self, calls: QuickCalls, interaction: Interaction, parent: QWidget | None = None
    ) -> None:
        """Open on today."""
        super().__init__(parent)
        self._calls = calls
        self._interaction = interaction
        self._found: TillDay | None = None
        self._day = calls.now().date()
        self.setWindowTitle(self.tr("Bảng kê thu phí, lệ phí"))
        self.setMinimumSize(metrics().px(980), metrics().px(520))
        self.day_label = QLabel()
        self.day_label.setFont(theme().font(metrics().title_size, strong=True))
        self.total_label = QLabel()
        self.total_label.setFont(theme().font(metrics().title_size, strong=True))
        self.note_label = QLabel()
        set_tone(self.note_label, "muted")
        self.table = TableView(empty_text=self.tr("Ngày này chưa thu khoản nào."))
        self.table.setAccessibleName(self.tr("Các khoản thu trong ngày"))
        self.model = RowTableModel(self._columns())
        self.table.set_model(self.model)
        self.before_button = ActionButton(self.tr("Ngày trước"), key="PgUp", icon="chevron-left")
        self.after_button = ActionButton(self.tr("Ngày sau"), key="PgDown", icon="chevron-right")
        self.csv_button = ActionButton(self.tr("Lưu CSV"))
        self.save_button = ActionButton(self.tr("Lưu PDF để in"), key="F9", kind="main")
        self.leave_button = ActionButton(self.tr("Đóng"), key="Esc", kind="quiet")
        self._lay_out()
        self.before_button.clicked.connect(self._on_before_clicked)
        self.after_button.clicked.connect(self._on_after_clicked)
        self.csv_button.clicked.connect(self._on_csv_clicked)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.leave_button.clicked.connect(self.reject)
        for key, button in (
            ("PgUp", self.before_button),
            ("PgDown", self.after_button),
        ):
            QShortcut(check_key(key), self).activated.connect(button.click)
        bind_main_act(self, self.save_button.click)
        self.show_day(self._day)

    def _columns(self) -> list[Column]:
        return [
            Column(self.tr("Giờ"), "at", show=lambda at: f"{at:%H:%M}", width=60, figures=True),
            Column(self.tr("Mã hồ sơ"), "code", width=190, figures=True),
            Column(self.tr("Chủ hồ sơ"), "applicant_name", width=180),
            Column(
                self.tr("Số tiền"), "amount", show=format_amount, width=110, align_right=True,
                figures=True,
            ),
            Column(self.tr("Số biên lai"), "receipt_number", width=110, figures=True),
            Column(self.tr("Người thu"), "by", width=140),
            Column(self.tr("Ghi chú"), "note"),
        ]  # fmt: skip

    def _lay_out(self) -> None:
        measures = metrics()
        top = QHBoxLayout()
        top.addWidget(self.day_label)
        top.addStretch(1)
        top.addWidget(self.before_button)
        top.addWidget(self.after_button)
        sums = QHBoxLayout()
        sums.addWidget(self.note_label)
        sums.addStretch(1)
        sums.addWidget(self.total_label)
        buttons = QHBoxLayout()
        warning = QLabel(NOT_A_RECEIPT)
        set_tone(warning, "muted")
        for button in (
            self.before_button, self.after_button, self.csv_button, self.save_button,
            self.leave_button,
        ):  # fmt: skip
            button.setAutoDefault(False)
        buttons.addWidget(self.leave_button)
        buttons.addSpacing(measures.step(4))
        buttons.addWidget(warning)
        buttons.addStretch(1)
        buttons.addWidget(self.csv_button)
        buttons.addWidget(self.save_button)
        edge = measures.step(5)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(measures.step(3))
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addLayout(sums)
        column.addLayout(buttons)

    def show_day(self, day: date) -> None:
        """Show one day's payments."""
        try:
            found = self._calls.till(day)
        except UserError as error:
            self._interaction.inform(error.message)
            return
        self._day, self._found = day, found
        words = date_in_words(day)
        self.day_label.setText(words[:1].upper() + words[1:])
        self.model.set_rows(found.rows)
        self.total_label.setText(self.tr("Cộng {sum}").format(sum=format_amount(found.total)))
        told = [self.tr("{count} khoản").format(count=sum(1 for row in found.rows if row.amount))]
        if found.exempt:
            told.append(self.tr("{count} hồ sơ được miễn").format(count=found.exempt))
        if found.without_number:
            told.append(
                self.tr("{count} khoản chưa ghi số biên lai").format(count=found.without_number)
            )
        self.note_label.setText(", ".join(told))
        set_tone(self.note_label, "warning" if found.without_number else "muted")
        self.after_button.setEnabled(day < self._calls.now().date())

    def _on_before_clicked(self) -> None:
        self.show_day(self._day - timedelta(days=1))

    def _on_after_clicked(self) -> None:
        self.show_day(self._day + timedelta(days=1))

    def _on_csv_clicked(self) -> None:
        self._save(".csv", "CSV (*.csv)")

    def _on_save_clicked(self) -> None:
        self._save(".pdf", "PDF (*.pdf)")

    def _save(self, ending: str, kinds: str) -> None:
        if self._found is None:
            return
        suggested = Path.home() / f"bang-ke-thu-{self._day:%Y%m%d}{ending}"
        path = self._interaction.choose_file_save(
            self.tr("Lưu bảng kê"), suggested=suggested, kinds=kinds
        )
        if path is None:
            return
        try:
            write_atomically(path, self._calls.till_file(self._found, ending))
        except UserError as error:
            self._interaction.inform(error.message)
            return
        self.note_label.setText(self.tr("Đã lưu {name}.").format(name=path.name))

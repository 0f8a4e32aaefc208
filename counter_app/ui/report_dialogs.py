"""What a recount of a report that was handed in finds otherwise, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.report_words import FIGURE_LABELS
from counter_app.ui.buttons import ActionButton
from counter_app.ui.report_calls import Difference, Frozen
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.theme import metrics
from counter_app.ui.translation import in_window


class _Row(NamedTuple):
    """One changed dossier of one figure."""

    figure: str
    numbers: str
    code: str
    what: str
    cause: str
    when: str


class DifferencesDialog(ScreenDialog):
    """Lists each figure that differs with its dossiers and their causes; Enter opens one."""

    dossier_wanted = Signal(str)  # its code

    def __init__(
        self, kept: Frozen, found: Sequence[Difference], parent: QWidget | None = None
    ) -> None:
        """Show what was found."""
        super().__init__(parent)
        self.setWindowTitle(
            self.tr("Báo cáo số {number}, {name}").format(number=kept.id, name=kept.name)
        )
        edge = metrics().step(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.setSpacing(metrics().step(3))
        told = self.tr("Đã chốt {day}, {by}. Đếm lại bây giờ khác ở các chỗ sau.")
        layout.addWidget(QLabel(told.format(day=f"{kept.frozen_at:%H:%M %d/%m/%Y}", by=kept.by)))
        self.rows_model = RowTableModel(
            [
                Column(self.tr("Chỉ số"), "figure", width=210),
                Column(self.tr("Đã nộp → nay"), "numbers", width=120, figures=True),
                Column(self.tr("Hồ sơ"), "code", width=214, figures=True),
                Column(self.tr("Thay đổi"), "what", width=86),
                Column(self.tr("Lúc ghi"), "when", width=154, figures=True),
                Column(self.tr("Nguyên nhân"), "cause", width=240, tooltip=lambda row: row.cause),
            ]
        )
        self.rows_model.set_rows(self._rows(found))
        table = TableView()
        table.setAccessibleName(self.tr("Các chỗ khác"))
        table.set_model(self.rows_model)
        table.row_opened.connect(self._on_row_opened)
        layout.addWidget(table, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        close = ActionButton(self.tr("Đóng"), key="Esc")
        close.clicked.connect(self.accept)
        buttons.addWidget(close)
        layout.addLayout(buttons)
        self.resize(metrics().px(1240), metrics().px(520))

    def _on_row_opened(self, row: _Row) -> None:
        self.accept()
        self.dossier_wanted.emit(row.code)

    def _rows(self, found: Sequence[Difference]) -> list[_Row]:
        rows = []
        for one in found:
            numbers = f"{one.before} → {one.now}"
            rows += [
                _Row(
                    in_window(FIGURE_LABELS[one.figure]),
                    numbers,
                    change.code,
                    self.tr("thêm") if change.is_added else self.tr("bớt"),
                    f"{change.cause} ({change.by})" if change.by else change.cause,
                    "" if change.recorded_at is None else f"{change.recorded_at:%H:%M %d/%m/%Y}",
                )
                for change in one.changes
            ]
        return rows

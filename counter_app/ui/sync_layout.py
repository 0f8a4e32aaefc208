"""How the pane of the desks looks: three thirds with one key each, and three tables."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.rights import Act
from counter_app.ui.buttons import ActionButton
from counter_app.ui.interaction import Interaction
from counter_app.ui.page import Page
from counter_app.ui.stick_row import StickRow
from counter_app.ui.sync_calls import SyncCalls
from counter_app.ui.sync_words import desk_columns, file_columns, run_columns
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics, theme


class DesksLayout(Page):
    """The widgets of the pane in their places; what they do is the pane's."""

    def __init__(
        self,
        calls: SyncCalls,
        *,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Nothing is read yet."""
        super().__init__(parent)
        self._build(calls, runner, interaction)
        self._lay_out()

    def _build(self, calls: SyncCalls, runner: TaskRunner, interaction: Interaction) -> None:
        self.stick = StickRow(calls, runner=runner, interaction=interaction)
        self.export_button = ActionButton(self.tr("Xuất gói"), key="F9", kind="main", icon="export")
        self.files_button = ActionButton(
            self.tr("Xuất kèm tệp…"), key="Ctrl+G", kind="quiet", icon="export"
        )
        self.import_button = ActionButton(self.tr("Nhận gói…"), key="Ctrl+I", icon="sync")
        self.conflicts_button = ActionButton(
            self.tr("Xem và quyết định…"), key="Ctrl+M", icon="swap"
        )
        self.print_button = ActionButton(
            self.tr("In biên bản"), key="Ctrl+P", kind="quiet", icon="print"
        )
        self.undo_button = ActionButton(
            self.tr("Hoàn tác lần nhận này…"), kind="quiet", icon="undo", act=Act.RESOLVE
        )
        self.cancel_button = ActionButton(self.tr("Ngừng"), kind="quiet", icon="close")
        self.out_label, self.in_label, self.person_label = (QLabel() for _ in range(3))
        self.message, self.gap_label = QLabel(), QLabel()
        for label in self.out_label, self.in_label, self.person_label, self.message, self.gap_label:
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.desks = self._table(
            self.tr("Các quầy đã biết"),
            self.tr("Chưa biết quầy nào khác. Mời quầy ở Cài đặt, mục Các quầy."),
            desk_columns(),
        )
        self.files = self._table(
            self.tr("Gói ở nơi đã chọn"),
            self.tr("Không có gói nào ở đây. Cắm USB hoặc chọn thư mục."),
            file_columns(),
        )
        self.runs = self._table(
            self.tr("Các lần xuất và nhận"), self.tr("Chưa xuất hay nhận gói nào."), run_columns()
        )

    def _table(self, name: str, empty: str, columns: list[Column]) -> TableView:
        table = TableView(empty_text=empty)
        table.setAccessibleName(name)
        table.set_model(RowTableModel(columns, self))
        return table

    def _lay_out(self) -> None:
        measures = metrics()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(measures.step(3))
        column.addWidget(self.stick)
        column.addLayout(self._make_thirds())
        line = QHBoxLayout()
        self.message.setMinimumHeight(measures.step(6))
        line.addWidget(self.message, 1)
        line.addWidget(self.cancel_button)
        column.addLayout(line)
        column.addWidget(self.gap_label)
        middle = QGridLayout()
        middle.setHorizontalSpacing(measures.step(5))
        middle.setVerticalSpacing(measures.step(1))
        for place, (title, table) in enumerate(
            ((self.tr("Các quầy"), self.desks), (self.tr("Gói ở nơi đã chọn"), self.files))
        ):
            middle.addWidget(self._heading(title), 0, place)
            middle.addWidget(table, 1, place)
            middle.setColumnStretch(place, 4 + place)
        column.addLayout(middle, 3)
        foot = QHBoxLayout()
        foot.addWidget(self._heading(self.tr("Các lần xuất và nhận")))
        foot.addStretch(1)
        foot.addWidget(self.undo_button)
        foot.addWidget(self.print_button)
        column.addLayout(foot)
        column.addWidget(self.runs, 3)

    def _make_thirds(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(metrics().step(5))
        grid.setVerticalSpacing(metrics().step(1))
        for place, (title, label, button) in enumerate(
            (
                (self.tr("Gửi đi"), self.out_label, self.export_button),
                (self.tr("Nhận về"), self.in_label, self.import_button),
                (self.tr("Cần người quyết định"), self.person_label, self.conflicts_button),
            )
        ):
            grid.addWidget(self._heading(title), 0, place)
            # Two sentences, of which one may be broken.
            label.setMinimumHeight(label.fontMetrics().lineSpacing() * 3)
            grid.addWidget(label, 1, place)
            line = QHBoxLayout()
            line.addWidget(button, 1)
            if button is self.export_button:
                line.addWidget(self.files_button)
            grid.addLayout(line, 2, place)
            grid.setColumnStretch(place, 1)
        return grid

    @staticmethod
    def _heading(text: str) -> QLabel:
        label = QLabel(text)
        label.setFont(theme().font(strong=True))
        return label

    def minimumSizeHint(self) -> QSize:
        """Ask for what broken words need at this width: the stack of panes doesn't ask for it."""
        hint, layout = super().minimumSizeHint(), self.layout()
        if layout is not None and layout.hasHeightForWidth():
            width = max(self.width(), hint.width())
            hint.setHeight(max(hint.height(), layout.totalMinimumHeightForWidth(width)))
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask anew at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

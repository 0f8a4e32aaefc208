"""The group Biểu mẫu of the page of settings: the wordings there are, the way to edit them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.rights import Act
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import set_tone
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.theme import metrics


class FormsGroup(QWidget):
    """Lists the versions of the forms' wording; a button opens the editor."""

    saved = Signal(str, object, object)  # as every group; versions are only added, none goes back
    edit_asked = Signal()
    books_asked = Signal()

    def __init__(
        self, versions: Callable[[], Sequence[Any]], parent: QWidget | None = None
    ) -> None:
        """``versions`` reads what ``form_versions.versions`` hands out."""
        super().__init__(parent)
        self._versions = versions
        self.model = RowTableModel(
            [
                Column(self.tr("Áp dụng từ"), self._day, width=110),
                Column(self.tr("Lời văn"), "version", width=170),
                Column(self.tr("Bộ biểu mẫu"), "name", width=300),
                Column(self.tr("Căn cứ"), "source", width=320),
                Column(self.tr("Người lưu"), "officer", width=150),
            ],
            self,
        )
        self.table = TableView(empty_text=self.tr("Chưa có bộ biểu mẫu nào."))
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Các bộ biểu mẫu"))
        self.table.setMinimumHeight(metrics().px(260))
        lead = QLabel(
            self.tr(
                "Sửa lời văn của từng mẫu và xem ngay trên giấy. Mỗi lần lưu là một phiên bản có "
                "ngày áp dụng; giấy đã phát hành in lại đúng lời văn cũ."
            )
        )
        lead.setWordWrap(True)
        set_tone(lead, "muted")
        self.edit_button = ActionButton(
            self.tr("Sửa lời văn biểu mẫu"), key="F9", kind="main", act=Act.FORMS
        )
        self.edit_button.clicked.connect(self.edit_asked)
        self.books_button = ActionButton(self.tr("In sổ theo dõi và niêm yết"), icon="print")
        self.books_button.clicked.connect(self.books_asked)
        line = QHBoxLayout()
        line.addWidget(self.edit_button)
        line.addWidget(self.books_button)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics().step(3))
        column.addWidget(lead)
        column.addLayout(line)
        column.addWidget(self.table, 1)

    def _day(self, row: Any) -> str:
        return self.tr("từ trước") if row.valid_from == date.min else f"{row.valid_from:%d/%m/%Y}"

    def show_values(self) -> None:
        """Read the versions again, once they can be seen: every wording is read for it."""
        if self.isVisible():
            self.model.set_rows(list(self._versions()))

    def showEvent(self, event: QShowEvent) -> None:
        """Read the versions when the group is chosen."""
        super().showEvent(event)
        self.show_values()

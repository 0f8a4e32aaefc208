"""The quiet table of dossiers: columns that give way one by one where there is little room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from counter_app.domain.facts import DossierRow
from counter_app.ui.due_mark import DueDelegate
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.theme import metrics
from counter_app.ui.translation import in_window
from counter_app.ui.words import Due, due_tip, short_day, short_moment, with_year

CODE, APPLICANT, PROCEDURE, RECEIVED, DUE_AT, STATUS, DUE, OFFICER = range(8)
# What gives way first stands last; applicant and due state always stay.
_OPTIONAL = (CODE, PROCEDURE, DUE_AT, STATUS, RECEIVED, OFFICER)
_WIDTHS = (208, 200, 150, 60, 104, 132, 132, 118)
_LEAST_APPLICANT = 176
_LONGEST_DUE = 176  # what a mark and its longest words take


def _tr(text: str) -> str:
    return QCoreApplication.translate("dossier_table", text)


def dossier_columns(today: Callable[[], date], due: Callable[[DossierRow], Due]) -> list[Column]:
    """Return the columns of a table of dossiers."""
    return [
        Column(_tr("Mã hồ sơ"), "shown_code", width=_WIDTHS[CODE], figures=True),
        Column(
            _tr("Người nộp"),
            lambda row: with_year(row.applicant_name, row.birth_date),
            width=_WIDTHS[APPLICANT],
            tooltip=_who,
        ),
        Column(_tr("Thủ tục"), "procedure_name", width=_WIDTHS[PROCEDURE]),
        Column(
            _tr("Nhận"),
            "received",
            show=lambda moment: short_day(moment.date(), today()),
            width=_WIDTHS[RECEIVED],
            figures=True,
        ),
        Column(
            _tr("Hẹn trả"),
            "due",
            show=lambda moment: short_moment(moment, today()),
            width=_WIDTHS[DUE_AT],
            figures=True,
        ),
        Column(_tr("Trạng thái"), lambda row: in_window(row.status_label), width=_WIDTHS[STATUS]),
        Column(_tr("Hạn"), lambda row: due(row).text, width=_WIDTHS[DUE], tooltip=due_tip),
        Column(
            _tr("Cán bộ"),
            lambda row: row.handling_officer or row.reception_officer,
            width=_WIDTHS[OFFICER],
            tooltip=lambda row: row.resolving_unit,
        ),
    ]


def _who(row: DossierRow) -> str:
    parts = [with_year(row.applicant_name, row.birth_date), row.address, row.phone]
    return "\n".join(part for part in parts if part)


def optional_columns(room: int, widths: Sequence[int]) -> set[int]:
    """Return which of the optional columns fit; the first ones come first."""
    used = sum(widths[c] for c in (APPLICANT, DUE))
    shown = set()
    for column in _OPTIONAL:
        used += widths[column]
        if used > room:
            break
        shown.add(column)
    return shown


class DossierTable(TableView):
    """A table of dossiers that shows as many columns as fit and passes typing on."""

    text_typed = Signal(str)  # a letter was typed: it belongs to the search box

    def __init__(
        self,
        today: Callable[[], date],
        due: Callable[[DossierRow], Due],
        parent: QWidget | None = None,
    ) -> None:
        """``today`` and ``due`` answer as of the last refresh."""
        super().__init__(parent)
        self._is_new = True
        self.rows_model = RowTableModel(dossier_columns(today, due), self)
        self.set_model(self.rows_model)
        self.setItemDelegateForColumn(DUE, DueDelegate(due, self))
        self.horizontalHeader().setStretchLastSection(False)
        self._widths = [metrics().px(width) for width in _WIDTHS]
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fit()

    def _fit(self) -> None:
        header = self.horizontalHeader()
        shown = optional_columns(self.viewport().width(), self._widths)
        wide = PROCEDURE if PROCEDURE in shown else APPLICANT
        for column, width in enumerate(self._widths):
            self.setColumnHidden(column, column in _OPTIONAL and column not in shown)
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(
                column, mode.Stretch if column == wide else mode.Interactive
            )
            if column != wide:
                header.resizeSection(column, width)
        room = self.viewport().width() - self._used(shown)
        if wide == APPLICANT:
            room += metrics().px(_WIDTHS[APPLICANT] - _LEAST_APPLICANT)
        spare = max(0, room)
        # The column that says what is late comes first: half of "late since today" misleads.
        more = min(spare, metrics().px(_LONGEST_DUE) - self._widths[DUE])
        header.resizeSection(DUE, self._widths[DUE] + more)
        if wide == PROCEDURE:
            extra = min((spare - more) // 3, metrics().px(110))
            header.resizeSection(APPLICANT, self._widths[APPLICANT] + extra)

    def _used(self, shown: set[int]) -> int:
        kept = {APPLICANT, DUE} | shown
        return sum(width for column, width in enumerate(self._widths) if column in kept)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the columns that fit now."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Leave the rows to the next turn the first time: showing their page took this one."""
        if self._is_new:
            self._is_new = False
            self.paint_ground(event)
            QTimer.singleShot(0, self, self.viewport().update)
            return
        super().paintEvent(event)

    def row_number(self, uuid: str) -> int:
        """Return where a dossier stands, -1 if it isn't loaded."""
        rows = self.rows_model.rows()
        return next((i for i, row in enumerate(rows) if row.uuid == uuid), -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters and digits are a search; the rest is the table's."""
        held = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        text = event.text()
        if not held and text.isprintable() and text.strip():
            self.text_typed.emit(text)
            event.accept()
            return
        super().keyPressEvent(event)

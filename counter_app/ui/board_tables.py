"""The tables of the head's board: the load whose every number opens its list, and what is slow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from counter_app.domain.board import BoardFacts, Load, SlowStep, Waiting
from counter_app.domain.moments import from_epoch
from counter_app.domain.words import format_number
from counter_app.ui.fields import ENTER_KEYS
from counter_app.ui.tables import ROW_ROLE, Column, RowTableModel, TableView
from counter_app.ui.theme import metrics
from counter_app.ui.words import group_digits

_NAME_WIDTH = 240
_LEAST_NAME, _LEAST_LINES = 100, 5  # the scroll bar's width is in the first
_FIGURES = ("late", "today", "tomorrow", "week", "paused", "total")
_WIDTHS = (76, 80, 64, 80, 86, 66)


def _tr(text: str) -> str:
    return QCoreApplication.translate("board_tables", text)


def _shown(number: int) -> str:
    return format_number(number) if number else "–"


class LoadTable(TableView):
    """Arrows walk from number to number, Enter opens the dossiers behind it."""

    figure_opened = Signal(object, str)  # the line (None for the whole), the figure

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent, empty_text=_tr("Không có hồ sơ nào đang giải quyết."))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setAccessibleName(_tr("Hồ sơ đang giải quyết theo đơn vị và công chức"))
        self._total: Load | None = None
        self.rows_model = RowTableModel(self._columns(None))
        self.set_model(self.rows_model)
        self._fit()

    def _columns(self, tomorrow: date | None) -> list[Column]:
        titles = (
            _tr("Quá hạn"),
            _tr("Hôm nay"),
            _tr("Ngày tới") if tomorrow is None else f"{tomorrow:%d/%m}",
            _tr("Cả tuần"),
            _tr("Tạm dừng"),
            _tr("Tất cả"),
        )
        tones: dict[str, str] = {"late": "danger", "today": "warning"}

        def tone_of(figure: str) -> Callable[[Load], str | None]:
            return lambda load: tones.get(figure) if load.of(figure) else "muted"

        def value_of(figure: str) -> Callable[[Load], int]:
            return lambda load: load.of(figure)

        return [
            Column(_tr("Công chức, đơn vị"), self._name, width=_NAME_WIDTH, tooltip=self._name),
            *(
                Column(
                    title,
                    value_of(figure),
                    show=_shown,
                    width=width,
                    align_right=True,
                    figures=True,
                    tone=tone_of(figure),
                )
                for figure, title, width in zip(_FIGURES, titles, _WIDTHS, strict=True)
            ),
        ]

    def _name(self, load: Load) -> str:
        if load is self._total:
            return _tr("Tổng cộng")
        officer = load.officer or _tr("Chưa giao ai")
        return f"{officer}, {load.unit}" if load.unit else officer

    def _fit(self) -> None:
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place, width in enumerate(_WIDTHS, 1):
            header.resizeSection(place, metrics().px(width))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # In large letters too one reads whose numbers they are; the page scrolls.
        self.setMinimumWidth(metrics().px(_LEAST_NAME + sum(_WIDTHS)))
        self.setMinimumHeight(_LEAST_LINES * metrics().row_height)

    def show_board(self, board: BoardFacts) -> None:
        """Show the lines of a board and the whole under them; the cursor stays where it is."""
        at = self.currentIndex()
        row, column = at.row(), at.column()
        self._total = board.total
        self.rows_model.columns = tuple(self._columns(board.tomorrow))
        self.rows_model.set_rows([*board.loads, board.total] if board.loads else [])
        if self.rows_model.rowCount():
            row = min(max(row, 0), self.rows_model.rowCount() - 1)
            self.setCurrentIndex(self.rows_model.index(row, max(column, 1)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the number under the cursor."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTER_KEYS and plain and self.currentIndex().isValid():
            self._open(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)

    def _on_double_clicked(self, index: Any) -> None:
        self._open(index)

    def _open(self, index: Any) -> None:
        load = index.data(ROW_ROLE)
        figure = _FIGURES[index.column() - 1] if index.column() else "total"
        self.figure_opened.emit(None if load is self._total else load, figure)

    def title_of(self, load: Load | None, figure: str) -> str:
        """Call a figure's list by its column and its line."""
        title = self.rows_model.columns[1 + _FIGURES.index(figure)].title
        return (
            title if load is None else f"{title}, {load.officer or load.unit or self._name(load)}"
        )


def slow_columns() -> list[Column]:
    """Return the columns of steps and hand-overs that take too long."""

    def since(step: SlowStep) -> str:
        return f"{from_epoch(step.since):%d/%m}"

    return [
        Column(_tr("Từ"), since, width=70, figures=True, tone=lambda _step: "danger"),
        Column(_tr("Người nộp"), "applicant_name", width=150, tooltip=lambda step: step.code),
        Column(_tr("Bước hoặc thủ tục"), "what", width=180),
        Column(_tr("Đơn vị"), "who", width=130),
    ]


def waiting_columns() -> list[Column]:
    """Return the columns of what waits for collection longest."""

    def since(one: Waiting) -> str:
        return f"{from_epoch(one.since):%d/%m}"

    return [
        Column(_tr("Có từ"), since, width=70, figures=True),
        # Who is to be called; on a small screen the procedure had room for three letters.
        Column(
            _tr("Người nộp"),
            "applicant_name",
            tooltip=lambda one: f"{one.applicant_name}\n{one.code}\n{one.procedure_name}",
        ),
        Column(_tr("Điện thoại"), "phone", show=group_digits, width=118, figures=True),
    ]


def few_table(
    columns: list[Column], empty_text: str, name: str, *, widest: int
) -> tuple[TableView, RowTableModel]:
    """Return a small table and its model; the column ``widest`` takes what room there is."""
    table, model = TableView(empty_text=empty_text), RowTableModel(columns)
    table.set_model(model)
    header = table.horizontalHeader()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(widest, QHeaderView.ResizeMode.Stretch)
    header.resizeSection(len(columns) - 1, metrics().px(columns[-1].width))
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setAccessibleName(name)
    table.setMinimumHeight(round(metrics().row_height * 3.2))
    return table, model

"""The figures of a report as a table: every number opens its dossiers, the whole stays below."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from counter_app.domain.figures import Figures, Report
from counter_app.domain.words import format_number
from counter_app.ui.fields import ENTER_KEYS
from counter_app.ui.tables import ROW_ROLE, Column, RowDelegate, RowTableModel, TableView
from counter_app.ui.theme import metrics, theme

_NAME_LEAST, _NAME_MOST, _NUMBER_MOST = 104, 300, 100
_HEADER_ROWS = 2.1
_SHOWN = (QEvent.Type.Show, QEvent.Type.Hide)


def _tr(text: str) -> str:
    return QCoreApplication.translate("report_table", text)


class Line(NamedTuple):
    """One line of the table; the whole has no ``key``, what isn't said of a group an empty one."""

    key: str | None
    name: str
    figures: Figures


def _columns() -> list[tuple[str, str, str]]:
    """Return figure, heading and the tone of a number above nothing."""
    return [
        ("received", _tr("Tiếp nhận"), ""),
        ("online", _tr("Trực tuyến"), ""),
        ("counter_and_post", _tr("Trực tiếp, bưu chính"), ""),
        ("carried_over", _tr("Kỳ trước chuyển"), ""),
        ("resolved", _tr("Đã giải quyết"), ""),
        ("early", _tr("Trước hạn"), ""),
        ("on_time", _tr("Đúng hạn"), ""),
        ("late", _tr("Quá hạn"), "danger"),
        ("pending", _tr("Đang giải quyết"), ""),
        ("pending_in_time", _tr("Đang trong hạn"), ""),
        ("pending_late", _tr("Đang quá hạn"), "danger"),
        ("ended_otherwise", _tr("Từ chối, rút, dừng"), ""),
    ]


def _value(figure: str) -> Callable[[Line], int]:
    if figure == "ended_otherwise":
        return lambda line: line.figures.refused + line.figures.withdrawn + line.figures.stopped
    return lambda line: int(getattr(line.figures, figure))


def _tone(figure: str, tone: str) -> Callable[[Line], str | None]:
    value = _value(figure)
    return lambda line: (tone or None) if value(line) else "muted"


def _broken(words: list[str], lines: int) -> Iterator[list[str]]:
    """Yield the ways to set words in at most so many lines."""
    yield [" ".join(words)]
    if lines > 1:
        for place in range(1, len(words)):
            for rest in _broken(words[place:], lines - 1):
                yield [" ".join(words[:place]), *rest]


class _FigureModel(RowTableModel):
    """The table's model, whose headings may take two lines."""

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the titles, broken where they are long."""
        found = super().headerData(section, orientation, role)
        if role == Qt.ItemDataRole.TextAlignmentRole and found is not None:
            return int(found) | Qt.TextFlag.TextWordWrap.value
        return found


class _TotalDelegate(RowDelegate):
    """Paints the line of the whole."""

    is_strong = True


class FigureTable(TableView):
    """Arrows walk from number to number, Enter opens the dossiers behind it."""

    figure_opened = Signal(object, str)  # the line, the figure
    left = Signal(int, int)  # the cursor went out: up or down, in which column

    def __init__(self, parent: QWidget | None = None, *, empty_text: str = "") -> None:
        """Start empty."""
        super().__init__(parent, empty_text=empty_text)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        described = _columns()
        self.figures = ["received", *(figure for figure, _, _ in described)]
        columns = [Column(_tr("Nhóm"), "name", tooltip=lambda line: str(line.name))]
        columns += [
            Column(
                title,
                _value(figure),
                show=format_number,
                align_right=True,
                figures=True,
                tone=_tone(figure, tone),
            )
            for figure, title, tone in described
        ]
        self.rows_model = _FigureModel(columns)
        self.set_model(self.rows_model)
        header = self.horizontalHeader()
        header.setFixedHeight(round(metrics().row_height * _HEADER_ROWS))
        header.setTextElideMode(Qt.TextElideMode.ElideNone)  # it would elide instead of wrapping

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the number under the cursor; up and down go on outside."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        index = self.currentIndex()
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if event.key() in ENTER_KEYS and plain and index.isValid():
            self._open(index)
        elif step and plain and not 0 <= index.row() + step < self.rows_model.rowCount():
            self.left.emit(step, max(index.column(), 0))
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self._open(index)

    def _open(self, index: Any) -> None:
        self.figure_opened.emit(index.data(ROW_ROLE), self.figures[index.column()])


class ReportTable(QWidget):
    """The groups, which scroll, over the line of the whole, which is always there."""

    figure_opened = Signal(object, str)

    def __init__(self, parent: QWidget | None = None, *, empty_text: str = "") -> None:
        """Start empty."""
        super().__init__(parent)
        self._empty_text = empty_text
        self.groups = FigureTable(empty_text=empty_text)
        self.groups.setAccessibleName(_tr("Số liệu của kỳ"))
        self.total = FigureTable()
        self.total.setAccessibleName(_tr("Tổng cộng"))
        self.total.setProperty("kind", "total")
        self.total.setItemDelegate(_TotalDelegate(self.total))
        self.total.horizontalHeader().hide()
        self.total.setFixedHeight(metrics().row_height + metrics().step())
        bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.total.setVerticalScrollBarPolicy(bar)
        self.total.setHorizontalScrollBarPolicy(bar)
        self.groups.horizontalScrollBar().valueChanged.connect(
            self.total.horizontalScrollBar().setValue
        )
        self.total.horizontalScrollBar().valueChanged.connect(
            self.groups.horizontalScrollBar().setValue
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.groups, 1)
        layout.addWidget(self.total)
        self.groups.left.connect(self._on_groups_left)
        self.total.left.connect(self._on_total_left)
        for table in (self.groups, self.total):
            table.figure_opened.connect(self.figure_opened)
            table.installEventFilter(self)
        self.groups.verticalScrollBar().installEventFilter(self)
        self.setFocusProxy(self.groups)

    @property
    def figures(self) -> list[str]:
        """The figures of the columns."""
        return self.groups.figures

    def title_of(self, figure: str) -> str:
        """Return a figure's heading."""
        place = self.figures.index(figure, 1)
        return self.groups.rows_model.columns[place].title

    def show_report(self, report: Report | None) -> None:
        """Show the groups of a report and the whole under them."""
        if report is None:
            self.groups.rows_model.set_rows([])
            self.total.rows_model.set_rows([])
        else:
            lines = [Line(group.key, group.name, group.figures) for group in report.groups]
            self.groups.rows_model.set_rows(lines)
            self.total.rows_model.set_rows([Line(None, _tr("Tổng cộng"), report.figures)])
        text = self._empty_text
        if report is not None:  # without a split the whole stands alone under the headings
            text = "" if report.by is None else _tr("Kỳ này chưa có hồ sơ nào.")
        self.groups.set_empty_text(text)
        self._fit()

    def lines(self) -> list[Line]:
        """Return what is shown, the whole last."""
        return [*self.groups.rows_model.rows(), *self.total.rows_model.rows()]

    def least_height(self) -> int:
        """Return the height of one group under its headings, with the whole."""
        return self.groups.horizontalHeader().height() + self.total.height() + metrics().step(9)

    def wanted_height(self) -> int:
        """Return how high it is with every line to be seen."""
        rows = self.groups.rows_model.rowCount() * metrics().row_height
        header = self.groups.horizontalHeader().height()
        bar = self.groups.horizontalScrollBar()
        scroll = bar.sizeHint().height() if bar.maximum() else 0
        return int(header + rows + scroll + self.total.height() + 2 * self.groups.frameWidth())

    def wanted_width(self) -> int:
        """Return how wide it is at most with sense."""
        measures = metrics()
        numbers = len(self.figures) - 1
        return measures.px(_NAME_MOST) + numbers * measures.px(_NUMBER_MOST)

    # The cursor is in one of the two

    def _on_groups_left(self, step: int, column: int) -> None:
        if step > 0:
            self._enter(self.total, 0, column)

    def _on_total_left(self, step: int, column: int) -> None:
        if step < 0 and self.groups.rows_model.rowCount():
            self._enter(self.groups, self.groups.rows_model.rowCount() - 1, column)

    @staticmethod
    def _enter(table: FigureTable, row: int, column: int) -> None:
        table.setCurrentIndex(table.rows_model.index(row, column))
        table.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Mark a number in one of the two only, and keep their columns under each other."""
        if event.type() == QEvent.Type.FocusIn and watched in (self.groups, self.total):
            other = self.total if watched is self.groups else self.groups
            other.setCurrentIndex(QModelIndex())
        elif watched is self.groups.verticalScrollBar() and event.type() in _SHOWN:
            self._fit()
        return super().eventFilter(watched, event)

    # Columns

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give each number the room of its heading, then share out what is left."""
        bar = self.groups.verticalScrollBar()
        room = self.width() - 2 * self.groups.frameWidth()
        room -= bar.sizeHint().width() if bar.isVisible() else 0
        measures = metrics()
        least = self._least_widths(lines=2)
        left = room - sum(least) - measures.px(_NAME_LEAST)
        if left < 0:
            least = self._least_widths(lines=3)
            left = room - sum(least) - measures.px(_NAME_LEAST)
        more = max(left, 0) // (len(least) + 2)
        numbers = [min(width + more, measures.px(_NUMBER_MOST)) for width in least]
        numbers = [max(width, one) for width, one in zip(least, numbers, strict=True)]
        name = max(measures.px(_NAME_LEAST), room - sum(numbers))
        for table in (self.groups, self.total):
            table.horizontalHeader().setStretchLastSection(False)
            for number, width in enumerate((name, *numbers)):
                table.setColumnWidth(number, width)

    def _least_widths(self, *, lines: int) -> list[int]:
        """Return how narrow each number's column may be with its heading in so many lines."""
        header = self.groups.horizontalHeader().fontMetrics()
        strong = QFontMetrics(theme().font(strong=True))
        edge = 2 * metrics().step(2) + 2
        totals = self.total.rows_model.rows()
        found = []
        for column in self.groups.rows_model.columns[1:]:
            words = min(
                max(header.horizontalAdvance(line) for line in broken)
                for broken in _broken(column.title.split(), lines)
            )
            number = strong.horizontalAdvance(column.text(totals[0])) if totals else 0
            found.append(max(words, number) + edge)
        return found

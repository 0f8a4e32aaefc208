"""Tables: a model over frozen rows, fetched by key as one scrolls, and a view that keeps quiet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from counter_app.ui.even_figures import EvenFigures
from counter_app.ui.fields import ENTER_KEYS
from counter_app.ui.theme import Theme, colours, metrics, theme
from counter_app.ui.tips import plain_tip
from counter_app.ui.views import own_view

Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[Any, int], Sequence[Any]]

SORT_ROLE = Qt.ItemDataRole.UserRole
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
TONE_ROLE = Qt.ItemDataRole.UserRole + 2
FIGURES_ROLE = Qt.ItemDataRole.UserRole + 3

_ROOT = QModelIndex()
_PAGE = 50
_MOST_CUT = 2_000  # texts whose shortened form is kept


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value comes from and how it is written.

    ``value`` is an attribute's name or a callable on the row; ``show`` writes the value (``str`` by
    default, None is empty); ``tone`` returns "danger", "warning", "accent", "muted" or None: a
    colour that only repeats what the text says.
    """

    title: str
    value: str | Callable[[Any], Any]
    show: Callable[[Any], str] | None = None
    width: int = 120  # at 100 %; the last column takes what is left
    align_right: bool = False
    figures: bool = False  # codes, dates, amounts: figures of one width
    tone: Callable[[Any], str | None] | None = None
    tooltip: Callable[[Any], str] | None = None
    strong: bool = False

    def of(self, row: Any) -> Any:
        """Return the row's value in this column."""
        return attrgetter(self.value)(row) if isinstance(self.value, str) else self.value(row)

    def text(self, row: Any) -> str:
        """Return the row's text in this column."""
        value = self.of(row)
        if value is None:
            return ""
        return self.show(value) if self.show else str(value)


class RowTableModel(QAbstractTableModel):
    """Rows as they were handed out; more are fetched by the last row when the view asks."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: list[Any] = []
        self._fetch: Fetch | None = None
        self._page = _PAGE
        self._has_more = False

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show exactly these rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self._fetch = None
        self._has_more = False
        self.endResetModel()

    def set_source(self, fetch: Fetch, *, page: int = _PAGE) -> None:
        """Show what ``fetch(after_row, count)`` returns; the first page is fetched now.

        ``after_row`` is None for the first page, else the last row shown: the key to go on from.
        """
        first = list(fetch(None, page))
        self.beginResetModel()
        self._rows = first
        self._fetch = fetch
        self._page = page
        self._has_more = len(first) >= page
        self.endResetModel()

    def rows(self) -> list[Any]:
        """Return the rows loaded so far."""
        return list(self._rows)

    def row_at(self, index: Index | int) -> Any:
        """Return the row of an index or a row number."""
        return self._rows[index if isinstance(index, int) else index.row()]

    def replace_row(self, number: int, row: Any) -> None:
        """Show a row anew without moving anything."""
        self._rows[number] = row
        self.dataChanged.emit(self.index(number, 0), self.index(number, len(self.columns) - 1))

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many rows are loaded."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def canFetchMore(self, parent: Index = _ROOT) -> bool:
        """Say whether the last page was full."""
        return not parent.isValid() and self._has_more

    def fetchMore(self, parent: Index = _ROOT) -> None:
        """Fetch the page after the last row."""
        if parent.isValid() or not self._has_more or self._fetch is None:
            return
        more = list(self._fetch(self._rows[-1], self._page))
        self._has_more = len(more) >= self._page
        if more:
            start = len(self._rows)
            self.beginInsertRows(_ROOT, start, start + len(more) - 1)
            self._rows += more
            self.endInsertRows()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, alignment, sort value, row, tone and tooltip."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(column.tooltip(row) or "") if column.tooltip else None
            case Qt.ItemDataRole.TextAlignmentRole:
                side = (
                    Qt.AlignmentFlag.AlignRight
                    if column.align_right
                    else Qt.AlignmentFlag.AlignLeft
                )
                return side | Qt.AlignmentFlag.AlignVCenter
            case _:
                return self._own_role(row, column, role)

    @staticmethod
    def _own_role(row: Any, column: Column, role: int) -> Any:
        if role == ROW_ROLE:
            return row
        if role == SORT_ROLE:
            return column.of(row)
        if role == TONE_ROLE:
            return column.tone(row) if column.tone else None
        return column.figures if role == FIGURES_ROLE else None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the titles."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = self.columns[section].align_right
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort what is loaded, when all of it is; a fetched list keeps the order of its key."""
        if self._fetch is not None or not 0 <= column < len(self.columns):
            return
        described = self.columns[column]

        def key(row: Any) -> tuple[bool, Any]:
            value = described.of(row)
            return (value is None, value if value is not None else 0)

        self.layoutAboutToBeChanged.emit()
        self._rows.sort(key=key, reverse=order == Qt.SortOrder.DescendingOrder)
        self.layoutChanged.emit()


class Cell(NamedTuple):
    """What a delegate paints."""

    text: str
    tone: str | None
    is_right: bool
    is_figures: bool


def cell_at(index: Index) -> Cell:
    """Return what a cell shows: of our own model at once, of another one role by role.

    A page of a table has a hundred and more cells, and each role asked for through Qt costs.
    """
    model = index.model()
    if isinstance(model, RowTableModel):
        row, column = model.row_at(index), model.columns[index.column()]
        tone = column.tone(row) if column.tone else None
        return Cell(column.text(row), tone, column.align_right, column.figures)
    align = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole) or 0)
    return Cell(
        str(index.data() or ""),
        index.data(TONE_ROLE),
        bool(align & Qt.AlignmentFlag.AlignRight),
        bool(index.data(FIGURES_ROLE)),
    )


_INKS = {"danger": "danger", "warning": "warning_text", "accent": "accent", "muted": "muted"}
SELECTED = QStyle.StateFlag.State_Selected.value  # as a number: Python's flags are slow


class Look:
    """What the cells of a theme are painted with: made once, because there are hundreds of them."""

    def __init__(self, applied: Theme, *, is_strong: bool) -> None:
        """Take colours, measures and the font of cells from a theme."""
        palette, measures = applied.colours, applied.metrics
        self.theme = applied
        self.font = applied.font(strong=is_strong)
        self.inks = {tone: QColor(getattr(palette, name)) for tone, name in _INKS.items()}
        self.text = QColor(palette.text)
        self.line = QColor(palette.line)
        self.tint = QColor(palette.accent_tint)
        self.accent = QColor(palette.accent)
        self.edge = measures.step(2)
        self.bar = measures.step(0.75)
        self.figures = None if applied.is_tabular else EvenFigures(self.font)


class RowDelegate(QStyledItemDelegate):
    """Paints a cell: padding, tone, figures of one width, no frame around the current cell."""

    is_strong = False  # all of it in the heavier weight

    def __init__(self, parent: QObject | None = None) -> None:
        """Nothing is measured before it is painted."""
        super().__init__(parent)
        self._look: Look | None = None
        self._cut: dict[tuple[str, int], str] = {}

    def look_in_force(self) -> Look:
        """Return what to paint with; what was cut in another font is forgotten."""
        applied = theme()
        if self._look is None or applied is not self._look.theme:
            self._look = Look(applied, is_strong=self.is_strong)
            self._cut.clear()
        return self._look

    def draw_ground(self, painter: QPainter, area: QRect, look: Look, *, selected: bool) -> None:
        """Paint what lies under a cell's text: the mark of the chosen row, and the line below."""
        if selected:
            painter.fillRect(area, look.tint)
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, look.line)

    def draw_text(
        self,
        painter: QPainter,
        area: QRect,
        text: str,
        *,
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        is_right: bool = False,
    ) -> None:
        """Draw a text as it fits; names, procedures and officers come again and again.

        What it is cut to is kept, not a ``QStaticText`` of it: those that Python held took the
        process along when they were collected.
        """
        room = area.width()
        place = (text, room)
        found = self._cut.get(place)
        if found is None:
            if len(self._cut) > _MOST_CUT:
                self._cut.clear()
            found = painter.fontMetrics().elidedText(text, cut, room)
            self._cut[place] = found
        align = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, align | Qt.AlignmentFlag.AlignVCenter, found)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint background, then the text."""
        look, area = self.look_in_force(), option.rect
        selected = bool(option.state.value & SELECTED)
        painter.save()
        self.draw_ground(painter, area, look, selected=selected)
        if selected and index.column() == 0:
            painter.fillRect(area.left(), area.top(), look.bar, area.height(), look.accent)
        area = area.adjusted(look.edge, 0, -look.edge, 0)
        cell = cell_at(index)
        painter.setPen(look.inks.get(cell.tone or "", look.text))
        painter.setFont(look.font)
        text = " ".join(cell.text.split("\n"))
        if cell.is_figures and look.figures is not None:
            look.figures.draw(painter, area, text, is_right=cell.is_right)
        else:
            mode = Qt.TextElideMode
            cut = mode.ElideMiddle if cell.is_figures else mode.ElideRight
            self.draw_text(painter, area, text, cut=cut, is_right=cell.is_right)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the text's width and the height of every row."""
        widths = option.fontMetrics.horizontalAdvance(str(index.data() or ""))
        return QSize(widths + metrics().step(4), metrics().row_height)


class TableView(QTableView):
    """A quiet table: whole rows, Enter opens, Ctrl+C copies, a sentence where nothing is."""

    row_opened = Signal(object)
    row_selected = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, empty_text: str = "") -> None:
        """``empty_text`` stands in the middle while there is no row."""
        super().__init__(parent)
        self._empty_text = empty_text
        own_view(self)
        # It paints its own ground: only then does Qt move what is seen instead of painting it anew.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setItemDelegate(RowDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(metrics().row_height)
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setMinimumSectionSize(metrics().step(10))
        header.setFixedHeight(metrics().row_height)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.doubleClicked.connect(self._on_double_clicked)

    def set_model(self, model: RowTableModel) -> None:
        """Show a model and give its columns their widths."""
        self.setModel(model)
        for number, column in enumerate(model.columns[:-1]):
            self.setColumnWidth(number, metrics().px(column.width))
        self.selectionModel().currentRowChanged.connect(self._on_current_row_changed)

    def set_empty_text(self, text: str) -> None:
        """Say what it means that nothing is here."""
        self._empty_text = text
        self.viewport().update()

    def current_row(self) -> Any:
        """Return the row under the cursor, or None."""
        index = self.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    def select_row(self, number: int) -> None:
        """Put the cursor on a row."""
        model = self.model()
        if model is not None and 0 <= number < model.rowCount():
            self.setCurrentIndex(model.index(number, 0))

    def remember(self) -> Any:
        """Return what a scanner's burst must not change."""
        return QPersistentModelIndex(self.currentIndex())

    def recall(self, state: Any) -> None:
        """Put back what ``remember`` returned."""
        if state.isValid():
            self.setCurrentIndex(QModelIndex(state))

    def _on_current_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.row_selected.emit(current.data(ROW_ROLE) if current.isValid() else None)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.row_opened.emit(index.data(ROW_ROLE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row, Ctrl+C copies it as text with tabs."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTER_KEYS and plain and self.current_row() is not None:
            self.row_opened.emit(self.current_row())
            event.accept()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_row()
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def copy_row(self) -> None:
        """Copy the current row's texts."""
        row, model = self.current_row(), self.model()
        if row is not None and isinstance(model, RowTableModel):
            text = "\t".join(column.text(row) for column in model.columns)
            QGuiApplication.clipboard().setText(text)

    def focusInEvent(self, event: Any) -> None:
        """Put the cursor on the first row if it is nowhere yet, and show where it is."""
        super().focusInEvent(event)
        # Qt gives a table that is entered a current row without marking it.
        selection = self.selectionModel()
        if selection is not None and not selection.hasSelection():
            self.select_row(max(self.currentIndex().row(), 0))

    def viewportEvent(self, event: Any) -> bool:
        """Show the whole text of a cell that is cut."""
        if event.type() == event.Type.ToolTip:
            index = self.indexAt(event.pos())
            if index.isValid() and not index.data(Qt.ItemDataRole.ToolTipRole):
                return self._show_cut_text(event, index)
        return super().viewportEvent(event)

    def _show_cut_text(self, event: Any, index: QModelIndex) -> bool:
        from PySide6.QtWidgets import QToolTip

        text = str(index.data() or "")
        room = self.visualRect(index).width() - metrics().step(4)
        if self.fontMetrics().horizontalAdvance(text) > room:
            QToolTip.showText(event.globalPos(), plain_tip(text), self)
        else:
            QToolTip.hideText()
        return True

    def paint_ground(self, event: QPaintEvent) -> None:
        """Paint what lies under the rows."""
        ground = QPainter(self.viewport())
        ground.fillRect(event.rect(), self.palette().base())
        ground.end()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and rows, or the sentence that says why there are none."""
        self.paint_ground(event)
        super().paintEvent(event)
        model = self.model()
        if self._empty_text and (model is None or model.rowCount() == 0):
            painter = QPainter(self.viewport())
            painter.setPen(QColor(colours().muted))
            edge = metrics().step(8)
            # Centred, it needs no room above; in a low table that would cut it.
            area = self.viewport().rect().adjusted(edge, 0, -edge, 0)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area, flags, self._empty_text)
            painter.end()

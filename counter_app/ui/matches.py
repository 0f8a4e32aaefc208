"""The list of matches that hangs under a search line; loaded when it first opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from counter_app.ui.choices import Choice
from counter_app.ui.theme import colours, metrics

Index = QModelIndex | QPersistentModelIndex
ITEM_ROLE = Qt.ItemDataRole.UserRole
_ROOT = QModelIndex()
_LEAST_DETAIL = 4  # a quarter of the line


class _ChoiceModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.choices: list[Choice] = []

    def set_choices(self, choices: Sequence[Choice]) -> None:
        self.beginResetModel()
        self.choices = list(choices)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        choice = self.choices[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return choice.text
        return choice if role == ITEM_ROLE else None


def detail_room(width: int, text: int) -> int:
    """Return what a line leaves its detail beside a text: what is over, a quarter at least.

    >>> detail_room(400, 250), detail_room(400, 350)
    (150, 100)
    """
    return max(width - text, width // _LEAST_DETAIL)


class _ChoiceDelegate(QStyledItemDelegate):
    """Text left, detail muted right; the text goes first, a quarter is the detail's."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        choice: Choice = index.data(ITEM_ROLE)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(colours().accent_tint))
            bar = QRect(option.rect)
            bar.setWidth(metrics().step(0.75))
            painter.fillRect(bar, QColor(colours().accent))
        area = option.rect.adjusted(metrics().step(3), 0, -metrics().step(3), 0)
        widths = option.fontMetrics
        gap = metrics().step(4)
        most = detail_room(area.width(), widths.horizontalAdvance(choice.text) + gap)
        detail = widths.elidedText(choice.detail, Qt.TextElideMode.ElideRight, most)
        detail_width = widths.horizontalAdvance(detail)
        room = area.width() - detail_width - (gap if detail else 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colours().muted))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, detail)
        painter.setPen(QColor(colours().text))
        text = widths.elidedText(choice.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del index
        return QSize(option.rect.width(), metrics().row_height)


class MatchList(QListView):
    """A child of the window that never takes the focus."""

    def __init__(self, window: QWidget) -> None:
        """Start without matches."""
        super().__init__(window)
        self._choices = _ChoiceModel(self)
        self.setModel(self._choices)
        self.setItemDelegate(_ChoiceDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setObjectName("matches")

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Replace the matches."""
        self._choices.set_choices(choices)

    def count(self) -> int:
        """Return how many matches there are."""
        return self._choices.rowCount()

    def row(self) -> int:
        """Return the row under the cursor, -1 for none."""
        return self.currentIndex().row()

    def go_to(self, row: int) -> None:
        """Put the cursor on a row, -1 on none."""
        self.setCurrentIndex(self._choices.index(row))

    def choice_at(self, row: int) -> Choice:
        """Return the match of a row."""
        return self._choices.choices[row]

"""A line of widgets that goes on in the next line where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from counter_app.ui.theme import metrics


class FlowLayout(QLayout):
    """Widgets from left to right at the size they ask for, in as many lines as they need."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = -1) -> None:
        """``gap`` stands between two of them, two steps if it isn't said."""
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = metrics().step(2) if gap < 0 else gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take one more at the end."""
        self._items.append(item)

    def insert(self, number: int, widget: QWidget) -> None:
        """Put a widget before another."""
        self.addWidget(widget)
        self._items.insert(number, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        """Return how many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return one of them, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give one of them away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Want nothing more than is needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that narrow means high."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at a width."""
        return self._place(QRect(0, 0, width, 0), is_real=False)

    def setGeometry(self, rect: QRect) -> None:
        """Put them in their places."""
        super().setGeometry(rect)
        self._place(rect, is_real=True)

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        shown = self._shown()
        width = sum(item.sizeHint().width() for item in shown) + self._gap * (len(shown) - 1)
        return QSize(max(0, width), self.minimumSize().height())

    def minimumSize(self) -> QSize:
        """Need the widest of them in one line."""
        size = QSize(0, 0)
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, rect: QRect, *, is_real: bool) -> int:
        x, y = rect.left(), rect.top()
        line: list[tuple[QLayoutItem, int, QSize]] = []
        high = 0
        for item in self._shown():
            size = item.sizeHint().boundedTo(QSize(max(rect.width(), 1), 100_000))
            if line and x + size.width() > rect.right() + 1:
                self._set_line(line, y, high, is_real=is_real)
                line, x, y, high = [], rect.left(), y + high + metrics().step(1), 0
            line.append((item, x, size))
            x += size.width() + self._gap
            high = max(high, size.height())
        self._set_line(line, y, high, is_real=is_real)
        return y + high - rect.top()

    @staticmethod
    def _set_line(
        line: list[tuple[QLayoutItem, int, QSize]], y: int, high: int, *, is_real: bool
    ) -> None:
        if is_real:
            for item, x, size in line:
                item.setGeometry(QRect(QPoint(x, y + (high - size.height()) // 2), size))


def pair(*widgets: QWidget, gap: int = -1) -> QWidget:
    """Return widgets that stay together in a line, a label and its field for instance."""
    from PySide6.QtWidgets import QHBoxLayout

    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(metrics().step(2) if gap < 0 else gap)
    for widget in widgets:
        line.addWidget(widget)
    return holder

"""A dialog that no screen is too small for.

With large letters on an old screen a dialog can need more room than there is. Its content then
moves under the hand, while its messages and buttons stay in sight at the foot: a button beyond the
edge of the screen is a clerk who can't go on. Where there is room, nothing changes.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLayout,
    QLayoutItem,
    QVBoxLayout,
    QWidget,
)

from counter_app.ui.forms import MessageLabel
from counter_app.ui.page_holder import WidgetHolder
from counter_app.ui.theme import metrics
from counter_app.ui.turns import take_turn

_FRAME = 8  # steps for the title bar and the border of the window, which aren't ours


class ScreenDialog(QDialog):
    """A dialog whose layout is a column that ends with its row of buttons."""

    _holder: WidgetHolder | None = None
    _is_asked = False
    is_waited_for = False  # somebody's code goes on only when it is closed

    def exec(self) -> int:
        """Show it over its window, which turns before, and wait for the answer."""
        self.is_waited_for = True
        take_turn(self)
        return super().exec()

    def open(self) -> None:
        """Show it over its window, which turns before: showing takes as long as making it did."""
        take_turn(self)
        super().open()

    def room(self) -> QSize:
        """Return what the screen has for a dialog without its frame, in pixels."""
        area = self.screen().availableGeometry().size()
        return area - QSize(metrics().step(2), metrics().step(_FRAME))

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the room before the dialog is seen."""
        if not event.spontaneous():
            self._is_asked = True
            self._keep_on_screen()
        super().showEvent(event)

    def event(self, event: QEvent) -> bool:
        """Look again when there is more to show."""
        answer = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self._is_asked:
            self._keep_on_screen()
        return answer

    def _keep_on_screen(self) -> None:
        room, layout = self.room(), self.layout()
        self.setMinimumSize(self.minimumSize().boundedTo(room))
        need = self.minimumSize()
        if self._holder is None and isinstance(layout, QVBoxLayout):
            need = need.expandedTo(layout.totalMinimumSize())
            width = min(max(self.width(), need.width()), room.width())
            # Words that are broken need more height than Qt asks for a window.
            need.setHeight(max(need.height(), layout.totalMinimumHeightForWidth(width)))
            if need.width() > room.width() or need.height() > room.height():
                self._hold(layout)
        size = self.size().expandedTo(need).boundedTo(room)
        if size != self.size():
            self.resize(size)

    def _hold(self, column: QVBoxLayout) -> None:
        """Put the content into a view that moves, and leave the foot below it."""
        focused = self.focusWidget()
        foot = _take_foot(column)
        edges = column.contentsMargins()
        edges.setBottom(0)
        content = QWidget(self)
        content.setLayout(column)
        column.setContentsMargins(edges)
        self._holder = WidgetHolder(content, self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, edges.left())
        outer.setSpacing(column.spacing())
        outer.addWidget(self._holder, 1)
        below = QVBoxLayout()
        below.setContentsMargins(edges.left(), 0, edges.right(), 0)
        below.setSpacing(column.spacing())
        outer.addLayout(below)
        for item in foot:
            _put(below, item)
        if focused is not None:
            focused.setFocus()
        QApplication.instance().focusChanged.connect(self._keep_in_sight)  # type: ignore[union-attr]

    def _keep_in_sight(self, _old: QWidget | None, new: QWidget | None) -> None:
        holder = self._holder
        if holder is not None and new is not None and holder.isAncestorOf(new):
            holder.ensureWidgetVisible(new, metrics().step(4), metrics().step(6))


def _take_foot(column: QVBoxLayout) -> list[QLayoutItem]:
    """Take the buttons and the messages above them out of a column, in their order."""
    foot: list[QLayoutItem] = []
    while (item := column.itemAt(column.count() - 1)) is not None:
        row, spacer = item.layout(), item.spacerItem()
        is_gap = spacer is not None and spacer.sizeHint().height() > 0 and bool(foot)
        if not (
            (row is not None and not foot) or is_gap or isinstance(item.widget(), MessageLabel)
        ):
            break
        column.takeAt(column.count() - 1)
        foot.insert(0, item)
        if row is not None:
            row.setParent(None)
    return foot


def _put(column: QVBoxLayout, item: QLayoutItem) -> None:
    widget = item.widget()
    if isinstance(item, QLayout):
        column.addLayout(item)
    elif widget is not None:
        column.addWidget(widget)
    else:
        column.addSpacing(item.sizeHint().height())

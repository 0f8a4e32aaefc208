"""Where a page stands: as large as the window leaves it, scrolled where that is too little.

On a small screen with large letters some page needs more than there is. It keeps the size it needs
and moves under the hand, instead of pushing the window beyond the screen. So does the content of a
dialog.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from counter_app.ui.page import Page
from counter_app.ui.views import see_through


class WidgetHolder(QScrollArea):
    """Holds one widget; takes no focus and draws nothing of its own."""

    def __init__(self, held: QWidget, parent: QWidget | None = None) -> None:
        """Take the widget in."""
        super().__init__(parent)
        self._held = held
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        see_through(self)
        self.setWidget(held)
        held.installEventFilter(self)
        held.setAutoFillBackground(False)

    def minimumSizeHint(self) -> QSize:
        """Ask for nothing: what is too large is scrolled."""
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the widget what there is."""
        super().resizeEvent(event)
        self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again when the widget has other things to show."""
        if watched is self._held and event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Make the widget as large as the view, or as it needs at least.

        Not Qt's own way of resizing: that takes the height a widget would like for what it needs.
        """
        room = self.maximumViewportSize()
        need = self._need(room.width())
        bar = self.verticalScrollBar().sizeHint().width()
        if need.height() > room.height():
            need = self._need(room.width() - bar)
            room.setWidth(room.width() - bar)
        if need.width() > room.width():
            room.setHeight(room.height() - bar)
        self._held.resize(room.expandedTo(need))

    def _need(self, width: int) -> QSize:
        need = self._held.minimumSizeHint()
        layout = self._held.layout()
        if layout is not None and layout.hasHeightForWidth():
            need.setHeight(layout.totalMinimumHeightForWidth(max(width, need.width())))
        return need


class PageHolder(WidgetHolder):
    """Holds one page of the window."""

    def __init__(self, page: Page, parent: QWidget | None = None) -> None:
        """Take the page in."""
        super().__init__(page, parent)
        self.page = page


@dataclass(slots=True)
class Opened:
    """The pages that one person has open, where he is in them, and how he came there."""

    holders: dict[str, PageHolder] = field(default_factory=dict)
    focus: dict[str, QWidget] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)  # the pages Esc steps back through
    current: str = ""

    def page(self, key: str) -> Page | None:
        """Return a page if it was built already."""
        holder = self.holders.get(key)
        return None if holder is None else holder.page

    def pages(self) -> list[Page]:
        """Return the pages that were built."""
        return [holder.page for holder in self.holders.values()]

    def unsaved(self) -> list[str]:
        """Return the titles of the pages on which something isn't saved."""
        return [page.title for page in self.pages() if page.has_unsaved_work()]

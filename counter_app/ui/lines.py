"""The notice bar under the top line and the bottom line: sentences, never toasts or logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from counter_app.ui.fields import set_tone
from counter_app.ui.icons import pixmap
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.tips import plain_tip

_ORDER = ("danger", "warning", "info")


class Notice(NamedTuple):
    """One lasting sentence; ``tone`` is "info", "warning" or "danger"."""

    text: str
    tone: str = "warning"


class ElidedLabel(QLabel):
    """A line that gives way to its neighbours and shows its whole text as a tip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """Start with a text."""
        super().__init__(parent)
        self._full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show a text, cut with an ellipsis where there is no room."""
        self._full = text
        self.updateGeometry()
        self._elide()

    def full_text(self) -> str:
        """Return the whole text."""
        return self._full

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._full, Qt.TextElideMode.ElideRight, max(0, self.width())
        )
        self.setText(shown)
        self.setToolTip(plain_tip(self._full) if shown != self._full else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew."""
        super().resizeEvent(event)
        self._elide()

    def sizeHint(self) -> QSize:
        """Ask for room for the whole text."""
        width = self.fontMetrics().horizontalAdvance(self._full) + metrics().step(0.5)
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Give way entirely."""
        return QSize(0, super().minimumSizeHint().height())


class NoticeBar(QWidget):
    """Sentences that hold while they are true; the worst one sets the colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent)
        self._tone = "warning"
        measures = metrics()
        self._mark = QLabel()
        self._mark.setFixedSize(measures.icon, measures.icon)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(
            measures.step(4), measures.step(1.5), measures.step(4), measures.step(1.5)
        )
        layout.setSpacing(measures.step(2))
        layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 1)
        self.hide()

    def text(self) -> str:
        """Return what is said."""
        return self._text.text()

    def set_notices(self, notices: Sequence[Notice]) -> None:
        """Show these sentences, or nothing."""
        self.setVisible(bool(notices))
        if not notices:
            self._text.clear()
            return
        ordered = sorted(notices, key=lambda notice: _ORDER.index(notice.tone))
        self._tone = ordered[0].tone
        self._text.setText("   ·   ".join(notice.text for notice in ordered))
        self._show_mark()
        self.update()

    def _show_mark(self) -> None:
        self._mark.setPixmap(pixmap(self._tone, self._ink(), metrics().icon))

    def changeEvent(self, event: QEvent) -> None:
        """Draw the mark in the new palette's colour."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._text.text():
            self._show_mark()

    def _ink(self) -> str:
        palette = colours()
        inks = {"danger": palette.danger, "warning": palette.warning, "info": palette.accent}
        return inks[self._tone]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint and the bar at the left."""
        palette = colours()
        tints = {
            "danger": palette.danger_tint,
            "warning": palette.warning_tint,
            "info": palette.accent_tint,
        }
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tints[self._tone]))
        painter.fillRect(0, 0, metrics().step(0.75), self.height(), QColor(self._ink()))
        painter.end()


class BottomLine(QWidget):
    """What just happened at the left, how the data stand at the right."""

    help_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        measures = metrics()
        small = theme().font(measures.small_size)
        self._page = ElidedLabel()
        self._state = ElidedLabel()
        self._help = QPushButton(self.tr("F1 Giải thích trang này"))
        self._help.setProperty("kind", "link")
        self._help.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._help.setCursor(Qt.CursorShape.PointingHandCursor)
        self._help.clicked.connect(self.help_requested)
        for widget in (self._page, self._state, self._help):
            widget.setFont(small)
        set_tone(self._state, "muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(measures.step(4), 1, measures.step(4), 0)
        layout.setSpacing(measures.step(5))
        layout.addWidget(self._page, 1)
        layout.addWidget(self._state)
        layout.addWidget(self._help)
        self.setFixedHeight(measures.step(7))

    def set_state_text(self, text: str, tone: str) -> None:
        """Say how the data stand."""
        self._state.set_text(text)
        set_tone(self._state, tone)
        self._share()

    def state_text(self) -> str:
        """Return what is said about the data."""
        return self._state.full_text()

    def set_page_text(self, text: str) -> None:
        """Say what just happened on the page."""
        self._page.set_text(text)
        self._share()

    def page_text(self) -> str:
        """Return what is said about the page."""
        return self._page.full_text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Let what just happened be read first; how the data stand keeps a third at least."""
        layout = self.layout()
        if layout is None:
            return
        margins = layout.contentsMargins()
        room = self.width() - margins.left() - margins.right() - 2 * layout.spacing()
        room -= self._help.sizeHint().width()
        self._state.setMaximumWidth(max(room - self._page.sizeHint().width(), room // 3))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().panel))
        painter.setPen(QColor(colours().line))
        painter.drawLine(self.rect().topLeft(), self.rect().topRight())
        painter.end()

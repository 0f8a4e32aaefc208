"""The mark before a due word: a shape of its own for each state, so that no one needs colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QStyleOptionViewItem, QWidget

from counter_app.ui.tables import ROW_ROLE, SELECTED, Index, RowDelegate
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.words import Due


def tone_colour(tone: str) -> str:
    """Return the colour of a tone as text."""
    palette = colours()
    return {
        "danger": palette.danger,
        "warning": palette.warning_text,
        "accent": palette.accent,
        "muted": palette.muted,
    }.get(tone, palette.text)


def draw_mark(painter: QPainter, mark: str, area: QRectF, colour: str | QColor) -> None:
    """Draw a mark into a square: late ▲, today ●, soon ◐, ahead ○, done ✓, paused ‖, closed –."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = QColor(colour)
    painter.setPen(QPen(ink, max(1.4, area.width() / 7), c=Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    left, top, right, bottom = area.left(), area.top(), area.right(), area.bottom()
    middle = area.center()
    match mark:
        case "late":
            painter.setBrush(ink)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPolygon(
                QPolygonF([QPointF(middle.x(), top), QPointF(right, bottom), QPointF(left, bottom)])
            )
        case "today":
            painter.setBrush(ink)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(area)
        case "soon":
            painter.drawEllipse(area)
            painter.setBrush(ink)
            painter.drawPie(area, 90 * 16, -180 * 16)
        case "ahead":
            painter.drawEllipse(area)
        case "done":
            painter.drawPolyline(
                QPolygonF(
                    [
                        QPointF(left, middle.y()),
                        QPointF(left + area.width() * 0.38, bottom - area.height() * 0.12),
                        QPointF(right, top + area.height() * 0.12),
                    ]
                )
            )
        case "paused":
            for share in (0.3, 0.7):
                x = left + area.width() * share
                painter.drawLine(QPointF(x, top + 1), QPointF(x, bottom - 1))
        case _:
            painter.drawLine(QPointF(left, middle.y()), QPointF(right, middle.y()))
    painter.restore()


def mark_square(left: float, height: int, *, edge: int, top: float = 0) -> QRectF:
    """Return the square of a mark in a line of this height."""
    return QRectF(left, top + (height - edge) / 2, edge, edge)


class DueDelegate(RowDelegate):
    """Paints the cell of a due state: mark, then word."""

    def __init__(self, due: Callable[[Any], Due], parent: QWidget | None = None) -> None:
        """``due`` answers for a row."""
        super().__init__(parent)
        self._due = due

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row's ground by the common delegate's rules, then mark and word."""
        look, area = self.look_in_force(), option.rect
        due = self._due(index.data(ROW_ROLE))
        painter.save()
        self.draw_ground(painter, area, look, selected=bool(option.state.value & SELECTED))
        measures = look.theme.metrics
        edge = measures.px(9)
        left = area.left() + look.edge
        square = mark_square(left, area.height(), edge=edge, top=area.top())
        ink = look.inks.get(due.tone, look.text)
        draw_mark(painter, due.mark, square, ink)
        area = area.adjusted(2 * look.edge + edge, 0, -measures.step(1), 0)
        painter.setFont(look.font)
        painter.setPen(ink)
        self.draw_text(painter, area, due.text)
        painter.restore()


class DueLabel(QWidget):
    """A mark and its word outside a table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._due: Due | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_due(self, due: Due | None) -> None:
        """Show a due state, or nothing."""
        self._due = due
        self.setAccessibleName(due.text if due else "")
        self.updateGeometry()
        self.update()

    def due(self) -> Due | None:
        """Return what is shown."""
        return self._due

    def sizeHint(self) -> QSize:
        """Return room for mark and word."""
        text = self._due.text if self._due else ""
        width = self.fontMetrics().horizontalAdvance(text) + metrics().px(9) + metrics().step(4)
        return QSize(width, metrics().step(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both."""
        if self._due is None:
            return
        edge = metrics().px(9)
        painter = QPainter(self)
        colour = tone_colour(self._due.tone)
        draw_mark(painter, self._due.mark, mark_square(0, self.height(), edge=edge), colour)
        painter.setFont(theme().font(strong=True))
        painter.setPen(QColor(colour))
        area = self.rect().adjusted(edge + metrics().step(2), 0, 0, 0)
        painter.drawText(
            area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._due.text
        )
        painter.end()

"""The small pictures of how a test page may come out, painted in the colours of the window."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from counter_app.ui.theme import colours

_A4 = 1 / 2**0.5  # width / height
_INSET = 0.09  # of the sheet's width: the frame stands inside its edge


def draw_right(painter: QPainter, area: QRectF) -> None:
    """Draw a sheet with its frame whole and its arrow up."""
    sheet = _sheet(area)
    _paint_sheet(painter, sheet)
    _paint_content(painter, sheet)


def draw_turned(painter: QPainter, area: QRectF) -> None:
    """Draw a sheet whose arrow lies on its side."""
    sheet = _sheet(area)
    _paint_sheet(painter, sheet)
    painter.save()
    painter.translate(sheet.center())
    painter.rotate(90)
    width = sheet.width()
    _paint_content(painter, QRectF(-width * _A4 / 2, -width / 2, width * _A4, width))
    painter.restore()


def draw_shrunk(painter: QPainter, area: QRectF) -> None:
    """Draw a sheet on which the frame is too small and another that cuts it."""
    left, right = _pair(area)
    _paint_sheet(painter, left)
    small = QRectF(left.topLeft(), left.size() * 0.72)
    _paint_content(painter, small)
    _paint_sheet(painter, right)
    painter.save()
    painter.setClipRect(right)
    _paint_content(painter, right.translated(right.width() * 0.24, right.height() * 0.16))
    painter.restore()


def draw_two(painter: QPainter, area: QRectF) -> None:
    """Draw two sheets, one behind the other, both printed."""
    front = _sheet(area, share=0.86)
    step = front.width() * 0.2
    front.moveLeft(front.left() - step)
    back = front.translated(2 * step, front.height() * 0.14)
    front.translate(0, -front.height() * 0.04)
    for sheet in (back, front):
        _paint_sheet(painter, sheet)
        _paint_content(painter, sheet)


def draw_nothing(painter: QPainter, area: QRectF) -> None:
    """Draw where a sheet should lie."""
    painter.setPen(QPen(QColor(colours().muted), 1.2, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(_sheet(area))


def _sheet(area: QRectF, *, share: float = 1) -> QRectF:
    height = min(area.height(), area.width() / _A4) * share
    sheet = QRectF(0, 0, height * _A4, height)
    sheet.moveCenter(area.center())
    return sheet


def _pair(area: QRectF) -> tuple[QRectF, QRectF]:
    gap = area.width() * 0.06
    half = QRectF(area.left(), area.top(), (area.width() - gap) / 2, area.height())
    return _sheet(half), _sheet(half.translated(half.width() + gap, 0))


def _paint_sheet(painter: QPainter, sheet: QRectF) -> None:
    painter.setPen(QPen(QColor(colours().field_line), 1.2))
    painter.setBrush(QColor(colours().base))
    painter.drawRect(sheet)


def _paint_content(painter: QPainter, sheet: QRectF) -> None:
    """Paint the frame and the arrow as they stand on a page of this size."""
    inset = sheet.width() * _INSET
    painter.setPen(QPen(QColor(colours().text), 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(sheet.adjusted(inset, inset, -inset, -inset))
    middle, unit = sheet.center().x(), sheet.width()
    top, foot = sheet.top() + sheet.height() * 0.2, sheet.top() + sheet.height() * 0.62
    head = top + unit * 0.26
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours().text))
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(middle, top),
                QPointF(middle + unit * 0.24, head),
                QPointF(middle + unit * 0.09, head),
                QPointF(middle + unit * 0.09, foot),
                QPointF(middle - unit * 0.09, foot),
                QPointF(middle - unit * 0.09, head),
                QPointF(middle - unit * 0.24, head),
            ]
        )
    )

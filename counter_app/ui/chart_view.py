"""One chart in the window: the picture of its drawing, and its numbers to point at and to open.

The picture is made elsewhere; what is painted here is a frame around the number that is meant.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from counter_app.domain.chart_plans import At, Box, ChartPlan, Form, Places
from counter_app.domain.words import format_number
from counter_app.ui.fields import ENTER_KEYS
from counter_app.ui.theme import colours, metrics
from counter_app.ui.tips import plain_tip

_LEAST = (150, 40)
_LOW = 96  # under this height a chart says nothing
_FRAME = 3  # between a bar and its frame
_FIRST = At(0, 0)
_OPENING_KEYS = (*ENTER_KEYS, Qt.Key.Key_Space)
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class ChartView(QWidget):
    """Arrows walk from bar to bar, Enter or a click opens the list behind its number."""

    opened = Signal(object, str)  # the mark, the name of its series
    left_up = Signal()

    def __init__(self, name: str, low_words: str, parent: QWidget | None = None) -> None:
        """Start empty; ``low_words`` stand here where there is no room for a chart."""
        super().__init__(parent)
        self.image: QImage | None = None
        self.plan: ChartPlan | None = None
        self.at = _FIRST  # where the keys are
        self._name, self._low_words, self._failure = name, low_words, ""
        self._places: Places | None = None
        self._pointed: At | None = None
        self._pressed: At | None = None
        self.setAccessibleName(name)
        self.setMinimumSize(*(metrics().px(length) for length in _LEAST))
        self.setMouseTracking(True)

    def is_low(self) -> bool:
        """Tell whether there is too little room."""
        return self.height() < metrics().px(_LOW)

    # What it shows

    def set_plan(self, plan: ChartPlan | None) -> None:
        """Take numbers, or none; the old picture stays until theirs is made."""
        self.plan, self._places, self._failure = plan, None, ""
        if plan is None:
            self.image = None
        if plan is None or not plan.has(self.at):
            self.at = _FIRST
        self.setAccessibleDescription("" if plan is None else plan.in_words())
        self._point(None)
        self._pressed = None
        self._refresh_focus()

    def set_picture(self, image: QImage, places: Places) -> None:
        """Take the picture of the numbers' drawing, and where it holds them."""
        self.image, self._places, self._failure = image, places, ""
        self.update()

    def say_failure(self, words: str) -> None:
        """Say why there is no picture."""
        self.image, self._places, self._failure = None, None, words
        self.update()

    def words(self, at: At) -> str:
        """Say one number whole."""
        if self.plan is None:
            return ""
        mark, series = self.plan.mark(at), self.plan.series[at.series]
        return self.tr("{name}: {what} {count} hồ sơ").format(
            name=mark.name, what=series.name.lower(), count=format_number(mark.number)
        )

    # Where the numbers are

    def _rect(self, box: Box, places: Places) -> QRectF:
        """Return where a box of the drawing lies in the picture, which fills the widget."""
        right, down = self.width() / places.width, self.height() / places.height
        top = places.height - box.y - box.height
        return QRectF(box.x * right, top * down, box.width * right, box.height * down)

    def rect_of(self, at: At) -> QRectF:
        """Return where a number's bar is; nothing before there is a picture."""
        if self._places is None:
            return QRectF()
        return self._rect(self._places.boxes[at.series][at.place], self._places)

    def at_point(self, point: QPointF) -> At | None:
        """Return the number one points at: the nearest across the bars, then along them."""
        places, plan = self._places, self.plan
        if places is None or plan is None or not self._rect(places.field, places).contains(point):
            return None

        def distance(at: At) -> tuple[float, float]:
            rect = self.rect_of(at)
            across = max(rect.left() - point.x(), point.x() - rect.right(), 0.0)
            along = max(rect.top() - point.y(), point.y() - rect.bottom(), 0.0)
            return (along, across) if plan.form is Form.BARS else (across, along)

        return min(plan.all(), key=distance, default=None)

    # By mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a number can be opened."""
        self._point(self.at_point(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self._point(None)

    def _point(self, at: At | None) -> None:
        if at == self._pointed:
            return
        QToolTip.hideText()  # it says another number
        self._pointed = at
        if at is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the keys to the number one presses on."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self.at_point(event.position()) if is_left else None
        if self._pressed is not None:
            self._go(self._pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the number, if it is still the one that was pressed."""
        pressed, self._pressed = self._pressed, None
        if pressed is not None and self.at_point(event.position()) == pressed:
            self._open()

    def event(self, event: QEvent) -> bool:
        """Say the number under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self.at_point(QPointF(event.pos()))
            words = "" if at is None else self.words(at)
            QToolTip.showText(event.globalPos(), plain_tip(words), self)
            return True
        return super().event(event)

    # By keys

    def _refresh_focus(self) -> None:
        """Be reached by Tab while there are numbers to be seen."""
        has_any = self.plan is not None and self.plan.has(self.at) and not self.is_low()
        policy = Qt.FocusPolicy.StrongFocus if has_any else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)
        self._say_place()

    def _say_place(self) -> None:
        """Tell those who don't see the frame which number it is around."""
        is_told = self.hasFocus() and self.plan is not None and self.plan.has(self.at)
        self.setAccessibleName(self.words(self.at) if is_told else self._name)
        self.update()

    def _go(self, at: At) -> None:
        self.at = at
        self._say_place()

    def _open(self) -> None:
        if self.plan is not None and self.plan.has(self.at):
            self.opened.emit(self.plan.mark(self.at), self.plan.series[self.at.series].name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, open with Enter."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if self.plan is None or not plain or key not in (*_ARROWS, *_OPENING_KEYS):
            super().keyPressEvent(event)
            return
        if key in _OPENING_KEYS:
            self._open()
            return
        right, up = _ARROWS[key]
        found = self.plan.beside(self.at, right, up)
        if found is not None:
            self._go(found)
        elif up > 0:
            self.left_up.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Put the frame around the number where the keys are."""
        super().focusInEvent(event)
        self._say_place()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame away."""
        super().focusOutEvent(event)
        self._say_place()

    # Painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be reached by Tab where there is room."""
        super().resizeEvent(event)
        self._refresh_focus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture; while a new size is drawn the old one is stretched."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().window))
        words = self._low_words if self.is_low() else self._failure
        if words:
            painter.setPen(QColor(colours().muted))
            flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), int(flags), words)
        elif self.image is not None:
            self._paint_picture(painter, self.image)
        painter.end()

    def _paint_picture(self, painter: QPainter, image: QImage) -> None:
        if image.size() == picture_size(self):
            image.setDevicePixelRatio(self.devicePixelRatioF())
            painter.drawImage(0, 0, image)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._pointed is not None:
            painter.setPen(QPen(QColor(colours().muted), 1))
            painter.drawRect(self._framed(self._pointed))
        if self.hasFocus() and self._places is not None:
            painter.setPen(QPen(QColor(colours().text), metrics().ring))
            painter.drawRoundedRect(self._framed(self.at), metrics().radius, metrics().radius)

    def _framed(self, at: At) -> QRectF:
        """Return a bar with a gap around it, whole within the picture."""
        gap = metrics().px(_FRAME)
        inside = QRectF(self.rect()).adjusted(gap, gap, -gap, -gap)
        return self.rect_of(at).adjusted(-gap, -gap, gap, gap).intersected(inside)


def picture_size(widget: QWidget) -> QSize:
    """Return how many pixels of the screen a widget has."""
    ratio = widget.devicePixelRatioF()
    return QSize(round(widget.width() * ratio), round(widget.height() * ratio))

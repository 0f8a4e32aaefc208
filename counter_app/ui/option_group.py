"""A choice among a few options that explain themselves: rows of words, or tiles with a drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from counter_app.ui.fields import ENTER_KEYS, HINT, Note
from counter_app.ui.theme import colours, metrics, theme

Drawing = Callable[[QPainter, QRectF], None]


class Option(NamedTuple):
    """One thing that can be chosen, with a plain explanation."""

    value: Any
    title: str
    words: str = ""
    drawing: Drawing | None = None


class OptionGroup(QWidget):
    """One tab stop; arrows choose, Enter goes on, a click chooses."""

    value_changed = Signal(object)
    message_changed = Signal(str, str)

    def __init__(
        self, options: Sequence[Option], parent: QWidget | None = None, *, are_tiles: bool = False
    ) -> None:
        """The first option is chosen at first; tiles stand side by side under their drawings."""
        super().__init__(parent)
        self._options = list(options)
        self._are_tiles = are_tiles
        self._current = 0
        self._note = Note("", HINT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription("; ".join(f"{o.title}: {o.words}" for o in options))

    def value(self) -> Any:
        """Return the chosen value."""
        return self._options[self._current].value

    def title(self) -> str:
        """Return the words of the chosen option."""
        return self._options[self._current].title

    def set_value(self, value: Any) -> None:
        """Choose a value; one that isn't offered changes nothing."""
        for number, option in enumerate(self._options):
            if option.value == value and number != self._current:
                self._current = number
                self.update()
                self.value_changed.emit(value)

    def note(self) -> Note:
        """Return the message shown now."""
        return self._note

    def set_note(self, note: Note | None) -> None:
        """Show a message beside the group, or take it away."""
        self._note = note or Note("", HINT)
        self.message_changed.emit(self._note.text, self._note.tone)

    def has_error(self) -> bool:
        """A choice among given options can't be wrong."""
        return False

    def remember(self) -> Any:
        """Return what a scanner's burst must not change."""
        return self.value()

    def recall(self, state: Any) -> None:
        """Put back what ``remember`` returned."""
        self.set_value(state)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose; Enter goes on."""
        key, last = event.key(), len(self._options) - 1
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            self.set_value(self._options[min(self._current + 1, last)].value)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            self.set_value(self._options[max(self._current - 1, 0)].value)
        elif key in ENTER_KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.focusNextPrevChild(True)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        point = event.position().toPoint()
        for number, option in enumerate(self._options):
            if self._area(number).contains(point):
                self.set_value(option.value)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self.update()

    # Looks

    def _row_height(self) -> int:
        return (
            metrics().px(46)
            if any(option.words for option in self._options)
            else (metrics().row_height)
        )

    def sizeHint(self) -> QSize:
        """Return the height of all rows, or of one row of tiles."""
        if self._are_tiles:
            return QSize(metrics().px(500), metrics().px(190))
        return QSize(metrics().px(420), self._row_height() * len(self._options))

    def minimumSizeHint(self) -> QSize:
        """Keep every option in sight."""
        return QSize(metrics().px(280), self.sizeHint().height())

    def _area(self, number: int) -> QRect:
        if self._are_tiles:
            gap = metrics().step(3)
            width = (self.width() - gap * (len(self._options) - 1)) // len(self._options)
            return QRect(number * (width + gap), 0, width, self.height())
        return QRect(0, number * self._row_height(), self.width(), self._row_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the options."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, option in enumerate(self._options):
            area = self._area(number)
            is_chosen = number == self._current
            if self._are_tiles and not self.isEnabled():
                is_chosen = False  # pictures that nobody is asked about show no answer
            self._paint_ground(painter, area, is_chosen=is_chosen)
            if self._are_tiles:
                self._paint_tile(painter, area, option)
            else:
                self._paint_row(painter, area, option, is_chosen=is_chosen)
        painter.end()

    def _paint_ground(self, painter: QPainter, area: QRect, *, is_chosen: bool) -> None:
        palette, radius = colours(), metrics().radius
        has_ring = is_chosen and self.hasFocus()
        if not (is_chosen or self._are_tiles):
            return
        painter.setBrush(QColor(palette.accent_tint if is_chosen else palette.base))
        colour = palette.accent if is_chosen else palette.line
        painter.setPen(QPen(QColor(colour), metrics().ring if has_ring else 1))
        if not (has_ring or self._are_tiles):
            painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), radius, radius)

    def _paint_row(
        self, painter: QPainter, area: QRect, option: Option, *, is_chosen: bool
    ) -> None:
        palette = colours()
        edge = metrics().step(4)
        centre = QRectF(
            area.left() + metrics().step(2), area.top() + (area.height() - edge) / 2, edge, edge
        )
        painter.setPen(QPen(QColor(palette.accent if is_chosen else palette.field_line), 1.4))
        painter.setBrush(QColor(palette.base))
        painter.drawEllipse(centre)
        if is_chosen:
            painter.setBrush(QColor(palette.accent))
            inset = edge * 0.28
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(centre.adjusted(inset, inset, -inset, -inset))
        text = area.adjusted(metrics().step(8), 0, -metrics().step(2), 0)
        upper = QRect(text)
        if option.words:
            upper.setHeight(area.height() // 2 + metrics().step(0.5))
        bottom = Qt.AlignmentFlag.AlignBottom if option.words else Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme().font())
        painter.setPen(QColor(palette.text))
        painter.drawText(upper, bottom | Qt.AlignmentFlag.AlignLeft, option.title)
        lower = QRect(text)
        lower.setTop(upper.bottom() + 1)
        painter.setFont(theme().font(metrics().small_size))
        painter.setPen(QColor(palette.muted))
        room = painter.fontMetrics().elidedText(
            option.words, Qt.TextElideMode.ElideRight, lower.width()
        )
        painter.drawText(lower, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, room)

    def _paint_tile(self, painter: QPainter, area: QRect, option: Option) -> None:
        palette = colours()
        edge = metrics().step(3)
        inside = area.adjusted(edge, edge, -edge, -edge)
        painter.setFont(theme().font())
        line = painter.fontMetrics().lineSpacing()
        words = QRect(inside)
        words.setTop(inside.bottom() - 3 * line)
        picture = QRectF(inside)
        picture.setBottom(words.top() - metrics().step(2))
        if option.drawing is not None:
            option.drawing(painter, picture)
        painter.setFont(theme().font())
        painter.setPen(QColor(palette.text))
        middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(words, middle, option.title)
        painter.setFont(theme().font(metrics().small_size))
        painter.setPen(QColor(palette.muted))
        flags = middle | Qt.TextFlag.TextWordWrap
        painter.drawText(words.adjusted(0, line + metrics().step(0.5), 0, 0), flags, option.words)


def draw_page(painter: QPainter, area: QRectF, *, ratio: float, copies: int) -> None:
    """Draw a sheet of paper (width / height = ``ratio``) with one or two copies on it."""
    palette = colours()
    height = min(area.height(), area.width() / ratio)
    sheet = QRectF(0, 0, height * ratio, height)
    sheet.moveCenter(area.center())
    painter.setPen(QPen(QColor(palette.field_line), 1.2))
    painter.setBrush(QColor(palette.base))
    painter.drawRect(sheet)
    part = sheet.width() / copies
    for number in range(copies):
        _draw_lines(painter, QRectF(sheet.left() + part * number, sheet.top(), part, height))
    if copies > 1:
        painter.setPen(QPen(QColor(palette.muted), 1, Qt.PenStyle.DashLine))
        middle = sheet.center().x()
        painter.drawLine(QPointF(middle, sheet.top()), QPointF(middle, sheet.bottom()))


def _draw_lines(painter: QPainter, area: QRectF) -> None:
    inset = area.width() * 0.16
    left, right = area.left() + inset, area.right() - inset
    top, step = area.top() + area.height() * 0.2, area.height() * 0.115
    painter.setPen(QPen(QColor(colours().text), 2))
    middle = area.center().x()
    quarter = (right - left) / 4
    painter.drawLine(int(middle - quarter), int(top), int(middle + quarter), int(top))
    painter.setPen(QPen(QColor(colours().field_line), 1))
    for number in range(1, 6):
        y = int(top + step * number)
        end = right if number != 5 else middle
        painter.drawLine(int(left), y, int(end), y)

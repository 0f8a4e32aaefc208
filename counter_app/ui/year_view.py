"""A year at a glance: twelve months; a day that differs has a letter before it has a colour."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from counter_app.domain.calendar import DayKind, format_hours
from counter_app.domain.calendar_changes import KIND_LABELS, KIND_MARKS
from counter_app.domain.words import format_date
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.translation import in_window, weekday

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from counter_app.domain.calendar import Calendar, CalendarDay

_COLUMNS, _ROWS, _WEEKS, _WEEK = 4, 3, 6, 7
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -_WEEK,
    Qt.Key.Key_Down: _WEEK,
}
_MONTH_KEYS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class YearView(QWidget):
    """Arrows walk day by day and week by week, PageUp and PageDown month by month."""

    day_chosen = Signal(object)  # date

    def __init__(
        self, parent: QWidget | None = None, *, calendar: Callable[[], Calendar], today: date
    ) -> None:
        """Show this year; ``calendar`` is read at each painting."""
        super().__init__(parent)
        self._calendar = calendar
        self._today = today
        self.day = today
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Lịch cả năm"))

    def set_day(self, day: date) -> None:
        """Go to a day, in its year."""
        self.day = day
        self.setAccessibleDescription(self.words(day))
        self.update()
        self.day_chosen.emit(day)

    def words(self, day: date) -> str:
        """Say a day whole: its name, whether it is worked, by which row and whose decision."""
        calendar = self._calendar()
        told = f"{weekday(day)} {format_date(day)}: "
        row = calendar.day(day)
        hours = calendar.working_sessions(day)
        desk = calendar.desk_sessions(day)
        if hours:
            told += self.tr("làm việc {hours}").format(hours=format_hours(hours))
        elif desk:
            told += self.tr("mở quầy {hours}, không tính hạn").format(hours=format_hours(desk))
        else:
            told += self.tr("nghỉ")
        if row is None:
            return told
        parts = [in_window(KIND_LABELS[row.kind]), row.name, row.source]
        told += " (" + ", ".join(part for part in parts if part) + ")"
        return told if row.confirmed else told + self.tr(", chưa công bố")

    def sizeHint(self) -> QSize:
        """Ask for twelve legible months."""
        return QSize(metrics().px(680), metrics().px(360))

    def minimumSizeHint(self) -> QSize:
        """Stay legible."""
        return QSize(metrics().px(560), metrics().px(300))

    # Places

    def _month_rect(self, month: int) -> QRect:
        gap = metrics().step(3)
        wide = (self.width() - gap * (_COLUMNS - 1)) // _COLUMNS
        tall = (self.height() - gap * (_ROWS - 1)) // _ROWS
        column, row = (month - 1) % _COLUMNS, (month - 1) // _COLUMNS
        return QRect(column * (wide + gap), row * (tall + gap), wide, tall)

    def _day_rect(self, day: date) -> QRect:
        return self._place(day, self._month_rect(day.month))

    @staticmethod
    def _place(day: date, box: QRect) -> QRect:
        """Return where a day stands in the box of its month."""
        line = box.height() // (_WEEKS + 2)
        place = date(day.year, day.month, 1).weekday() + day.day - 1
        wide = box.width() // _WEEK
        return QRect(
            box.left() + place % _WEEK * wide,
            box.top() + line * (2 + place // _WEEK),
            wide,
            line,
        )

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the months."""
        del event
        painter = QPainter(self)
        calendar, palette = self._calendar(), colours()
        small, centre = theme().font(metrics().small_size), Qt.AlignmentFlag.AlignCenter
        worked, idle = QColor(palette.text), QColor(palette.muted)
        for month in range(1, _COLUMNS * _ROWS + 1):
            box = self._month_rect(month)
            self._paint_month(painter, month, box)
            for number in range(1, monthrange(self.day.year, month)[1] + 1):
                day = date(self.day.year, month, number)
                place, row = self._place(day, box), calendar.day(day)
                figure = place if row is None else self._paint_kind(painter, place, row)
                painter.setFont(small)
                is_dark = row is not None or calendar.is_working_day(day)
                painter.setPen(worked if is_dark else idle)
                painter.drawText(figure, centre, str(number))
                if day in (self._today, self.day):
                    self._paint_marks(painter, place, day)
        painter.end()

    def _paint_month(self, painter: QPainter, month: int, box: QRect) -> None:
        palette = colours()
        line = box.height() // (_WEEKS + 2)
        painter.setFont(theme().font(strong=True))
        painter.setPen(QColor(palette.text))
        head = QRect(box.left(), box.top(), box.width(), line)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(head, left, self.tr("Tháng {number}").format(number=month))
        painter.setFont(theme().font(metrics().small_size))
        painter.setPen(QColor(palette.muted))
        wide = box.width() // _WEEK
        for place, name in enumerate(("2", "3", "4", "5", "6", "7", "CN")):
            cell = QRect(box.left() + place * wide, box.top() + line, wide, line)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, name)

    @staticmethod
    def _paint_kind(painter: QPainter, box: QRect, row: CalendarDay) -> QRect:
        """Paint what kind of day it is; return what is left for its figure."""
        palette = colours()
        tints = {
            DayKind.HOLIDAY: palette.danger_tint,
            DayKind.MAKEUP: palette.accent_tint,
            DayKind.SPECIAL: palette.warning_tint,
        }
        painter.fillRect(box.adjusted(1, 1, -1, -1), QColor(tints[row.kind]))
        number = QRect(box)
        number.setRight(box.right() - box.width() // 3)
        mark = KIND_MARKS[row.kind]
        painter.setFont(theme().font(max(1, metrics().small_size - 2), strong=True))
        painter.setPen(QColor(palette.text))
        place = QRect(number.right(), box.top(), box.right() - number.right(), box.height())
        centre = Qt.AlignmentFlag.AlignCenter
        painter.drawText(place, centre, mark if row.confirmed else mark.lower())
        return number

    def _paint_marks(self, painter: QPainter, box: QRect, day: date) -> None:
        palette = colours()
        if day == self._today:
            painter.setPen(QPen(QColor(palette.accent), 1))
            painter.drawLine(box.left() + 4, box.bottom(), box.right() - 4, box.bottom())
        if day == self.day:
            ink = palette.accent if self.hasFocus() else palette.field_line
            painter.setPen(QPen(QColor(ink), metrics().ring))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(1, 1, -1, -1))

    # Walking

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the year; the edges stay in it."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self._go(self.day + timedelta(days=_STEPS[key]))
        elif key in _MONTH_KEYS:
            month = min(max(self.day.month + _MONTH_KEYS[key], 1), _COLUMNS * _ROWS)
            last = monthrange(self.day.year, month)[1]
            self._go(date(self.day.year, month, min(self.day.day, last)))
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            is_first = key == Qt.Key.Key_Home
            self._go(date(self.day.year, 1 if is_first else 12, 1 if is_first else 31))
        else:
            super().keyPressEvent(event)

    def _go(self, day: date) -> None:
        if day.year == self.day.year:
            self.set_day(day)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the day under the pointer."""
        point = event.position().toPoint()
        for month in range(1, _COLUMNS * _ROWS + 1):
            if not self._month_rect(month).contains(point):
                continue
            for number in range(1, monthrange(self.day.year, month)[1] + 1):
                day = date(self.day.year, month, number)
                if self._day_rect(day).contains(point):
                    self.set_day(day)
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

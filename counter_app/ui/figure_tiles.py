"""Figures one can press: each a number with its words, reached by arrows, opened by Enter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from counter_app.domain.words import format_number, weekday_name, weekday_short
from counter_app.ui.due_mark import draw_mark, mark_square, tone_colour
from counter_app.ui.fields import ENTER_KEYS
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.tips import plain_tip

_LOWEST_SCALE = 10
_WHOLE, _SMALLER, _NO_MONTH = range(3)  # how the days below the bars are written


class Figure(NamedTuple):
    """One figure of the day: its list, its words when there is something and when there is none."""

    key: str
    words: str
    none: str
    mark: str = ""
    tone: str = ""


class _Pressable(QAbstractButton):
    """What tiles and bars share: focus by Tab, Enter presses, a ring when focused."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses."""
        if event.key() in ENTER_KEYS:
            self.click()
            event.accept()
            return
        if event.key() in _ARROWS:
            event.ignore()
            return
        super().keyPressEvent(event)

    def paint_ground(self, painter: QPainter) -> None:
        """Paint the ground and the focus ring."""
        palette, measures = colours(), metrics()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(palette.line), 1))
        painter.setBrush(QColor(palette.alternate if self.underMouse() else palette.base))
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.accent), measures.ring))
        painter.drawRoundedRect(ground, measures.radius, measures.radius)


_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class FigureTile(_Pressable):
    """One figure, large, with its words beside it."""

    def __init__(self, figure: Figure, parent: QWidget | None = None) -> None:
        """Start without a number."""
        super().__init__(parent)
        self.figure = figure
        self.setText(figure.words)
        self.setAccessibleName(figure.words)
        self.count: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(metrics().step(19))

    def set_count(self, count: int) -> None:
        """Show a number; the words say it whole."""
        self.count = count
        self.setText(f"{format_number(count)} {self.figure.words}" if count else self.figure.none)
        self.setAccessibleName(self.text())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint number, mark and words."""
        palette, measures = colours(), metrics()
        painter = QPainter(self)
        self.paint_ground(painter)
        edge = measures.step(5)
        area = self.rect().adjusted(edge, 0, -edge, 0)
        is_empty = not self.count
        tone = "" if is_empty else self.figure.tone
        number_font = theme().font(measures.px(30), strong=not is_empty)
        text = "–" if self.count is None else format_number(self.count)
        room = max(
            measures.px(56), QFontMetrics(number_font).horizontalAdvance(text) + measures.step(4)
        )
        number = QRect(area.left(), area.top(), room, area.height())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(number_font)
        painter.setPen(QColor(palette.muted if is_empty else tone_colour(tone)))
        painter.drawText(number, middle | Qt.AlignmentFlag.AlignLeft, text)
        words = area.adjusted(room, 0, 0, 0)
        if self.figure.mark and not is_empty:
            mark = measures.px(10)
            square = mark_square(area.right() - mark, area.height(), edge=mark)
            draw_mark(painter, self.figure.mark, square, tone_colour(tone))
            words.adjust(0, 0, -mark - measures.step(2), 0)
        painter.setFont(theme().font())
        painter.setPen(QColor(palette.muted if is_empty else palette.text))
        said = self.figure.none if self.count == 0 else self.figure.words
        flags = int(middle) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(words, flags, said)
        painter.end()


class FigureGrid(QWidget):
    """Tiles in columns; arrows go to the neighbour, down from the last row leaves the grid."""

    opened = Signal(str)
    left_down = Signal()

    def __init__(
        self, figures: Sequence[Figure], *, columns: int = 3, parent: QWidget | None = None
    ) -> None:
        """Make one tile per figure."""
        super().__init__(parent)
        self._columns = columns
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(metrics().step(3))
        self.tiles: dict[str, FigureTile] = {}
        for number, figure in enumerate(figures):
            tile = FigureTile(figure)
            tile.clicked.connect(self._on_tile_clicked)
            grid.addWidget(tile, number // columns, number % columns)
            grid.setColumnStretch(number % columns, 1)
            self.tiles[figure.key] = tile

    def set_counts(self, counts: dict[str, int]) -> None:
        """Show the numbers by the figures' keys."""
        for key, count in counts.items():
            self.tiles[key].set_count(count)

    def focus_last_row(self) -> None:
        """Come up from below."""
        list(self.tiles.values())[-self._columns].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_tile_clicked(self) -> None:
        tile = self.sender()
        if isinstance(tile, FigureTile):
            self.opened.emit(tile.figure.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows."""
        tiles = list(self.tiles.values())
        at = next((i for i, tile in enumerate(tiles) if tile.hasFocus()), -1)
        down, right = _ARROWS.get(Qt.Key(event.key()), (0, 0))
        if at < 0 or not (down or right):
            super().keyPressEvent(event)
            return
        target = at + down * self._columns + right
        if 0 <= target < len(tiles):
            tiles[target].setFocus(Qt.FocusReason.TabFocusReason)
        elif down > 0:
            self.left_down.emit()
        event.accept()


class DayBar(_Pressable):
    """The promises of one working day: a bar, its number above, its day below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without a day."""
        super().__init__(parent)
        self.day: date | None = None
        self.count = 0
        self.narrowness = 0  # the row's: its days are all written alike
        self._share = 0.0
        self._is_today = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_day(self, day: date, count: int, *, most: int, is_today: bool, words: str) -> None:
        """Show a day's number against the largest of them; ``words`` says it whole."""
        self.day, self.count, self._is_today = day, count, is_today
        self._share = count / most if most else 0.0
        text = words.format(
            day=f"{weekday_name(day)} {day:%d/%m}", count=format_number(count) if count else "0"
        )
        self.setText(text)
        self.setToolTip(plain_tip(text))
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for little; the row gives what it has."""
        return QSize(metrics().px(64), metrics().px(160))

    def date_at(self, narrowness: int) -> tuple[QFont, str]:
        """Return the day as it is written there: whole, then smaller, then without its month.

        The tip says it whole.
        """
        if self.day is None:
            return theme().font(), ""
        size = metrics().small_size if narrowness == _SMALLER else None
        text = f"{self.day:%d}" if narrowness == _NO_MONTH else f"{self.day:%d/%m}"
        return theme().font(size, strong=self._is_today), text

    def stays_apart_at(self, narrowness: int) -> bool:
        """Say whether the day stays apart from its neighbours' days."""
        font, text = self.date_at(narrowness)
        room = self.width() - metrics().step(1)
        return QFontMetrics(font).horizontalAdvance(text) <= room

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar between its number and its day."""
        if self.day is None:
            return
        palette, measures = colours(), metrics()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = painter.fontMetrics().height()
        foot = 2 * line + measures.step(2)
        head = line + measures.step(2)
        base = self.height() - foot
        tallest = max(0, base - head)
        tall = round(tallest * self._share)
        wide = min(self.width() - measures.step(4), measures.px(44))
        left = (self.width() - wide) / 2
        painter.setPen(QColor(palette.field_line))
        painter.drawLine(0, base, self.width(), base)
        if tall:
            painter.setPen(Qt.PenStyle.NoPen)
            is_hot = self.underMouse() or self.hasFocus()
            ink = palette.warning if self._is_today else palette.accent
            painter.setBrush(QColor(ink))
            painter.setOpacity(1.0 if is_hot else 0.85)
            painter.drawRect(QRectF(left, base - tall, wide, tall))
            painter.setOpacity(1.0)
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.setFont(theme().font(strong=bool(self.count)))
        painter.setPen(QColor(palette.text if self.count else palette.muted))
        number = QRect(0, base - tall - line - measures.step(1), self.width(), line)
        painter.drawText(number, centre, format_number(self.count) if self.count else "0")
        painter.setFont(theme().font(strong=self._is_today))
        painter.setPen(QColor(palette.text if self._is_today else palette.muted))
        below = QRect(0, base + measures.step(1), self.width(), line)
        painter.drawText(below, centre, weekday_short(self.day))
        font, date_text = self.date_at(self.narrowness)
        painter.setFont(font)
        painter.drawText(below.translated(0, line), centre, date_text)
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.accent), measures.ring))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(1, 1, -1, -1), measures.radius, measures.radius
            )
        painter.end()


class DayBars(QWidget):
    """Ten working days beside each other; arrows walk, Enter opens a day's list."""

    opened = Signal(object)  # date
    left_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self.bars: list[DayBar] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def set_promises(
        self, promises: Sequence[tuple[date, int]], *, today: date, words: str
    ) -> None:
        """Show these days; bars are made once and kept."""
        while len(self.bars) < len(promises):
            bar = DayBar()
            bar.clicked.connect(self._on_bar_clicked)
            self._row.addWidget(bar)
            self.bars.append(bar)
        # A quiet week must not look like a rush: the scale begins at ten.
        most = max(_LOWEST_SCALE, *(count for _, count in promises), 0)
        for bar, (day, count) in zip(self.bars, promises, strict=False):
            bar.set_day(day, count, most=most, is_today=day == today, words=words)
        for number, bar in enumerate(self.bars):
            bar.setVisible(number < len(promises))
        self._write_alike()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write the days as they all fit."""
        super().resizeEvent(event)
        self._row.activate()  # the bars know their widths now
        self._write_alike()

    def _write_alike(self) -> None:
        shown = [bar for bar in self.bars if not bar.isHidden()]
        fitting = (n for n in (_WHOLE, _SMALLER) if all(bar.stays_apart_at(n) for bar in shown))
        narrowness = next(fitting, _NO_MONTH)
        for bar in shown:
            bar.narrowness = narrowness
            bar.update()

    def focus_first(self) -> None:
        """Come down from above."""
        if self.bars:
            self.bars[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_bar_clicked(self) -> None:
        bar = self.sender()
        if isinstance(bar, DayBar) and bar.day is not None:
            self.opened.emit(bar.day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows."""
        at = next((i for i, bar in enumerate(self.bars) if bar.hasFocus()), -1)
        down, right = _ARROWS.get(Qt.Key(event.key()), (0, 0))
        if at < 0 or not (down or right):
            super().keyPressEvent(event)
            return
        if down < 0:
            self.left_up.emit()
        elif 0 <= at + right < len(self.bars):
            self.bars[at + right].setFocus(Qt.FocusReason.TabFocusReason)
        event.accept()

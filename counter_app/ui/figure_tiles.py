"""Figures one can press: each a number with its words, reached by arrows, opened by Enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from counter_app.domain.words import format_number
from counter_app.ui.due_mark import draw_mark, mark_square, tone_colour
from counter_app.ui.fields import ENTER_KEYS
from counter_app.ui.theme import colours, metrics, theme

_LOWEST_SCALE = 10


class Figure(NamedTuple):
    """One figure of the day: its list, its words when there is something and when there is none."""

    key: str
    words: str
    none: str
    mark: str = ""
    tone: str = ""


_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class FigureTile(QAbstractButton):
    """One figure, large, with its words beside it; focus by Tab, Enter presses."""

    def __init__(self, figure: Figure, parent: QWidget | None = None) -> None:
        """Start without a number."""
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
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

    def _paint_ground(self, painter: QPainter) -> None:
        """Paint the ground and the focus ring."""
        palette, measures = colours(), metrics()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(palette.line), 1))
        painter.setBrush(QColor(palette.alternate if self.underMouse() else palette.base))
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.accent), measures.ring))
        painter.drawRoundedRect(ground, measures.radius, measures.radius)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint number, mark and words."""
        palette, measures = colours(), metrics()
        painter = QPainter(self)
        self._paint_ground(painter)
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

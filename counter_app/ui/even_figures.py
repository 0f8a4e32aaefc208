"""Figures of one width in a font whose own figures differ (Be Vietnam Pro)."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QFont, QFontMetricsF, QGlyphRun, QPainter, QRawFont

_MOST = 2_000  # texts that are kept: some pages of a table
_WIDEST, _NARROWEST = 0.93, 0.86  # of the widest figure, which has generous sides


class Letters(NamedTuple):
    """A text as it is set: its letters, where each begins, how wide it is."""

    text: str
    lefts: tuple[float, ...]
    width: float


class _Set(NamedTuple):
    letters: Letters
    run: QGlyphRun | None  # None where the font lacks a letter


class Widths:
    """How wide each letter of a font is, measured once: figures come again and again."""

    def __init__(self, font: QFont) -> None:
        """Measure the figures."""
        self._measure = QFontMetricsF(font)
        self._known: dict[str, float] = {}
        self.widest = max(self.of(digit) for digit in "0123456789")
        self.height, self.ascent = self._measure.height(), self._measure.ascent()

    def of(self, letter: str) -> float:
        """Return a letter's own width."""
        found = self._known.get(letter)
        if found is None:
            found = self._known[letter] = self._measure.horizontalAdvance(letter)
        return found


def set_figures(text: str, widths: Widths, room: int) -> Letters:
    """Lay a text out in so much room; where it is too long its middle gives way.

    The end of a code is its serial, which tells it from its neighbours.
    """
    own, widest = widths.of, widths.widest

    def measured(letters: str) -> list[tuple[float, float]]:
        """Return each letter's own width and the width it gets."""
        digits = sum(c.isdigit() for c in letters)
        others = sum(own(c) for c in letters if not c.isdigit())
        # A narrow column takes some of the figures' sides, row for row.
        share = (room - others) / max(1, digits)
        cell = min(max(share, widest * _NARROWEST), widest * _WIDEST)
        return [(own(c), cell if c.isdigit() else own(c)) for c in letters]

    shown, cells, kept = text, measured(text), len(text)
    while kept > 1 and (excess := sum(width for _, width in cells) - room - 1) > 0:
        # So many have to go at least; one by one, a narrow column took five tries for a code.
        kept -= max(1, min(kept - 1, int(excess / max(width for _, width in cells))))
        shown = text[: kept // 2] + "…" + text[len(text) - (kept - kept // 2) :]
        cells = measured(shown)
    left, lefts = 0.0, []
    for letter, cell in cells:
        lefts.append(left + (cell - letter) / 2)
        left += cell
    return Letters(shown, tuple(lefts), left)


class EvenFigures:
    """Draws such texts; each is measured once, because a table is painted again and again."""

    def __init__(self, font: QFont) -> None:
        """Draw in this font."""
        self._font = font
        self._widths = Widths(font)
        self._known: dict[tuple[str, int], _Set] = {}

    def draw(self, painter: QPainter, area: QRect, text: str, *, is_right: bool) -> None:
        """Draw a text in the middle of a cell's height, at one of its sides."""
        if len(self._known) > _MOST:
            self._known.clear()
        room = area.width()
        found = self._known.get((text, room))
        if found is None:
            letters = set_figures(text, self._widths, room)
            found = self._known[text, room] = _Set(letters, _glyphs(letters, self._font))
        letters, run = found
        above = (area.height() - self._widths.height) / 2 + self._widths.ascent
        left = area.left() + (room - letters.width if is_right else 0)
        start = QPointF(left, round(area.top() + above))
        if run is not None:
            painter.drawGlyphRun(start, run)
            return
        for letter, offset in zip(letters.text, letters.lefts, strict=True):
            painter.drawText(QPointF(start.x() + offset, start.y()), letter)


def _glyphs(letters: Letters, font: QFont) -> QGlyphRun | None:
    raw = QRawFont.fromFont(font)
    found = raw.glyphIndexesForString(letters.text)
    if len(found) != len(letters.text) or not all(found):
        return None
    run = QGlyphRun()
    run.setRawFont(raw)
    run.setGlyphIndexes(found)
    run.setPositions([QPointF(left, 0) for left in letters.lefts])
    return run

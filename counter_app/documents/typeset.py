"""Setting type: text is measured and broken here, collected on a sheet, and drawn in one go.

A sheet is plain data with its origin at the top left, in points. So a layout can be tried at
several sizes before anything is drawn, and one sheet can be drawn twice on a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from counter_app.documents.fonts import FontFamily
from counter_app.documents.templates import NO_BREAK, Run

MM = 72 / 25.4
HAIR = 0.5  # the width of rules, in points
_WORD = re.compile(rf"(?:\S|{NO_BREAK})+")
_DOT_PITCH = 2.4
_ASCENT = 0.75  # of the size: where the baseline lies under the top of a line set solid


class Style(IntEnum):
    """A face of the family."""

    REGULAR = 0
    BOLD = 1
    ITALIC = 2
    BOLD_ITALIC = 3


_STYLES = tuple(Style)


class Face(NamedTuple):
    """A style at a size, in points."""

    style: Style
    size: float


class Piece(NamedTuple):
    """A stretch of one face within a line, ``x`` from its start, after so many ``spaces``."""

    x: float
    text: str
    style: Style
    spaces: int


class SetLine(NamedTuple):
    """One broken line."""

    pieces: tuple[Piece, ...]
    width: float
    spaces: int
    is_last: bool  # of its paragraph: never stretched


class _Word(NamedTuple):
    """What stands between two spaces, measured at size 1; of one face nearly always."""

    width: float
    style: Style | None  # none: of several
    parts: tuple[tuple[str, Style, float], ...]


class Type:
    """One family at work: measuring and breaking.

    Widths are kept at size 1, so trying a page at several sizes measures nothing twice.
    """

    def __init__(self, fonts: FontFamily) -> None:
        """Take the family's four faces in the order of ``Style``."""
        self.fonts = (fonts.regular, fonts.bold, fonts.italic, fonts.bold_italic)
        self.unit_width = lru_cache(maxsize=20_000)(self._unit_width)
        self._words = lru_cache(maxsize=2_000)(self._measure_words)
        self._broken = lru_cache(maxsize=2_000)(self._break)
        self.balanced = lru_cache(maxsize=200)(self._balanced)
        self._space = self.unit_width(" ", Style.REGULAR)

    def _unit_width(self, text: str, style: Style) -> float:
        width: float = self.fonts[style].stringWidth(text, 1)
        return width

    def width(self, text: str, style: Style, size: float) -> float:
        """Return the width of a text set on one line."""
        return self.unit_width(text, style) * size

    def fitting_size(self, text: str, style: Style, size: float, width: float) -> float:
        """Return the size, or the smaller one at which the text just fits on one line."""
        natural = self.width(text, style, size)
        return size if natural <= width else size * width / natural

    def break_lines(
        self,
        runs: Sequence[Run],
        size: float,
        width: float,
        *,
        italic: bool = False,
        first_indent: float = 0,
    ) -> tuple[SetLine, ...]:
        """Break runs into lines no wider than ``width``; a word that is wider is cut."""
        return self._broken(tuple(runs), size, width, italic, first_indent)

    def _break(
        self,
        runs: tuple[Run, ...],
        size: float,
        width: float,
        italic: bool,  # noqa: FBT001 - a key of the cache
        start: float,
    ) -> tuple[SetLine, ...]:
        space = self._space * size
        lines: list[SetLine] = []
        line: list[_Word] = []
        x = start
        for measured in self._words(runs, italic):
            fits = measured.width * size <= width
            for word in (measured,) if fits else self._cut(measured, width / size):
                length = word.width * size
                if not line:
                    x += length
                elif x + space + length > width:
                    lines.append(self._join(line, size, start, x, is_last=False))
                    line, start, x = [], 0.0, length
                else:
                    x += space + length
                line.append(word)
        if line:
            lines.append(self._join(line, size, start, x, is_last=True))
        return tuple(lines)

    def _join(
        self, words: list[_Word], size: float, start: float, end: float, *, is_last: bool
    ) -> SetLine:
        """Join neighbouring words of one face: fewer strings, and text that copies well."""
        pieces: list[Piece] = []
        begin = x = start
        before = spaces = 0  # with those at which no line is broken: a stretched line widens all
        style = words[0].parts[0][1]
        if all(word.style is style for word in words):
            text = " ".join([word.parts[0][0] for word in words])
            return SetLine((Piece(start, text, style, 0),), end, text.count(" "), is_last)
        gathered: list[str] = []
        for place, word in enumerate(words):
            if place:
                x += self._space * size
                spaces += 1
            for number, (text, face, width) in enumerate(word.parts):
                if face is not style:
                    pieces.append(Piece(begin, "".join(gathered), style, before))
                    gathered, begin, before, style = [], x, spaces, face
                elif place and not number and gathered:
                    gathered.append(" ")
                gathered.append(text)
                spaces += text.count(" ")
                x += width * size
        pieces.append(Piece(begin, "".join(gathered), style, before))
        return SetLine(tuple(pieces), end, spaces, is_last)

    def _measure_words(self, runs: tuple[Run, ...], italic: bool) -> tuple[_Word, ...]:  # noqa: FBT001
        words: list[_Word] = []
        parts: list[tuple[str, Style, float]] = []

        def close() -> None:
            if not parts:
                return
            joined = parts
            if all(part[1] is parts[0][1] for part in parts):  # "0905" and "," of one face
                text = "".join(part[0] for part in parts)
                joined = [(text, parts[0][1], self.unit_width(text, parts[0][1]))]
            only = joined[0][1] if len(joined) == 1 else None
            words.append(_Word(sum(part[2] for part in joined), only, tuple(joined)))
            parts.clear()

        for text, is_bold in runs:
            style = _STYLES[is_bold + 2 * italic]
            if text[:1].isspace():
                close()
            for number, glued in enumerate(_WORD.findall(text)):
                part = glued.replace(NO_BREAK, " ")
                if number:
                    close()
                parts.append((part, style, self.unit_width(part, style)))
            if text[-1:].isspace():
                close()
        close()
        return tuple(words)

    def _cut(self, word: _Word, width: float) -> Iterator[_Word]:
        """Cut a word that no line can hold; both widths at size 1."""
        for text, style, _ in word.parts:
            start = 0
            for end in range(1, len(text) + 1):
                if self.unit_width(text[start:end], style) > width and end - start > 1:
                    yield self._chunk(text[start : end - 1], style)
                    start = end - 1
            yield self._chunk(text[start:], style)

    def _chunk(self, text: str, style: Style) -> _Word:
        width = self.unit_width(text, style)
        return _Word(width, style, ((text, style, width),))

    def _balanced(self, text: str, style: Style, size: float, width: float) -> tuple[str, ...]:
        """Break a heading into as few lines as it needs, as even as they can be."""
        run = (Run(text, style in (Style.BOLD, Style.BOLD_ITALIC)),)
        italic = style in (Style.ITALIC, Style.BOLD_ITALIC)
        best = self.break_lines(run, size, width, italic=italic)
        low, high = 0.0, width
        while high - low > 1:
            middle = (low + high) / 2
            lines = self.break_lines(run, size, middle, italic=italic)
            if len(lines) <= len(best):
                best, high = lines, middle
            else:
                low = middle
        return tuple(line.pieces[0].text for line in best)


@lru_cache(maxsize=8)
def type_of(fonts: FontFamily) -> Type:
    """Return the one ``Type`` of a family, with what it has measured so far."""
    return Type(fonts)


class Text(NamedTuple):
    """A string on a sheet, ``y`` its baseline; ``gap`` widens its spaces."""

    x: float
    y: float
    text: str
    style: Style
    size: float
    gap: float = 0


class Rule(NamedTuple):
    """A line on a sheet."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = HAIR


class Stamp(NamedTuple):
    """Large grey words across a sheet, centred on a point."""

    x: float
    y: float
    text: str
    size: float
    angle: float


class Bar(NamedTuple):
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Sheet:
    """What stands on one copy of a paper, from its top left corner, in points."""

    texts: list[Text] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    leaders: list[Rule] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    stamps: list[Stamp] = field(default_factory=list)

    def joined(self, other: Sheet) -> Sheet:
        """Return both as one."""
        return Sheet(
            self.texts + other.texts,
            self.rules + other.rules,
            self.leaders + other.leaders,
            self.bars + other.bars,
            self.stamps + other.stamps,
        )

    def put_line(self, x: float, top: float, line: SetLine, size: float, *, gap: float = 0) -> None:
        """Put a broken line; ``gap`` is added to each of its spaces."""
        y = top + size * _ASCENT
        for piece in line.pieces:
            at = x + piece.x + gap * piece.spaces
            self.texts.append(Text(at, y, piece.text, piece.style, size, gap))

    def put(self, x: float, top: float, text: str, face: Face) -> None:
        """Put a string whose line starts at this height."""
        if text:
            self.texts.append(Text(x, top + face.size * _ASCENT, text, face.style, face.size))

    def centre(
        self, type_: Type, text: str, face: Face, *, top: float, between: tuple[float, float]
    ) -> None:
        """Centre a string between two edges, smaller if it would not fit."""
        left, right = between
        size = type_.fitting_size(text, face.style, face.size, right - left)
        x = (left + right - type_.width(text, face.style, size)) / 2
        self.put(x, top, text, Face(face.style, size))

    def leader(self, x1: float, x2: float, top: float, size: float) -> None:
        """Put a dotted line to write on, on the baseline."""
        if x2 - x1 > size / 2:
            y = top + size * _ASCENT
            self.leaders.append(Rule(x1, y, x2, y))


def draw(canvas: Canvas, type_: Type, sheet: Sheet, left: float, height: float) -> None:
    """Draw a sheet whose left edge stands at ``left`` on a page of this height."""
    _draw_stamps(canvas, type_, sheet, left, height)
    if sheet.bars:
        path = canvas.beginPath()
        for bar in sheet.bars:
            path.rect(left + bar.x, height - bar.y - bar.height, bar.width, bar.height)
        canvas.drawPath(path, stroke=0, fill=1)
    for width in sorted({rule.width for rule in sheet.rules}):
        canvas.setLineWidth(width)
        canvas.lines(
            [
                (left + rule.x1, height - rule.y1, left + rule.x2, height - rule.y2)
                for rule in sheet.rules
                if rule.width == width
            ]
        )
    if sheet.leaders:
        canvas.saveState()
        canvas.setLineCap(1)
        canvas.setLineWidth(0.7)
        canvas.setDash([0, _DOT_PITCH])
        canvas.lines(
            [
                (left + dots.x1, height - dots.y1, left + dots.x2, height - dots.y1)
                for dots in sheet.leaders
            ]
        )
        canvas.restoreState()
    _draw_texts(canvas, type_, sheet, left, height)


def _draw_texts(canvas: Canvas, type_: Type, sheet: Sheet, left: float, height: float) -> None:
    names = [font.fontName for font in type_.fonts]
    block = canvas.beginText()
    face: tuple[Style, float] | None = None
    gap = 0.0
    for text in sheet.texts:
        if face != (text.style, text.size):
            face = (text.style, text.size)
            block.setFont(names[text.style], text.size)
        if gap != text.gap:
            gap = text.gap
            block.setWordSpace(gap)
        block.setTextOrigin(left + text.x, height - text.y)
        block.textOut(text.text)
    if gap:
        block.setWordSpace(0)
    canvas.drawText(block)


def _draw_stamps(canvas: Canvas, type_: Type, sheet: Sheet, left: float, height: float) -> None:
    for stamp in sheet.stamps:
        canvas.saveState()
        canvas.setFillGray(0.88)
        canvas.translate(left + stamp.x, height - stamp.y)
        canvas.rotate(stamp.angle)
        canvas.setFont(type_.fonts[Style.BOLD].fontName, stamp.size)
        canvas.drawCentredString(0, -stamp.size / 3, stamp.text)
        canvas.restoreState()

"""A ruled table that goes on over pages: headings, wrapped cells, boxes to tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from counter_app.documents.templates import Run
from counter_app.documents.typeset import Face, Rule, SetLine, Sheet, Style, Type

BOX = "\u2610"
"""A cell that holds an empty box to tick: drawn, because not every font has the sign."""

_LEADING = 1.18
_PAD = 0.28  # of the size, above and below


class GridColumn(NamedTuple):
    """One column: its heading, its share of the width, how its cells stand."""

    title: str
    share: float
    is_centred: bool = False
    is_bold: bool = False


class Grid:
    """Sets rows under headings; the width is shared out among the columns."""

    def __init__(
        self,
        type_: Type,
        columns: Sequence[GridColumn],
        *,
        between: tuple[float, float],
        size: float,
        least_lines: int = 1,
    ) -> None:
        """``least_lines`` keeps rows high enough to write in by hand."""
        self._type = type_
        self._columns = columns
        self._size = size
        self._lead = size * _LEADING
        self._pad = size * _PAD
        self._least = least_lines
        left, right = between
        total = sum(column.share for column in columns)
        self._edges = [left]
        for column in columns:
            self._edges.append(self._edges[-1] + (right - left) * column.share / total)

    def _lines(self, text: str, number: int, *, bold: bool) -> tuple[SetLine, ...]:
        room = self._edges[number + 1] - self._edges[number] - self._size * 0.7
        return self._type.break_lines([Run(text, bold)], self._size, room)

    def _cells(self, texts: Sequence[str], *, heading: bool) -> list[tuple[SetLine, ...]]:
        return [
            ()
            if text == BOX
            else self._lines(text, number, bold=heading or self._columns[number].is_bold)
            for number, text in enumerate(texts)
        ]

    def height(self, texts: Sequence[str], *, heading: bool = False) -> float:
        """Return how high a row is."""
        least = 1 if heading else self._least
        count = max([least, *(len(lines) for lines in self._cells(texts, heading=heading))])
        return count * self._lead + 2 * self._pad

    def put(
        self, sheet: Sheet, rows: Sequence[Sequence[str]], *, top: float, bottom: float
    ) -> tuple[float, int]:
        """Put headings and as many rows as fit; return the height below and how many stand."""
        titles = [column.title for column in self._columns]
        y = self._row(sheet, titles, top, heading=True)
        rules, done = [top, y], 0
        for row in rows:
            if y + self.height(row) > bottom:
                break
            y = self._row(sheet, row, y)
            rules.append(y)
            done += 1
        left, right = self._edges[0], self._edges[-1]
        sheet.rules += [Rule(left, at, right, at) for at in rules]
        sheet.rules += [Rule(x, top, x, y) for x in self._edges]
        return y, done

    def _row(
        self, sheet: Sheet, texts: Sequence[str], top: float, *, heading: bool = False
    ) -> float:
        height = self.height(texts, heading=heading)
        for number, lines in enumerate(self._cells(texts, heading=heading)):
            left, right = self._edges[number], self._edges[number + 1]
            if texts[number] == BOX:
                self._box(sheet, (left + right) / 2, top + height / 2)
                continue
            is_centred = heading or self._columns[number].is_centred
            y = top + self._pad
            if heading:
                y = top + (height - len(lines) * self._lead) / 2
            y += self._size * 0.1  # capitals then stand in the middle of their line
            for line in lines:
                x = (left + right - line.width) / 2 if is_centred else left + self._size * 0.35
                sheet.put_line(x, y, line, self._size)
                y += self._lead
        return top + height

    def _box(self, sheet: Sheet, x: float, y: float) -> None:
        half = self._size * 0.5
        left, right, top, bottom = x - half, x + half, y - half, y + half
        sheet.rules += [
            Rule(left, top, right, top, 0.8),
            Rule(left, bottom, right, bottom, 0.8),
            Rule(left, top, left, bottom, 0.8),
            Rule(right, top, right, bottom, 0.8),
        ]


def put_words(
    sheet: Sheet,
    type_: Type,
    text: str,
    face: Face,
    *,
    top: float,
    between: tuple[float, float],
) -> float:
    """Put a paragraph of one face and return the height below it."""
    left, right = between
    italic = face.style in (Style.ITALIC, Style.BOLD_ITALIC)
    bold = face.style in (Style.BOLD, Style.BOLD_ITALIC)
    for line in type_.break_lines([Run(text, bold)], face.size, right - left, italic=italic):
        sheet.put_line(left, top, line, face.size)
        top += face.size * 1.22
    return top

"""The official table's headings in levels, over columns whose edges are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.documents.templates import Run
from counter_app.documents.typeset import Rule
from counter_app.domain.vietnamese import nfc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_app.documents.typeset import SetLine, Sheet, Type
    from counter_app.domain.form_heading import HeadingCell


class LevelledHeading:
    """Headings that span rows and columns, measured once and put on every page."""

    def __init__(
        self,
        type_: Type,
        cells: Sequence[HeadingCell],
        columns: Sequence[tuple[float, float]],
        *,
        size: float,
        lead: float,
        pad: float,
    ) -> None:
        """``columns`` are left edges and widths; ``lead`` is a line's height."""
        self._size, self._lead = size, lead
        self._set: list[tuple[HeadingCell, float, float, tuple[SetLine, ...]]] = []
        heights = [0.0] * max(cell.row + cell.rows for cell in cells)
        for cell in cells:
            left = columns[cell.column][0]
            width = sum(one[1] for one in columns[cell.column : cell.column + cell.columns])
            lines = type_.break_lines([Run(nfc(cell.text), bold=True)], size, width - 2 * pad)
            self._set.append((cell, left, width, lines))
        # The lower of its rows makes room for a cell that needs more than they have.
        for cell, _, _, lines in sorted(self._set, key=lambda one: one[0].rows):
            rows = range(cell.row, cell.row + cell.rows)
            missing = len(lines) * lead + 2 * pad - sum(heights[row] for row in rows)
            heights[rows[-1]] += max(missing, 0)
        self._tops = [sum(heights[:row]) for row in range(len(heights) + 1)]
        self.height = self._tops[-1]

    def put(self, sheet: Sheet, top: float) -> None:
        """Set the headings in the middle of their cells, with rules around each."""
        for cell, left, width, lines in self._set:
            upper, lower = top + self._tops[cell.row], top + self._tops[cell.row + cell.rows]
            y = (upper + lower - len(lines) * self._lead) / 2
            for line in lines:
                sheet.put_line(left + (width - line.width) / 2, y, line, self._size)
                y += self._lead
            right = left + width
            sheet.rules += [Rule(left, edge, right, edge) for edge in (upper, lower)]
            sheet.rules += [Rule(edge, upper, edge, lower) for edge in (left, right)]

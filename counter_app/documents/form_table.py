"""A form's ruled table: grouped headings, wrapped rows that keep whole, put where told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from counter_app.documents.templates import Run
from counter_app.documents.typeset import Face, Rule, SetLine, Sheet, Style, Type


class Column(NamedTuple):
    """One column: its heading, its share of the width, whether its cells are centred."""

    heading: str
    share: float
    is_centred: bool = False


class Group(NamedTuple):
    """A heading over the columns from ``first`` to before ``last``."""

    heading: str
    first: int
    last: int


_NO_GROUP = Group("", 0, 0)


class FormTable:
    """Measures and sets rows between two edges."""

    def __init__(
        self,
        type_: Type,
        columns: Sequence[Column],
        *,
        left: float,
        width: float,
        size: float,
        group: Group = _NO_GROUP,
        leading: float = 1.18,
    ) -> None:
        """Share the width out among the columns."""
        self.type = type_
        self.columns = columns
        self.group = group
        self.size = size
        self.lead = size * leading
        self.pad = size * 0.3
        total = sum(column.share for column in columns)
        self.edges = [left]
        for column in columns:
            self.edges.append(self.edges[-1] + width * column.share / total)

    def _broken(self, cell: str, column: int) -> tuple[SetLine, ...]:
        room = self.edges[column + 1] - self.edges[column] - 2 * self.pad
        return tuple(
            line
            for part in cell.split("\n")
            for line in self.type.break_lines([Run(part)], self.size, room)
        )

    def height(self, cells: Sequence[str]) -> float:
        """Return how high a row of these cells is."""
        rows = max(len(self._broken(cell, place)) for place, cell in enumerate(cells))
        return max(rows, 1) * self.lead + 2 * self.pad

    def row(self, sheet: Sheet, top: float, cells: Sequence[str], *, least: float = 0) -> float:
        """Set a row, at least so high, and return the height below."""
        bottom = top + max(self.height(cells), least)
        for place, cell in enumerate(cells):
            left, right = self.edges[place], self.edges[place + 1]
            for number, line in enumerate(self._broken(cell, place)):
                x = left + self.pad
                if self.columns[place].is_centred:
                    x = (left + right - line.width) / 2
                y = top + self.pad + number * self.lead + self.size * 0.1
                sheet.put_line(x, y, line, self.size)
        self.box(sheet, top, bottom)
        return bottom

    def box(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Draw a row's rules."""
        sheet.rules += [Rule(x, top, x, bottom) for x in self.edges]
        sheet.rules.append(Rule(self.edges[0], bottom, self.edges[-1], bottom))

    def heading(self, sheet: Sheet, top: float) -> float:
        """Set the headings, those of a group in two rows, and return the height below."""
        group = self.group
        sheet.rules.append(Rule(self.edges[0], top, self.edges[-1], top))
        upper = self.lead + 2 * self.pad if group.heading else 0
        rows = [self._heading(place) for place in range(len(self.columns))]
        inner = max(len(row) for row in rows) * self.lead + 2 * self.pad
        bottom = top + max(inner, upper + max(map(len, rows), default=1) * self.lead)
        if group.heading:
            bottom = top + upper + max(inner, self.lead + 2 * self.pad)
            left, right = self.edges[group.first], self.edges[group.last]
            face = Face(Style.BOLD, self.size)
            sheet.centre(
                self.type, group.heading, face, top=top + self.pad, between=(left + 1, right - 1)
            )
            sheet.rules.append(Rule(left, top + upper, right, top + upper))
        for place, lines in enumerate(rows):
            is_inside = bool(group.heading) and group.first <= place < group.last
            first = top + upper if is_inside else top
            free = bottom - first - len(lines) * self.lead
            between = (self.edges[place] + 1, self.edges[place + 1] - 1)
            for number, text in enumerate(lines):
                y = first + free / 2 + number * self.lead
                sheet.centre(self.type, text, Face(Style.BOLD, self.size), top=y, between=between)
            is_inner_edge = is_inside and place > group.first
            sheet.rules.append(
                Rule(self.edges[place], first if is_inner_edge else top, self.edges[place], bottom)
            )
        sheet.rules.append(Rule(self.edges[-1], top, self.edges[-1], bottom))
        sheet.rules.append(Rule(self.edges[0], bottom, self.edges[-1], bottom))
        return bottom

    def _heading(self, place: int) -> tuple[str, ...]:
        room = self.edges[place + 1] - self.edges[place] - 2
        return tuple(
            line
            for part in self.columns[place].heading.split("\n")
            if part
            for line in self.type.balanced(part, Style.BOLD, self.size, room)
        )

"""A plain table on A4 landscape: title, office, lines under them, a page number on each page."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.render import _ONE_FILE, _canvas, _finish
from counter_app.documents.templates import Run
from counter_app.documents.typeset import (
    MM,
    Face,
    Rule,
    SetLine,
    Sheet,
    Stamp,
    Style,
    Type,
    draw,
    type_of,
)

_WIDTH, _HEIGHT = 297 * MM, 210 * MM
_EDGE, _SIZE, _PAD = 15 * MM, 9.5, 1.2 * MM
_FOOT = 18 * MM


class TableHead(NamedTuple):
    """What stands over the table on every page; lines that are long are broken."""

    title: str
    office: str
    warning: str = ""
    lines: tuple[str, ...] = ()
    is_rehearsal: bool = False


class Plan(NamedTuple):
    """How columns share the width, which stands at its right edge, whether the last row sums."""

    shares: tuple[int, ...]
    right_column: int = -1
    is_last_bold: bool = False


def render_table(
    head: TableHead,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    plan: Plan,
    *,
    fonts: FontFamily | None = None,
) -> bytes:
    """Return a table as a PDF; a table without rows still has its page.

    Raises:
        PaperError: a font is missing, or a character can't be printed.
    """
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((_WIDTH, _HEIGHT), head.title)
        sheets = _sheets(type_, head, headings, rows, plan)
        for number, sheet in enumerate(sheets, 1):
            page = f"Trang {number}/{len(sheets)}"
            right = _WIDTH - _EDGE - type_.width(page, Style.REGULAR, _SIZE)
            sheet.put(right, _HEIGHT - 12 * MM, page, Face(Style.REGULAR, _SIZE))
            if head.is_rehearsal:
                sheet.stamps.append(Stamp(_WIDTH / 2, _HEIGHT / 2, "BẢN TẬP DƯỢT", 60, 30))
            draw(canvas, type_, sheet, 0, _HEIGHT)
            canvas.showPage()
        return _finish(canvas, out)


def _sheets(
    type_: Type,
    head: TableHead,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    plan: Plan,
) -> list[Sheet]:
    columns, right = _columns(plan), plan.right_column
    sheet = Sheet()
    sheets = [sheet]
    top = _put_head(sheet, type_, head)
    top = _put_row(sheet, type_, headings, columns, top, right_column=right, bold=True)
    for place, row in enumerate(rows):
        is_bold = plan.is_last_bold and place == len(rows) - 1
        height = _row_height(type_, row, columns[1], bold=is_bold)
        if top + height > _HEIGHT - _FOOT:
            sheet = Sheet()
            sheets.append(sheet)
            top = _put_head(sheet, type_, head._replace(lines=()))
            top = _put_row(sheet, type_, headings, columns, top, right_column=right, bold=True)
        top = _put_row(sheet, type_, row, columns, top, right_column=right, bold=is_bold)
    return sheets


def _put_head(sheet: Sheet, type_: Type, head: TableHead) -> float:
    between = (_EDGE, _WIDTH - _EDGE)
    sheet.put(_EDGE, 12 * MM, _nfc(head.office), Face(Style.REGULAR, 11))
    sheet.centre(type_, head.title, Face(Style.BOLD, 14), top=19 * MM, between=between)
    if head.warning:
        sheet.centre(type_, head.warning, Face(Style.ITALIC, 11), top=26 * MM, between=between)
    y = 34 * MM if head.warning or not head.lines else 29 * MM
    for text in head.lines:
        for line in type_.break_lines([Run(_nfc(text), bold=False)], 11, _WIDTH - 2 * _EDGE):
            sheet.put_line(_EDGE, y, line, 11)
            y += 11 * 1.3
    return y + 2 * MM if head.lines else y


def _columns(plan: Plan) -> tuple[list[float], list[float]]:
    unit = (_WIDTH - 2 * _EDGE) / sum(plan.shares)
    widths = [share * unit for share in plan.shares]
    return [_EDGE + sum(widths[:i]) for i in range(len(widths))], widths


def _lines(type_: Type, text: str, width: float, *, bold: bool) -> tuple[SetLine, ...]:
    return type_.break_lines([Run(_nfc(text), bold)], _SIZE, width - 2 * _PAD)


def _row_height(type_: Type, row: Sequence[str], widths: Sequence[float], *, bold: bool) -> float:
    most = max(
        len(_lines(type_, text, width, bold=bold)) for text, width in zip(row, widths, strict=True)
    )
    return max(most, 1) * _SIZE * 1.25 + 2 * _PAD


def _put_row(
    sheet: Sheet,
    type_: Type,
    row: Sequence[str],
    columns: tuple[Sequence[float], Sequence[float]],
    top: float,
    *,
    right_column: int,
    bold: bool,
) -> float:
    lefts, widths = columns
    height = _row_height(type_, row, widths, bold=bold)
    for place, (text, left, width) in enumerate(zip(row, lefts, widths, strict=True)):
        y = top + _PAD
        for line in _lines(type_, text, width, bold=bold):
            x = left + _PAD
            if place == right_column:
                x = left + width - _PAD - line.width
            sheet.put_line(x, y, line, _SIZE)
            y += _SIZE * 1.25
    right = lefts[-1] + widths[-1]
    sheet.rules.append(Rule(lefts[0], top, right, top))
    sheet.rules.append(Rule(lefts[0], top + height, right, top + height))
    sheet.rules.extend(Rule(x, top, x, top + height) for x in (*lefts, right))
    return top + height


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)

"""A plain table on A4 landscape: the till of a day. It never looks like an official receipt."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date

from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.render import _ONE_FILE, _canvas, _finish
from counter_app.documents.templates import Run
from counter_app.documents.typeset import MM, Face, Rule, SetLine, Sheet, Style, Type, draw, type_of

_WIDTH, _HEIGHT = 297 * MM, 210 * MM
_EDGE, _SIZE, _PAD = 15 * MM, 9.5, 1.2 * MM
_SHARES = (5, 17, 19, 24, 9, 12, 14, 17)  # of the columns' widths, in the order of the headings
_RIGHT_COLUMN = 4  # amounts stand at the right edge of theirs


def render_till(
    day: date,
    office: str,
    warning: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    fonts: FontFamily | None = None,
) -> bytes:
    """Return the till of a day as a PDF; the last row is the sum, and every page says what it is.

    Raises:
        PaperError: a font is missing.
    """
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        title = f"Bảng kê thu phí, lệ phí ngày {day:%d/%m/%Y}"
        canvas, out = _canvas((_WIDTH, _HEIGHT), title)
        sheets = _sheets(type_, (title, office, warning), headings, rows)
        for number, sheet in enumerate(sheets, 1):
            page = f"Trang {number}/{len(sheets)}"
            right = _WIDTH - _EDGE - type_.width(page, Style.REGULAR, _SIZE)
            sheet.put(right, _HEIGHT - 12 * MM, page, Face(Style.REGULAR, _SIZE))
            draw(canvas, type_, sheet, 0, _HEIGHT)
            canvas.showPage()
        return _finish(canvas, out)


def _sheets(
    type_: Type, head: tuple[str, str, str], headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> list[Sheet]:
    lefts, widths = _columns()
    sheets: list[Sheet] = []
    sheet, top = Sheet(), _HEIGHT
    for place, row in enumerate(rows):
        is_last = place == len(rows) - 1
        height = _row_height(type_, row, widths, bold=is_last)
        if not sheets or top + height > _HEIGHT - 18 * MM:
            sheet = Sheet()
            sheets.append(sheet)
            top = _put_head(sheet, type_, head)
            top = _put_row(sheet, type_, headings, (lefts, widths), top, bold=True)
        top = _put_row(sheet, type_, row, (lefts, widths), top, bold=is_last)
    return sheets


def _put_head(sheet: Sheet, type_: Type, head: tuple[str, str, str]) -> float:
    title, office, warning = head
    sheet.put(_EDGE, 12 * MM, _nfc(office), Face(Style.REGULAR, 11))
    sheet.centre(type_, title, Face(Style.BOLD, 14), top=19 * MM, between=(_EDGE, _WIDTH - _EDGE))
    sheet.centre(
        type_, warning, Face(Style.ITALIC, 11), top=26 * MM, between=(_EDGE, _WIDTH - _EDGE)
    )
    return 34 * MM


def _columns() -> tuple[list[float], list[float]]:
    unit = (_WIDTH - 2 * _EDGE) / sum(_SHARES)
    widths = [share * unit for share in _SHARES]
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
    bold: bool,
) -> float:
    lefts, widths = columns
    height = _row_height(type_, row, widths, bold=bold)
    for place, (text, left, width) in enumerate(zip(row, lefts, widths, strict=True)):
        y = top + _PAD
        for line in _lines(type_, text, width, bold=bold):
            x = left + _PAD
            if place == _RIGHT_COLUMN:
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

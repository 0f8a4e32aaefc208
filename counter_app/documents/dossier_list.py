"""A plain list of dossiers on A4 landscape: what a filter shows, with its words above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.grid import Grid, GridColumn, put_words
from counter_app.documents.render import _ONE_FILE, _canvas, _end_page, _finish
from counter_app.documents.typeset import MM, Face, Sheet, Stamp, Style, Type, draw, type_of
from counter_app.domain.vietnamese import nfc

_WIDTH, _HEIGHT = 297 * MM, 210 * MM
_EDGE, _TOP, _BOTTOM, _SIZE, _SMALL = 12 * MM, 12 * MM, 16 * MM, 9.0, 10.0
_BETWEEN = (_EDGE, _WIDTH - _EDGE)
_COLUMNS = (
    GridColumn("TT", 4, is_centred=True),
    GridColumn("Mã hồ sơ", 17),
    GridColumn("Người nộp", 17),
    GridColumn("Thủ tục", 29),
    GridColumn("Nhận", 9, is_centred=True),
    GridColumn("Hẹn trả", 12, is_centred=True),
    GridColumn("Trạng thái", 13),
    GridColumn("Đơn vị, cán bộ", 17),
)


class ListPaper(NamedTuple):
    """What stands above the rows, and the rows in the order of the columns."""

    office: str
    title: str
    words: str
    made: str
    rows: Sequence[Sequence[str]]
    is_rehearsal: bool


def render_list(
    paper: ListPaper,
    *,
    progress: Callable[[int, int], object] | None = None,
    fonts: FontFamily | None = None,
) -> bytes:
    """Return a list of dossiers as a PDF file; ``progress`` hears rows done and all rows.

    Raises:
        PaperError: a font is missing.
    """
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((_WIDTH, _HEIGHT), paper.title)
        sheets = _sheets(paper, type_, progress)
        for number, sheet in enumerate(sheets, 1):
            page = f"Trang {number}/{len(sheets)}"
            right = _BETWEEN[1] - type_.width(page, Style.REGULAR, _SIZE)
            sheet.put(right, _HEIGHT - 11 * MM, page, Face(Style.REGULAR, _SIZE))
            if paper.is_rehearsal:
                sheet.stamps.append(Stamp(_WIDTH / 2, _HEIGHT * 0.55, "BẢN TẬP DƯỢT", 52, 30))
            draw(canvas, type_, sheet, 0, _HEIGHT)
            _end_page(canvas)
        return _finish(canvas, out)


def _sheets(
    paper: ListPaper, type_: Type, progress: Callable[[int, int], object] | None
) -> list[Sheet]:
    grid = Grid(type_, _COLUMNS, between=_BETWEEN, size=_SIZE)
    rows = [[nfc(cell) for cell in row] for row in paper.rows]
    sheet = Sheet()
    sheets, top, done = [sheet], _head(sheet, paper, type_), 0
    while done < len(rows):
        _, some = grid.put(sheet, rows[done:], top=top, bottom=_HEIGHT - _BOTTOM)
        done += some
        if progress is not None:
            progress(done, len(rows))
        if done < len(rows):
            sheet = Sheet()
            sheets.append(sheet)
            top = _TOP
    return sheets


def _head(sheet: Sheet, paper: ListPaper, type_: Type) -> float:
    sheet.put(_EDGE, _TOP, nfc(paper.office), Face(Style.REGULAR, _SMALL))
    y = _TOP + 7 * MM
    sheet.centre(type_, nfc(paper.title), Face(Style.BOLD, 14), top=y, between=_BETWEEN)
    y += 8 * MM
    if paper.words:
        face = Face(Style.REGULAR, _SMALL)
        y = put_words(sheet, type_, nfc(paper.words), face, top=y, between=_BETWEEN)
    face = Face(Style.ITALIC, _SMALL)
    y = put_words(sheet, type_, nfc(paper.made), face, top=y, between=_BETWEEN)
    return y + 2 * MM

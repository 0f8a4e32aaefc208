"""PDF files of papers of the office: the kit for an outage, the sheets handed to units."""

from __future__ import annotations

from collections.abc import Sequence

from counter_app.documents import outage, unit_sheet
from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.render import _ONE_FILE, _canvas, _finish, _two_up
from counter_app.documents.typeset import MM, draw, type_of
from counter_app.documents.wording import Wordings, shipped_wordings
from counter_app.domain.outage import OutageFacts
from counter_app.domain.unit_sheet import SheetFacts
from counter_app.errors import PaperError

_LANDSCAPE = (297 * MM, 210 * MM)


def render_kits(
    many: Sequence[OutageFacts],
    *,
    fonts: FontFamily | None = None,
    wordings: Wordings | None = None,
) -> bytes:
    """Return kits as one PDF: each its table first, then a page for each reserved number.

    Raises:
        PaperError: nothing to print, an unknown wording, a character that can't be printed.
    """
    if not many:
        raise PaperError("Chưa chọn bộ giấy nào để in.")
    words = wordings or shipped_wordings()
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((outage.WIDTH, outage.HEIGHT), "Bộ giấy mất điện")
        for facts in many:
            canvas.setPageSize((outage.WIDTH, outage.HEIGHT))
            for sheet in outage.table_sheets(facts, type_):
                draw(canvas, type_, sheet, 0, outage.HEIGHT)
                canvas.showPage()
            receipt = words.version(facts.wording_version).receipt
            canvas.setPageSize(_LANDSCAPE)
            for number in facts.numbers:
                copy, page = outage.blank_receipt(facts, number, receipt, type_)
                _two_up(canvas, type_, copy, page, receipt.copies)
                canvas.showPage()
        return _finish(canvas, out)


def render_sheets(many: Sequence[SheetFacts], *, fonts: FontFamily | None = None) -> bytes:
    """Return sheets to units as one PDF, each beginning on a page of its own.

    Raises:
        PaperError: nothing to print, or a character that can't be printed.
    """
    if not many:
        raise PaperError("Chưa có tờ bàn giao nào để in.")
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((unit_sheet.WIDTH, unit_sheet.HEIGHT), "Phiếu bàn giao hồ sơ")
        for facts in many:
            for sheet in unit_sheet.unit_sheets(facts, type_):
                draw(canvas, type_, sheet, 0, unit_sheet.HEIGHT)
                canvas.showPage()
        return _finish(canvas, out)

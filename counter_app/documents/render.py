"""From facts to the bytes of a PDF file: the only door to this room for printing.

The same facts give the same bytes. reportlab keeps the state of its fonts in the module, so only
one file is made at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from threading import Lock

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from counter_app.documents.apology import HEIGHT, WIDTH, apology_sheets
from counter_app.documents.codes import on_grid
from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.receipt import put_copy_mark, receipt_sheet
from counter_app.documents.receipt_pages import A4, A5, ReceiptPage
from counter_app.documents.typeset import MM, Sheet, Type, draw, type_of
from counter_app.documents.wording import Wordings, shipped_wordings
from counter_app.domain.papers import ApologyFacts, ReceiptFacts
from counter_app.errors import PaperError

PAPERS = ("a4-2up", "a5", "a4")
_LANDSCAPE = (297 * MM, 210 * MM)
_ONE_FILE = Lock()

Progress = Callable[[int, int], None]


def render_receipt(
    facts: ReceiptFacts,
    paper: str = "a4-2up",
    *,
    fonts: FontFamily | None = None,
    wordings: Wordings | None = None,
) -> bytes:
    """Return a receipt (giấy tiếp nhận hồ sơ và hẹn trả kết quả) as a PDF file of one page.

    Raises:
        PaperError: an unknown paper or wording, a character that can't be printed, too much text.
    """
    return render_receipts([facts], paper, fonts=fonts, wordings=wordings)


def render_receipts(
    many: Sequence[ReceiptFacts],
    paper: str = "a4-2up",
    *,
    progress: Progress | None = None,
    fonts: FontFamily | None = None,
    wordings: Wordings | None = None,
) -> bytes:
    """Return receipts as one PDF file, a page each; ``progress`` hears (done, all).

    Raises:
        PaperError: as ``render_receipt``.
    """
    if paper not in PAPERS:
        raise PaperError(f"Không có khổ giấy “{paper}”. Hãy chọn {', '.join(PAPERS)}.")
    _refuse_none(many)
    words = wordings or shipped_wordings()
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        page = A4 if paper == "a4" else A5
        size = _LANDSCAPE if paper == "a4-2up" else (page.width, page.height)
        if paper == "a5":
            size = (148 * MM, 210 * MM)
        canvas, out = _canvas(size, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
        for done, facts in enumerate(many, 1):
            receipt = words.version(facts.wording_version).receipt
            sheet, layout = receipt_sheet(facts, receipt, type_, page)
            if paper == "a4-2up":
                _two_up(canvas, type_, sheet, layout, receipt.copies)
            else:
                draw(canvas, type_, sheet, (size[0] - page.width) / 2, page.height)
            canvas.showPage()
            if progress:
                progress(done, len(many))
        return _finish(canvas, out)


def render_apology(
    facts: ApologyFacts,
    *,
    fonts: FontFamily | None = None,
    wordings: Wordings | None = None,
) -> bytes:
    """Return an apology letter (văn bản xin lỗi) as a PDF file.

    Raises:
        PaperError: an unknown wording, or a character that can't be printed.
    """
    return render_apologies([facts], fonts=fonts, wordings=wordings)


def render_apologies(
    many: Sequence[ApologyFacts],
    *,
    progress: Progress | None = None,
    fonts: FontFamily | None = None,
    wordings: Wordings | None = None,
) -> bytes:
    """Return apology letters as one PDF file; ``progress`` hears (done, all).

    Raises:
        PaperError: as ``render_apology``.
    """
    _refuse_none(many)
    words = wordings or shipped_wordings()
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((WIDTH, HEIGHT), "Văn bản xin lỗi")
        for done, facts in enumerate(many, 1):
            for sheet in apology_sheets(facts, words.version(facts.wording_version), type_):
                draw(canvas, type_, sheet, 0, HEIGHT)
                canvas.showPage()
            if progress:
                progress(done, len(many))
        return _finish(canvas, out)


def _refuse_none(many: Sequence[object]) -> None:
    if not many:
        raise PaperError("Chưa chọn giấy nào để in. Hãy chọn ít nhất một hồ sơ.")


def _two_up(
    canvas: Canvas, type_: Type, sheet: Sheet, page: ReceiptPage, copies: tuple[str, str]
) -> None:
    """Draw the two copies beside each other, with the line to cut along."""
    for number, mark in enumerate(copies):
        copy = replace(sheet, texts=list(sheet.texts))
        put_copy_mark(copy, mark, type_, page)
        left = on_grid(number * page.width)  # bars stay on the printer's dots
        draw(canvas, type_, copy, left, page.height)
    canvas.saveState()
    canvas.setLineWidth(0.5)
    tick = 4 * MM
    canvas.lines(
        [
            (page.width, 0, page.width, tick),
            (page.width, page.height - tick, page.width, page.height),
        ]
    )
    canvas.setStrokeGray(0.45)
    canvas.setDash(3, 3)
    canvas.line(page.width, tick + 3, page.width, page.height - tick - 3)
    canvas.restoreState()


def _canvas(size: tuple[float, float], title: str) -> tuple[Canvas, BytesIO]:
    rl_config.useA85 = 0  # binary streams: smaller and quicker
    out = BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1, pageCompression=1, lang="vi-VN")
    canvas.setTitle(title)
    canvas.setCreator("Counter App")
    # A copy that a viewer shrinks "to fit" no longer meets the cut line; a paper has one side.
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.setViewerPreference("Duplex", "Simplex")
    return canvas, out


def _finish(canvas: Canvas, out: BytesIO) -> bytes:
    canvas.save()
    return out.getvalue()

"""From facts to the bytes of a PDF file: the only door to this room for printing.

The same facts give the same bytes. reportlab keeps the state of its fonts in the module, so only
one file is made at a time.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from io import BytesIO
from threading import Lock
from typing import NamedTuple

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import PDFArray, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from counter_app.documents.apology import (
    HEIGHT,
    WIDTH,
    LetterContent,
    apology_sheets,
    letter_sheets,
)
from counter_app.documents.codes import on_grid
from counter_app.documents.fields import slip_fields
from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.form_words import LetterWording, SheetWording
from counter_app.documents.handover import handover_sheets
from counter_app.documents.receipt import (
    SheetContent,
    SheetSetter,
    one_page,
    put_copy_mark,
    receipt_sheet,
)
from counter_app.documents.receipt_pages import A4, A5, ReceiptPage
from counter_app.documents.routing_slip import routing_sheets
from counter_app.documents.typeset import MM, Sheet, Type, draw, type_of
from counter_app.documents.wording import Wordings, shipped_wordings
from counter_app.domain.papers import ApologyFacts, HandoverFacts, ReceiptFacts, SlipFacts
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
    _refuse_none(many)
    words = wordings or shipped_wordings()
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        shape = _shape(paper)
        canvas, out = _canvas(shape.size, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
        for done, facts in enumerate(many, 1):
            receipt = words.version(facts.wording_version).receipt
            page = receipt_sheet(facts, receipt, type_, shape.page)
            _put_sheet(canvas, type_, page, shape, receipt)
            _end_page(canvas)
            if progress:
                progress(done, len(many))
        return _finish(canvas, out)


class _Shape(NamedTuple):
    """The paper in the printer and the page that a copy takes of it."""

    size: tuple[float, float]
    page: ReceiptPage
    is_two_up: bool


def _shape(paper: str) -> _Shape:
    if paper not in PAPERS:
        raise PaperError(f"Không có khổ giấy “{paper}”. Hãy chọn {', '.join(PAPERS)}.")
    page = A4 if paper == "a4" else A5
    size = {"a4-2up": _LANDSCAPE, "a5": (148 * MM, 210 * MM)}.get(paper, (page.width, page.height))
    return _Shape(size, page, paper == "a4-2up")


def _put_sheet(
    canvas: Canvas, type_: Type, page: tuple[Sheet, ReceiptPage], shape: _Shape, words: SheetWording
) -> None:
    sheet, layout = page
    if shape.is_two_up:
        _two_up(canvas, type_, sheet, layout, words.copies)
    else:
        draw(canvas, type_, sheet, (shape.size[0] - layout.width) / 2, layout.height)


def render_slips(
    many: Sequence[SlipFacts],
    paper: str = "a4-2up",
    *,
    progress: Progress | None = None,
    fonts: FontFamily | None = None,
    wordings: Wordings | None = None,
) -> bytes:
    """Return supplement and refusal slips, stop notices and the like as one PDF file.

    A slip takes the paper of receipts, two copies beside each other by default; a notice is A4.

    Raises:
        PaperError: as ``render_receipt``.
    """
    _refuse_none(many)
    versions = wordings or shipped_wordings()
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        first = versions.version(many[0].wording_version).slip(many[0].kind)
        shape = _shape(paper)
        canvas, out = _canvas(shape.size, first.name)
        for done, facts in enumerate(many, 1):
            form = versions.version(facts.wording_version)
            words = form.slip(facts.kind).words
            fields = slip_fields(facts, form)
            if isinstance(words, LetterWording):
                for sheet in letter_sheets(_letter_content(facts, fields), words, type_):
                    canvas.setPageSize((WIDTH, HEIGHT))
                    draw(canvas, type_, sheet, 0, HEIGHT)
                    _end_page(canvas)
            elif words is not None:
                content = SheetContent(
                    fields,
                    facts.printed_code,
                    requirements=facts.requirements,
                    is_rehearsal=facts.is_rehearsal,
                )
                table = form.slip(facts.kind).table
                if table is not None:
                    # One copy that travels with the dossier: a whole sheet, on A5 if so chosen.
                    alone = _shape("a5" if paper == "a5" else "a4")
                    setter = SheetSetter(content, words, type_, alone.page)
                    for sheet in routing_sheets(setter, table, facts.handovers):
                        canvas.setPageSize(alone.size)
                        draw(canvas, type_, sheet, 0, alone.page.height)
                        _end_page(canvas)
                else:
                    canvas.setPageSize(shape.size)
                    page = one_page(content, words, type_, shape.page)
                    _put_sheet(canvas, type_, page, shape, words)
                    _end_page(canvas)
            if progress:
                progress(done, len(many))
        return _finish(canvas, out)


def _letter_content(facts: SlipFacts, fields: dict[str, str]) -> LetterContent:
    return LetterContent(
        fields,
        facts.variant,
        facts.signer_titles,
        facts.signer_name,
        facts.recipients,
        facts.title,
        facts.is_rehearsal,
    )


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
                _end_page(canvas)
            if progress:
                progress(done, len(many))
        return _finish(canvas, out)


def render_handover(facts: HandoverFacts, *, fonts: FontFamily | None = None) -> bytes:
    """Return the list that one runner signs (danh sách bàn giao kết quả) as a PDF file.

    Raises:
        PaperError: a character that can't be printed, or nothing that was handed over.
    """
    _refuse_none(facts.lines)
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((WIDTH, HEIGHT), "Danh sách bàn giao kết quả")
        for sheet in handover_sheets(facts, type_):
            draw(canvas, type_, sheet, 0, HEIGHT)
            _end_page(canvas)
        return _finish(canvas, out)


def _refuse_none(many: Sequence[object]) -> None:
    if not many:
        raise PaperError("Chưa chọn giấy nào để in. Hãy chọn ít nhất một hồ sơ.")


def _two_up(
    canvas: Canvas, type_: Type, sheet: Sheet, page: ReceiptPage, copies: tuple[str, str]
) -> None:
    """Draw the two copies beside each other, with the line to cut along."""
    code = canvas._code  # type: ignore[attr-defined]  # noqa: SLF001 - no other way
    start = len(code)
    draw(canvas, type_, sheet, 0, page.height)
    drawn = code[start:]
    for number, mark in enumerate(copies):
        only = Sheet()
        put_copy_mark(only, mark, type_, page)
        canvas.saveState()
        if number:
            # What both copies say was drawn once and is said again beside it; bars stay on the
            # printer's dots.
            canvas.translate(on_grid(page.width), 0)
            code += drawn
        draw(canvas, type_, only, 0, page.height)
        canvas.restoreState()
    _cut_line(canvas, page.width, page.height)


def _cut_line(canvas: Canvas, at: float, length: float) -> None:
    """Draw the upright line to cut along: its ends are solid, what lies between is dashed."""
    canvas.saveState()
    canvas.setLineWidth(0.5)
    tick = 4 * MM
    canvas.lines([(at, 0, at, tick), (at, length - tick, at, length)])
    canvas.setStrokeGray(0.45)
    canvas.setDash(3, 3)
    canvas.line(at, tick + 3, at, length - tick - 3)
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


def _end_page(canvas: Canvas) -> None:
    """End a page and pack it at once: reportlab keeps the text of every page until the end."""
    canvas.showPage()
    pages = canvas._doc.Pages.pages  # type: ignore[attr-defined]  # noqa: SLF001 - no other way
    page = pages[-1]
    packed = PDFStream(content=zlib.compress(page.stream.encode("latin-1")))
    packed.dictionary["Filter"] = PDFArray([PDFName("FlateDecode")])
    page.Contents, page.stream = packed, None


def _finish(canvas: Canvas, out: BytesIO) -> bytes:
    canvas.save()
    return out.getvalue()

"""Registers, notice-board lists and procedure sheets as PDF files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.receipt import SheetContent, one_page
from counter_app.documents.receipt_pages import A4
from counter_app.documents.register import HEIGHT, WIDTH, posting_sheets, register_sheets
from counter_app.documents.render import _ONE_FILE, Progress, _canvas, _end_page, _finish
from counter_app.documents.typeset import draw, type_of
from counter_app.documents.wording import Wordings, shipped_wordings
from counter_app.domain.papers import PaperDocument
from counter_app.domain.register import Posting, RegisterVolume
from counter_app.errors import PaperError


def render_register(
    volumes: Iterable[RegisterVolume],
    *,
    total: int,
    progress: Progress | None = None,
    fonts: FontFamily | None = None,
    wordings: Wordings | None = None,
) -> bytes:
    """Return volumes of the register as one PDF file; ``progress`` hears (done, all) volumes.

    A volume at a time is read and set, so that a long year takes no more memory than a short one.

    Raises:
        PaperError: an unknown wording, or a character that can't be printed.
    """
    words = wordings or shipped_wordings()
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((WIDTH, HEIGHT), "Sổ theo dõi hồ sơ")
        for done, volume in enumerate(volumes, 1):
            table = words.version(volume.wording_version).slip("register").as_table()
            for sheet in register_sheets(volume, table, type_):
                draw(canvas, type_, sheet, 0, HEIGHT)
                _end_page(canvas)
            if progress:
                progress(done, total)
        return _finish(canvas, out)


def render_postings(
    many: Sequence[Posting],
    *,
    fonts: FontFamily | None = None,
    wordings: Wordings | None = None,
) -> bytes:
    """Return the notice board's lists as one PDF file, a list for each sector.

    Raises:
        PaperError: there is none, an unknown wording, or a character that can't be printed.
    """
    if not many:
        raise PaperError("Không có thủ tục nào để niêm yết. Hãy kiểm tra tên lĩnh vực.")
    words = wordings or shipped_wordings()
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((WIDTH, HEIGHT), "Danh mục thủ tục hành chính niêm yết")
        for posting in many:
            table = words.version(posting.wording_version).slip("posting").as_table()
            for sheet in posting_sheets(posting, table, type_):
                draw(canvas, type_, sheet, 0, HEIGHT)
                _end_page(canvas)
        return _finish(canvas, out)


def render_procedure(
    fields: Mapping[str, str],
    documents: tuple[PaperDocument, ...],
    version: str,
    *,
    is_rehearsal: bool = False,
    fonts: FontFamily | None = None,
    wordings: Wordings | None = None,
) -> bytes:
    """Return one procedure's full sheet for the citizen, on A4.

    Raises:
        PaperError: an unknown wording, a character that can't be printed, too much text.
    """
    words = (wordings or shipped_wordings()).version(version).slip("procedure").as_sheet()
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((A4.width, A4.height), "Thông tin thủ tục hành chính")
        content = SheetContent(
            fields, fields["procedure_code"], documents, is_rehearsal=is_rehearsal
        )
        sheet, layout = one_page(content, words, type_, A4)
        draw(canvas, type_, sheet, 0, layout.height)
        _end_page(canvas)
        return _finish(canvas, out)

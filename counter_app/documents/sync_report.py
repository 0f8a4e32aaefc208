"""The report of an import of a bundle (biên bản nhận gói), to be kept with the stick's papers."""

from __future__ import annotations

from collections.abc import Sequence

from counter_app.documents.fonts import FontFamily
from counter_app.documents.plain_table import Plan, TableHead, render_table

_PLAN = Plan((22, 24, 34, 16, 12))


def render_sync_report(
    title: str,
    office: str,
    lines: Sequence[str],
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    is_rehearsal: bool = False,
    fonts: FontFamily | None = None,
) -> bytes:
    """Return the report as a PDF: what was taken in, and the dossiers it touched.

    Raises:
        PaperError: a font is missing, or a character can't be printed.
    """
    head = TableHead(title, office, lines=tuple(lines), is_rehearsal=is_rehearsal)
    return render_table(head, headings, rows, _PLAN, fonts=fonts)

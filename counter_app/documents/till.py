"""The till of a day as a table on A4 landscape. It never looks like an official receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from counter_app.documents.fonts import FontFamily
from counter_app.documents.plain_table import Plan, TableHead, render_table

# Of the columns' widths, in the order of the headings; amounts stand at the right edge of theirs.
_PLAN = Plan((5, 17, 19, 24, 9, 12, 14, 17), right_column=4, is_last_bold=True)


def render_till(
    day: date,
    office: str,
    warning: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    is_rehearsal: bool = False,
    fonts: FontFamily | None = None,
) -> bytes:
    """Return the till of a day as a PDF; the last row is the sum, and every page says what it is.

    Raises:
        PaperError: a font is missing.
    """
    head = TableHead(
        f"Bảng kê thu phí, lệ phí ngày {day:%d/%m/%Y}", office, warning, is_rehearsal=is_rehearsal
    )
    return render_table(head, headings, rows, _PLAN, fonts=fonts)

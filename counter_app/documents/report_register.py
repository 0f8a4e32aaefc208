"""The annex of a report: every dossier of the period in the columns of the register (Mẫu 07)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from counter_app.documents.form_words import TableWording
from counter_app.documents.register import HEIGHT, WIDTH, TablePages, row_cells
from counter_app.documents.typeset import MM, Face, Sheet, Style, Type
from counter_app.domain.register import RegisterRow
from counter_app.domain.vietnamese import nfc

_SIZE, _TOP, _BOTTOM, _EDGE = 8.5, 18 * MM, 18 * MM, 15 * MM
_CENTRED = frozenset({0, 3, 7, 8, 9})  # numbers and days
_OFTEN = 50  # rows between two words of progress


class Annex(NamedTuple):
    """The rows, read as they are set, how many they are, and the form's words."""

    rows: Iterable[RegisterRow]
    total: int
    words: TableWording

    def headings(self) -> list[str]:
        """Return the headings in one line each, those of a group with its name."""
        found = []
        for place, text in enumerate(self.words.columns):
            is_inside = self.words.group_from <= place < self.words.group_to
            own = " ".join(text.split())
            found.append(f"{own} ({self.words.group.lower()})" if is_inside else own)
        return found


def annex_sheets(
    annex: Annex, period: str, type_: Type, progress: Callable[[int, int], None] | None
) -> Iterator[Sheet]:
    """Yield the pages of the annex one at a time: a long period takes no more memory."""
    pages = TablePages(annex.words, type_, _SIZE, _CENTRED)
    sheet = Sheet()
    y = _TOP
    for text, face in (
        ("PHỤ LỤC", Face(Style.BOLD, 13)),
        (f"TRÍCH {' '.join(annex.words.title)}", Face(Style.BOLD, 13)),
        (f"Hồ sơ tiếp nhận trong {period}", Face(Style.ITALIC, 12)),
    ):
        y = pages.centred(sheet, nfc(text), face, y)
    y = pages.table.heading(sheet, y + 2 * MM)
    is_empty = True
    for number, row in enumerate(annex.rows, 1):
        is_empty = False
        cells = [nfc(cell) for cell in row_cells(row, annex.words.labels)]
        if y + pages.table.height(cells) > HEIGHT - _BOTTOM:
            yield sheet
            sheet = Sheet()
            y = pages.table.heading(sheet, _TOP)
        y = pages.table.row(sheet, y, cells)
        if progress is not None and number % _OFTEN == 0:
            progress(number, annex.total)
    if is_empty:
        words = "Trong kỳ không tiếp nhận hồ sơ nào."
        sheet.centre(type_, words, Face(Style.ITALIC, 12), top=y + 3 * MM,
                     between=(_EDGE, WIDTH - _EDGE))  # fmt: skip
    yield sheet

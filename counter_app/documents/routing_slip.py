"""The routing slip (phiếu kiểm soát quá trình giải quyết hồ sơ): a hand-over to each row.

Each row has room for both signatures; empty rows follow for those who write by hand.
"""

from __future__ import annotations

from datetime import datetime

from counter_app.documents.fields import moment_in_words
from counter_app.documents.form_table import Column, FormTable
from counter_app.documents.form_words import TableWording
from counter_app.documents.receipt import SheetSetter
from counter_app.documents.receipt_pages import ReceiptPage
from counter_app.documents.templates import NO_BREAK
from counter_app.documents.typeset import MM, Face, Rule, Sheet, Style
from counter_app.domain.papers import PaperHandover

_LEAST_ROWS = 3
_SIGN_ROOM = 11 * MM
_PEN_TIME = "……_giờ ……_phút, ngày_…… tháng_…… năm_………".replace("_", NO_BREAK)


def routing_sheets(
    setter: SheetSetter, table: TableWording, handovers: tuple[PaperHandover, ...]
) -> list[Sheet]:
    """Set a routing slip, one sheet a page."""
    return _Rows(setter, table).pages(handovers)


class _Rows:
    def __init__(self, setter: SheetSetter, table: TableWording) -> None:
        self.setter = setter
        self.words = table
        page: ReceiptPage = setter.page
        self.page = page
        self.size = min(page.steps[0].size, 11.5) - 1
        columns = [
            Column(heading, share)
            for heading, share in zip(table.columns, table.shares, strict=True)
        ]
        self.table = FormTable(
            setter.type, columns, left=setter.left, width=setter.width, size=self.size
        )

    def pages(self, handovers: tuple[PaperHandover, ...]) -> list[Sheet]:
        """Return the pages: the first has the head and what the dossier is."""
        setter, step = self.setter, self.page.steps[0]
        y = setter.head()
        sheet = setter.sheet
        for line in setter.words.lines:
            y = setter.line(sheet, setter.items(line), step, y)
        y = self.table.heading(sheet, y + step.size * 0.4)
        sheets = [sheet]
        bottom = self.page.height - self.page.bottom
        blanks = max(_LEAST_ROWS - len(handovers), 1)
        for handover in (*handovers, *[PaperHandover("")] * blanks):
            height = self._height(handover)
            if y + height > bottom:
                sheets.append(Sheet())
                number = Face(Style.REGULAR, self.page.small)
                between = (setter.left, setter.right)
                sheets[-1].centre(
                    setter.type, str(len(sheets)), number, top=self.page.top, between=between
                )
                y = self.table.heading(sheets[-1], self.page.top + self.page.small * 1.6)
            y = self._row(sheets[-1], handover, y, height)
        return sheets

    def _cells(self, handover: PaperHandover) -> tuple[str, str, str, str]:
        unit = handover.unit
        if handover.officer:
            unit += f"\n{handover.officer}"
        labels = self.words.labels
        given = _time(handover.handed_at)
        taken = _time(handover.received_at)
        times = f"1. {labels['handed']}: {given}\n2. {labels['received']}: {taken}"
        return unit, times, handover.result, handover.note

    def _foot(self) -> float:
        return self.table.lead * 2 + _SIGN_ROOM

    def _height(self, handover: PaperHandover) -> float:
        cells = self._cells(handover)
        times = self.table.height(("", cells[1], "", "")) + self._foot() + self._names(handover)
        return max(times, self.table.height(cells))

    def _names(self, handover: PaperHandover) -> float:
        return max(len(rows) for rows in self._signers(handover)) * self.table.lead

    def _signers(self, handover: PaperHandover) -> list[tuple[str, ...]]:
        room = (self.table.edges[2] - self.table.edges[1]) / 2 - 4
        return [
            self.setter.type.balanced(name, Style.REGULAR, self.size, room) if name else ()
            for name in (handover.handed_by, handover.received_by)
        ]

    def _row(self, sheet: Sheet, handover: PaperHandover, top: float, height: float) -> float:
        table, labels = self.table, self.words.labels
        cells = self._cells(handover)
        bottom = table.row(sheet, top, cells, least=height)
        left, right = table.edges[1], table.edges[2]
        middle = (left + right) / 2
        line = bottom - self._foot() - self._names(handover) + table.lead * 0.4
        sheet.rules += [Rule(left, line, right, line), Rule(middle, line, middle, bottom)]
        sides = ((left, middle), (middle, right))
        signers = self._signers(handover)
        for between, label, rows in zip(
            sides, (labels["giver"], labels["taker"]), signers, strict=True
        ):
            face = Face(Style.ITALIC, self.size)
            sheet.centre(self.setter.type, label, face, top=line + table.pad, between=between)
            for number, text in enumerate(rows):
                y = bottom - (len(rows) - number) * table.lead - table.pad
                plain = Face(Style.REGULAR, self.size)
                sheet.centre(self.setter.type, text, plain, top=y, between=between)
        return bottom


def _time(moment: datetime | None) -> str:
    return moment_in_words(moment) if moment else _PEN_TIME

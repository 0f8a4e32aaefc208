"""The register (sổ theo dõi hồ sơ) and the notice board's lists: tables on A4 landscape.

A volume has its cover, the page that opens it, its rows under grouped headings on numbered pages,
and the page that closes it, or says that it is still open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from counter_app.documents.fields import day_in_words
from counter_app.documents.form_table import Column, FormTable, Group
from counter_app.documents.form_words import TableWording
from counter_app.documents.head import Head, put_head
from counter_app.documents.templates import Fields, Run
from counter_app.documents.typeset import MM, Face, Sheet, Stamp, Style, Type
from counter_app.domain.register import Posting, RegisterRow, RegisterVolume

WIDTH, HEIGHT = 297 * MM, 210 * MM
_EDGE, _TOP, _BOTTOM = 15 * MM, 15 * MM, 14 * MM
_EDGES = (_EDGE, WIDTH - _EDGE)
_SIZE, _NOTICE, _TEXT, _SMALL = 8.5, 10.5, 13, 9.5
_CENTRED = frozenset({0, 3, 7, 8, 9})  # numbers and days


def register_sheets(volume: RegisterVolume, table: TableWording, type_: Type) -> list[Sheet]:
    """Set a volume, one sheet a page."""
    return _Register(volume, table, type_).pages()


class TablePages:
    """What register and posting share: a table under repeated headings, and page numbers."""

    def __init__(
        self, table: TableWording, type_: Type, size: float, centred: frozenset[int]
    ) -> None:
        self.words = table
        self.type = type_
        columns = [
            Column(heading, share, number in centred)
            for number, (heading, share) in enumerate(zip(table.columns, table.shares, strict=True))
        ]
        group = Group(table.group, table.group_from, table.group_to)
        self.table = FormTable(
            type_, columns, left=_EDGE, width=WIDTH - 2 * _EDGE, size=size, group=group
        )

    def centred(self, sheet: Sheet, text: str, face: Face, top: float) -> float:
        """Set a line in the middle; return the height below."""
        sheet.centre(self.type, text, face, top=top, between=_EDGES)
        return top + face.size * 1.35

    def lines(self, sheet: Sheet, runs: Sequence[Run], size: float, top: float) -> float:
        """Set a paragraph; return the height below."""
        for line in self.type.break_lines(runs, size, WIDTH - 2 * _EDGE):
            sheet.put_line(_EDGE, top, line, size)
            top += size * 1.35
        return top

    def set_rows(
        self, sheets: list[Sheet], rows: Sequence[Sequence[str]], *, top: float, foot: float = 0
    ) -> float:
        """Set rows on the last sheet from a height on; return where the last one ends."""
        bottom = HEIGHT - _BOTTOM - _SMALL * 1.6
        y = self.table.heading(sheets[-1], top)
        for place, cells in enumerate(rows):
            needed = self.table.height(cells) + (foot if place == len(rows) - 1 else 0)
            if y + needed > bottom:
                sheets.append(Sheet())
                y = self.table.heading(sheets[-1], _TOP)
            y = self.table.row(sheets[-1], y, cells)
        return y

    def number(self, sheets: list[Sheet], label: str, *, is_rehearsal: bool) -> list[Sheet]:
        """Number the pages."""
        for number, sheet in enumerate(sheets, 1):
            text, face = f"{label} {number}/{len(sheets)}", Face(Style.REGULAR, _SMALL)
            x = WIDTH - _EDGE - self.type.width(text, *face)
            sheet.put(x, HEIGHT - _BOTTOM, text, face)
            if is_rehearsal:
                words = self.words.labels["rehearsal"].partition(",")[0]
                sheet.stamps.append(Stamp(WIDTH / 2, HEIGHT * 0.55, words, 52, 30))
        return sheets


class _Register(TablePages):
    def __init__(self, volume: RegisterVolume, table: TableWording, type_: Type) -> None:
        super().__init__(table, type_, _SIZE, _CENTRED)
        self.volume = volume

    def pages(self) -> list[Sheet]:
        sheets = [self._cover(), Sheet(), Sheet()]
        self.set_rows(
            sheets, [row_cells(row, self.words.labels) for row in self.volume.rows], top=_TOP
        )
        sheets.append(Sheet())
        fields = self._fields(len(sheets))
        is_closed = self.volume.closed_on is not None
        self._statement(sheets[1], "opening", "opening" if is_closed else "opening_open", fields)
        self._statement(sheets[-1], "closing", "closing" if is_closed else "still_open", fields)
        label = self.words.labels["page"]
        return self.number(sheets, label, is_rehearsal=self.volume.is_rehearsal)

    def _fields(self, pages: int) -> dict[str, str]:
        volume = self.volume
        numbers = [row.number for row in volume.rows]
        return {
            "office_parent": volume.office_parent,
            "office_name": volume.office_name,
            "office_title": volume.office_title,
            "place": volume.place,
            "year": str(volume.year),
            "volume": f"{volume.volume:02d}",
            "sector": volume.sector or self.words.labels["all_sectors"],
            "first": f"{min(numbers, default=0):02d}",
            "last": f"{max(numbers, default=0):02d}",
            "count": f"{len(numbers):02d}",
            "pages": f"{pages:02d}",
            "opened": _bare(volume.opened_on),
            "closed": _bare(volume.closed_on or volume.printed_on),
            "printed": _bare(volume.printed_on),
        }

    def _cover(self) -> Sheet:
        sheet, volume, labels = Sheet(), self.volume, self.words.labels
        face = Face(Style.BOLD, _SMALL)
        label = self.words.form_label
        sheet.put(_EDGES[1] - self.type.width(label, *face), _TOP, label, face)
        put_head(
            sheet,
            self.type,
            (volume.office_parent, volume.office_name),
            Head(*_EDGES, 0.45, 13),
            top=_TOP + 10 * MM,
        )
        y = HEIGHT * 0.42
        for line in self.words.title:
            y = self.centred(sheet, line, Face(Style.BOLD, 30), y)
        y += 8 * MM
        sector = volume.sector or labels["all_sectors"]
        y = self.centred(sheet, f"{labels['sector']} {sector}", Face(Style.REGULAR, 16), y)
        y = self.centred(
            sheet, f"{labels['volume']} {volume.volume:02d}", Face(Style.REGULAR, 16), y + 2 * MM
        )
        self.centred(sheet, f"{labels['year']} {volume.year}", Face(Style.BOLD, 18), y + 4 * MM)
        return sheet

    def _statement(self, sheet: Sheet, label: str, name: str, fields: Fields) -> None:
        labels = self.words.labels
        y = self.centred(sheet, labels[label], Face(Style.BOLD, 16), _TOP + 10 * MM) + 6 * MM
        for template in self.words.texts[name]:
            y = self.lines(sheet, template.fill(fields), _TEXT, y) + 3 * MM
        day = self.volume.opened_on if label == "opening" else self.volume.closed_on
        between = (WIDTH * 0.55, _EDGES[1])
        y += 6 * MM
        if day is not None and self.volume.place:
            place = f"{self.volume.place}, {day_in_words(day)}"
            sheet.centre(self.type, place, Face(Style.ITALIC, _TEXT), top=y, between=between)
            y += _TEXT * 1.4
        if name != "still_open":
            face = Face(Style.BOLD, _TEXT)
            sheet.centre(self.type, labels["signer"], face, top=y, between=between)
            face = Face(Style.ITALIC, _TEXT)
            y += _TEXT * 1.35
            sheet.centre(self.type, labels["sign_note"], face, top=y, between=between)


def row_cells(row: RegisterRow, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return a dossier's line as it is printed, in the order of the columns."""
    return (
        str(row.number),
        _broken(row.code),
        row.procedure_name,
        str(row.sets),
        row.owner_name,
        row.address_phone,
        row.unit,
        _short(row.received),
        _short(row.due),
        _short(row.returned),
        labels.get(row.result_to, row.result_to),
        row.collected_by,
        row.note,
    )


def posting_sheets(posting: Posting, table: TableWording, type_: Type) -> list[Sheet]:
    """Set a sector's list, one sheet a page."""
    pages = TablePages(table, type_, _NOTICE, frozenset({0, 1}))
    labels, sheet = table.labels, Sheet()
    fields = {
        "office_parent": posting.office_parent,
        "office_name": posting.office_name,
        "office_title": posting.office_title,
        "place": posting.place,
        "issued": day_in_words(posting.issued_on),
        "number": "",
        "sector": posting.sector,
        "hours": posting.hours,
        "hotline": posting.hotline,
        "count": f"{len(posting.rows):02d}",
    }
    agencies = (posting.office_parent, posting.office_name)
    y = put_head(sheet, type_, agencies, Head(*_EDGES, 0.45, 12), top=_TOP)
    for line in table.title:
        y = pages.centred(sheet, line, Face(Style.BOLD, 15), y)
    for name, face in (("sector", Face(Style.BOLD, 14)), ("head", Face(Style.ITALIC, 11.5))):
        for template in table.texts[name]:
            y = pages.centred(sheet, template.plain(fields), face, y)
    sheets = [sheet]
    rows = [
        (
            str(number),
            row.code,
            row.name,
            "\n".join(f"- {text}" for text in row.documents) or labels["unknown"],
            _sure(row.limit, labels, unsure=row.unsure),
            _sure(row.fee, labels, unsure=row.unsure),
            row.unit or labels["unknown"],
        )
        for number, row in enumerate(posting.rows, 1)
    ]
    feet = [template.fill(fields) for template in table.texts["foot"]]
    if any(row.unsure for row in posting.rows):
        feet += [template.fill(fields) for template in table.texts["unconfirmed"]]
    foot = len(feet) * _NOTICE * 1.35 + 3 * MM
    y = pages.set_rows(sheets, rows, top=y + 3 * MM, foot=foot) + 3 * MM
    for runs in feet:
        y = pages.lines(sheets[-1], runs, _NOTICE, y)
    return pages.number(sheets, labels["page"], is_rehearsal=posting.is_rehearsal)


def _sure(text: str, labels: dict[str, str], *, unsure: bool) -> str:
    return (text + labels["unconfirmed"] if unsure else text) if text else labels["unknown"]


def _broken(code: str) -> str:
    """Break a code before its day and number, where it can be read out in two parts."""
    parts = code.rsplit("-", 2)
    return f"{parts[0]}-\n{parts[1]}-{parts[2]}" if len(parts) == 3 else code  # noqa: PLR2004


def _bare(day: date) -> str:
    return day_in_words(day).partition("\u00a0")[2]


def _short(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""

"""A report that is handed in: the official table, its notes, the paragraph, charts and lists.

A4 landscape throughout, because the table has thirteen columns; type and head as NĐ 30/2020.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from counter_app.documents.chart_pages import draw_charts
from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.head import Head, put_head
from counter_app.documents.render import _ONE_FILE, _canvas, _end_page, _finish
from counter_app.documents.report_heading import LevelledHeading
from counter_app.documents.report_register import Annex, annex_sheets
from counter_app.documents.templates import Run
from counter_app.documents.typeset import (
    MM,
    Face,
    Rule,
    SetLine,
    Sheet,
    Stamp,
    Style,
    Type,
    draw,
    type_of,
)
from counter_app.domain.form_heading import HeadingCell
from counter_app.domain.report_material import LateLine, Material
from counter_app.domain.report_words import INDICATORS_NOTE, FormLine, decimal, period_name
from counter_app.domain.vietnamese import nfc
from counter_app.domain.words import format_number

_WIDTH, _HEIGHT = 297 * MM, 210 * MM
_LEFT, _RIGHT, _TOP, _BOTTOM = 20 * MM, 15 * MM, 18 * MM, 18 * MM
_BODY, _SMALL, _PAD, _LEAD = 12.0, 10.0, 1.1 * MM, 1.22
_SIGN_ROOM = 22 * MM
_SIGNED = 3 * MM + 13 * _LEAD + _SIGN_ROOM  # day, offices, room to sign
_OFTEN = 50  # rows between two words of progress
_BETWEEN = (_LEFT, _WIDTH - _RIGHT)
_ROOM = _WIDTH - _LEFT - _RIGHT


class _Table(NamedTuple):
    """A table: shares of the width, headings, rows, which columns stand to the right."""

    shares: Sequence[float]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[int] = frozenset()
    last_is_bold: bool = False
    levels: Sequence[HeadingCell] = ()  # instead of plain headings

    def columns(self) -> list[tuple[float, float]]:
        """Return left edge and width of each column."""
        unit = _ROOM / sum(self.shares)
        found, left = [], _LEFT
        for share in self.shares:
            found.append((left, share * unit))
            left += share * unit
        return found


class _Book:
    """Pages that fill from top to bottom."""

    def __init__(self, type_: Type, progress: Callable[[int, int], None] | None = None) -> None:
        self.type = type_
        self._progress = progress
        self.sheets: list[Sheet] = []
        self.top = _HEIGHT
        self.turn()

    def turn(self) -> None:
        """Begin a new page."""
        self.sheets.append(Sheet())
        self.top = _TOP

    @property
    def sheet(self) -> Sheet:
        """The page that is being filled."""
        return self.sheets[-1]

    def need(self, height: float) -> None:
        """Turn the page if so much doesn't fit on it."""
        if self.top + height > _HEIGHT - _BOTTOM:
            self.turn()

    def centred(self, text: str, face: Face, *, after: float = 0) -> None:
        """Set a line in the middle."""
        self.need(face.size * 2)
        self.sheet.centre(self.type, nfc(text), face, top=self.top, between=_BETWEEN)
        self.top += face.size * _LEAD + after

    def heading(self, text: str, table: _Table | None = None) -> None:
        """Set a heading that stays with what follows: a table's headings and its first row."""
        self.top += 4 * MM
        self.need(30 * MM if table is None else _BODY * _LEAD + 1.5 * MM + self._begun(table))
        self.sheet.put(_LEFT, self.top, nfc(text), Face(Style.BOLD, _BODY))
        self.top += _BODY * _LEAD + 1.5 * MM

    def text(self, text: str, *, size: float = _BODY, italic: bool = False) -> None:
        """Set a paragraph."""
        for line in self._lines(text, size, italic=italic):
            self.need(size * _LEAD)
            self.sheet.put_line(_LEFT, self.top, line, size)
            self.top += size * _LEAD
        self.top += 1.2 * MM

    def text_height(self, text: str, *, size: float, italic: bool) -> float:
        """Return how high a paragraph will stand."""
        return len(self._lines(text, size, italic=italic)) * size * _LEAD + 1.2 * MM

    def _lines(self, text: str, size: float, *, italic: bool) -> tuple[SetLine, ...]:
        return self.type.break_lines([Run(nfc(text))], size, _ROOM, italic=italic)

    def table(self, table: _Table) -> None:
        """Set a table; its headings come again on every page."""
        columns = table.columns()
        self._head(table, columns)
        for place, row in enumerate(table.rows):
            bold = table.last_is_bold and place == len(table.rows) - 1
            cells = self._broken(row, columns, bold=bold)
            if self.top + _height(cells) > _HEIGHT - _BOTTOM:
                self.turn()
                self._head(table, columns)
            self._put(cells, columns, table.right)
            if self._progress is not None and (place + 1) % _OFTEN == 0:
                self._progress(place + 1, len(table.rows))

    def _head(self, table: _Table, columns: Sequence[tuple[float, float]]) -> None:
        if not table.levels:
            self._row(table.headings, columns, frozenset(), bold=True, centred=True)
            return
        heading = LevelledHeading(
            self.type, table.levels, columns, size=_SMALL, lead=_SMALL * _LEAD, pad=_PAD
        )
        self.need(heading.height)
        heading.put(self.sheet, self.top)
        self.top += heading.height

    def _begun(self, table: _Table) -> float:
        """Return the height of a table's headings with its first row."""
        columns = table.columns()
        first = [self._broken(row, columns, bold=False) for row in table.rows[:1]]
        return sum(map(_height, [self._broken(table.headings, columns, bold=True), *first]))

    def headed(self, text: str, table: _Table) -> None:
        """Set a table under its own heading."""
        self.heading(text, table)
        self.table(table)

    def _row(
        self,
        row: Sequence[str],
        columns: Sequence[tuple[float, float]],
        right: frozenset[int],
        *,
        bold: bool,
        centred: bool = False,
    ) -> None:
        cells = self._broken(row, columns, bold=bold)
        self.need(_height(cells))
        self._put(cells, columns, right, centred=centred)

    def _broken(
        self, row: Sequence[str], columns: Sequence[tuple[float, float]], *, bold: bool
    ) -> list[tuple[SetLine, ...]]:
        return [
            self.type.break_lines([Run(nfc(text), bold)], _SMALL, width - 2 * _PAD)
            for text, (_, width) in zip(row, columns, strict=True)
        ]

    def _put(
        self,
        cells: Sequence[tuple[SetLine, ...]],
        columns: Sequence[tuple[float, float]],
        right: frozenset[int],
        *,
        centred: bool = False,
    ) -> None:
        height, top = _height(cells), self.top
        for place, (lines, (left, width)) in enumerate(zip(cells, columns, strict=True)):
            y = top + _PAD
            for line in lines:
                x = left + _PAD
                if centred:
                    x = left + (width - line.width) / 2
                elif place in right:
                    x = left + width - _PAD - line.width
                self.sheet.put_line(x, y, line, _SMALL)
                y += _SMALL * _LEAD
        edges = [left for left, _ in columns] + [_WIDTH - _RIGHT]
        rules = self.sheet.rules
        rules += [Rule(_LEFT, y, _WIDTH - _RIGHT, y) for y in (top, top + height)]
        rules += [Rule(x, top, x, top + height) for x in edges]
        self.top += height


def _height(cells: Sequence[tuple[SetLine, ...]]) -> float:
    return max(1, *(len(lines) for lines in cells)) * _SMALL * _LEAD + 2 * _PAD


def render_report(
    material: Material,
    *,
    annex: Annex | None = None,
    progress: Callable[[int, int], None] | None = None,
    fonts: FontFamily | None = None,
) -> bytes:
    """Return a report as a PDF file; what ``progress`` raises stops it.

    Raises:
        PaperError: a font is missing.
    """
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        book = _Book(type_, progress)
        _put_official(book, material)
        _put_words(book, material)
        charts_at = len(book.sheets)
        book.turn()
        _put_lists(book, material)
        canvas, out = _canvas((_WIDTH, _HEIGHT), material.form.title)
        sheets: Iterable[Sheet] = book.sheets
        if annex is not None:
            period = period_name(material.report.period)
            sheets = chain(sheets, annex_sheets(annex, period, type_, progress))
        for number, sheet in enumerate(sheets, 1):
            if number > 1:
                page = str(number)
                face = Face(Style.REGULAR, 13)
                sheet.centre(type_, page, face, top=8 * MM, between=_BETWEEN)
            if material.is_rehearsal:
                stamp = Stamp(_WIDTH / 2, _HEIGHT / 2, "BẢN TẬP DƯỢT", 60, 30)
                sheet.stamps.append(stamp)
            draw(canvas, type_, sheet, 0, _HEIGHT)
            if number == charts_at + 1:
                draw_charts(canvas, material.chart_facts(), type_)
            _end_page(canvas)
        return _finish(canvas, out)


def _put_official(book: _Book, material: Material) -> None:
    head = Head(_LEFT, _WIDTH - _RIGHT, 0.42, 12)
    book.top = put_head(
        book.sheet, book.type, (material.parent, material.office), head, top=12 * MM
    )
    form, (first, last) = material.form, material.report.period
    book.top += 2 * MM
    book.centred(f"{form.number}. {form.basis}", Face(Style.ITALIC, 11))
    book.centred(form.title, Face(Style.BOLD, 13))
    name = period_name(material.report.period).removeprefix("kỳ ")
    if f"{first:%d/%m/%Y}" not in name:
        name += f" (từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y})"
    book.centred(f"Kỳ báo cáo: {name}", Face(Style.REGULAR, 12), after=1 * MM)
    width = book.type.width(form.unit, Style.ITALIC, 11)
    book.sheet.put(_WIDTH - _RIGHT - width, book.top, form.unit, Face(Style.ITALIC, 11))
    book.top += 11 * _LEAD + 1 * MM
    rows: list[tuple[str, ...]] = []
    for number, (name, line) in enumerate(material.lines, 1):
        rows.append((str(number), name, *_numbers(line)))
    rows.append(("", "Tổng cộng", *_numbers(material.total)))
    shares = (4, 24, 8, 8, 8, 8, 9, 8, 8, 8, 9, 8, 8)
    numbers = frozenset({0, *range(2, 13)})
    book.table(_Table(shares, (), rows, numbers, last_is_bold=True, levels=form.heading))
    book.top += 2 * MM
    notes = ["Ghi chú:", *(f"- {note}" for note in material.notes)]
    if not form.is_confirmed:
        notes.append(f"- Mẫu biểu: {form.source}")
    # Signatures never stand alone on a page: the notes go with them.
    book.need(sum(book.text_height(note, size=11, italic=True) for note in notes) + _SIGNED)
    for note in notes:
        book.text(note, size=11, italic=True)
    _put_signatures(book, material)


def _put_signatures(book: _Book, material: Material) -> None:
    """Leave room for who made the table and who answers for it."""
    day = f"{material.made_at:%d} tháng {material.made_at:%m} năm {material.made_at:%Y}"
    place = f"{material.place}, ngày {day}" if material.place else f"Ngày {day}"
    middle = _LEFT + _ROOM / 2
    book.top += 3 * MM
    book.need(_SIGNED - 3 * MM)
    right = (middle, _WIDTH - _RIGHT)
    book.sheet.centre(book.type, nfc(place), Face(Style.ITALIC, 13), top=book.top, between=right)
    book.top += 13 * _LEAD
    for text, between in (("NGƯỜI LẬP BIỂU", (_LEFT, middle)), ("THỦ TRƯỞNG ĐƠN VỊ", right)):
        book.sheet.centre(book.type, text, Face(Style.BOLD, 13), top=book.top, between=between)
    book.top += _SIGN_ROOM


def _numbers(line: FormLine) -> list[str]:
    return [format_number(value) for value in line]


def _put_words(book: _Book, material: Material) -> None:
    book.heading("Kết quả trong kỳ")
    book.text(material.paragraph)
    rows = [(group, what, decimal(value)) for group, what, value in material.indicators]
    table = _Table((26, 60, 14), ("Nhóm", "Chỉ số", "Giá trị"), rows, frozenset({2}))
    book.headed("Chỉ số đơn vị tự tính", table)
    book.top += 1.5 * MM
    book.text(INDICATORS_NOTE, size=11, italic=True)


def _put_lists(book: _Book, material: Material) -> None:
    """Set the lists behind the charts' page, which stays free for them."""
    book.top = _HEIGHT
    book.turn()
    _put_intake(book, material)
    causes = [(cause, format_number(count)) for cause, count in material.causes]
    if causes:
        table = _Table((84, 16), ("Nguyên nhân", "Số hồ sơ"), causes, frozenset({1}))
        book.headed("Nguyên nhân quá hạn", table)
    else:
        book.heading("Nguyên nhân quá hạn")
        book.text("Trong kỳ không có hồ sơ quá hạn.")
    if material.late:
        rows = [_late_row(line) for line in material.late]
        late_headings = (
            "Mã hồ sơ", "Chủ hồ sơ", "Thủ tục", "Hạn trả", "Có kết quả", "Trễ (ngày)",
            "Công chức", "Văn bản xin lỗi",
        )  # fmt: skip
        shares = (17, 15, 26, 10, 10, 7, 15, 16)
        book.headed("Hồ sơ quá hạn", _Table(shares, late_headings, rows, frozenset({5})))
    backdated = [
        (one.code, f"{one.at:%H:%M %d/%m/%Y}", f"{one.recorded_at:%H:%M %d/%m/%Y}", one.by,
         one.reason)
        for one in material.report.backdated
    ]  # fmt: skip
    if backdated:
        headings = ("Mã hồ sơ", "Thời điểm ghi", "Lúc nhập", "Người ghi", "Lý do")
        book.headed("Việc ghi lùi qua hạn", _Table((18, 16, 16, 18, 40), headings, backdated))
    else:
        book.heading("Việc ghi lùi qua hạn")
        book.text("Trong kỳ không có việc nào ghi lùi qua hạn.")


def _put_intake(book: _Book, material: Material) -> None:
    """Set the list of what came in, for a report of one day."""
    if not material.intake:
        return
    rows = [
        (
            format_number(number),
            line.code,
            line.applicant,
            line.procedure,
            line.channel,
            f"{line.received_at:%H:%M}",
            "" if line.due_at is None else f"{line.due_at:%d/%m/%Y}",
            line.officer,
        )
        for number, line in enumerate(material.intake, 1)
    ]
    headings = (
        "TT", "Mã hồ sơ", "Chủ hồ sơ", "Thủ tục", "Hình thức", "Giờ nhận", "Hẹn trả", "Công chức",
    )  # fmt: skip
    table = _Table((4, 18, 17, 30, 10, 8, 10, 16), headings, rows, frozenset({0}))
    book.headed("Hồ sơ tiếp nhận trong ngày", table)


def _late_row(line: LateLine) -> tuple[str, ...]:
    return (
        line.code,
        line.applicant,
        line.procedure,
        "" if line.due_at is None else f"{line.due_at:%d/%m/%Y}",
        "chưa" if line.finished_at is None else f"{line.finished_at:%d/%m/%Y}",
        format_number(line.delay_days),
        line.officer,
        line.letter,
    )

"""The list that one runner signs for all results at once (danh sách bàn giao kết quả): A4.

No form of the circulars: an internal paper of the desk. Rows run on to further pages, numbered in
their top margin; the signatures stand together with the last row.
"""

from __future__ import annotations

from typing import NamedTuple

from counter_app.documents.fields import day_in_words
from counter_app.documents.head import Head, put_head
from counter_app.documents.templates import Run
from counter_app.documents.typeset import MM, Face, Rule, SetLine, Sheet, Stamp, Style, Type
from counter_app.domain.papers import HandoverFacts

WIDTH, HEIGHT = 210 * MM, 297 * MM
_TOP, _BOTTOM, _LEFT, _RIGHT = 17 * MM, 15 * MM, 22 * MM, 15 * MM
_EDGES = (_LEFT, WIDTH - _RIGHT)
_HEAD, _TITLE, _BODY, _CELL = 12, 14, 12.5, 10.5
_LEAD = 1.2
_PAD = 3.0  # points inside a cell
_SIGN_ROOM = 20 * MM
_TITLE_TEXT = "DANH SÁCH BÀN GIAO KẾT QUẢ"
_REHEARSAL = "BẢN TẬP DƯỢT"
# Heading and share of the width of each column.
_COLUMNS = (
    ("STT", 0.06),
    ("Mã hồ sơ", 0.26),
    ("Cá nhân, tổ chức", 0.26),
    ("Thủ tục", 0.30),
    ("Trả", 0.12),
)
_CODE, _SMALLEST_CODE = 1, 8


class _Row(NamedTuple):
    """A row of the table: its cells broken into lines, and its height."""

    cells: tuple[tuple[SetLine, ...], ...]
    sizes: tuple[float, ...]
    height: float


def handover_sheets(facts: HandoverFacts, type_: Type) -> list[Sheet]:
    """Set a list, one sheet a page."""
    return _Setter(facts, type_).pages()


class _Setter:
    """Sets one list; heights grow downwards."""

    def __init__(self, facts: HandoverFacts, type_: Type) -> None:
        self.facts = facts
        self.type = type_
        whole = _EDGES[1] - _EDGES[0]
        self.lefts = [_LEFT + whole * sum(s for _, s in _COLUMNS[:n]) for n in range(6)]

    def pages(self) -> list[Sheet]:
        """Set head, rows and signatures."""
        sheets = [Sheet()]
        y = self._rows_head(sheets[0], self._head(sheets[0]))
        rows = [self._row(number, line) for number, line in enumerate(self.facts.lines, 1)]
        end = self._end_height()
        for number, row in enumerate(rows, 1):
            needed = row.height + (end if number == len(rows) else 0)
            if y + needed > HEIGHT - _BOTTOM:
                sheets.append(Sheet())
                face = Face(Style.REGULAR, _BODY)
                page = str(len(sheets))
                sheets[-1].centre(self.type, page, face, top=_TOP / 2, between=_EDGES)
                y = self._rows_head(sheets[-1], _TOP)
            y = self._put_row(sheets[-1], row, y, Style.REGULAR)
        self._end(sheets[-1], y)
        return sheets

    def _head(self, sheet: Sheet) -> float:
        facts = self.facts
        head = Head(*_EDGES, 0.42, _HEAD)
        y = put_head(sheet, self.type, (facts.office_parent, facts.office_name), head, top=_TOP)
        place = f"{facts.place}, " if facts.place else ""
        italic = Face(Style.ITALIC, _HEAD)
        date = f"{place}{day_in_words(facts.issued_on)}"
        number = Face(Style.REGULAR, _HEAD)
        sheet.centre(self.type, f"Số: {facts.code}", number, top=y, between=head.columns[0])
        sheet.centre(self.type, date, italic, top=y, between=head.columns[1])
        y += _HEAD * 1.3 + 14
        sheet.centre(self.type, _TITLE_TEXT, Face(Style.BOLD, _TITLE), top=y, between=_EDGES)
        y += _TITLE * 1.4
        if facts.reprint_count:
            mark = f"(Bản in lại lần {facts.reprint_count})"
            sheet.centre(self.type, mark, italic, top=y, between=_EDGES)
            y += _HEAD * 1.3
        if facts.is_rehearsal:
            sheet.stamps.append(Stamp(WIDTH / 2, HEIGHT * 0.55, _REHEARSAL, 52, 50))
        return self._who(sheet, y + 6) + 6

    def _who(self, sheet: Sheet, y: float) -> float:
        """Say who takes what, when, by which authorisation."""
        facts = self.facts
        when = f"{facts.handed_at:%H} giờ {facts.handed_at:%M} phút, "
        number = f"; số giấy tờ: {facts.proxy_id}" if facts.proxy_id else ""
        lines = [
            ("Người nhận: ", f"{facts.collected_by}{number}"),
            ("Giấy ủy quyền, giới thiệu: ", facts.authorisation),
            ("Bàn giao lúc: ", when + day_in_words(facts.handed_at.date())),
            ("Số hồ sơ: ", f"{len(facts.lines):02d}"),
        ]
        for label, text in lines:
            if not text:
                continue
            runs = [Run(label), Run(text, bold=True)]
            for line in self.type.break_lines(runs, _BODY, _EDGES[1] - _LEFT):
                sheet.put_line(_LEFT, y, line, _BODY)
                y += _BODY * _LEAD
        return y

    # ------------------------------------------------------------------------------- rows

    def _room(self, column: int) -> float:
        return self.lefts[column + 1] - self.lefts[column] - 2 * _PAD

    def _make_row(self, texts: tuple[str, ...], *, bold: bool = False) -> _Row:
        sizes = [_CELL] * len(texts)
        # A code is read digit by digit: it stays on its line, a little smaller if it must.
        fitting = self.type.fitting_size(texts[_CODE], Style.REGULAR, _CELL, self._room(_CODE))
        sizes[_CODE] = max(fitting - 0.01, _SMALLEST_CODE)
        cells = tuple(
            self.type.break_lines([Run(text, bold=bold)], sizes[n], self._room(n))
            for n, text in enumerate(texts)
        )
        height = max(len(lines) for lines in cells) * _CELL * _LEAD + 2 * _PAD
        return _Row(cells, tuple(sizes), height)

    def _row(self, number: int, line: tuple[str, ...]) -> _Row:
        return self._make_row((str(number), *line))

    def _rows_head(self, sheet: Sheet, y: float) -> float:
        row = self._make_row(tuple(title for title, _ in _COLUMNS), bold=True)
        sheet.rules.append(Rule(_EDGES[0], y, _EDGES[1], y))
        return self._put_row(sheet, row, y, Style.BOLD)

    def _put_row(self, sheet: Sheet, row: _Row, y: float, style: Style) -> float:
        bottom = y + row.height
        for column, lines in enumerate(row.cells):
            top = y + _PAD
            for line in lines:
                left, right = self.lefts[column], self.lefts[column + 1]
                is_centred = column == 0 or style is Style.BOLD
                x = (left + right - line.width) / 2 if is_centred else left + _PAD
                sheet.put_line(x, top, line, row.sizes[column])
                top += _CELL * _LEAD
        sheet.rules += [Rule(x, y, x, bottom) for x in self.lefts]
        sheet.rules.append(Rule(_EDGES[0], bottom, _EDGES[1], bottom))
        return bottom

    # -------------------------------------------------------------------------------- end

    def _end_height(self) -> float:
        return 14 + 2 * _BODY * _LEAD + _SIGN_ROOM + _BODY * _LEAD

    def _end(self, sheet: Sheet, y: float) -> None:
        """Set both signatures."""
        facts = self.facts
        middle = (_EDGES[0] + _EDGES[1]) / 2
        for title, name, between in (
            ("NGƯỜI NHẬN", facts.collected_by, (_EDGES[0], middle)),
            ("NGƯỜI TRẢ", facts.officer_name, (middle, _EDGES[1])),
        ):
            top = y + 14
            face = Face(Style.BOLD, _BODY)
            sheet.centre(self.type, title, face, top=top, between=between)
            top += _BODY * _LEAD
            note = Face(Style.ITALIC, _CELL)
            sheet.centre(self.type, "(Ký, ghi rõ họ tên)", note, top=top, between=between)
            top += _BODY * _LEAD + _SIGN_ROOM
            sheet.centre(self.type, name, face, top=top, between=between)

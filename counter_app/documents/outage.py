"""The kit for an outage: receipts to fill in by hand, and the table of days to promise.

The receipt is the form in force with its own words; what the program would fill in is left to the
pen, so that the citizen holds the same paper as on any other day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from counter_app.documents.codes import qr
from counter_app.documents.form_words import SheetWording
from counter_app.documents.grid import Grid, GridColumn, put_words
from counter_app.documents.head import Head, put_head
from counter_app.documents.receipt import receipt_sheet
from counter_app.documents.receipt_pages import A5, ReceiptPage, Step
from counter_app.documents.templates import NO_BREAK, Item, Line, Template
from counter_app.documents.typeset import MM, Face, Sheet, Stamp, Style, Type
from counter_app.domain.outage import OutageFacts, Stretch, stretch_words
from counter_app.domain.papers import PaperDocument, ReceiptFacts
from counter_app.domain.words import format_moment, weekday_short

WIDTH, HEIGHT = 210 * MM, 297 * MM
_SIDE, _TOP, _BOTTOM = 15 * MM, 12 * MM, 14 * MM
_EDGES = (_SIDE, WIDTH - _SIDE)
_QR = 20 * MM
_DOTS = "…" * 4
_PEN_ROWS = 3  # papers to write down by hand
_KEPT_NOTES = (
    2  # of the form's own: copies, what to bring; the others speak of a code not yet given
)
# A hand needs more room between the lines than type does.
_PEN_PAGE = replace(
    A5,
    steps=tuple(
        Step(size, leading, gap, room * MM)
        for size, leading, gap, room in (
            (9.5, 1.8, 2.6, 14),
            (9.5, 1.65, 2.4, 13),
            (9.5, 1.55, 2.2, 12),
            (9, 1.6, 2, 12),
            (9, 1.5, 2, 11),
            (9, 1.45, 1.6, 9),
            (9, 1.38, 1.4, 9),
            (8.5, 1.45, 1.4, 9),
        )
    )
    + A5.steps[4:],
)
# What a pen fills in, by the field that the form's item names.
_BY_HAND = frozenset(
    "owner_name citizen_id submitter_name submitter_id address phone request "
    "procedure_code_alone sets limit_text received due result_place fee_text".split()
)
_MOMENTS = frozenset({"received", "due"})
_NOTE = (
    "Giấy được lập bằng tay khi mất điện hoặc mất mạng. Hồ sơ được nhập vào hệ thống theo số tạm "
    "này ngay khi hoạt động trở lại; ngày hẹn ghi trên giấy này được giữ."
)
_TITLE = "BẢNG TRA NGÀY HẸN TRẢ KHI MẤT ĐIỆN"
_LEAD = (
    "Tìm dòng thời hạn của thủ tục (danh sách ở dưới), ghi ngày giờ hẹn ở cột của ngày nhận vào "
    "giấy tiếp nhận. Hai liên ghi như nhau và cùng ký. Có điện trở lại: quét mã QR trên liên 2, "
    "nhập giờ nhận và ngày hẹn đã ghi."
)
_DOUBT = (
    "Dấu *: thời hạn chưa được đơn vị xác nhận theo quyết định công bố; kiểm tra trước khi hẹn."
)
_REHEARSAL = "BẢN TẬP DƯỢT"


def blank_receipt(
    facts: OutageFacts, number: str, words: SheetWording, type_: Type
) -> tuple[Sheet, ReceiptPage]:
    """Set one receipt for the pen with its reserved number, as bars and as QR."""
    blank = ReceiptFacts(
        form_set=facts.form_set,
        wording_version=facts.wording_version,
        place=facts.place,
        issued_on=None,
        is_rehearsal=facts.is_rehearsal,
        reprint_count=facts.reprint_count,
        hotline=facts.hotline,
        office_parent=facts.office_parent,
        office_name=facts.office_name,
        office_title=facts.office_title,
        code=number,
        is_provisional_code=True,
        owner_name="",
        documents=tuple(PaperDocument("") for _ in range(_PEN_ROWS)),
        sets=0,
        received_at=facts.made_at,
        due_at=None,
        counter_name=facts.counter_name,
    )
    return receipt_sheet(blank, _for_the_pen(words), type_, _PEN_PAGE)


def _for_the_pen(words: SheetWording) -> SheetWording:
    """Return the form's words with room to write where the program would fill in."""
    lines = tuple(line for found in words.lines if (line := _pen_line(found)) is not None)
    own = Template(((_NOTE, False, False),), frozenset())
    return replace(words, lines=lines, notes=(*words.notes[:_KEPT_NOTES], (own,)))


def _pen_line(line: Line) -> Line | None:
    if line.kind == "documents":
        return line
    items = tuple(found for item in line.items if (found := _pen_item(item)) is not None)
    return line._replace(items=items) if items and line.kind == "line" else None


def _pen_item(item: Item) -> Item | None:
    named = {text for text, is_field, _ in item.text.pieces if is_field}
    if named & {"office_title"}:
        return item
    if not named & _BY_HAND:
        return None
    if named & _MOMENTS:
        spaced = f"{_DOTS} giờ {_DOTS} phút, ngày {_DOTS} tháng {_DOTS} năm {_DOTS}{_DOTS}"
        text = Template(((spaced.replace(" ", NO_BREAK), False, False),), frozenset())
        return item._replace(text=text, unless="", is_kept=True)
    return item._replace(text=Template((), frozenset()), leader=True, unless="")


def table_sheets(facts: OutageFacts, type_: Type) -> list[Sheet]:
    """Set the table of days to promise with the procedures behind it, one sheet a page."""
    setter = _Table(facts, type_)
    setter.first_page()
    setter.limits()
    setter.procedures()
    setter.number_pages()
    return setter.sheets


class _Table:
    """Sets the table; heights grow downwards."""

    def __init__(self, facts: OutageFacts, type_: Type) -> None:
        self.facts = facts
        self.type = type_
        self.sheets = [Sheet()]
        self.y = _TOP

    def first_page(self) -> None:
        """Set head, title, QR and the words above the table."""
        sheet, facts = self.sheets[0], self.facts
        sheet.bars += qr(facts.code, _EDGES[1] - _QR, _TOP + 17 * MM, _QR)
        head = Head(*_EDGES, 0.42, 11)
        self.y = put_head(
            sheet, self.type, (facts.office_parent, facts.office_name), head, top=_TOP
        )
        self.y += 3 * MM
        title_edges = (_EDGES[0], _EDGES[1] - _QR - 4 * MM)
        sheet.centre(
            self.type, _TITLE, Face(Style.BOLD, 15), top=self.y, between=(_EDGES[0], _EDGES[1])
        )
        self.y += 7 * MM
        made = f"{facts.code} – in lúc {format_moment(facts.made_at)} – {facts.counter_name}"
        if facts.reprint_count:
            made += f" – bản in lại lần {facts.reprint_count}"
        sheet.centre(
            self.type, made, Face(Style.ITALIC, 10), top=self.y, between=(_EDGES[0], _EDGES[1])
        )
        self.y += 6 * MM
        numbers = self._numbers()
        self.y = put_words(
            sheet, self.type, numbers, Face(Style.BOLD, 10.5), top=self.y, between=title_edges
        )
        self.y = put_words(
            sheet, self.type, _LEAD, Face(Style.REGULAR, 10.5), top=self.y + 2, between=title_edges
        )
        self.y = max(self.y, _TOP + 17 * MM + _QR) + 3 * MM
        self._stamp(sheet)

    def _numbers(self) -> str:
        numbers = self.facts.numbers
        which = numbers[0] if len(numbers) == 1 else f"{numbers[0]} đến {numbers[-1]}"
        return f"{len(numbers)} tờ giấy tiếp nhận kèm theo: {which}"

    def _stamp(self, sheet: Sheet) -> None:
        if self.facts.is_rehearsal:
            sheet.stamps.append(Stamp(WIDTH / 2, HEIGHT * 0.55, _REHEARSAL, 52, 50))

    def _next_page(self) -> Sheet:
        self.sheets.append(Sheet())
        self._stamp(self.sheets[-1])
        self.y = _TOP
        return self.sheets[-1]

    def _fill(self, grid: Grid, rows: list[list[str]]) -> None:
        """Put rows, on further pages if need be; headings never stand alone."""
        while rows:
            if self.y + 30 * MM > HEIGHT - _BOTTOM:
                self._next_page()
            self.y, done = grid.put(self.sheets[-1], rows, top=self.y, bottom=HEIGHT - _BOTTOM)
            rows = rows[done:]
            if rows:
                self._next_page()

    def limits(self) -> None:
        """Set the limits against the days of receipt."""
        days = self.facts.days
        columns = [GridColumn("Dòng", 8, is_centred=True), GridColumn("Thời hạn", 26)]
        columns += [
            GridColumn(f"Nhận {weekday_short(day)} {day:%d/%m/%Y}", 66 / len(days)) for day in days
        ]
        grid = Grid(self.type, columns, between=_EDGES, size=10.5)
        rows = []
        for number, line in enumerate(self.facts.lines, 1):
            mark = " *" if line.is_doubtful else ""
            cells = [
                "; ".join(_told(part, parts) for part in parts) or f"giờ nhận cộng {line.words}"
                for parts in line.days
            ]
            rows.append([str(number), line.words + mark, *cells])
        self._fill(grid, rows)
        self.y += 2 * MM
        if any(line.is_doubtful for line in self.facts.lines) or any(
            p.is_doubtful for p in self.facts.procedures
        ):
            self.y = put_words(
                self.sheets[-1],
                self.type,
                _DOUBT,
                Face(Style.ITALIC, 9.5),
                top=self.y,
                between=_EDGES,
            )

    def procedures(self) -> None:
        """Set which line each procedure goes by."""
        self.y += 4 * MM
        columns = [
            GridColumn("Dòng", 7, is_centred=True, is_bold=True),
            GridColumn("Mã thủ tục", 14),
            GridColumn("Thủ tục", 80),
        ]
        grid = Grid(self.type, columns, between=_EDGES, size=9.5)
        rows = [
            [str(p.line), p.code, p.name + (" *" if p.is_doubtful else "")]
            for p in self.facts.procedures
        ]
        self._fill(grid, rows)

    def number_pages(self) -> None:
        """Put the number of each page at its foot."""
        for number, sheet in enumerate(self.sheets, 1):
            text = f"{self.facts.code} – trang {number}/{len(self.sheets)}"
            sheet.centre(
                self.type, text, Face(Style.ITALIC, 9), top=HEIGHT - 10 * MM, between=_EDGES
            )


def _told(part: Stretch, parts: Sequence[Stretch]) -> str:
    due, when = part.due_at, stretch_words(part, parts)
    moment = f"{due:%H:%M} {weekday_short(due)} {due:%d/%m/%Y}".replace(" ", NO_BREAK)
    return f"{when}: {moment}" if when else moment

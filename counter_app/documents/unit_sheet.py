"""The sheet to a resolving unit (tờ 15 giờ): handed over today, due soon, boxes for the pen."""

from __future__ import annotations

from collections.abc import Sequence

from counter_app.documents.codes import qr
from counter_app.documents.fields import day_in_words
from counter_app.documents.grid import BOX, Grid, GridColumn, put_words
from counter_app.documents.head import Head, put_head
from counter_app.documents.typeset import MM, Face, Sheet, Stamp, Style, Type
from counter_app.domain.unit_sheet import SheetFacts, SheetLine
from counter_app.domain.words import format_date, format_moment, weekday_short

WIDTH, HEIGHT = 297 * MM, 210 * MM
_SIDE, _TOP, _BOTTOM = 14 * MM, 9 * MM, 12 * MM
_EDGES = (_SIDE, WIDTH - _SIDE)
_QR = 21 * MM
_SIZE = 10
_SIGN = 28 * MM  # headings, room to sign, a name
_TITLE = "PHIẾU BÀN GIAO HỒ SƠ VÀ HỎI HẠN"
_HANDED = "I. Hồ sơ bàn giao hôm nay"
_NONE_HANDED = "Hôm nay không có hồ sơ bàn giao."
_NONE_DUE = "Không có hồ sơ nào đến hạn trong thời gian này."
_ASK = (
    "Đánh dấu vào một ô của mỗi dòng. “Không kịp” cần ghi lý do và ngày đề nghị; bộ phận một cửa "
    "gửi văn bản xin lỗi, hẹn lại ngày trả kết quả cho người dân theo ý kiến này."
)
_REHEARSAL = "BẢN TẬP DƯỢT"

_HANDED_COLUMNS = (
    GridColumn("TT", 4, is_centred=True),
    GridColumn("Mã hồ sơ", 20),
    GridColumn("Người nộp", 22),
    GridColumn("Thủ tục", 34),
    GridColumn("Nhận lúc", 12, is_centred=True),
    GridColumn("Hẹn trả", 12, is_centred=True),
    GridColumn("Ghi chú", 15),
)
_DUE_COLUMNS = (
    GridColumn("TT", 4, is_centred=True),
    GridColumn("Mã hồ sơ", 20),
    GridColumn("Người nộp", 18),
    GridColumn("Thủ tục", 24),
    GridColumn("Hẹn trả", 12, is_centred=True, is_bold=True),
    GridColumn("Kịp", 5, is_centred=True),
    GridColumn("Không kịp", 7, is_centred=True),
    GridColumn("Lý do", 26),
    GridColumn("Ngày đề nghị", 13),
)


def unit_sheets(facts: SheetFacts, type_: Type) -> list[Sheet]:
    """Set the sheet, one ``Sheet`` a page; nearly every one is a single page."""
    setter = _Setter(facts, type_)
    setter.begin()
    setter.handed()
    setter.due()
    setter.sign()
    setter.number_pages()
    return setter.sheets


class _Setter:
    """Sets one sheet to a unit; heights grow downwards."""

    def __init__(self, facts: SheetFacts, type_: Type) -> None:
        self.facts = facts
        self.type = type_
        self.sheets: list[Sheet] = []
        self.y = _TOP
        self._next_page()

    def _next_page(self) -> None:
        self.sheets.append(Sheet())
        if self.facts.is_rehearsal:
            stamp = Stamp(WIDTH / 2, HEIGHT * 0.55, _REHEARSAL, 52, 35)
            self.sheets[-1].stamps.append(stamp)
        self.y = _TOP

    def _centre(
        self, text: str, face: Face, top: float, between: tuple[float, float] = _EDGES
    ) -> None:
        self.sheets[-1].centre(self.type, text, face, top=top, between=between)

    def _words(self, text: str, style: Style, size: float = _SIZE) -> None:
        self.y = put_words(
            self.sheets[-1], self.type, text, Face(style, size), top=self.y, between=_EDGES
        )

    def begin(self) -> None:
        """Set head, QR, title, unit."""
        facts, sheet = self.facts, self.sheets[-1]
        sheet.bars += qr(facts.code, _EDGES[1] - _QR, _TOP, _QR)
        head = Head(_EDGES[0], _EDGES[1] - _QR - 6 * MM, 0.42, 11)
        agencies = (facts.office_parent, facts.office_name)
        y = put_head(sheet, self.type, agencies, head, top=_TOP)
        date = ", ".join(part for part in (facts.place, day_in_words(facts.made_at.date())) if part)
        self._centre(date, Face(Style.ITALIC, 10.5), y, head.columns[1])
        code_edges = (_EDGES[1] - _QR - 12 * MM, _EDGES[1] + 4 * MM)
        self._centre(facts.code, Face(Style.REGULAR, 8), _TOP + _QR + 1 * MM, code_edges)
        y = max(y + 5 * MM, _TOP + _QR + 4 * MM)
        self._centre(_TITLE, Face(Style.BOLD, 14), y)
        y += 6.2 * MM
        self._centre(f"Kính gửi: {facts.unit}", Face(Style.BOLD, 12), y)
        self.y = y + 6.5 * MM

    def _fill(self, grid: Grid, rows: Sequence[Sequence[str]], *, foot: float) -> None:
        """Put rows over pages; the last ones stay with the signatures below them."""
        bottom = HEIGHT - _BOTTOM
        while rows:
            if self.y + 22 * MM > bottom:
                self._next_page()
            self.y, done = grid.put(self.sheets[-1], rows, top=self.y, bottom=bottom)
            rows = rows[done:]
            if rows:
                self._next_page()
        if self.y + foot > bottom:
            self._next_page()

    def handed(self) -> None:
        """Set what is handed over today, and who gives and takes it."""
        count = len(self.facts.handed)
        head = f"{_HANDED}: {count} hồ sơ" if count else _HANDED
        self._words(head, Style.BOLD, 11)
        self.y += 1.2 * MM
        if not count:
            self._words(_NONE_HANDED, Style.ITALIC)
            self.y += 3 * MM
            return
        rows = [
            [
                str(number),
                line.code,
                line.name,
                line.procedure,
                f"{line.received_at:%H:%M %d/%m}",
                _due(line),
                line.note,
            ]
            for number, line in enumerate(self.facts.handed, 1)
        ]
        grid = Grid(self.type, _HANDED_COLUMNS, between=_EDGES, size=_SIZE)
        self._fill(grid, rows, foot=0 if self.facts.due else _SIGN)
        self.y += 3.5 * MM

    def due(self) -> None:
        """Set what is due within the next working days, with boxes to tick."""
        count = len(self.facts.due)
        until = f"{weekday_short(self.facts.until)} {format_date(self.facts.until)}"
        head = f"II. Hồ sơ đến hạn đến hết {until}"
        if self.y + 45 * MM > HEIGHT - _BOTTOM:
            self._next_page()
        self._words(f"{head}: {count} hồ sơ" if count else head, Style.BOLD, 11)
        self.y += 1.2 * MM
        if not count:
            self._words(_NONE_DUE, Style.ITALIC)
            return
        self._words(_ASK, Style.ITALIC, 9.5)
        self.y += 1.2 * MM
        rows = [
            [
                str(number),
                line.code,
                line.name,
                line.procedure,
                f"{_due(line)} {line.note}".strip(),
                BOX,
                BOX,
                "",
                "…/…/……",
            ]
            for number, line in enumerate(self.facts.due, 1)
        ]
        grid = Grid(self.type, _DUE_COLUMNS, between=_EDGES, size=_SIZE, least_lines=2)
        self._fill(grid, rows, foot=_SIGN)

    def sign(self) -> None:
        """Set who gave, who took, and who answered for the days."""
        signers = [("NGƯỜI GIAO", self.facts.officer), ("NGƯỜI NHẬN", "")]
        if self.facts.due:
            signers.append(("CÔNG CHỨC TRẢ LỜI MỤC II", ""))
        if not self.facts.handed:
            signers = signers[2:]
        top = self.y + 3 * MM
        share = (_EDGES[1] - _EDGES[0]) / max(len(signers), 1)
        for number, (title, name) in enumerate(signers):
            place = (_EDGES[0] + number * share, _EDGES[0] + (number + 1) * share)
            note = "(… giờ … phút, ký và ghi rõ họ tên)"
            self._centre(title, Face(Style.BOLD, 10.5), top, place)
            self._centre(note, Face(Style.ITALIC, 9.5), top + 4.6 * MM, place)
            self._centre(name, Face(Style.BOLD, 10.5), top + 22 * MM, place)

    def number_pages(self) -> None:
        """Say at each foot which sheet and page it is."""
        count, facts = len(self.sheets), self.facts
        again = f" – bản in lại lần {facts.reprint_count}" if facts.reprint_count else ""
        # What this list says of the day can't be changed on the PC any more without it.
        head = f" – chuỗi {facts.chain_head}" if facts.chain_head else ""
        for number, sheet in enumerate(self.sheets, 1):
            text = (
                f"{facts.code} – {facts.counter_name} – in lúc {format_moment(facts.made_at)}"
                f"{again} – trang {number}/{count}{head}"
            )
            top = HEIGHT - 8.5 * MM
            sheet.centre(self.type, text, Face(Style.ITALIC, 8.5), top=top, between=_EDGES)


def _due(line: SheetLine) -> str:
    return "" if line.due_at is None else f"{line.due_at:%H:%M %d/%m}"

"""The head's board on one A4 page for the morning meeting; the window shows this same page."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.graphics import renderPDF

from counter_app.documents.charts import draw_chart, fonts_of
from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.grid import Grid, GridColumn, put_words
from counter_app.documents.render import _ONE_FILE, _canvas, _end_page, _finish
from counter_app.documents.typeset import MM, Face, Sheet, Stamp, Style, Type, draw, type_of
from counter_app.domain.board import BoardFacts, Load, SlowStep
from counter_app.domain.chart_plans import promises_plan
from counter_app.domain.moments import from_epoch
from counter_app.domain.vietnamese import nfc
from counter_app.domain.words import date_in_words, format_number

_WIDTH, _HEIGHT = 210 * MM, 297 * MM
_LEFT, _RIGHT, _TOP, _BOTTOM = 18 * MM, 14 * MM, 13 * MM, 14 * MM
_BETWEEN = (_LEFT, _WIDTH - _RIGHT)
_SIZE, _HEAD = 9.0, 11.0
_CHART = (_WIDTH - _LEFT - _RIGHT, 46 * MM)
_MOST_LINES = 16  # of units and officers; the rest is one line, so that the page stays one
_MOST_FEW = 4
NOBODY = "Chưa giao ai"


def render_board(
    board: BoardFacts,
    office: str,
    *,
    is_rehearsal: bool = False,
    fonts: FontFamily | None = None,
) -> bytes:
    """Return the board as a PDF file of one page.

    Raises:
        PaperError: a font is missing.
    """
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((_WIDTH, _HEIGHT), "Bảng điều hành")
        sheet = Sheet()
        top = _head(sheet, type_, board, office)
        top = _loads(sheet, type_, board, top)
        top = _heading(sheet, "Hẹn trả trong mười ngày làm việc tới", top)
        chart_top = top
        top = _few(sheet, type_, board, top + _CHART[1] + 2 * MM)
        if is_rehearsal:
            sheet.stamps.append(Stamp(_WIDTH / 2, _HEIGHT * 0.55, "BẢN TẬP DƯỢT", 52, 50))
        draw(canvas, type_, sheet, 0, _HEIGHT)
        plan = promises_plan(board.ahead, board.at.date())
        drawing, _ = draw_chart(plan, fonts_of(type_), _CHART)
        renderPDF.draw(drawing, canvas, _LEFT, _HEIGHT - chart_top - _CHART[1])
        _end_page(canvas)
        return _finish(canvas, out)


def _head(sheet: Sheet, type_: Type, board: BoardFacts, office: str) -> float:
    sheet.put(_LEFT, _TOP, nfc(office), Face(Style.REGULAR, 10))
    y = _TOP + 7 * MM
    sheet.centre(type_, "BẢNG ĐIỀU HÀNH", Face(Style.BOLD, 14), top=y, between=_BETWEEN)
    y += 6.5 * MM
    told = f"{date_in_words(board.at.date())}, lúc {board.at:%H:%M}"
    sheet.centre(type_, nfc(told), Face(Style.ITALIC, 10.5), top=y, between=_BETWEEN)
    return y + 6 * MM


def _heading(sheet: Sheet, text: str, top: float) -> float:
    top += 3 * MM
    sheet.put(_LEFT, top, nfc(text), Face(Style.BOLD, _HEAD))
    return top + _HEAD * 1.35


def load_lines(loads: Sequence[Load], total: Load, most: int) -> list[Load]:
    """Return the lines that have room, what is left as one line, and the whole under them."""
    shown = list(loads[:most])
    left = loads[most:]
    if left:
        sums = [sum(column) for column in zip(*(load[2:] for load in left), strict=True)]
        shown.append(Load(f"{len(left)} dòng khác", "", *sums))
    return [*shown, total._replace(unit="Tổng cộng")]


def _loads(sheet: Sheet, type_: Type, board: BoardFacts, top: float) -> float:
    top = _heading(sheet, "Hồ sơ đang giải quyết theo đơn vị và công chức", top)
    grid = Grid(
        type_,
        (
            GridColumn("Đơn vị", 30),
            GridColumn("Công chức", 22),
            GridColumn("Quá hạn", 9, is_centred=True, is_bold=True),
            GridColumn("Hôm nay", 9, is_centred=True),
            GridColumn(f"Ngày tới {board.tomorrow:%d/%m}", 10, is_centred=True),
            GridColumn(f"Đến {board.week_end:%d/%m}", 10, is_centred=True),
            GridColumn("Tạm dừng", 9, is_centred=True),
            GridColumn("Tất cả", 9, is_centred=True),
        ),
        between=_BETWEEN,
        size=_SIZE,
    )
    lines = load_lines(board.loads, board.total, _MOST_LINES)
    rows = [
        (
            nfc(load.unit or "Tại bộ phận một cửa"),
            "" if load is lines[-1] else nfc(load.officer or NOBODY),
            *(format_number(number) if number else "–" for number in load[2:]),
        )
        for load in lines
    ]
    bottom, _ = grid.put(sheet, rows, top=top, bottom=_HEIGHT - _BOTTOM)
    return bottom


def _few(sheet: Sheet, type_: Type, board: BoardFacts, top: float) -> float:
    """Set what is slow, what waits, and the figures that stand alone."""
    slow = [_slow_words(step, "bước đến hạn") for step in board.slow_steps[:_MOST_FEW]]
    handed = [_slow_words(step, "bàn giao từ") for step in board.unaccepted[:_MOST_FEW]]
    waiting = [
        f"{one.code}  {one.applicant_name}, {one.procedure_name}, có kết quả từ "
        f"{from_epoch(one.since):%d/%m/%Y}" + (f", {one.phone}" if one.phone else "")
        for one in board.waiting[:_MOST_FEW]
    ]
    number = format_number
    for title, count, lines, none in (
        ("Bước liên thông đã chậm", len(board.slow_steps), slow, "Không có bước nào chậm."),
        (
            "Đã chuyển từ hôm trước, chưa ai nhận bàn giao",
            board.unaccepted_count,
            handed,
            "Không có hồ sơ nào.",
        ),
        (
            "Kết quả chờ người dân lâu nhất",
            board.waiting_count,
            waiting,
            "Không có kết quả nào đang chờ.",
        ),
    ):
        top = _heading(sheet, f"{title}: {number(count)}" if count else title, top)
        top = _lines(sheet, type_, lines or [none], top)
    top = _heading(sheet, "Việc khác", top)
    others = [
        (
            f"Văn bản xin lỗi: còn nợ {number(board.apologies_owed)}, đã phát hành trong tháng "
            f"{number(board.apologies_sent)}."
        ),
        f"Quá giờ phải chuyển khỏi bộ phận một cửa: {number(board.should_have_left)} hồ sơ.",
        f"Số giấy giữ trước khi mất điện còn mở: {number(board.reserved_open)}.",
    ]
    return _lines(sheet, type_, others, top)


def _lines(sheet: Sheet, type_: Type, lines: Sequence[str], top: float) -> float:
    for line in lines:
        face = Face(Style.REGULAR, _SIZE)
        top = put_words(sheet, type_, nfc(line), face, top=top, between=_BETWEEN)
    return top


def _slow_words(step: SlowStep, since: str) -> str:
    who = f" ({step.who})" if step.who else ""
    day = from_epoch(step.since)
    return f"{step.code}  {step.applicant_name}: {step.what}{who}, {since} {day:%d/%m/%Y}"

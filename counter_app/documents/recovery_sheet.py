"""The recovery sheet (phiếu khôi phục): the printed code that opens encrypted data."""

from __future__ import annotations

from datetime import datetime

from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.render import _ONE_FILE, _canvas, _finish
from counter_app.documents.templates import Run
from counter_app.documents.typeset import MM, Face, Rule, Sheet, Stamp, Style, Type, draw, type_of

# Across half of an A4: it fits an envelope, and the printer's paper stays as it is.
_WIDTH, _HEIGHT = 148 * MM, 210 * MM
_LEFT, _RIGHT = 15 * MM, _WIDTH - 15 * MM
_SIZE, _LEADING = 10.5, 1.38
_IN_ROW = 2
_KEEPING = (
    "1. Cất phiếu trong phong bì dán kín, để ở tủ có khóa, không để cùng máy tính. Không chụp ảnh, "
    "không gửi qua mạng."
)
_USING = (
    "2. Chỉ dùng khi quên mật khẩu mở dữ liệu, hoặc khi mở bản sao lưu ở máy khác: tại ô mật khẩu "
    "mở dữ liệu, gõ đủ tám nhóm số của phiếu (không cần gõ dấu gạch)."
)
_RENEWING = (
    "3. Mở được rồi thì quản trị đặt mật khẩu mới và in phiếu mới (Cài đặt, mục Dữ liệu, Mã hóa dữ "
    "liệu); phiếu này khi đó hết giá trị, hủy đi."
)
_LOSING = (
    "4. Mất cả mật khẩu lẫn phiếu thì không ai mở được dữ liệu, kể cả người làm ra chương trình."
)
_STEPS = (_KEEPING, _USING, _RENEWING, _LOSING)


def render_recovery_sheet(
    office: str,
    counter: str,
    code: str,
    made_at: datetime,
    *,
    mark: str,
    is_rehearsal: bool = False,
    fonts: FontFamily | None = None,
) -> bytes:
    """Return the sheet as a PDF of one A5 page.

    Args:
        office: whose data the code opens.
        counter: at which desk.
        code: groups with hyphens between.
        made_at: when the code was drawn.
        mark: what tells the key file it belongs to.
        is_rehearsal: made in a folder to practise in.
        fonts: the family, else the one that is found.

    Raises:
        PaperError: a font is missing.
    """
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((_WIDTH, _HEIGHT), "Phiếu khôi phục dữ liệu")
        sheet = Sheet()
        across = (_LEFT, _RIGHT)
        title = Face(Style.BOLD, 15)
        sheet.centre(type_, "PHIẾU KHÔI PHỤC DỮ LIỆU MÃ HÓA", title, top=16 * MM, between=across)
        top = 27 * MM
        for words in (
            f"Đơn vị: {office}",
            f"Quầy: {counter}",
            f"Lập lúc {made_at:%H:%M} ngày {made_at:%d/%m/%Y}. Khóa số {mark}",
        ):
            top = _put_words(sheet, type_, words, top)
        top = _put_code(sheet, code, top + 4 * MM)
        top += 6 * MM
        for words in _STEPS:
            top = _put_words(sheet, type_, words, top) + 1.2 * MM
        top += 7 * MM
        for words in ("Người giữ phiếu:", "Nơi cất:"):
            sheet.put(_LEFT, top, words, Face(Style.REGULAR, _SIZE))
            line = top + _SIZE
            sheet.rules.append(Rule(_LEFT + 32 * MM, line, _RIGHT, line, 0.4))
            top += 10 * MM
        if is_rehearsal:
            sheet.stamps.append(Stamp(_WIDTH / 2, _HEIGHT / 2, "BẢN TẬP DƯỢT", 40, 30))
        draw(canvas, type_, sheet, 0, _HEIGHT)
        canvas.showPage()
        return _finish(canvas, out)


def _put_code(sheet: Sheet, code: str, top: float) -> float:
    """Set the groups in a frame, each with its number, so that the eye keeps its place."""
    groups = code.split("-")
    row, size = 11.5 * MM, 19
    rows = -(-len(groups) // _IN_ROW)
    foot = top + rows * row + 3 * MM
    for y in (top, foot):
        sheet.rules.append(Rule(_LEFT, y, _RIGHT, y, 1))
    for x in (_LEFT, _RIGHT):
        sheet.rules.append(Rule(x, top, x, foot, 1))
    share = (_RIGHT - _LEFT) / _IN_ROW
    for number, group in enumerate(groups):
        x = _LEFT + 8 * MM + number % _IN_ROW * share
        y = top + 4 * MM + number // _IN_ROW * row
        sheet.put(x, y + 2.6 * MM, f"Nhóm {number + 1}", Face(Style.REGULAR, 8.5))
        sheet.put(x + 15 * MM, y, f"{group[:3]} {group[3:]}", Face(Style.BOLD, size))
    return foot


def _put_words(sheet: Sheet, type_: Type, words: str, top: float) -> float:
    for line in type_.break_lines((Run(words),), _SIZE, _RIGHT - _LEFT):
        sheet.put_line(_LEFT, top, line, _SIZE)
        top += _SIZE * _LEADING
    return top

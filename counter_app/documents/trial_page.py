"""The test page of a printer: one A4 sheet on which every usual fault can be seen at once."""

from __future__ import annotations

import unicodedata

from reportlab.pdfgen.canvas import Canvas

from counter_app.documents.apology import HEIGHT, WIDTH
from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.render import _ONE_FILE, _canvas, _cut_line, _finish
from counter_app.documents.templates import Run
from counter_app.documents.typeset import MM, Face, Rule, Sheet, Style, Type, draw, type_of
from counter_app.domain.trial_print import RULER_MM

_EDGE = 10 * MM
_CORNER = 8 * MM
_CUT = 148.5 * MM  # where a sheet with two copies is cut
_LEFT, _RIGHT = 25 * MM, WIDTH - 25 * MM
_RULER_TOP = 172 * MM
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_VOWELS, _CONSONANTS = "aăâeêioôơuưy", "bcdđghklmnpqrstvx"


def vietnamese_letters() -> tuple[str, ...]:
    """Return every small letter of Vietnamese: the consonants, then each vowel with its tones."""
    toned = (unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES)
    return (*_CONSONANTS, *toned)


def render_trial(printer: str, *, fonts: FontFamily | None = None) -> bytes:
    """Return the test page as a PDF of one A4 sheet.

    Raises:
        PaperError: a font is missing.
    """
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((WIDTH, HEIGHT), "Trang in thử")
        _draw_arrow(canvas)
        draw(canvas, type_, _sheet(type_, printer), 0, HEIGHT)
        canvas.saveState()
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        _cut_line(canvas, HEIGHT - _CUT, WIDTH)
        canvas.restoreState()
        canvas.showPage()
        return _finish(canvas, out)


def _draw_arrow(canvas: Canvas) -> None:
    """Draw the arrow that points up, so big that a turned sheet can't be mistaken."""
    middle, top, foot = WIDTH / 2, HEIGHT - 34 * MM, HEIGHT - 96 * MM
    head, half, shaft = 30 * MM, 26 * MM, 9 * MM
    path = canvas.beginPath()
    path.moveTo(middle, top)
    for x, y in (
        (middle + half, top - head),
        (middle + shaft, top - head),
        (middle + shaft, foot),
        (middle - shaft, foot),
        (middle - shaft, top - head),
        (middle - half, top - head),
    ):
        path.lineTo(x, y)
    path.close()
    canvas.setFillGray(0.25)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.setFillGray(0)


def _sheet(type_: Type, printer: str) -> Sheet:
    sheet = Sheet()
    _put_frame(sheet)
    across = (_LEFT, _RIGHT)
    sheet.centre(type_, "TRANG IN THỬ", Face(Style.BOLD, 16), top=18 * MM, between=across)
    sheet.centre(type_, "LÊN TRÊN", Face(Style.BOLD, 22), top=101 * MM, between=across)
    name = f"Máy in: {printer}" if printer else "Máy in: máy in mặc định của máy tính"
    sheet.centre(type_, name, Face(Style.REGULAR, 13), top=114 * MM, between=across)
    words = (
        "Tờ đúng: khung ngoài đủ bốn cạnh và bốn góc, cách mép giấy 10 mm; mũi tên chỉ lên "
        "cạnh ngắn; mặt sau trắng; chỉ một tờ."
    )
    _put_words(sheet, type_, words, top=126 * MM)
    sheet.put(_LEFT, 142 * MM, "Cắt đôi tờ A4 ở vạch này", Face(Style.ITALIC, 9))
    _put_ruler(sheet, type_)
    small = vietnamese_letters()
    _put_words(sheet, type_, " ".join(small), top=192 * MM)
    _put_words(sheet, type_, " ".join(small).upper(), top=212 * MM)
    last = "Chữ nào mất dấu hoặc thành ô vuông thì báo người phụ trách máy tính."
    _put_words(sheet, type_, last, top=240 * MM)
    return sheet


def _put_frame(sheet: Sheet) -> None:
    left, right, top, bottom = _EDGE, WIDTH - _EDGE, _EDGE, HEIGHT - _EDGE
    sheet.rules += [
        Rule(left, top, right, top, 0.8),
        Rule(left, bottom, right, bottom, 0.8),
        Rule(left, top, left, bottom, 0.8),
        Rule(right, top, right, bottom, 0.8),
    ]
    for x, inward in ((left, 1), (right, -1)):
        for y, down in ((top, 1), (bottom, -1)):
            sheet.rules.append(Rule(x, y, x + inward * _CORNER, y, 3))
            sheet.rules.append(Rule(x, y, x, y + down * _CORNER, 3))


def _put_ruler(sheet: Sheet, type_: Type) -> None:
    left = (WIDTH - RULER_MM * MM) / 2
    words = f"Đoạn này dài đúng {RULER_MM} mm. Đo bằng thước: ngắn hơn là máy in đã thu nhỏ."
    between = (_LEFT, _RIGHT)
    sheet.centre(type_, words, Face(Style.REGULAR, 11), top=_RULER_TOP - 9 * MM, between=between)
    sheet.rules.append(Rule(left, _RULER_TOP, left + RULER_MM * MM, _RULER_TOP, 1))
    for millimetres in range(0, RULER_MM + 1, 5):
        x = left + millimetres * MM
        tall = (4 if millimetres % 10 == 0 else 2) * MM
        sheet.rules.append(Rule(x, _RULER_TOP, x, _RULER_TOP + tall))
        if millimetres % 20 == 0:
            around = (x - 10 * MM, x + 10 * MM)
            top = _RULER_TOP + 5 * MM
            sheet.centre(type_, str(millimetres), Face(Style.REGULAR, 9), top=top, between=around)


def _put_words(sheet: Sheet, type_: Type, words: str, *, top: float) -> None:
    size, leading = 12, 1.4
    for number, line in enumerate(type_.break_lines((Run(words),), size, _RIGHT - _LEFT)):
        sheet.put_line(_LEFT, top + number * size * leading, line, size)

"""The dossier code for machines: a barcode (mã vạch, Code 128) and a QR code (mã QR).

Both hold the code and nothing else: no personal data leaves the office in a picture.
"""

from __future__ import annotations

from functools import lru_cache

import segno

from counter_app.documents.typeset import Bar
from counter_app.errors import PaperError

# ISO/IEC 15417, table 1: widths of bar, space, bar, space, bar, space for the values 0 to 105.
_PATTERNS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 "
    "122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 "
    "321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 "
    "211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 "
    "213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 "
    "121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 "
    "241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 "
    "412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 "
    "211214 211232"
).split()
_STOP = "2331112"
_START_B, _START_C, _CODE_B, _CODE_C = 104, 105, 100, 99
_QR_MASK = 2  # any mask can be read; choosing the best of eight costs more than drawing the code
DOT = 72 / 600  # points: a laser printer's; bars that end between two dots come out uneven
_PAIR_RUN = 4  # digits in a row from which pairs of digits are shorter, at an end of the code
_INNER_RUN = 6  # and in the middle, where one has to switch twice


def _values(code: str) -> list[int]:
    """Return the symbol values of a code, with pairs of digits where they make it shorter."""
    values: list[int] = []
    in_pairs = False
    at = 0
    while at < len(code):
        run = len(code[at:]) - len(code[at:].lstrip("0123456789"))
        at_an_end = at == 0 or at + run == len(code)
        wants_pairs = run >= (_PAIR_RUN if at_an_end else _INNER_RUN) and run % 2 == 0
        if in_pairs and run >= 2:  # noqa: PLR2004 - a pair
            values.append(int(code[at : at + 2]))
            at += 2
        elif wants_pairs:
            values.append(_CODE_C if values else _START_C)
            in_pairs = True
        else:
            if in_pairs or not values:
                values.append(_CODE_B if values else _START_B)
                in_pairs = False
            values.append(ord(code[at]) - 32)
            at += 1
    return values


@lru_cache(maxsize=256)
def barcode_modules(code: str) -> str:
    """Return the widths of bars and spaces in turn, a bar first.

    Raises:
        PaperError: the code holds a character outside printable ASCII.
    """
    if not code or not all(" " <= char <= "~" for char in code):
        raise PaperError(
            f"Mã “{code}” có ký tự không in thành mã vạch được. Hãy sửa mã hồ sơ (chỉ dùng chữ"
            " không dấu, chữ số và dấu thông thường) rồi in lại."
        )
    values = _values(code)
    check = (values[0] + sum(at * value for at, value in enumerate(values))) % 103
    return "".join(_PATTERNS[value] for value in (*values, check)) + _STOP


def on_grid(value: float, dot: float = 2 * DOT) -> float:
    """Return the printer's dot at or before this place; every second one is one at 300 dpi."""
    return int(value / dot + 1e-6) * dot


def _module(room: float, count: int) -> float:
    """Return the width of a module so that each edge falls on a printer's dot, if it can."""
    return on_grid(room / count, DOT) or room / count


def barcode(code: str, x: float, y: float, *, width: float, height: float) -> list[Bar]:
    """Return the bars of a code, at most this wide; the paper around is its quiet zone."""
    widths = [int(step) for step in barcode_modules(code)]
    module = _module(width, sum(widths))
    x = on_grid(x)
    bars = []
    for number, step in enumerate(widths):
        if number % 2 == 0:
            bars.append(Bar(x, y, step * module, height))
        x += step * module
    return bars


@lru_cache(maxsize=256)
def _qr_rows(code: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return for each row of the QR matrix its runs of dark modules (start, length)."""
    rows = []
    for row in segno.make_qr(code, error="m", mask=_QR_MASK, boost_error=False).matrix:
        runs: list[tuple[int, int]] = []
        for column, dark in enumerate(row):
            if not dark:
                continue
            if runs and sum(runs[-1]) == column:
                runs[-1] = (runs[-1][0], runs[-1][1] + 1)
            else:
                runs.append((column, 1))
        rows.append(tuple(runs))
    return tuple(rows)


def qr(code: str, x: float, y: float, side: float) -> list[Bar]:
    """Return the dark stretches of a QR code, at most this wide, without its quiet zone."""
    rows = _qr_rows(code)
    module = _module(side, len(rows))
    x = on_grid(x)
    return [
        Bar(x + start * module, y + number * module, length * module, module)
        for number, runs in enumerate(rows)
        for start, length in runs
    ]

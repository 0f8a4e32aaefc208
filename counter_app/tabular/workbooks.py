"""Workbooks (XLSX, XLS, ODS) to rows of text, one line number for each row of the sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, BinaryIO

from counter_app.domain.vietnamese import decode_tcvn3, decode_vni_encoding, nfc
from counter_app.errors import ListFileError
from counter_app.tabular import encodings
from counter_app.tabular.reading import Source, open_binary
from counter_app.tabular.workbook_traps import DAMAGED, ZIP, check_size

if TYPE_CHECKING:
    import python_calamine

_OLE = b"\xd0\xcf\x11\xe0"
_WEB_PAGE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|meta|\?xml|style)", re.IGNORECASE
)
_EXACT = 1 << 53
_HALF = timedelta(microseconds=500_000)
_LAST = datetime.max - _HALF

_Cell = int | float | str | bool | time | date | datetime | timedelta


def is_workbook(source: Source) -> bool:
    """Say by its first bytes whether a file is a workbook; its name proves nothing.

    Raises:
        ListFileError: it is a web page that was named like a workbook.
    """
    with open_binary(source) as stream:
        start = stream.read(512)
    if _WEB_PAGE.match(start):
        raise ListFileError(
            "Tệp này thực ra là trang web được đặt tên như bảng tính. Hãy mở bằng Excel rồi "
            "Lưu thành (Save As) dạng .xlsx, sau đó chọn lại."
        )
    return start.startswith((ZIP, _OLE))


def sheet_names(source: Source) -> list[str]:
    """Return the names of the sheets a person can see, in their order.

    Raises:
        ListFileError: no workbook, damaged, locked by a password or too large.
    """
    with open_binary(source) as stream:
        check_size(stream)
        return _visible(_open(stream))


def read_workbook(
    source: Source, sheet: str | None = None, *, is_checked: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that isn't empty with its number; every cell as NFC text.

    Whole numbers lose their ``.0``, moments become ``dd/mm/yyyy HH:MM`` and days
    ``dd/mm/yyyy``. Whoever has asked for its sheets has had it checked.

    Raises:
        ListFileError: no workbook, damaged, locked by a password, too large, or no such sheet.
    """
    with open_binary(source) as stream:
        if not is_checked:
            check_size(stream)
        workbook = _open(stream)
        names = _visible(workbook)
        if sheet is not None and sheet not in workbook.sheet_names:
            raise ListFileError(
                f"Bảng tính không có trang “{sheet}”. Các trang: {', '.join(names)}."
            )
        if not names:
            raise ListFileError("Bảng tính không có trang nào.")
        table = _sheet(workbook, sheet or names[0])
        for number, cells in enumerate(table.iter_rows(), start=1):
            row = [_text(cell) if cell != "" else "" for cell in cells]
            if any(row):
                yield number, row


OLD_FONTS: dict[str, Callable[[str], str]] = {
    encodings.TCVN3: decode_tcvn3,
    encodings.VNI: decode_vni_encoding,
}
"""How the cells of sheets written in the fonts from before Unicode are decoded."""


def _text(cell: _Cell) -> str:
    """Write a cell the way a list of text would have it."""
    if isinstance(cell, str):
        return cell if cell.isascii() else nfc(cell)
    if isinstance(cell, bool):
        return "Có" if cell else "Không"
    if isinstance(cell, (int, float)):
        whole = isinstance(cell, int) or (cell.is_integer() and abs(cell) < _EXACT)
        return str(int(cell)) if whole else repr(cell)
    if isinstance(cell, datetime):
        cell = min(cell, _LAST) + _HALF  # a serial number is never exact
        return f"{cell.day:02}/{cell.month:02}/{cell.year:04} {cell.hour:02}:{cell.minute:02}"
    if isinstance(cell, date):
        return f"{cell.day:02}/{cell.month:02}/{cell.year:04}"
    return str(cell)


def _open(stream: BinaryIO) -> python_calamine.CalamineWorkbook:
    from python_calamine import PasswordError, load_workbook

    stream.seek(0)
    try:
        with _damage_told():
            return load_workbook(stream)
    except PasswordError as error:
        raise ListFileError(
            "Bảng tính có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu, lưu lại rồi chọn lại."
        ) from error


def _visible(workbook: python_calamine.CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _sheet(workbook: python_calamine.CalamineWorkbook, name: str) -> python_calamine.CalamineSheet:
    with _damage_told():
        return workbook.get_sheet_by_name(name)


@contextmanager
def _damage_told() -> Iterator[None]:
    """Tell what the reader stumbles over; its own defects come as no ordinary exception.

    Raises:
        ListFileError: the workbook is damaged.
    """
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError:
        raise
    except (CalamineError, OSError, ValueError) as error:
        raise ListFileError(DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise ListFileError(DAMAGED) from error
